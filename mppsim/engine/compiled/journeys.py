"""Journeys: which step a visitor makes next, and how far the way there is."""

from __future__ import annotations

from mppsim.engine.compiled.door import is_of_backlog
from mppsim.engine.compiled.jit import apart, inner
from mppsim.engine.compiled.lines import n_waiting
from mppsim.engine.compiled.records import NEVER, NOBODY
from mppsim.engine.compiled.tables import Hall
from mppsim.plan.plan import AWAY

AT_THE_DOOR = -1
"""In place of a zone: where a visit begins."""


@inner
def first_left(hall: Hall, visitor: int) -> int:
    """Return the first of the steps that are left to a visitor; NOBODY if none is."""
    me, end = hall.visitors[visitor], hall.first_step[visitor + 1]
    while me.left < end and hall.steps[me.left].done:
        me.left += 1
    return me.left if me.left < end else NOBODY


@apart
def go_elsewhere(hall: Hall, visitor: int, step: int) -> None:
    """Let a visitor who gave up at a step go to another tenant.

    Those steps take the place of the step and of all that would have followed from it.
    """
    end, instead = hall.first_step[visitor + 1], hall.instead[step]
    hall.steps[step].done = 1
    following = step + 1
    while following < end and hall.only_after[following] != instead:
        hall.steps[following].done = 1
        following += 1
    for other in range(step, end):
        if hall.only_after[other] == instead:
            hall.steps[other].done = 0


@inner
def next_step(hall: Hall, visitor: int) -> int:
    """Return which of the steps that are left a visitor makes now, after the last one.

    Steps are made as planned. Of parts in any order, the one that is begun comes to its end; the
    next is the one whose first station has the fewest waiting, then the one that is planned first.
    """
    first, last = first_left(hall, visitor), hall.visitors[visitor].step
    if hall.day[0].has_order and (hall.any_order[first] or (last != NOBODY and hall.part[last])):
        return next_in_any_order(hall, visitor, first, last)
    return first


@apart
def next_in_any_order(hall: Hall, visitor: int, first: int, last: int) -> int:
    """Return which of the steps that are left a visitor makes now, where some have no order."""
    end = hall.first_step[visitor + 1]
    if last != NOBODY and hall.part[last]:
        for step in range(first, end):
            if not hall.steps[step].done and hall.part[step] == hall.part[last]:
                return step
    group = hall.any_order[first]
    if not group:
        return first
    chosen, fewest = NOBODY, NEVER
    for step in range(first, end):
        if hall.steps[step].done or hall.any_order[step] != group:
            continue
        if is_first_of_part(hall, first, step) and n_waiting(hall, hall.station[step]) < fewest:
            chosen, fewest = step, n_waiting(hall, hall.station[step])
    return chosen


@inner
def is_first_of_part(hall: Hall, first: int, step: int) -> bool:
    """Tell whether no step is left that is planned before this one in the same part."""
    for other in range(first, step):
        if (
            not hall.steps[other].done
            and hall.any_order[other] == hall.any_order[step]
            and hall.part[other] == hall.part[step]
        ):
            return False
    return True


@inner
def first_zone(hall: Hall, visitor: int) -> int:
    """Return where a visit begins: at the door, or where the backlog stands."""
    if not is_of_backlog(hall, visitor):
        return AT_THE_DOOR
    return zone_of(hall, hall.first_step[visitor], AT_THE_DOOR)


@inner
def walking_time(hall: Hall, zone: int, station: int) -> int:
    """Return the ticks from a zone, or the door, to a station; to a delay nobody walks."""
    n = hall.day[0].n_zones
    if station == AWAY or not n:
        return 0
    row = zone if zone != AT_THE_DOOR else n
    return hall.walk[row * n + hall.stations[station].zone]


@inner
def zone_of(hall: Hall, step: int, zone: int) -> int:
    """Return where a visitor is after a step; a delay is spent where it begins."""
    station = hall.station[step]
    return zone if station == AWAY else hall.stations[station].zone


@inner
def first_at_a_station(hall: Hall, visitor: int) -> int:
    """Return the step at which it counts that a visitor was refused at the door."""
    first, end = first_left(hall, visitor), hall.first_step[visitor + 1]
    for step in range(first, end):
        if not hall.steps[step].done and hall.station[step] != AWAY:
            return step
    return first
