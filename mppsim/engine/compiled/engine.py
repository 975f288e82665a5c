"""The compiled engine: a day of the hall, from the plan to the trace, by compiled code."""

from __future__ import annotations

from mppsim.engine.another_day import Mask, steps_to_make
from mppsim.engine.compiled.day_tables import note_the_rest, set_up
from mppsim.engine.compiled.in_turn import blank_in_turn, is_one_line, may_go_in_turn
from mppsim.engine.compiled.jit import COMPILES
from mppsim.engine.compiled.layout_tables import layout_tables
from mppsim.engine.compiled.tables import (
    Today,
    UnsupportedPlanError,
    at_addresses,
    readable,
)
from mppsim.engine.trace import DayTrace
from mppsim.plan.compiling import Kernel
from mppsim.plan.plan import DayPlan, Layout

run_at = Kernel("mppsim.engine.compiled.kernel:run_at")
run_plain_at = Kernel("mppsim.engine.compiled.kernel:run_plain_at")


def simulate_day(layout: Layout, day: DayPlan, to_make: Mask | None = None) -> DayTrace:
    """Run one day until the last visitor has left, and return what happened.

    `to_make` as for the SimPy engine. Raises UnsupportedPlanError.
    """
    to_make = steps_to_make(day) if to_make is None else to_make
    if may_go_in_turn(layout, day, to_make):
        trace = blank_in_turn(day)
        if not _problem(layout, set_up(layout, day, to_make, trace, in_turn=True)):
            return trace
    trace = DayTrace.blank(day)
    hall = set_up(layout, day, to_make, trace)
    problem = _problem(layout, hall)
    if problem:
        raise UnsupportedPlanError(problem)
    note_the_rest(hall, trace)
    return trace


def _problem(layout: Layout, hall: Today) -> int:
    """Run a day; return 0, or the problem that ended it."""
    if not COMPILES:
        from mppsim.engine.compiled.kernel import run_day

        return run_day(readable(hall))
    addresses, _kept = at_addresses(hall, layout_tables(layout).addresses)
    problem: int = kernel_for(hall)(addresses)
    return problem


def kernel_for(hall: Today) -> Kernel:
    """Return what runs a day, given where the addresses of its tables stand."""
    return run_plain_at if hall.is_plain else run_at


def kernel_for_days_in(layout: Layout) -> Kernel:
    """Return what runs the usual days of a hall; it may have others, which the other one runs."""
    may_be_plain = layout_tables(layout).may_be_plain and not is_one_line(layout)
    return run_plain_at if may_be_plain else run_at
