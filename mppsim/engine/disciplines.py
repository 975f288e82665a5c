"""Disciplines: from which line the next visitor is called, the first who stands in it.

Each is a function of the hall, the station of the counter that calls, and the lines among which it
has no preference (at least one of them with a visitor).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from mppsim.engine.hall import Hall, Turn
from mppsim.engine.skills import Level, Line
from mppsim.plan.rules import DisciplineName


def priority(hall: Hall, _: int, level: Level) -> Line:
    """Call from the first class that waits, there who joined first."""
    return min(_standing(level), key=lambda line: (_rank(hall, line), hall.turn[line[0]]))


def first_come(hall: Hall, _: int, level: Level) -> Line:
    """Call who joined first, whatever the class."""
    return min(_standing(level), key=lambda line: hall.turn[line[0]])


def ratio(hall: Hall, station: int, level: Level) -> Line:
    """Call a class again only after `ratio` visitors of later classes, while any of them wait."""
    waiting = {_rank(hall, line) for line in _standing(level)}
    owed = hall.owed.setdefault(station, [0] * len(hall.layout.classes))
    called = next(rank for rank in sorted(waiting) if not owed[rank] or rank == max(waiting))
    for earlier in range(called):
        owed[earlier] = max(0, owed[earlier] - 1)
    owed[called] = int(hall.station_rules[station].amount)
    return min(
        (line for line in _standing(level) if _rank(hall, line) == called),
        key=lambda line: hall.turn[line[0]],
    )


def aging(hall: Hall, station: int, level: Level) -> Line:
    """Call by class as `priority` does, after each has risen one class for each time waited."""
    lift = hall.station_rules[station].amount

    def risen(line: Line) -> tuple[int, Turn]:
        waited = hall.clock.now - hall.turn[line[0]].joined
        return max(0, _rank(hall, line) - int(waited // lift)), hall.turn[line[0]]

    return min(_standing(level), key=risen)


def longest_queue(hall: Hall, station: int, level: Level) -> Line:
    """Call from where most wait, the first listed of equals; there by class."""
    return priority(hall, station, (max(level, key=lambda lines: sum(map(len, lines))),))


def longest_wait(hall: Hall, station: int, level: Level) -> Line:
    """Call from where somebody has waited longest; there by class."""
    return priority(
        hall,
        station,
        (min(filter(any, level), key=lambda lines: hall.turn[first_come(hall, 0, (lines,))[0]]),),
    )


DISCIPLINES: dict[DisciplineName, Callable[[Hall, int, Level], Line]] = {
    "priority": priority,
    "fifo": first_come,
    "ratio": ratio,
    "aging": aging,
    "longest_queue": longest_queue,
    "longest_wait": longest_wait,
}


def _standing(level: Level) -> Iterable[Line]:
    return (line for lines in level for line in lines if line)


def _rank(hall: Hall, line: Line) -> int:
    return int(hall.day.visitors.visitor_class[hall.turn[line[0]].visitor])
