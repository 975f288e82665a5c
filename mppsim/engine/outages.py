"""Outages: counters stop, nobody is called, and what was under way waits or begins anew."""

from __future__ import annotations

from mppsim.engine.counters import free
from mppsim.engine.due import Due, Process
from mppsim.engine.hall import Hall
from mppsim.engine.order import Kind


def outage(hall: Hall, number: int) -> Process:
    """Let an outage begin and end; a counter is back when all that it is in are over."""
    plan = hall.day.outages[number]
    counters = [counter for station in plan.stations for counter in hall.counters_of[station]]
    yield Due(hall.clock, plan.begin, Kind.OUTAGE_BEGINS, number)
    for counter in counters:
        hall.outages_at[counter] += 1
        stop(hall, counter, restarts=plan.restarts)
    yield Due(hall.clock, plan.end, Kind.OUTAGE_ENDS, number)
    for counter in counters:
        hall.outages_at[counter] -= 1
        if hall.outages_at[counter]:
            continue
        if counter in hall.stopped:
            hall.stopped.pop(counter).succeed()
        else:
            free(hall, counter)


def stop(hall: Hall, counter: int, *, restarts: bool) -> None:
    """Let a service stand still; one that stands still already may yet have to begin anew."""
    if counter in hall.running:
        hall.running.pop(counter).succeed()
        hall.stopped[counter] = hall.clock.event()
    if restarts and counter in hall.stopped:
        hall.restarting.add(counter)


def serve(hall: Hall, counter: int, minutes: float) -> Process:
    """Let a service take its minutes, besides those for which it stands still."""
    left = minutes
    while True:
        begun = hall.clock.now
        finish = Due(hall.clock, begun + left, Kind.FINISH, counter)
        if not hall.day.outages:
            yield finish
            return
        stopped = hall.running[counter] = hall.clock.event()
        yield finish | stopped
        if not stopped.triggered:
            del hall.running[counter]
            return
        left -= hall.clock.now - begun
        yield hall.stopped[counter]
        if counter in hall.restarting:
            hall.restarting.remove(counter)
            left = minutes
