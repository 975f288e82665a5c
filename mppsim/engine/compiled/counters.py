"""Counters: when they look at the lines, and which one is free longest."""

from __future__ import annotations

from mppsim.engine.compiled.calls import call_first
from mppsim.engine.compiled.disciplines import anybody, next_line
from mppsim.engine.compiled.jit import inner
from mppsim.engine.compiled.lines import counter_at
from mppsim.engine.compiled.pending import key_of
from mppsim.engine.compiled.records import NOBODY
from mppsim.engine.compiled.rosters import back_from, plan_next_span
from mppsim.engine.compiled.tables import Hall


@inner
def free(hall: Hall, counter: int) -> None:
    """Let a counter look at the lines once all changes of this instant are made."""
    day = hall.day[0]
    if hall.counters[counter].freed:
        return
    hall.counters[counter].freed = 1
    if not day.n_freed:
        day.look = key_of(hall, day.now, day.looks)
    place = day.n_freed
    while place > 0 and hall.freed[place - 1] > counter:
        hall.freed[place] = hall.freed[place - 1]
        place -= 1
    hall.freed[place] = counter
    day.n_freed += 1


@inner
def wake(hall: Hall, counter: int) -> None:
    """Let an idle counter look at the lines; it has been idle for as long, should it stay so."""
    hall.counters[counter].woken = 1
    free(hall, counter)


@inner
def look(hall: Hall) -> None:
    """Let every counter that became free at this instant take its next visitor."""
    n, hall.day[0].n_freed = hall.day[0].n_freed, 0
    for place in range(n):
        counter = hall.freed[place]
        hall.counters[counter].freed = 0
        if can_take(hall, counter):
            take_next(hall, counter)
        hall.counters[counter].woken = 0


@inner
def take_next(hall: Hall, counter: int) -> None:
    """Call the visitor whose turn it is, by the counter's skills and discipline; else stay idle."""
    line = next_line(hall, counter)
    if line != NOBODY:
        hall.counters[counter].serving = 1
        call_first(hall, counter, line)
    elif not hall.counters[counter].woken:
        hall.counters[counter].idle_since = hall.day[0].now


@inner
def release(hall: Hall, counter: int) -> None:
    """Let a counter go on to its next visitor, or into the break that waited for this moment."""
    hall.counters[counter].serving = 0
    free(hall, counter)
    if hall.counters[counter].leaving:
        hall.counters[counter].leaving = 0
        late = hall.day[0].now - hall.spans[hall.counters[counter].span].end
        back_from(hall, counter, max(0, late))
        plan_next_span(hall, counter)


@inner
def can_take(hall: Hall, counter: int) -> bool:
    """Tell whether a counter is on duty, occupied by nobody, and in no outage."""
    me = hall.counters[counter]
    return me.on_duty > me.serving + me.outages  # one jump instead of three


@inner
def longest_idle(hall: Hall, first: int, end: int, only: int, is_joining: bool) -> int:
    """Return who is free longest of the counters in `able`, then the lowest; NOBODY if none is.

    `only`: this one alone, unless it is NOBODY. Those who are about to look at the lines are left
    out; but who is joining may go to one of them for whom nobody waits.
    """
    chosen = NOBODY
    for place in range(first, end):
        counter = counter_at(hall, place)
        me = hall.counters[counter]
        if not can_take(hall, counter) or (only not in (NOBODY, counter)):
            continue
        if me.freed and not (is_joining and not calls_another(hall, counter)):
            continue
        if chosen == NOBODY or me.idle_since < hall.counters[chosen].idle_since:
            chosen = counter
    return chosen


@inner
def calls_another(hall: Hall, counter: int) -> bool:
    """Tell whether a counter that looks at the lines will find somebody."""
    me = hall.counters[counter]
    first, end = hall.levels[me.first_level].first, hall.levels[me.end_level - 1].end
    return anybody(hall, first, end) or hall.lines[hall.stations[me.station].outer].length > 0
