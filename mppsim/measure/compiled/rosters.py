"""Counters within their rosters: the twin of `mppsim.measure.rosters` and `counters`."""

from __future__ import annotations

from mppsim.engine.compiled.jit import inner
from mppsim.measure.compiled.tables import Record, Tables


@inner
def begin_work(hall: Tables) -> None:
    """Join the outages of each station, and count how long counters are on duty, and in them."""
    day = hall.day[0]
    for station in range(day.n_stations):
        hall.n_off[station] = 0
    for number in range(day.n_outages):
        for k in range(hall.first_struck[number], hall.first_struck[number + 1]):
            strike(hall, hall.struck[k], hall.outages[number])
    for counter in range(day.n_counters):
        minutes = hall.counters[day.day * day.n_counters + counter]
        minutes.served = minutes.still = minutes.overtime = minutes.blocked = 0.0
        minutes.on_duty = minutes.out = 0.0
        station = hall.counter_station[counter]
        for k in range(hall.first_span[counter], hall.first_span[counter + 1]):
            span = hall.duty[k]
            minutes.on_duty += span.end - span.begin
            minutes.out += off_within(hall, station, span.begin, span.end)


@inner
def strike(hall: Tables, station: int, outage: Record) -> None:
    """Add an outage to those of a station; touching and overlapping ones are one."""
    n, first = hall.n_off[station], station * hall.day[0].n_outages
    last = hall.off[first + max(n - 1, 0)]
    if n > 0 and outage.begin <= last.end:
        last.end = max(last.end, outage.end)
    else:
        off = hall.off[first + n]
        off.begin, off.end = outage.begin, outage.end
        hall.n_off[station] = n + 1


@inner
def count_work(hall: Tables, counter: int, started: float, ended: float) -> None:
    """Count a service, or a piece of one."""
    day, station = hall.day[0], hall.counter_station[counter]
    minutes = hall.counters[day.day * day.n_counters + counter]
    minutes.served += ended - started
    first, end = hall.first_span[counter], hall.first_span[counter + 1]
    if first < end and hall.n_off[station] == 0:
        span = hall.duty[first]
        # Most lie within the first span of duty.
        if span.begin <= started and ended <= span.end:
            return
    busy = 0.0
    for k in range(first, end):
        span = hall.duty[k]
        begin, until = max(started, span.begin), min(ended, span.end)
        if begin < until:
            busy += until - begin - off_within(hall, station, begin, until)
    still = off_within(hall, station, started, ended)
    minutes.still += still
    minutes.overtime += ended - started - still - busy


@inner
def off_within(hall: Tables, station: int, begin: float, end: float) -> float:
    """Return how many minutes of a time lie in outages of a station."""
    within, first = 0.0, station * hall.day[0].n_outages
    for k in range(first, first + hall.n_off[station]):
        off = hall.off[k]
        within += max(min(end, off.end) - max(begin, off.begin), 0.0)
    return within
