"""The compiled engine: a day of the hall, from the plan to the trace, by compiled code."""

from __future__ import annotations

from typing import Any

from numba import int64

from mppsim.engine.another_day import Mask, steps_to_make
from mppsim.engine.compiled.day_tables import note_the_rest, set_up
from mppsim.engine.compiled.jit import COMPILES
from mppsim.engine.compiled.kernel import run, run_at
from mppsim.engine.compiled.layout_tables import layout_tables
from mppsim.engine.compiled.tables import (
    UnsupportedPlanError,
    address_of,
    at_addresses,
    readable,
)
from mppsim.engine.trace import DayTrace
from mppsim.plan.compiling import announced, is_kept
from mppsim.plan.plan import DayPlan, Layout


def simulate_day(layout: Layout, day: DayPlan, to_make: Mask | None = None) -> DayTrace:
    """Run one day until the last visitor has left, and return what happened.

    `to_make` as for the SimPy engine. Raises UnsupportedPlanError.
    """
    trace = DayTrace.blank(day)
    hall = set_up(layout, day, steps_to_make(day) if to_make is None else to_make, trace)
    if COMPILES:
        addresses = at_addresses(hall, layout_tables(layout).addresses)
        problem = run_at(address_of(addresses))
    else:
        problem = run(readable(hall))
    if problem:
        raise UnsupportedPlanError(problem)
    note_the_rest(hall, trace)
    return trace


def is_compiled() -> bool:
    """Tell whether the code has been compiled before, in this process or another."""
    return not COMPILES or is_kept(run_at)


def compile_now() -> None:
    """Compile the code, or load what was compiled before; say it if that takes a while."""
    compiled: Any = run_at
    if COMPILES and not compiled.signatures:
        with announced("the fast engine (some ten seconds)"):
            compiled.compile((int64,))
