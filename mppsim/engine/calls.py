"""Calls: the first in a line is called, and may have missed it, or have left.

A line holds visitors by their index. A dead ticket, whose holder gave up, stays in the line as the
complement of his step, a negative number: it is called in its turn and nobody counts it.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from mppsim.engine.hall import Hall
from mppsim.engine.trace import Outcome, VainCall
from mppsim.plan.plan import AWAY

Line = deque[int]


def call_first(hall: Hall, counter: int, line: Line) -> float:
    """Call the first in a line to a counter; return the minutes lost if he does not come."""
    ticket = line.popleft()
    step = ~ticket if ticket < 0 else hall.step_of[ticket]
    tell(hall, step)
    if ticket < 0:
        lost = hall.layout.dead_calls[int(hall.day.steps.station[step])]
    elif ticket in hall.missing:
        del hall.missing[ticket]
        recall = hall.layout.recalls[int(hall.day.steps.station[step])]
        line.insert(recall.after, ticket)
        lost = recall.call_time
    elif np.isinf(hall.trace.returned[hall.step_of[ticket]]):
        lost = call_elsewhere(hall, ticket, step)
    else:
        hall.called[ticket].succeed(counter)
        return 0.0
    hall.trace.vain_calls.append(VainCall(counter, hall.clock.now, hall.clock.now + lost, step))
    return lost


def call_elsewhere(hall: Hall, visitor: int, step: int) -> float:
    """Call a visitor who is not back: he may be on the way, or never come; return what it costs."""
    if np.isinf(hall.day.steps.remote[step]):
        hall.called[visitor].succeed(Outcome.NO_SHOW)
    else:
        hall.late.add(visitor)
    if visitor in hall.told:
        hall.told.pop(visitor).succeed()
    return hall.layout.remote[int(hall.day.steps.station[step])].call_time


def tell(hall: Hall, step: int) -> None:
    """Tell those to come who wait elsewhere for the station of a step, if their turn is near."""
    stations = hall.day.steps.station
    for visitor in [*hall.told]:
        here = stations[hall.step_of[visitor]] == stations[step]
        if here and is_near(hall, visitor):
            hall.told.pop(visitor).succeed()


def is_near(hall: Hall, visitor: int) -> bool:
    """Tell whether so few have joined before a visitor that he should be there.

    Those of later classes do not count; those of earlier ones who come later are not known yet.
    """
    station, turn = int(hall.day.steps.station[hall.step_of[visitor]]), hall.turn[visitor]
    classes = hall.day.visitors.visitor_class
    before = sum(
        hall.turn[ticket] < turn and classes[ticket] <= classes[visitor]
        for line in hall.lines[station]
        for ticket in line
        if ticket >= 0
    )
    return bool(before <= hall.layout.remote[station].notice)


def leave_line(hall: Hall, visitor: int, step: int, line: Line) -> None:
    """Take a visitor who gives up out of a line; his ticket may stay in it."""
    hall.missing.pop(visitor, None)
    if int(hall.day.steps.station[step]) in hall.layout.dead_calls:
        line[line.index(visitor)] = ~step
        hall.turn[~step] = hall.turn[visitor]
    else:
        line.remove(visitor)
    tell(hall, step)


def clear_line(line: Line) -> list[int]:
    """Empty a line and return the visitors who stood in it."""
    visitors = [ticket for ticket in line if ticket >= 0]
    line.clear()
    return visitors


def n_waiting(hall: Hall, station: int) -> int:
    """Return how many visitors wait at a station, and for a place in its room; at a delay none."""
    return 0 if station == AWAY else n_in_room(hall, station) + len(hall.outer[station])


def n_in_room(hall: Hall, station: int) -> int:
    """Return how many visitors wait in the room of a station."""
    return sum(ticket >= 0 for line in hall.lines[station] for ticket in line)
