"""Counters: on duty, busy on duty, overtime; exact on the clock's grid."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.trace import DayTrace
from mppsim.measure.side_by_side import Days
from mppsim.plan.plan import DayPlan, Floats, Integers, Layout
from mppsim.scenario.durations import Span

Spans = tuple[Span, ...]


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
    rosters = _Rosters.of(days)
    counter, day, started, ended = _services(days)
    place = day * n_counters + counter
    served = _total(days, place, ended - started)
    # Most services lie within the first span of duty: only the others are looked at.
    rows = np.flatnonzero(rosters.is_outside(day, counter, started, ended))
    place, on_roster = place[rows], (rosters.number[day[rows]], counter[rows])
    busy = _within(rosters.working, on_roster, started[rows], ended[rows])
    still = _within(rosters.outages, on_roster, started[rows], ended[rows])
    overtime = _total(days, place, (ended[rows] - started[rows]) - still - busy)
    on_duty = _minutes(rosters.duty)
    return CounterMinutes(
        on_duty=on_duty[rosters.number],
        busy=served - _total(days, place, still) - overtime,
        overtime=overtime,
        called_in_vain=np.array([_in_vain(day, n_counters) for day in days.facts]),
        blocked=_blocked(days),
        out=(on_duty - _minutes(rosters.working))[rosters.number],
    )


def _total(days: Days, place: NDArray[np.integer], minutes: Floats) -> Floats:
    """Return the sums by day and counter."""
    n_days, n_counters = len(days), len(days.layout.counters)
    sums = np.bincount(place, minutes, n_days * n_counters)
    return np.asarray(sums, np.float64).reshape(n_days, n_counters)


def _in_vain(day: DayTrace, n_counters: int) -> Floats:
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


@dataclass(frozen=True, eq=False)
class _Spans:
    """Spans of time, shape (rosters, counters, most spans of any); unused ones never begin."""

    begin: Floats
    end: Floats

    @classmethod
    def of(cls, rosters: Sequence[Sequence[Spans]]) -> _Spans:
        most = max((len(spans) for roster in rosters for spans in roster), default=0)
        shape = (len(rosters), len(rosters[0]), most)
        begin, end = np.full(shape, np.inf), np.full(shape, np.inf)
        for number, roster in enumerate(rosters):
            for counter, spans in enumerate(roster):
                for place, span in enumerate(spans):
                    begin[number, counter, place], end[number, counter, place] = span
        return cls(begin, end)


@dataclass(frozen=True, eq=False)
class _Rosters:
    """When counters are on duty and in an outage; days that are alike have one roster."""

    number: NDArray[np.intp]
    """By day: its roster."""
    duty: _Spans
    working: _Spans
    """On duty and in no outage."""
    outages: _Spans

    @classmethod
    def of(cls, days: Days) -> _Rosters:
        numbers: dict[Hashable, int] = {}
        duty, outages, number = [], [], []
        for plan, facts in zip(days.plans, days.facts, strict=True):
            own = plan.duty
            if facts.duty:
                own = tuple(tuple(facts.duty.get(k, spans)) for k, spans in enumerate(own))
            key = (own, plan.outages)
            if key not in numbers:
                numbers[key] = len(numbers)
                duty.append(own)
                outages.append(_outages(plan, days.layout))
            number.append(numbers[key])
        working = [
            [_without(spans, off) for spans, off in zip(*roster, strict=True)]
            for roster in zip(duty, outages, strict=True)
        ]
        return cls(np.array(number), _Spans.of(duty), _Spans.of(working), _Spans.of(outages))

    def is_outside(
        self, day: Integers, counter: Integers, started: Floats, ended: Floats
    ) -> NDArray[np.bool_]:
        """Tell which services do not lie within the first span of work of their counter."""
        if not self.working.begin.shape[2]:
            return np.ones(len(day), np.bool_)
        n_counters = self.working.begin.shape[1]
        begin, end = (
            edges[self.number, :, 0].ravel() for edges in (self.working.begin, self.working.end)
        )
        place = day * n_counters + counter
        return np.asarray((started < begin[place]) | (ended > end[place]))


def _within(
    spans: _Spans, place: tuple[NDArray[np.intp], Integers], started: Floats, ended: Floats
) -> Floats:
    """Return how many minutes of each service lie in the spans of its place."""
    within = np.zeros(len(started))
    for number in range(spans.begin.shape[2]):
        until = np.minimum(ended, spans.end[(*place, number)])
        within += (until - np.maximum(started, spans.begin[(*place, number)])).clip(0)
    return within


def _outages(day: DayPlan, layout: Layout) -> list[Spans]:
    """Return when each counter is in an outage, touching and overlapping ones as one."""
    by_station: list[list[Span]] = [[] for _ in layout.stations]
    for outage in day.outages:
        for station in outage.stations:
            by_station[station].append(Span(outage.begin, outage.end))
    joined = [_joined(spans) for spans in by_station]
    return [joined[station] for station in layout.counter_station]


def _joined(spans: list[Span]) -> Spans:
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def _without(spans: Spans, off: Spans) -> Spans:
    """Return what is left of the spans; those of `off` are in order and apart."""
    for hole in off:
        parts = [
            part
            for span in spans
            for part in (
                Span(span.start, min(span.end, hole.start)),
                Span(max(span.start, hole.end), span.end),
            )
        ]
        spans = tuple(part for part in parts if part.start < part.end)
    return spans


def _minutes(spans: _Spans) -> Floats:
    """Return how long all spans of a counter are together, shape (rosters, counters)."""
    used = np.isfinite(spans.begin)
    return np.asarray(
        np.where(used, spans.end, 0).sum(axis=2) - np.where(used, spans.begin, 0).sum(axis=2)
    )
