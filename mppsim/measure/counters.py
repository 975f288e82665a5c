"""Counters: on duty, busy on duty, overtime; exact on the clock's grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.trace import DayTrace, Outcome, Trace
from mppsim.measure.reached import Reached
from mppsim.plan.plan import DayPlan, Floats


@dataclass(frozen=True, eq=False)
class CounterMinutes:
    """Minutes of each counter on each day, shape (days, counters).

    `on_duty` is what the roster plans, `busy` is service within it, `overtime` is service outside:
    past the begin of a break, the end of a shift or the closing.
    """

    on_duty: Floats
    busy: Floats
    overtime: Floats
    called_in_vain: Floats
    """Spent on calls that nobody answered: neither busy nor idle, and on duty or not."""


def counter_minutes(trace: Trace, steps: Reached) -> CounterMinutes:
    """Return how the counters of a replication spend their days."""
    plan = trace.plan
    n_days, n_counters = len(plan.days), len(plan.layout.counters)
    begin, end = _spans(plan.days, n_counters)
    rows = np.flatnonzero(steps.outcome == Outcome.SERVED)
    place = steps.day[rows] * n_counters + steps.counter[rows]
    started, ended = steps.started[rows], steps.ended[rows]
    busy = np.zeros(len(rows))
    for span in range(begin.shape[1]):
        on_duty_until = np.minimum(ended, end[place, span])
        busy += (on_duty_until - np.maximum(started, begin[place, span])).clip(0)

    def total(minutes: Floats) -> Floats:
        sums = np.bincount(place, minutes, n_days * n_counters)
        return np.asarray(sums, np.float64).reshape(n_days, n_counters)

    return CounterMinutes(
        on_duty=(end - begin).sum(axis=1).reshape(n_days, n_counters),
        busy=total(busy),
        overtime=total((ended - started) - busy),
        called_in_vain=np.array([_in_vain(day, n_counters) for day in trace.days]),
    )


def _in_vain(day: DayTrace, n_counters: int) -> Floats:
    minutes = np.zeros(n_counters)
    for call in day.vain_calls:
        minutes[call.counter] += call.end - call.begin
    return minutes


def _spans(
    days: tuple[DayPlan, ...], n_counters: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return begin and end of the duty spans, shape (days * counters, most spans).

    A counter with fewer spans than another has empty ones at midnight.
    """
    duty = [spans for day in days for spans in day.duty]
    most = max((len(spans) for spans in duty), default=0)
    begin, end = np.zeros((2, len(days) * n_counters, most))
    for place, spans in enumerate(duty):
        for number, span in enumerate(spans):
            begin[place, number], end[place, number] = span
    return begin, end
