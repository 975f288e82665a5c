"""Counters: when they look at the lines, and which one is free longest."""

from __future__ import annotations

from collections.abc import Iterable

from mppsim.engine.calls import call_first
from mppsim.engine.due import Due, Process
from mppsim.engine.hall import Hall
from mppsim.engine.lines import next_line
from mppsim.engine.order import Kind


def free(hall: Hall, counter: int) -> None:
    """Let a counter look at the lines once all changes of this instant are made."""
    if not hall.freed:
        hall.clock.process(look(hall))
    hall.freed.add(counter)


def wake(hall: Hall, counter: int) -> None:
    """Let an idle counter look at the lines; it has been idle for as long, should it stay so."""
    hall.woken.add(counter)
    free(hall, counter)


def look(hall: Hall) -> Process:
    """Let every counter that became free at this instant take its next visitor."""
    yield Due(hall.clock, hall.clock.now, Kind.LOOK)
    freed, hall.freed = sorted(hall.freed), set()
    for counter in freed:
        if can_take(hall, counter):
            take_next(hall, counter)
    hall.woken.clear()


def take_next(hall: Hall, counter: int) -> None:
    """Call the visitor whose turn it is, by the counter's skills and discipline; else stay idle."""
    line = next_line(hall, counter)
    if line is not None:
        hall.serving[counter] = True
        lost = call_first(hall, counter, line)
        if lost:
            hall.clock.process(call_in_vain(hall, counter, lost))
    elif counter not in hall.woken:
        hall.idle_since[counter] = hall.clock.now


def call_in_vain(hall: Hall, counter: int, minutes: float) -> Process:
    """Let a counter wait for somebody who does not come, and then look at the lines again."""
    yield Due(hall.clock, hall.clock.now + minutes, Kind.FINISH, counter)
    release(hall, counter)


def release(hall: Hall, counter: int) -> None:
    """Let a counter go on to its next visitor, or into the break that waited for this moment."""
    hall.serving[counter] = False
    free(hall, counter)
    if counter in hall.leaving:
        hall.leaving.pop(counter).succeed()


def can_take(hall: Hall, counter: int) -> bool:
    """Tell whether a counter is on duty, occupied by nobody, and in no outage."""
    return hall.on_duty[counter] and not hall.serving[counter] and not hall.outages_at[counter]


def longest_idle(hall: Hall, counters: Iterable[int]) -> int | None:
    """Return the free counter that has been idle longest, then the lowest; None if none is."""
    idle = [counter for counter in counters if can_take(hall, counter)]
    return min(idle, key=lambda counter: (hall.idle_since[counter], counter), default=None)
