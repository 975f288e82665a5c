"""Counters: when they are on duty, and whom they take next."""

from __future__ import annotations

from mppsim.engine.calls import call_first
from mppsim.engine.due import Due, Process
from mppsim.engine.hall import Hall
from mppsim.engine.order import Kind


def roster(hall: Hall, counter: int) -> Process:
    """Let a counter come on duty and go, as planned; it finishes a service that lasts longer.

    Nobody comes on duty once the doors are closed. Where all who are inside are served, whoever
    is on duty at closing stays to the end.
    """
    for span in hall.day.duty[counter]:
        if span.start >= hall.day.closing:
            return
        yield Due(hall.clock, span.start, Kind.COUNTER_ON, counter)
        hall.on_duty[counter] = True
        free(hall, counter)
        if hall.day.serve_all and span.end >= hall.day.closing:
            return
        yield Due(hall.clock, span.end, Kind.COUNTER_OFF, counter)
        hall.on_duty[counter] = False


def free(hall: Hall, counter: int) -> None:
    """Let a counter look at the lines once all changes of this instant are made."""
    if not hall.freed:
        hall.clock.process(look(hall))
    hall.freed.add(counter)


def look(hall: Hall) -> Process:
    """Let every counter that became free at this instant take its next visitor."""
    yield Due(hall.clock, hall.clock.now, Kind.LOOK)
    freed, hall.freed = sorted(hall.freed), set()
    for counter in freed:
        if can_take(hall, counter):
            take_next(hall, counter)


def can_take(hall: Hall, counter: int) -> bool:
    """Tell whether a counter is on duty, occupied by nobody, and in no outage."""
    return hall.on_duty[counter] and not hall.serving[counter] and not hall.outages_at[counter]


def take_next(hall: Hall, counter: int) -> None:
    """Call the visitor who joined first in the first class that has one; else stay idle.

    Those who wait for a place in the room come after those in it.
    """
    station = hall.layout.counter_station[counter]
    for line in (*hall.lines[station], hall.outer[station]):
        if line:
            hall.serving[counter] = True
            lost = call_first(hall, counter, line)
            if lost:
                hall.clock.process(call_in_vain(hall, counter, lost))
            return
    hall.idle_since[counter] = hall.clock.now


def call_in_vain(hall: Hall, counter: int, minutes: float) -> Process:
    """Let a counter wait for somebody who does not come, and then look at the lines again."""
    yield Due(hall.clock, hall.clock.now + minutes, Kind.FINISH, counter)
    hall.serving[counter] = False
    free(hall, counter)


def longest_idle(hall: Hall, station: int) -> int | None:
    """Return the free counter that has been idle longest, then the lowest; None if none is."""
    idle = [c for c in hall.counters_of[station] if can_take(hall, c)]
    return min(idle, key=lambda c: (hall.idle_since[c], c), default=None)
