"""Counters within their rosters: the twin of `mppsim.measure.rosters` and `counters`."""

from __future__ import annotations

from mppsim.engine.compiled.jit import inner
from mppsim.measure.compiled.tables import Record, Tables


@inner
def begin_work(hall: Tables) -> None:
    """Join the outages of each station, and count how long counters are on duty, and in them.

    And how long they call in vain, and which services come in pieces.
    """
    day = hall.day[0]
    find_duty(hall)
    for station in range(day.n_stations):
        hall.n_off[station] = 0
    for number in range(day.n_outages):
        outage = hall.outages[number]
        for k in range(outage.first_station, outage.end_station):
            strike(hall, hall.struck[k], outage)
    for counter in range(day.n_counters):
        minutes = hall.counters[day.day * day.n_counters + counter]
        minutes.served = minutes.still = minutes.overtime = minutes.blocked = 0.0
        minutes.on_duty = minutes.out = minutes.called_in_vain = 0.0
        station, roster = hall.counter_station[counter], hall.rosters[counter]
        for k in range(roster.first, roster.end):
            span = hall.on_duty[k]
            minutes.on_duty += span.end - span.begin
            minutes.out += off_within(hall, station, span.begin, span.end)
    for k in range(day.n_vain_calls):
        call = hall.vain_calls[k]
        minutes = hall.counters[day.day * day.n_counters + call.counter]
        minutes.called_in_vain += call.ended - call.started
    for k in range(day.n_pieces):
        hall.in_pieces[hall.pieces[k].step] = 1


@inner
def find_duty(hall: Tables) -> None:
    """Find when each counter was on duty: as it was noted, else as planned."""
    day, end = hall.day[0], 0
    for k in range(day.n_duty):
        hall.rosters[hall.noted[k].counter].noted += 1
    for counter in range(day.n_counters):
        roster = hall.rosters[counter]
        roster.first = roster.end = end
        if roster.noted:
            end += roster.noted
            roster.noted = 0
            continue
        for k in range(hall.first_span[counter], hall.first_span[counter + 1]):
            planned, span = hall.duty[k], hall.on_duty[end]
            span.begin, span.end = planned.begin, planned.end
            end += 1
        roster.end = end
    for k in range(day.n_duty):
        noted = hall.noted[k]
        roster = hall.rosters[noted.counter]
        span = hall.on_duty[roster.end]
        span.begin, span.end = noted.started, noted.ended
        roster.end += 1


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
    roster = hall.rosters[counter]
    if roster.first < roster.end and hall.n_off[station] == 0:
        span = hall.on_duty[roster.first]
        # Most lie within the first span of duty.
        if span.begin <= started and ended <= span.end:
            return
    busy = 0.0
    for k in range(roster.first, roster.end):
        span = hall.on_duty[k]
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
