"""Counters: on duty, busy on duty, overtime; exact on the clock's grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.trace import DayTrace, Outcome, Trace
from mppsim.measure.reached import Reached
from mppsim.plan.plan import DayPlan, Floats, Layout
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


def counter_minutes(trace: Trace, steps: Reached) -> CounterMinutes:
    """Return how the counters of a replication spend their days."""
    plan = trace.plan
    n_days, n_counters = len(plan.days), len(plan.layout.counters)
    duty = [
        tuple(facts.duty.get(counter, spans))
        for day, facts in zip(plan.days, trace.days, strict=True)
        for counter, spans in enumerate(day.duty)
    ]
    outages = [spans for day in plan.days for spans in _outages(day, plan.layout)]
    working = [_without(spans, off) for spans, off in zip(duty, outages, strict=True)]
    rows = np.flatnonzero(steps.outcome == Outcome.SERVED)
    last = steps.day[rows] * n_counters + steps.counter[rows]
    place, started, ended = _services(trace, steps)
    busy = _within(working, place, started, ended)
    still = _within(outages, place, started, ended)

    def total(minutes: Floats, place: NDArray[np.intp] = place) -> Floats:
        sums = np.bincount(place, minutes, n_days * n_counters)
        return np.asarray(sums, np.float64).reshape(n_days, n_counters)

    return CounterMinutes(
        on_duty=_minutes(duty).reshape(n_days, n_counters),
        busy=total(busy),
        overtime=total((ended - started) - still - busy),
        called_in_vain=np.array([_in_vain(day, n_counters) for day in trace.days]),
        blocked=total(steps.released[rows] - steps.ended[rows], last),
        out=(_minutes(duty) - _minutes(working)).reshape(n_days, n_counters),
    )


def _in_vain(day: DayTrace, n_counters: int) -> Floats:
    minutes = np.zeros(n_counters)
    for call in day.vain_calls:
        minutes[call.counter] += call.end - call.begin
    return minutes


def _services(
    trace: Trace, steps: Reached
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
    """Return all services: the counter (numbered through the days), begin and end.

    One that was broken off counts piece by piece, to the counters that gave them.
    """
    n_counters = len(trace.plan.layout.counters)
    pieces = [(day, piece) for day, facts in enumerate(trace.days) for piece in facts.pieces]
    in_pieces = {(day, piece.step) for day, piece in pieces}
    rows = np.flatnonzero(steps.outcome == Outcome.SERVED)
    if pieces:
        whole = [(int(steps.day[row]), int(steps.step[row])) not in in_pieces for row in rows]
        rows = rows[whole]
    place = steps.day[rows] * n_counters + steps.counter[rows]
    return (
        np.concatenate([place, [day * n_counters + piece.counter for day, piece in pieces]]).astype(
            np.intp
        ),
        np.concatenate([steps.started[rows], [piece.started for _, piece in pieces]]),
        np.concatenate([steps.ended[rows], [piece.ended for _, piece in pieces]]),
    )


def _within(
    spans: Sequence[Spans], place: NDArray[np.intp], started: Floats, ended: Floats
) -> Floats:
    """Return how many minutes of each service lie in the spans of its place."""
    begin, end = _columns(spans)
    within = np.zeros(len(place))
    for span in range(begin.shape[1]):
        until = np.minimum(ended, end[place, span])
        within += (until - np.maximum(started, begin[place, span])).clip(0)
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


def _minutes(spans: Sequence[Spans]) -> Floats:
    begin, end = _columns(spans)
    total: Floats = (end - begin).sum(axis=1)
    return total


def _columns(spans: Sequence[Spans]) -> tuple[Floats, Floats]:
    """Return begin and end of the spans, shape (days * counters, most spans).

    A counter with fewer spans than another has empty ones at midnight.
    """
    most = max(map(len, spans), default=0)
    begin, end = np.zeros((2, len(spans), most))
    for place, own in enumerate(spans):
        for number, span in enumerate(own):
            begin[place, number], end[place, number] = span
    return begin, end
