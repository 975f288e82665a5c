"""When each counter is on duty: the hours of the day without its breaks and its lunch."""

from __future__ import annotations

from collections.abc import Iterable

from mppsim.scenario.durations import Span
from mppsim.scenario.schema import Day, Lunch, Scenario, Weekday

Spans = tuple[Span, ...]


def duty_spans(scenario: Scenario, weekday: Weekday, station: str) -> tuple[Spans, ...]:
    """Return when each counter of a station or tenant is on duty on a weekday, in order.

    A break of the day keeps every counter off. Lunch keeps off the counters beyond the first
    `keep`, sitting by sitting; a sitting that a break of the day overlaps is left out, as the break
    stands in for it. On a weekday that is not in the scenario no counter is on duty.
    """
    place = scenario.stations.get(station) or scenario.tenants[station]
    day = scenario.days.get(weekday)
    if day is None:
        return ((),) * place.counters
    lunch = lunch_at(scenario, station)
    return tuple(
        _without(Span(day.open, day.close), [*day.breaks, *_sitting(lunch, counter, day)])
        for counter in range(place.counters)
    )


def lunch_at(scenario: Scenario, station: str) -> Lunch | None:
    """Return the lunch of a station or tenant: its own, else the hall's; None: no lunch."""
    place = scenario.stations.get(station) or scenario.tenants[station]
    own = scenario.lunch if place.lunch is None else place.lunch
    return own if isinstance(own, Lunch) else None


def sitting_span(lunch: Lunch, sitting: int) -> Span:
    """Return when a sitting, counted from 0, has its lunch."""
    start = lunch.start + sitting * lunch.length
    return Span(start, start + lunch.length)


def overlap(one: Span, other: Span) -> bool:
    """Tell whether two half-open spans have a moment in common."""
    return one.start < other.end and other.start < one.end


def _sitting(lunch: Lunch | None, counter: int, day: Day) -> Spans:
    """Return the lunch that a counter, counted from 0, takes on a day: one span or none."""
    if lunch is None or counter < lunch.keep:
        return ()
    span = sitting_span(lunch, (counter - lunch.keep) % lunch.sittings)
    return () if any(overlap(span, pause) for pause in day.breaks) else (span,)


def _without(hours: Span, off: Iterable[Span]) -> Spans:
    spans, on = [], hours.start
    for pause in sorted(off):
        if pause.start > on:
            spans.append(Span(on, min(pause.start, hours.end)))
        on = max(on, pause.end)
    spans.append(Span(on, hours.end))
    return tuple(span for span in spans if span.start < span.end)
