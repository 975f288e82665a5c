"""Visits that go on on the next working day, by compiled code: the twin of engine/another_day.py.

The days stand in the same place one after the other: what a visitor has settled is noted before the
next day takes the place of the one on which he left.
"""

from __future__ import annotations

from mppsim.engine.compiled.jit import inner
from mppsim.engine.compiled.pointers import tables_at
from mppsim.engine.compiled.records import NOBODY
from mppsim.engine.compiled.steps_to_make import DTYPES, Returning
from mppsim.engine.trace import Outcome

SERVED, POSTPONED = int(Outcome.SERVED), int(Outcome.POSTPONED)
RENEGED, BALKED = int(Outcome.RENEGED), int(Outcome.BALKED)


tables = tables_at("Returning", DTYPES)


def come_back_at(address: int, is_over: int) -> int:
    """Find, before a day, who comes back to make which steps; when it is over, who leaves to."""
    if is_over:
        note_who_leaves(tables(address))
    else:
        choose_steps(tables(address))
    return is_over


@inner
def choose_steps(hall: Returning) -> None:
    """Let those who come back make what is left to do, and those who do not come no step."""
    for visitor in range(hall.n[0]):
        before = hall.returns[visitor]
        if before == NOBODY:
            continue
        begin = hall.came_back[before]
        for step in range(hall.first_step[visitor], hall.first_step[visitor + 1]):
            place = hall.place[step]
            if begin == NOBODY or (place > 0 and is_settled(hall, begin, place)):
                hall.to_make[step] = 0


@inner
def note_who_leaves(hall: Returning) -> None:
    """Note of all who leave in order to come back where nothing is left to do."""
    end = 0
    for visitor in range(hall.n[0]):
        hall.came_back[visitor] = NOBODY
        if hall.visitor_outcome[visitor] == POSTPONED:
            hall.came_back[visitor] = end
            end = note_settled(hall, visitor, end)


@inner
def note_settled(hall: Returning, visitor: int, begin: int) -> int:
    """Note what a visitor has settled; return where there is room for the next one."""
    steps = range(hall.first_step[visitor], hall.first_step[visitor + 1])
    end = begin
    hall.settled[end] = NOBODY
    for step in steps:
        place = hall.place[step]
        if place > 0 and hall.outcome[step] == SERVED:
            end = settle(hall, begin, end, place)
    for step in steps:
        place, outcome = hall.place[step], hall.outcome[step]
        gave_up = outcome in (RENEGED, BALKED)
        if gave_up and is_settled(hall, begin, abs(place)):
            end = settle_with(hall, begin, end, step, hall.first_step[visitor + 1])
    return end + 1


@inner
def settle_with(hall: Returning, begin: int, end: int, step: int, last: int) -> int:
    """Settle what would have followed from a step whose visitor went elsewhere."""
    for other in range(step + 1, last):
        if hall.only_after[other] == hall.instead[step]:
            break
        end = settle(hall, begin, end, abs(hall.place[other]))
    return end


@inner
def settle(hall: Returning, begin: int, end: int, place: int) -> int:
    """Add a place, unless it is there, to those that begin and end so; return where they end."""
    if is_settled(hall, begin, place):
        return end
    hall.settled[end], hall.settled[end + 1] = place, NOBODY
    return end + 1


@inner
def is_settled(hall: Returning, begin: int, place: int) -> bool:
    while hall.settled[begin] not in (place, NOBODY):
        begin += 1
    return hall.settled[begin] == place
