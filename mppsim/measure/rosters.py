"""When counters are on duty and in an outage: the rosters of days, as tables of spans."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mppsim.measure.side_by_side import Days
from mppsim.plan.plan import DayPlan, Floats, Integers, Layout
from mppsim.scenario.durations import Span

Spans = tuple[Span, ...]


@dataclass(frozen=True, eq=False)
class SpanTable:
    """Spans of time, shape (rosters, counters, most spans of any); unused ones never begin.

    There is always one at least, used or not.
    """

    begin: Floats
    end: Floats

    @classmethod
    def of(cls, rosters: Sequence[Sequence[Spans]]) -> SpanTable:
        most = max(1, *(len(spans) for roster in rosters for spans in roster))
        shape = (len(rosters), len(rosters[0]), most)
        begin, end = np.full(shape, np.inf), np.full(shape, np.inf)
        for number, roster in enumerate(rosters):
            for counter, spans in enumerate(roster):
                for place, span in enumerate(spans):
                    begin[number, counter, place], end[number, counter, place] = span
        return cls(begin, end)


@dataclass(frozen=True, eq=False)
class Rosters:
    """When counters are on duty and in an outage; days that are alike have one roster."""

    number: NDArray[np.intp]
    """By day: its roster."""
    duty: SpanTable
    working: SpanTable
    """On duty and in no outage."""
    outages: SpanTable
    on_duty: Floats
    """Minutes, shape (rosters, counters)."""
    out: Floats
    """Minutes on duty in an outage, of the same shape."""

    @classmethod
    def of(cls, days: Days) -> Rosters:
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
        planned, worked = SpanTable.of(duty), SpanTable.of(working)
        on_duty = _minutes(planned)
        return cls(
            number=np.array(number),
            duty=planned,
            working=worked,
            outages=SpanTable.of(outages),
            on_duty=on_duty,
            out=on_duty - _minutes(worked),
        )

    def is_outside(
        self, day: Integers, counter: Integers, started: Floats, ended: Floats
    ) -> NDArray[np.bool_]:
        """Tell which services do not lie within the first span of work of their counter."""
        n_counters = self.working.begin.shape[1]
        begin, end = (
            edges[self.number, :, 0].ravel() for edges in (self.working.begin, self.working.end)
        )
        place = day * n_counters + counter
        return np.asarray((started < begin[place]) | (ended > end[place]))


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


def _minutes(spans: SpanTable) -> Floats:
    """Return how long all spans of a counter are together, shape (rosters, counters)."""
    used = np.isfinite(spans.begin)
    return np.asarray(
        np.where(used, spans.end, 0).sum(axis=2) - np.where(used, spans.begin, 0).sum(axis=2)
    )
