"""Patience: how long a visitor still waits in the line at hand, and what is over when it ends.

Where nobody counts those who wait, it is enough to see that somebody has left when his turn comes:
his patience ended before, at a time that is known.
"""

from __future__ import annotations

import numpy as np

from mppsim.engine.compiled.jit import inner
from mppsim.engine.compiled.lines import take_out
from mppsim.engine.compiled.pending import key_of, push, ticks, time_of
from mppsim.engine.compiled.records import NEVER, NOBODY
from mppsim.engine.compiled.tables import Hall
from mppsim.engine.trace import Outcome
from mppsim.plan.clock import TICK

RENEGED = int(Outcome.RENEGED)


@inner
def patience_left(hall: Hall, visitor: int, step: int) -> int:
    """Return the longest wait at a step, less what the visit's patience has lost; or NEVER."""
    if hall.patience[step] == float("inf"):
        return NEVER
    patience = ticks(hall, hall.patience[step])
    if is_shared(hall, step):
        patience -= hall.waited[visitor]
    return patience


@inner
def spend_patience(hall: Hall, visitor: int, step: int) -> None:
    """Count the wait that is just over, where all lines take from one patience."""
    if is_shared(hall, step):
        hall.waited[visitor] += hall.day[0].now - ticks(hall, hall.joined[step])


@inner
def is_shared(hall: Hall, step: int) -> bool:
    """Tell whether the line of a step takes from the visitor's one patience."""
    return hall.stations[hall.station[step]].patience_shared and np.isnan(hall.remote[step])


@inner
def give_up_after(hall: Hall, visitor: int, step: int, patience: int) -> None:
    """Let a visitor's patience end."""
    day = hall.day[0]
    if patience == NEVER:
        return
    key = key_of(hall, day.now + patience, day.reneges + visitor)
    hall.steps[step].deadline = key
    if day.timed:
        push(hall, key)


@inner
def forget_who_left(hall: Hall, line: int) -> None:
    """Take those out of the head of a line whose patience has ended before now."""
    while True:
        step = hall.lines[line].head
        if step == NOBODY or not has_left(hall, step):
            break
        take_out(hall, step)


@inner
def has_left(hall: Hall, step: int) -> bool:
    """Tell whether the patience of who waits for a step ended before now; if so, note when."""
    ended, visitor = time_of(hall, hall.steps[step].deadline), hall.steps[step].visitor
    if ended >= hall.day[0].now:
        return False
    left = ended * TICK
    hall.ended[step], hall.outcome[step] = left, RENEGED
    hall.left[visitor], hall.visitor_outcome[visitor] = left, RENEGED
    return True
