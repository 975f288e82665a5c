"""Paths of days on which all are served in turn (engine/compiled/in_turn.py), from their times.

Who comes later leaves the line later, too: it is followed from one arrival to the next, and nothing
has to be put in order. Those who stand in it are also those who want a seat.

Why this way: to measure M/M/1 takes 28 ns a visitor, and 32 with paths as on other days.
"""

from __future__ import annotations

from mppsim.engine.compiled.jit import inner
from mppsim.measure.compiled.paths import STEP, sample
from mppsim.measure.compiled.tables import Tables
from mppsim.plan.clock import TICK


@inner
def count_paths_in_turn(hall: Tables) -> None:
    """Count those who stand in the line and those who want its seats: at the points, and most."""
    day, opening = hall.day[0], hall.hours[0]
    line = day.day * day.n_groups
    seats = line + day.n_stations + hall.station_zone[0]
    for group in range(day.n_groups):
        sample(hall, group)  # nobody has stayed anywhere: all are 0
        hall.largest[line + group] = 0
    hall.largest[seats] = waiting_at(hall, opening)
    point = gone = waiting = longest = 0
    for visitor in range(day.n_visitors):
        joined = hall.arrival[visitor]
        while point < day.n_points and time_of(hall, point) < joined:
            gone, waiting = let_go(hall, gone, waiting, visitor, time_of(hall, point))
            note(hall, line, seats, point, waiting)
            point += 1
        gone, waiting = let_go(hall, gone, waiting, visitor, joined)
        waiting += hall.started[visitor] > joined
        longest = max(longest, waiting)
        if joined >= opening:
            hall.largest[seats] = max(hall.largest[seats], waiting)
    hall.largest[line] = longest
    for rest in range(point, day.n_points):
        gone, waiting = let_go(hall, gone, waiting, day.n_visitors, time_of(hall, rest))
        note(hall, line, seats, rest, waiting)


@inner
def waiting_at(hall: Tables, time: float) -> int:
    """Return how many stand in the line at a time."""
    waiting = visitor = 0
    while visitor < hall.day[0].n_visitors and hall.arrival[visitor] <= time:
        waiting += hall.started[visitor] > time
        visitor += 1
    return waiting


@inner
def let_go(hall: Tables, gone: int, waiting: int, end: int, time: float) -> tuple[int, int]:
    """Let those who are called by a time leave the line; return how many are gone, and are left."""
    while gone < end and hall.started[gone] <= time:
        waiting -= hall.started[gone] > hall.arrival[gone]
        gone += 1
    return gone, waiting


@inner
def time_of(hall: Tables, point: int) -> float:
    """Return the time of a point."""
    return hall.day[0].start * TICK + point * STEP


@inner
def note(hall: Tables, line: int, seats: int, point: int, waiting: int) -> None:
    """Note how many stand in the line at a point; before the opening nobody sits."""
    n = hall.day[0].n_points
    hall.paths[line * n + point] = waiting
    if time_of(hall, point) >= hall.hours[0]:
        hall.paths[seats * n + point] = waiting
