"""The steps of a trace that were reached, all days of a replication side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.another_day import postponed_after
from mppsim.engine.trace import DayTrace, Outcome, Trace
from mppsim.plan.plan import AWAY, DayPlan, Floats


@dataclass(frozen=True, eq=False)
class Reached:
    """One row a step at a station that was reached, in the order of days, visitors and steps.

    Times are minutes since midnight of the row's day. `line_left` is when the visitor's wait at the
    station was over: the start of the service, or the moment of leaving; `joined` is NaN for who
    never stood in the line, `started` for who was never served; `entered` and `released` are those
    of the trace. A service broken off is no wait.
    """

    day: NDArray[np.intp]
    step: NDArray[np.intp]
    """Number of the step within the day."""
    station: NDArray[np.int32]
    service: NDArray[np.int32]
    visitor_class: NDArray[np.int32]
    party: NDArray[np.int32]
    hour: NDArray[np.uint8]
    counter: NDArray[np.int32]
    outcome: NDArray[np.int8]
    booked: NDArray[np.bool_]
    came: Floats
    """When the visitor was at the station; before `joined` if too early for an appointment."""
    postponed: NDArray[np.bool_]
    """Whether the visitor left here in order to come back on another day."""
    joined: Floats
    line_left: Floats
    started: Floats
    ended: Floats
    entered: Floats
    released: Floats


def reached_steps(trace: Trace) -> Reached:
    """Return the reached steps of all days of a trace."""
    days = [
        _reached_on(index, plan, day)
        for index, (plan, day) in enumerate(zip(trace.plan.days, trace.days, strict=True))
    ]
    return Reached(*(np.concatenate(column) for column in zip(*days, strict=True)))


def arrival_hours(arrival: Floats) -> NDArray[np.uint8]:
    """Return the hour of the clock in which each visitor comes; 255 for any later one."""
    return np.minimum(arrival / 60, 255).astype(np.uint8)


def _reached_on(index: int, plan: DayPlan, day: DayTrace) -> tuple[NDArray[np.generic], ...]:
    """Return the columns of `Reached` for one day, in the order of its fields."""
    visitors, steps = plan.visitors, plan.steps
    rows = np.flatnonzero((day.outcome != Outcome.NOT_REACHED) & (steps.station != AWAY))
    visitor = np.repeat(np.arange(len(visitors.arrival)), np.diff(visitors.first_step))[rows]
    outcome, started, ended = day.outcome[rows], day.started[rows], day.ended[rows]
    return (
        np.full(len(rows), index, np.intp),
        rows,
        steps.station[rows],
        steps.service[rows],
        visitors.visitor_class[visitor],
        visitors.party[visitor],
        arrival_hours(visitors.arrival)[visitor],
        day.counter[rows],
        outcome,
        visitors.booking[visitor] >= 0,
        np.where(np.isnan(day.came[rows]), day.joined[rows], day.came[rows]),
        postponed_after(plan, day)[rows],
        day.joined[rows],
        np.where(np.isnan(started), ended, started),
        started,
        ended,
        day.entered[rows],
        day.released[rows],
    )
