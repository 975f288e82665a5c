"""Counters: on duty, busy on duty, overtime; exact on the clock's grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.trace import DayTrace
from mppsim.measure.rosters import Rosters, SpanTable
from mppsim.measure.side_by_side import Days
from mppsim.plan.plan import Floats, Integers


@dataclass(frozen=True, eq=False)
class CounterMinutes:
    """Minutes of each counter on each day, shape (days, counters).

    `on_duty` is what the roster plans, less absences and late starts, moved where a break begins
    late and keeps its length. `busy` is service within it, `overtime` is service outside: past the
    begin of a break, the end of a shift or the closing. `blocked` is how long somebody who
    has been served stays for want of a place ahead, on duty or not. `out` is time on duty in an
    outage; a service that stands still in it is neither busy nor overtime.
    """

    on_duty: Floats
    busy: Floats
    overtime: Floats
    called_in_vain: Floats
    """Spent on calls that nobody answered: neither busy nor idle, and on duty or not."""
    blocked: Floats
    out: Floats


def counter_minutes(days: Days) -> CounterMinutes:
    """Return how the counters of all days spend their time."""
    n_counters = len(days.layout.counters)
    rosters = Rosters.of(days)
    counter, day, started, ended = _services(days)
    place = day * n_counters + counter
    served = _total(days, place, ended - started)
    # Most services lie within the first span of duty: only the others are looked at.
    rows = np.flatnonzero(rosters.is_outside(day, counter, started, ended))
    place, on_roster = place[rows], (rosters.number[day[rows]], counter[rows])
    busy = _within(rosters.working, on_roster, started[rows], ended[rows])
    still = _within(rosters.outages, on_roster, started[rows], ended[rows])
    overtime = _total(days, place, (ended[rows] - started[rows]) - still - busy)
    return CounterMinutes(
        on_duty=rosters.on_duty[rosters.number],
        busy=served - _total(days, place, still) - overtime,
        overtime=overtime,
        called_in_vain=np.array([in_vain(day, n_counters) for day in days.facts]),
        blocked=_blocked(days),
        out=rosters.out[rosters.number],
    )


def _total(days: Days, place: NDArray[np.integer], minutes: Floats) -> Floats:
    """Return the sums by day and counter."""
    n_days, n_counters = len(days), len(days.layout.counters)
    sums = np.bincount(place, minutes, n_days * n_counters)
    return np.asarray(sums, np.float64).reshape(n_days, n_counters)


def in_vain(day: DayTrace, n_counters: int) -> Floats:
    """Return the minutes that each counter spends on calls that nobody answers."""
    minutes = np.zeros(n_counters)
    for call in day.vain_calls:
        minutes[call.counter] += call.end - call.begin
    return minutes


def _blocked(days: Days) -> Floats:
    """Return how long visitors who had been served kept their counters."""
    steps, rows = days.steps, days.steps.served
    if all(room.full != "block" for room in days.layout.rooms.values()):
        rows = rows[:0]
    place = steps.day[rows] * len(days.layout.counters) + steps.counter[rows]
    return _total(days, place, steps.released[rows] - steps.ended[rows])


def _services(days: Days) -> tuple[Integers, Integers, Floats, Floats]:
    """Return counter, day, begin and end of all services.

    One that was broken off counts piece by piece, to the counters that gave them.
    """
    steps, rows = days.steps, days.steps.served
    pieces = [(day, piece) for day, facts in enumerate(days.facts) for piece in facts.pieces]
    first_step = steps.n_by_day.cumsum() - steps.n_by_day
    if pieces:
        in_pieces = [first_step[day] + piece.step for day, piece in pieces]
        rows = rows[~np.isin(rows, in_pieces)]

    def all_of(column: NDArray[Any], of_pieces: list[Any]) -> NDArray[Any]:
        return np.append(column[rows], of_pieces) if pieces else column[rows]

    return (
        all_of(steps.counter, [piece.counter for _, piece in pieces]),
        all_of(steps.day, [day for day, _ in pieces]),
        all_of(steps.started, [piece.started for _, piece in pieces]),
        all_of(steps.ended, [piece.ended for _, piece in pieces]),
    )


def _within(
    spans: SpanTable, place: tuple[NDArray[np.intp], Integers], started: Floats, ended: Floats
) -> Floats:
    """Return how many minutes of each service lie in the spans of its place."""
    within = np.zeros(len(started))
    for number in range(spans.begin.shape[2]):
        until = np.minimum(ended, spans.end[(*place, number)])
        within += (until - np.maximum(started, spans.begin[(*place, number)])).clip(0)
    return within
