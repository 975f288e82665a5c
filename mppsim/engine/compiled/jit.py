"""How the functions of the compiled engine are compiled; see `kernel.py` for why."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from mppsim.plan.compiling import Function, Part, runs_plain

COMPILES = not runs_plain()
"""False where all is to run as plain Python, to look for a mistake."""


def inner(function: Function) -> Function:
    """Compile a function that only compiled ones call, and that becomes a part of them."""
    return Part.of(function, forceinline=True)


def apart(function: Function) -> Function:
    """Compile a function that is called now and then: it stays one, out of the way of the rest."""
    return Part.of(function, forceinline=False)  # unless told, numba does as with who calls it


class _Nearest:
    """Rounds to the nearest whole number, of two to the even one."""

    def __call__(self, number: float) -> int:
        return round(number)

    @cached_property
    def _numba_type_(self) -> Any:
        """What numba asks for where a compiled function names it: one instruction."""
        from numba.core.registry import cpu_target

        from mppsim.engine.compiled.instructions import nearest

        cpu_target.typing_context.refresh()
        return cpu_target.typing_context.resolve_value_type(nearest)


nearest = _Nearest()
