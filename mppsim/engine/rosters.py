"""Rosters: counters come on duty and go, and what becomes of a service that lasts longer."""

from __future__ import annotations

from collections.abc import Generator

import simpy

from mppsim.engine.counters import free
from mppsim.engine.due import Due, Process
from mppsim.engine.hall import Hall
from mppsim.engine.joining import choose_again
from mppsim.engine.order import Kind
from mppsim.scenario.durations import Span


def roster(hall: Hall, counter: int) -> Process:
    """Let a counter come on duty and go, as planned; by default it finishes a service first.

    Nobody comes on duty once the doors are closed. Where all who are inside are served, whoever
    is on duty at closing stays to the end. Whatever of the roster falls into a break that began
    late and has its full length is left out.
    """
    station = int(hall.layout.counter_station[counter])
    spans, back = hall.day.duty[counter], 0.0
    for number, span in enumerate(spans):
        start = max(span.start, back)
        if start >= hall.day.closing:
            return
        if start >= span.end:
            continue
        yield Due(hall.clock, start, Kind.COUNTER_ON, counter)
        hall.on_duty[counter] = True
        free(hall, counter)
        choose_again(hall, station)
        if hall.day.serve_all and span.end >= hall.day.closing:
            note_duty(hall, counter, Span(start, span.end))
            return
        yield Due(hall.clock, max(start, last_call(hall, counter, span)), Kind.COUNTER_OFF, counter)
        hall.on_duty[counter] = False
        choose_again(hall, station)
        late = yield from go(hall, counter, span)
        if number + 1 == len(spans):
            late = 0.0
        else:
            back = spans[number + 1].start + late
        end = max(span.end, min(span.end + late, hall.day.closing))
        note_duty(hall, counter, Span(start, end))


def go(hall: Hall, counter: int, span: Span) -> Generator[simpy.Event, object, float]:
    """Let a counter go off duty; return how many minutes late its break begins."""
    rule = hall.station_rules[hall.layout.counter_station[counter]]
    if not hall.serving[counter]:
        return 0.0
    if rule.shift_end != "finish" and ends_shift(hall, counter, span):
        if counter in hall.under_way and span.end < hall.day.closing:
            hall.under_way.pop(counter).succeed()
    elif rule.shifted_breaks:
        hall.leaving[counter] = hall.clock.event()
        yield hall.leaving[counter]
        return max(0.0, hall.clock.now - span.end)
    return 0.0


def last_call(hall: Hall, counter: int, span: Span) -> float:
    """Return when a counter stops taking visitors: at the end, or earlier where a shift ends."""
    rule = hall.station_rules[hall.layout.counter_station[counter]]
    return span.end - rule.stop_taking if ends_shift(hall, counter, span) else span.end


def ends_shift(hall: Hall, counter: int, span: Span) -> bool:
    """Tell whether a shift of a counter ends here; else a break begins."""
    return not hall.day.shift_ends or span.end in hall.day.shift_ends[counter]


def note_duty(hall: Hall, counter: int, span: Span) -> None:
    """Note when a counter was on duty, where its breaks may be other than planned."""
    if hall.station_rules[hall.layout.counter_station[counter]].shifted_breaks:
        hall.trace.duty.setdefault(counter, []).append(span)
