"""Disciplines: from which line the next visitor is called, the first who stands in it.

Each is a function of the hall, the counter that calls, and the lines among which it has no
preference: the entries first to end.
"""

from __future__ import annotations

from mppsim.engine.compiled.jit import apart, inner
from mppsim.engine.compiled.patience import forget_who_left
from mppsim.engine.compiled.records import NEVER, NOBODY
from mppsim.engine.compiled.tables import AGING, FIFO, LONGEST_QUEUE, LONGEST_WAIT, RATIO, Hall
from mppsim.plan.clock import TICK


@inner
def next_line(hall: Hall, counter: int) -> int:
    """Return the line from which a counter calls next; NOBODY if nobody waits for it."""
    me = hall.counters[counter]
    for level in range(me.first_level, me.end_level):
        first, end = hall.levels[level].first, hall.levels[level].end
        line = NOBODY
        if hall.day[0].has_ahead and hall.day[0].n_ahead:
            line = first_booked(hall, first, end)
        if line == NOBODY:
            line = choose(hall, me.station, first, end)
        if line != NOBODY:
            return line
    here = hall.stations[me.station]
    return here.outer if here.has_room and hall.lines[here.outer].length else NOBODY


@apart
def anybody(hall: Hall, first: int, end: int) -> bool:
    """Tell whether there is a ticket in the lines of some entries."""
    for place in range(hall.entries[first].first, hall.entries[end - 1].end):
        line = hall.listed[place]
        if not hall.day[0].timed:
            forget_who_left(hall, line)
        if hall.lines[line].length:
            return True
    return False


@apart
def first_booked(hall: Hall, first: int, end: int) -> int:
    """Return the line whose first goes before all classes; of several who joined first."""
    chosen, turn = NOBODY, NEVER
    for place in range(hall.entries[first].first, hall.entries[end - 1].end):
        line = hall.listed[place]
        head = hall.lines[line].head
        if head != NOBODY and hall.ahead[head] and hall.steps[head].turn < turn:
            chosen, turn = line, hall.steps[head].turn
    return chosen


@inner
def choose(hall: Hall, station: int, first: int, end: int) -> int:
    """Return the line that the discipline of a station chooses; NOBODY if all are empty."""
    discipline = hall.stations[station].discipline
    if discipline == LONGEST_QUEUE:
        first = longest_queue(hall, first, end)
        end = first + 1
    elif discipline == LONGEST_WAIT:
        first = longest_wait(hall, first, end)
        end = first + 1
    called = ratio(hall, station, first, end) if discipline == RATIO else NOBODY
    chosen, best, turn = NOBODY, NEVER, NEVER
    begin, stop = hall.stations[station].first_line, hall.stations[station].end_line
    if hall.day[0].has_skills:
        begin, stop = hall.entries[first].first, hall.entries[end - 1].end
    for place in range(begin, stop):
        line = hall.listed[place] if hall.day[0].has_skills else place
        if not hall.day[0].timed:
            forget_who_left(hall, line)
        head = hall.lines[line].head
        if head == NOBODY:
            continue
        rank = hall.lines[line].rank
        if discipline == FIFO:
            rank = 0
        elif discipline == AGING:
            rank = risen(hall, station, rank, head)
        elif discipline == RATIO and rank != called:
            continue
        if rank < best or (rank == best and hall.steps[head].turn < turn):
            chosen, best, turn = line, rank, hall.steps[head].turn
    return chosen


@apart
def ratio(hall: Hall, station: int, first: int, end: int) -> int:
    """Return the class that is called again only after `ratio` visitors of later classes."""
    highest, owed = NOBODY, station * hall.day[0].n_classes
    for place in range(hall.entries[first].first, hall.entries[end - 1].end):
        line = hall.listed[place]
        if hall.lines[line].length:
            highest = max(highest, hall.lines[line].rank)
    if highest == NOBODY:
        return NOBODY
    called = highest
    for place in range(hall.entries[first].first, hall.entries[end - 1].end):
        line = hall.listed[place]
        rank = hall.lines[line].rank
        if hall.lines[line].length and not hall.owed[owed + rank]:
            called = min(called, rank)
    for earlier in range(called):
        hall.owed[owed + earlier] = max(0, hall.owed[owed + earlier] - 1)
    hall.owed[owed + called] = int(hall.stations[station].amount)
    return called


@apart
def risen(hall: Hall, station: int, rank: int, head: int) -> int:
    """Return the class of the first in a line after it has risen one for each time waited."""
    waited = hall.day[0].now * TICK - hall.joined[head]
    return max(0, rank - int(waited // hall.stations[station].amount))


@apart
def longest_queue(hall: Hall, first: int, end: int) -> int:
    """Return the entry where most wait, the first listed of equals."""
    chosen, most = first, NOBODY
    for entry in range(first, end):
        n = 0
        for place in range(hall.entries[entry].first, hall.entries[entry].end):
            n += hall.lines[hall.listed[place]].length
        if n > most:
            chosen, most = entry, n
    return chosen


@apart
def longest_wait(hall: Hall, first: int, end: int) -> int:
    """Return the entry where somebody has waited longest."""
    chosen, turn = first, NEVER
    for entry in range(first, end):
        for place in range(hall.entries[entry].first, hall.entries[entry].end):
            head = hall.lines[hall.listed[place]].head
            if head != NOBODY and hall.steps[head].turn < turn:
                chosen, turn = entry, hall.steps[head].turn
    return chosen
