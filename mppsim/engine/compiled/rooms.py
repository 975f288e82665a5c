"""Waiting rooms: who finds a place, who waits for one, and the counter that he still occupies."""

from __future__ import annotations

from mppsim.engine.compiled.calls import leave_line
from mppsim.engine.compiled.counters import release
from mppsim.engine.compiled.jit import apart, inner
from mppsim.engine.compiled.lines import insert, join_line, n_in_room, take_out
from mppsim.engine.compiled.pending import minutes_now
from mppsim.engine.compiled.records import NOBODY
from mppsim.engine.compiled.tables import Hall
from mppsim.plan.plan import AWAY


@inner
def has_place(hall: Hall, station: int) -> bool:
    """Tell whether one more can wait in the room of a station, and nobody is there before him."""
    here = hall.stations[station]
    if not here.has_room:
        return True
    return not hall.lines[here.outer].length and n_in_room(hall, station) < here.places


@inner
def turns_away(hall: Hall, station: int) -> bool:
    """Tell whether a station sends away those who find no place in its room."""
    return hall.stations[station].loses and not has_place(hall, station)


@inner
def is_held_for(hall: Hall, step: int) -> bool:
    """Tell whether a step is at a station with a room that visitors are held for."""
    return hall.station[step] != AWAY and hall.stations[hall.station[step]].blocks


@apart
def may_be_held_after(hall: Hall, visitor: int, made: int) -> bool:
    """Tell whether a visitor may make such a step after the one just made."""
    for step in range(hall.visitors[visitor].left, hall.first_step[visitor + 1]):
        if step != made and not hall.steps[step].done and is_held_for(hall, step):
            return True
    return False


@inner
def stand_in_line(hall: Hall, visitor: int, step: int) -> None:
    """Let a visitor wait in the room of a station, or for a place in it."""
    if has_place(hall, hall.station[step]):
        join_line(hall, visitor, step)
        enter(hall, visitor, step)
    else:
        outer = hall.stations[hall.station[step]].outer
        insert(hall, outer, hall.lines[outer].length, step)
        hall.visitors[visitor].seeks = 1


@inner
def enter(hall: Hall, visitor: int, step: int) -> None:
    """Note that a visitor is in the room or at a counter ahead; the one behind is free again."""
    hall.entered[step] = minutes_now(hall)
    let_go(hall, visitor)


@inner
def come_in(hall: Hall, visitor: int, step: int, is_called: bool) -> None:
    """Let a visitor whose wait is over go to a counter, or away; his place goes to the next."""
    if hall.visitors[visitor].seeks:
        hall.visitors[visitor].seeks = 0
        if is_called:
            enter(hall, visitor, step)
    fill(hall, hall.station[step])


@inner
def fill(hall: Hall, station: int) -> None:
    """Let those who wait for a place in, first come first, as long as there is one."""
    here = hall.stations[station]
    if here.has_room and hall.lines[here.outer].length:
        fill_places(hall, station)


@apart
def fill_places(hall: Hall, station: int) -> None:
    """Let those in who wait for a place in the room of a station."""
    here = hall.stations[station]
    outer = hall.lines[here.outer]
    while outer.length and n_in_room(hall, station) < here.places:
        step = outer.head
        visitor = hall.steps[step].visitor
        take_out(hall, step)
        hall.visitors[visitor].seeks = 0
        join_line(hall, visitor, step)
        enter(hall, visitor, step)


@inner
def give_up(hall: Hall, visitor: int, step: int) -> None:
    """Take a visitor out of the line, or of the outer line, of a station.

    Who has not come into the room yet leaves no dead ticket in it.
    """
    if hall.visitors[visitor].seeks:
        hall.visitors[visitor].seeks = 0
        hall.steps[step].missing = 0
        take_out(hall, step)
    else:
        leave_line(hall, step)
        fill(hall, hall.station[step])


@inner
def let_go(hall: Hall, visitor: int) -> None:
    """Free the counter that a visitor still occupies, if there is one."""
    if hall.visitors[visitor].held_counter != NOBODY:
        leave_counter_behind(hall, visitor)


@apart
def leave_counter_behind(hall: Hall, visitor: int) -> None:
    """Free the counter that a visitor still occupies."""
    me = hall.visitors[visitor]
    counter, me.held_counter = me.held_counter, NOBODY
    leave_counter(hall, counter, me.held_step)


@inner
def leave_counter(hall: Hall, counter: int, step: int) -> None:
    """Note that a visitor has gone from a counter, which looks for the next one."""
    hall.released[step] = minutes_now(hall)
    release(hall, counter)
