"""The virtual queue: who keeps his number, waits elsewhere, and comes when he is told to."""

from __future__ import annotations

import numpy as np

from mppsim.engine.calls import is_near
from mppsim.engine.door import closed_to_visitors, comes
from mppsim.engine.due import Process
from mppsim.engine.hall import Hall
from mppsim.engine.joining import free_counter
from mppsim.engine.lines import able_counters, join_line


def goes_elsewhere(hall: Hall, visitor: int, step: int) -> bool:
    """Tell whether a visitor who stands in line leaves the hall until his turn is near."""
    return not (np.isnan(hall.day.steps.remote[step]) or is_near(hall, visitor))


def wait_elsewhere(hall: Hall, visitor: int, step: int) -> Process:
    """Let a visitor be away until he is told to come, and come; his number stays in the line.

    Who was called before he is back goes to a free counter, or to the head of the line.
    """
    hall.trace.returned[step] = np.inf
    told = hall.told[visitor] = hall.clock.event()
    yield told
    minutes = float(hall.day.steps.remote[step])
    if minutes == np.inf:
        return
    yield comes(hall, visitor, hall.clock.now + minutes)
    if visitor not in hall.called:  # sent home at closing
        return
    hall.trace.returned[step] = hall.clock.now
    if visitor in hall.late:
        hall.late.remove(visitor)
        call_when_back(hall, visitor)


def call_when_back(hall: Hall, visitor: int) -> None:
    """Send a visitor who missed his turn to a counter, to the head of the line, or home."""
    outcome = closed_to_visitors(hall, able_counters(hall, visitor))
    counter = free_counter(hall, visitor)
    if outcome is not None:
        hall.called[visitor].succeed(outcome)
    elif counter is not None:
        hall.serving[counter] = True
        hall.called[visitor].succeed(counter)
    else:
        hall.turn[visitor] = hall.turn[visitor]._replace(is_behind=False)
        join_line(hall, visitor)
