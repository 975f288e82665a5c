"""Outages: counters stop, nobody is called, and what was under way waits or begins anew."""

from __future__ import annotations

from mppsim.engine.compiled.counters import free
from mppsim.engine.compiled.jit import apart, inner
from mppsim.engine.compiled.pending import finish_at, finish_never, put
from mppsim.engine.compiled.tables import Hall


@apart
def outage_begins(hall: Hall, number: int) -> None:
    """Let the counters of an outage stop."""
    outage = hall.outages[number]
    for place in range(outage.first_station, outage.end_station):
        station = hall.stations[hall.struck[place]]
        for counter in range(station.first_counter, station.end_counter):
            hall.counters[counter].outages += 1
            stop(hall, counter, outage.restarts)
    put(hall, outage.end, hall.day[0].outage_ends + number)


@apart
def outage_ends(hall: Hall, number: int) -> None:
    """Let the counters of an outage go on, unless they are in another one."""
    outage = hall.outages[number]
    for place in range(outage.first_station, outage.end_station):
        station = hall.stations[hall.struck[place]]
        for counter in range(station.first_counter, station.end_counter):
            me = hall.counters[counter]
            me.outages -= 1
            if me.outages:
                continue
            if me.stopped:
                me.stopped = 0
                work(hall, counter, me.minutes if me.restarting else me.left)
            else:
                free(hall, counter)


@inner
def stop(hall: Hall, counter: int, restarts: int) -> None:
    """Let a service stand still; one that stands still already may yet have to begin anew."""
    me = hall.counters[counter]
    if me.running:
        me.left -= hall.day[0].now - me.begun
        me.running, me.stopped = 0, 1
        finish_never(hall, counter)
    if restarts and me.stopped:
        me.restarting = 1


@inner
def work(hall: Hall, counter: int, left: int) -> None:
    """Let a counter work for some ticks, besides those for which it stands still."""
    me, now = hall.counters[counter], hall.day[0].now
    me.left, me.begun, me.running, me.restarting = left, now, 1, 0
    finish_at(hall, counter, now + left)
