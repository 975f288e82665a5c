"""Calls: the first in a line is called, and may have missed it, or have left.

A line holds visitors by their index. A dead ticket, whose holder gave up, stays in the line as the
complement of his step, a negative number: it is called in its turn and nobody counts it.
"""

from __future__ import annotations

from collections import deque

from mppsim.engine.hall import Hall
from mppsim.engine.trace import VainCall

Line = deque[int]


def call_first(hall: Hall, counter: int, line: Line) -> float:
    """Call the first in a line to a counter; return the minutes lost if he does not come."""
    ticket = line.popleft()
    if ticket < 0:
        step = ~ticket
        lost = hall.layout.dead_calls[int(hall.day.steps.station[step])]
    elif ticket in hall.missing:
        step = hall.missing.pop(ticket)
        recall = hall.layout.recalls[int(hall.day.steps.station[step])]
        line.insert(recall.after, ticket)
        lost = recall.call_time
    else:
        hall.called[ticket].succeed(counter)
        return 0.0
    hall.trace.vain_calls.append(VainCall(counter, hall.clock.now, hall.clock.now + lost, step))
    return lost


def leave_line(hall: Hall, visitor: int, step: int, line: Line) -> None:
    """Take a visitor who gives up out of a line; his ticket may stay in it."""
    hall.missing.pop(visitor, None)
    if int(hall.day.steps.station[step]) in hall.layout.dead_calls:
        line[line.index(visitor)] = ~step
        hall.turn[~step] = hall.turn[visitor]
    else:
        line.remove(visitor)


def clear_line(line: Line) -> list[int]:
    """Empty a line and return the visitors who stood in it."""
    visitors = [ticket for ticket in line if ticket >= 0]
    line.clear()
    return visitors


def n_waiting(hall: Hall, station: int) -> int:
    """Return how many visitors wait at a station, and for a place in its room."""
    return n_in_room(hall, station) + len(hall.outer[station])


def n_in_room(hall: Hall, station: int) -> int:
    """Return how many visitors wait in the room of a station."""
    return sum(ticket >= 0 for line in hall.lines[station] for ticket in line)
