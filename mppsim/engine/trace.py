"""The trace: what happened, one row a visitor and step, and nothing computed from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.plan import DayPlan, Floats, Plan

if TYPE_CHECKING:
    import pandas as pd


class Outcome(IntEnum):
    """How a step, or a whole visit, ended."""

    NOT_REACHED = 0
    SERVED = 1
    RENEGED = 2
    BALKED = 3
    REFUSED = 4
    DISMISSED = 5
    UNSERVED = 6


OUTCOMES = tuple(outcome.name.lower() for outcome in Outcome)


@dataclass(frozen=True, eq=False)
class DayTrace:
    """The facts of one day, row by row beside the plan's steps and visitors.

    Times are minutes since midnight, NaN for what did not happen. `joined` is when the visitor
    joined the line; who balked or was refused never joined. `ended` is when the visitor left the
    station, served or not. A step that was not reached has the outcome NOT_REACHED and no times.
    """

    joined: Floats
    started: Floats
    ended: Floats
    counter: NDArray[np.int32]
    """Index of the counter that served the step; -1 where none did."""
    outcome: NDArray[np.int8]
    left: Floats
    """By visitor: when the visitor left the hall."""
    visitor_outcome: NDArray[np.int8]
    """By visitor: the outcome of the last step reached."""

    @classmethod
    def blank(cls, day: DayPlan) -> DayTrace:
        """Return the trace of a day on which nothing has happened yet."""
        n_steps, n_visitors = len(day.steps.station), len(day.visitors.arrival)
        return cls(
            joined=np.full(n_steps, np.nan),
            started=np.full(n_steps, np.nan),
            ended=np.full(n_steps, np.nan),
            counter=np.full(n_steps, -1, np.int32),
            outcome=np.zeros(n_steps, np.int8),
            left=np.full(n_visitors, np.nan),
            visitor_outcome=np.zeros(n_visitors, np.int8),
        )


@dataclass(frozen=True, eq=False)
class Trace:
    """The facts of one replication, day by day."""

    plan: Plan
    days: tuple[DayTrace, ...]

    @property
    def steps(self) -> pd.DataFrame:
        """One row a step that was reached, in the order of days, visitors and steps."""
        return steps_table(self)

    @property
    def visitors(self) -> pd.DataFrame:
        """One row a visitor, in the order of days and arrivals."""
        return visitors_table(self)
