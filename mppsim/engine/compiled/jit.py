"""How the functions of the compiled engine are compiled; see `kernel.py` for why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

from mppsim.plan.compiling import runs_plain
from mppsim.plan.inlining import INNER

COMPILES = not runs_plain()
"""False where all is to run as plain Python, to look for a mistake."""
Function = TypeVar("Function", bound=Callable[..., Any])


def inner(function: Function) -> Function:
    """Compile a function that only compiled ones call, and that becomes a part of them."""
    return cast(Function, numba.njit(forceinline=True, **INNER)(function))


def apart(function: Function) -> Function:
    """Compile a function that is called now and then: it stays one, out of the way of the rest."""
    return cast(Function, numba.njit(**INNER)(function))
