"""The compiled engine: a day of the hall, from the plan to the trace, by compiled code."""

from __future__ import annotations

from typing import Any

from numba import int64

from mppsim.engine.another_day import Mask, steps_to_make
from mppsim.engine.compiled.day_tables import note_the_rest, set_up
from mppsim.engine.compiled.jit import COMPILES
from mppsim.engine.compiled.kernel import run, run_at
from mppsim.engine.compiled.tables import OFF_GRID, SAME_BOOKING, TOO_LATE, at_addresses
from mppsim.engine.trace import DayTrace
from mppsim.plan.compiling import announced
from mppsim.plan.plan import DayPlan, Layout
from mppsim.scenario.errors import InputError

PROBLEMS = {
    OFF_GRID: "a time that lies between two ticks of the clock",
    TOO_LATE: "a time that is too far from the beginning of the day",
    SAME_BOOKING: "two bookings with the same number",
}
"""What no scenario leads to, only a plan made by hand."""


class UnsupportedPlanError(InputError):
    """The compiled engine cannot run a plan; the SimPy engine can."""


def simulate_day(layout: Layout, day: DayPlan, to_make: Mask | None = None) -> DayTrace:
    """Run one day until the last visitor has left, and return what happened.

    `to_make` as for the SimPy engine. Raises UnsupportedPlanError.
    """
    trace = DayTrace.blank(day)
    hall = set_up(layout, day, steps_to_make(day) if to_make is None else to_make, trace)
    addresses = at_addresses(hall)
    problem = run_at(addresses.ctypes.data) if COMPILES else run(hall)
    if problem:
        raise UnsupportedPlanError(f"engine: found {PROBLEMS[problem]}; expected the engine simpy")
    note_the_rest(hall, trace)
    return trace


def is_compiled() -> bool:
    """Tell whether the code has been compiled before, in this process or another."""
    if not COMPILES:
        return True
    compiled: Any = run_at
    return bool(compiled.signatures or compiled._cache._cache_file._load_index())


def compile_now() -> None:
    """Compile the code, or load what was compiled before; say it if that takes a while."""
    if COMPILES:
        compiled: Any = run_at
        with announced("the fast engine (some ten seconds)"):
            compiled.compile((int64,))
