"""Patience: how long a visitor still waits in the line at hand."""

from __future__ import annotations

import numpy as np

from mppsim.engine.hall import Hall


def patience_left(hall: Hall, visitor: int, step: int) -> float:
    """Return the longest wait at a step: less what the visit's one patience has lost before."""
    patience = float(hall.day.steps.patience[step])
    return patience - hall.waited[visitor] if _shared(hall, step) else patience


def spend_patience(hall: Hall, visitor: int, step: int) -> None:
    """Count the wait that is just over, where all lines take from one patience."""
    if _shared(hall, step):
        hall.waited[visitor] += hall.clock.now - float(hall.trace.joined[step])


def _shared(hall: Hall, step: int) -> bool:
    steps = hall.day.steps
    return bool(hall.layout.patience_shared[steps.station[step]] and np.isnan(steps.remote[step]))
