"""Waiting rooms: who finds a place, who waits for one, and the counter that he still occupies."""

from __future__ import annotations

from collections.abc import Iterable

from mppsim.engine.calls import leave_line, n_in_room
from mppsim.engine.counters import release
from mppsim.engine.hall import Hall
from mppsim.engine.lines import join_line, line_of
from mppsim.plan.plan import NO_LIMIT


def has_place(hall: Hall, station: int) -> bool:
    """Tell whether one more can wait in the room of a station, and nobody is there before him."""
    room = hall.layout.rooms.get(station)
    places = room.places if room else NO_LIMIT
    return not hall.outer[station] and n_in_room(hall, station) < places


def turns_away(hall: Hall, station: int) -> bool:
    """Tell whether a station sends away those who find no place in its room."""
    room = hall.layout.rooms.get(station)
    return room is not None and room.full == "lose" and not has_place(hall, station)


def may_be_held(hall: Hall, steps: Iterable[int]) -> bool:
    """Tell whether one of the steps is at a station with a room that visitors are held for."""
    if not hall.layout.rooms:
        return False
    rooms = [hall.layout.rooms.get(int(hall.day.steps.station[step])) for step in steps]
    return any(room is not None and room.full == "block" for room in rooms)


def stand_in_line(hall: Hall, visitor: int, step: int) -> None:
    """Let a visitor wait in the room of a station, or for a place in it."""
    station = int(hall.day.steps.station[step])
    if has_place(hall, station):
        join_line(hall, visitor)
        enter(hall, visitor, step)
    else:
        hall.outer[station].append(visitor)
        hall.seeks[visitor] = step


def enter(hall: Hall, visitor: int, step: int) -> None:
    """Note that a visitor is in the room or at a counter ahead; the one behind is free again."""
    hall.trace.entered[step] = hall.clock.now
    let_go(hall, visitor)


def come_in(hall: Hall, visitor: int, step: int, *, is_called: bool) -> None:
    """Let a visitor whose wait is over go to a counter, or away; his place goes to the next."""
    if hall.seeks.pop(visitor, None) is not None and is_called:
        enter(hall, visitor, step)
    fill(hall, int(hall.day.steps.station[step]))


def fill(hall: Hall, station: int) -> None:
    """Let those who wait for a place in, first come first, as long as there is one."""
    room, outer = hall.layout.rooms.get(station), hall.outer[station]
    while room and outer and n_in_room(hall, station) < room.places:
        visitor = outer.popleft()
        step = hall.seeks.pop(visitor)
        join_line(hall, visitor)
        enter(hall, visitor, step)


def give_up(hall: Hall, visitor: int, step: int) -> None:
    """Take a visitor out of the line, or of the outer line, of a station.

    Who has not come into the room yet leaves no dead ticket in it.
    """
    station = int(hall.day.steps.station[step])
    if hall.seeks.pop(visitor, None) is None:
        leave_line(hall, visitor, step, line_of(hall, visitor))
        fill(hall, station)
    else:
        hall.missing.pop(visitor, None)
        hall.outer[station].remove(visitor)


def let_go(hall: Hall, visitor: int) -> None:
    """Free the counter that a visitor still occupies, if there is one."""
    if visitor in hall.held:
        counter, step = hall.held.pop(visitor)
        leave_counter(hall, counter, step)


def leave_counter(hall: Hall, counter: int, step: int) -> None:
    """Note that a visitor has gone from a counter, which looks for the next one."""
    hall.trace.released[step] = hall.clock.now
    release(hall, counter)
