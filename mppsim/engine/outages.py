"""Outages: counters stop, nobody is called, and what was under way waits or begins anew."""

from __future__ import annotations

from collections.abc import Generator

import simpy

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


def work(hall: Hall, counter: int, minutes: float) -> Generator[simpy.Event, object, float]:
    """Let a counter work for some minutes, besides those for which it stands still.

    Return the minutes that were left when its shift ended, where that breaks services off; else 0.
    """
    left, breaks_off = minutes, breaks_off_at(hall, counter)
    broken_off = hall.clock.event()
    if breaks_off:
        hall.under_way[counter] = broken_off
    while True:
        begun = hall.clock.now
        finish = Due(hall.clock, begun + left, Kind.FINISH, counter)
        if not (hall.day.outages or breaks_off):
            yield finish
            return 0.0
        stopped = hall.running[counter] = hall.clock.event()
        yield finish | stopped | broken_off
        hall.running.pop(counter, None)
        if stopped.triggered or broken_off.triggered:
            left -= hall.clock.now - begun
        if stopped.triggered:
            yield hall.stopped[counter] | broken_off
            hall.stopped.pop(counter, None)
            if counter in hall.restarting:
                hall.restarting.remove(counter)
                left = minutes
        elif not broken_off.triggered:
            hall.under_way.pop(counter, None)
            return 0.0
        if broken_off.triggered:
            return left


def breaks_off_at(hall: Hall, counter: int) -> bool:
    """Tell whether a counter breaks off services at the end of its shifts."""
    station = int(hall.layout.counter_station[counter])
    return hall.station_rules[station].shift_end != "finish"
