"""Lines: tickets one behind the other; a ticket is the step that it is for."""

from __future__ import annotations

from mppsim.engine.compiled.jit import inner
from mppsim.engine.compiled.records import NOBODY
from mppsim.engine.compiled.tables import ONE, Hall
from mppsim.plan.plan import AWAY

BEFORE_ALL = 2**30
"""By so much the turn of who comes back to the head of a line is earlier."""
AT_THE_END = 2**40
"""The place in line of whoever goes before nobody."""


@inner
def line_of(hall: Hall, visitor: int, step: int) -> int:
    """Return the line for a visitor at a step."""
    station = hall.stations[hall.station[step]]
    if station.lines == ONE:
        part = hall.part_of[hall.station[step] * hall.day[0].n_services + hall.step_service[step]]
    else:
        part = hall.visitors[visitor].chosen - station.first_counter
    return station.first_line + hall.visitor_class[visitor] * station.parts + part


@inner
def join_line(hall: Hall, visitor: int, step: int) -> None:
    """Let a visitor stand in his line: at the end of it, or of those who go before all others."""
    line = line_of(hall, visitor, step)
    mine, before = place_in_line(hall, step), hall.lines[line].length
    if mine < AT_THE_END:
        before, ticket = 0, hall.lines[line].head
        while ticket != NOBODY and place_in_line(hall, ticket) <= mine:
            before += 1
            ticket = hall.steps[ticket].behind
    insert(hall, line, before, step)


@inner
def place_in_line(hall: Hall, step: int) -> int:
    """Return what orders a line: first who was broken off, then the booked, then who is back."""
    if hall.steps[step].broken:
        return number_of_ticket(hall, step)
    if hall.ahead[step]:
        return AT_THE_END - 2
    may_be_back = hall.back[step] or hall.stations[hall.station[step]].is_remote
    return AT_THE_END - 1 if may_be_back and hall.steps[step].turn < 0 else AT_THE_END


@inner
def number_of_ticket(hall: Hall, step: int) -> int:
    """Return how many had joined lines before the visitor of a ticket did."""
    turn = hall.steps[step].turn
    return turn if turn >= 0 else turn + BEFORE_ALL


@inner
def insert(hall: Hall, line: int, place: int, step: int) -> None:
    """Put a ticket into a line behind as many tickets as `place`, or at its end."""
    here, ticket = hall.lines[line], hall.steps[step]
    if place >= here.length:
        before, behind = here.tail, NOBODY
    else:
        before, behind = NOBODY, here.head
        for _ in range(place):
            before, behind = behind, hall.steps[behind].behind
    ticket.line, ticket.before, ticket.behind = line, before, behind
    if before == NOBODY:
        here.head = step
    else:
        hall.steps[before].behind = step
    if behind == NOBODY:
        here.tail = step
    else:
        hall.steps[behind].before = step
    here.length += 1
    here.live += 1
    if hall.day[0].has_ahead and hall.ahead[step]:
        hall.day[0].n_ahead += 1


@inner
def take_out(hall: Hall, step: int) -> None:
    """Take a ticket out of the line that it is in."""
    ticket = hall.steps[step]
    here, before, behind = hall.lines[ticket.line], ticket.before, ticket.behind
    if before == NOBODY:
        here.head = behind
    else:
        hall.steps[before].behind = behind
    if behind == NOBODY:
        here.tail = before
    else:
        hall.steps[behind].before = before
    here.length -= 1
    if not ticket.dead:
        here.live -= 1
    if hall.day[0].has_ahead and hall.ahead[step]:
        hall.day[0].n_ahead -= 1


@inner
def n_in_room(hall: Hall, station: int) -> int:
    """Return how many visitors wait in the room of a station."""
    n = 0
    for line in range(hall.stations[station].first_line, hall.stations[station].end_line):
        n += hall.lines[line].live
    return n


@inner
def n_waiting(hall: Hall, station: int) -> int:
    """Return how many visitors wait at a station, and for a place in its room; at a delay none."""
    if station == AWAY:
        return 0
    return n_in_room(hall, station) + hall.lines[hall.stations[station].outer].length


@inner
def able_counters(hall: Hall, visitor: int, step: int) -> tuple[int, int]:
    """Return the first and the end of the places of the counters that may serve a visitor."""
    station, day = hall.station[step], hall.day[0]
    if not day.has_skills:
        return hall.stations[station].first_counter, hall.stations[station].end_counter
    kind = hall.service_kind[station * day.n_services + hall.step_service[step]]
    whom = (station * day.n_kinds + kind) * day.n_classes + hall.visitor_class[visitor]
    able = hall.able_to[whom]
    return able.first, able.end


@inner
def counter_at(hall: Hall, place: int) -> int:
    """Return the counter at a place in `able`; without skills that has all counters in order."""
    return hall.able[place] if hall.day[0].has_skills else place
