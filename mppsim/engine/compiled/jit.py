"""How the functions of the compiled engine are compiled; see `kernel.py` for why."""

from __future__ import annotations

from mppsim.plan.compiling import Function, Part, runs_plain

COMPILES = not runs_plain()
"""False where all is to run as plain Python, to look for a mistake."""


def inner(function: Function) -> Function:
    """Compile a function that only compiled ones call, and that becomes a part of them."""
    return Part.of(function, forceinline=True)


def apart(function: Function) -> Function:
    """Compile a function that is called now and then: it stays one, out of the way of the rest."""
    return Part.of(function, forceinline=False)  # unless told, numba does as with who calls it
