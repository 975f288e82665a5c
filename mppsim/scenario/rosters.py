"""When each counter is on duty: the hours of the day without its breaks and its lunch."""

from __future__ import annotations

from collections.abc import Iterable

from mppsim.scenario.crews import ANY_DAY, Crew, NamedCounter, counts_over_time, named_counters
from mppsim.scenario.days import Day, Weekday
from mppsim.scenario.distributions import Law
from mppsim.scenario.durations import Span
from mppsim.scenario.schema import Lunch, Scenario, Station, Tenant

Spans = tuple[Span, ...]


def duty_spans(scenario: Scenario, weekday: Weekday, station: str) -> tuple[Spans, ...]:
    """Return when each counter of a station or tenant is on duty on a weekday, in order.

    A break of the day keeps every counter off. Lunch keeps off the counters beyond the first
    `keep`, sitting by sitting; a sitting that a break of the day overlaps is left out, as the break
    stands in for it. A counter with shifts of its own, or from counts over time, takes no lunch:
    its shifts say when it is away. On a weekday that is not in the scenario no counter is on duty.
    """
    place = scenario.stations.get(station) or scenario.tenants[station]
    day = scenario.days.get(weekday)
    if day is None:
        return ((),) * len(named_counters(place.counters))
    lunch = lunch_at(scenario, station)
    duty = []
    for counter, shifts in enumerate(_shifts(place.counters, weekday, day)):
        if shifts is None:
            hours: Spans = (Span(day.open, day.close),)
            off = [*day.breaks, *_sitting(lunch, counter, day)]
        else:
            hours, off = _joined(shifts, day), [*day.breaks]
        duty.append(tuple(span for shift in hours for span in _without(shift, off)))
    return tuple(duty)


def shift_ends(scenario: Scenario, weekday: Weekday, station: str) -> tuple[tuple[float, ...], ...]:
    """Return when a shift of each counter ends on a weekday; every other end of duty is a break."""
    place = scenario.stations.get(station) or scenario.tenants[station]
    day = scenario.days.get(weekday)
    if day is None:
        return ((),) * len(named_counters(place.counters))
    return tuple(
        (day.close,) if shifts is None else tuple(shift.end for shift in _joined(shifts, day))
        for shifts in _shifts(place.counters, weekday, day)
    )


def planned_shifts(counter: NamedCounter, weekday: Weekday, day: Day) -> Spans | None:
    """Return a named counter's shifts on a weekday as written; None: all day."""
    if not isinstance(counter.shifts, dict):
        return counter.shifts
    key = shifts_key(counter, weekday, day)
    return () if key is None else counter.shifts[key]


def shifts_key(counter: NamedCounter, weekday: str, day: Day) -> str | None:
    """Return the entry of a counter's map of shifts that holds on a weekday; None: it is off."""
    shifts = counter.shifts if isinstance(counter.shifts, dict) else {}
    return next((key for key in (weekday, day.type, ANY_DAY) if key in shifts), None)


def _shifts(crew: Crew, weekday: Weekday, day: Day) -> list[Spans | None]:
    """Return the shifts of each counter on a weekday; None: all day."""
    counts = counts_over_time(crew)
    if not counts:
        return [planned_shifts(one, weekday, day) for one in named_counters(crew).values()]
    pieces = [*zip(counts, [*counts][1:], strict=False), ([*counts][-1], day.close)]
    return [
        tuple(Span(start, end) for start, end in pieces if counts[start] > number and start < end)
        for number in range(max(counts.values()))
    ]


def _joined(shifts: Spans, day: Day) -> Spans:
    """Return shifts within the hours of a day, those that touch as one."""
    joined: list[Span] = []
    for shift in sorted(shifts):
        start, end = max(shift.start, day.open), min(shift.end, day.close)
        if joined and start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(end, joined[-1].end))
        elif start < end:
            joined.append(Span(start, end))
    return tuple(joined)


def late_start(place: Station | Tenant, counter: NamedCounter) -> Law | None:
    """Return the law by which a counter begins its day late: its own, else the station's."""
    return place.late_start if counter.late is None else counter.late


def without_start(spans: Spans, late: float) -> Spans:
    """Return the spans of a day without the first minutes after the first of them begins."""
    begin = spans[0].start + late if spans else 0.0
    return tuple(Span(max(span.start, begin), span.end) for span in spans if span.end > begin)


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
