"""Which steps are made on days that stand in the same place, one after the other."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.another_day import Mask, steps_to_make
from mppsim.engine.compiled.records import INDEX, NOBODY
from mppsim.engine.trace import DayTrace
from mppsim.plan.columns import is_left_out
from mppsim.plan.compiled.addresses import address_of
from mppsim.plan.compiling import Kernel
from mppsim.plan.plan import DayPlan

come_back_at = Kernel("mppsim.engine.compiled.returning:come_back_at")


class Returning(NamedTuple):
    """What decides who comes back, and what he has still to do."""

    n: NDArray[np.int32]
    """One row: the visitors of the day."""
    first_step: NDArray[np.int32]
    returns: NDArray[np.int32]
    only_after: NDArray[np.int32]
    instead: NDArray[np.int32]
    place: NDArray[np.int32]
    outcome: NDArray[np.int8]
    visitor_outcome: NDArray[np.int8]
    to_make: NDArray[np.bool_]
    settled: NDArray[np.int32]
    """Places, visitor by visitor, each time with NOBODY behind the last."""
    came_back: NDArray[np.int32]
    """By visitor of the day before: where his places begin in `settled`; NOBODY: he stays away."""


DTYPES: dict[str, np.dtype[Any]] = dict.fromkeys(Returning._fields, np.dtype(INDEX)) | {
    "outcome": np.dtype(np.int8),
    "visitor_outcome": np.dtype(np.int8),
    "to_make": np.dtype(np.bool_),
}


class StepsToMake:
    """Finds before each day which steps are made if nobody gives up, as the day before went."""

    def __init__(self, plan: DayPlan, facts: DayTrace, before: StepsToMake | None = None) -> None:
        """Take a plan with as much as any day has, its trace, and what noted the day before."""
        visitors, steps = plan.visitors, plan.steps
        self._only_after = steps.only_after
        self._returns = not is_left_out(visitors.returns)
        self._always_all = is_left_out(steps.only_after) and not self._returns
        n, n_steps = len(visitors.arrival), len(steps.station)
        self.mask: Mask = steps_to_make(plan) if self._always_all else np.ones(n_steps, np.bool_)
        self._tables = Returning(
            n=np.zeros(1, np.int32),
            first_step=visitors.first_step,
            returns=visitors.returns,
            only_after=steps.only_after,
            instead=steps.instead,
            place=steps.place,
            outcome=facts.outcome,
            visitor_outcome=facts.visitor_outcome,
            to_make=self.mask,
            settled=np.full(n_steps + n + 1, NOBODY, np.int32),
            came_back=np.full(n, NOBODY, np.int32),
        )
        assert all(table.dtype == DTYPES[name] for name, table in self._tables._asdict().items())
        if before is not None:
            for name in ("settled", "came_back"):
                noted = getattr(before._tables, name)
                getattr(self._tables, name)[: len(noted)] = noted
        self._addresses = np.array([*map(address_of, self._tables)], np.int64)
        self._address = address_of(self._addresses)

    def begin(self, n_visitors: int, n_steps: int) -> None:
        """Find the steps of a day."""
        if self._always_all:
            return
        np.equal(self._only_after[:n_steps], 0, out=self.mask[:n_steps])
        if self._returns:
            self._tables.n[0] = n_visitors
            come_back_at(self._address, 0)

    def end(self) -> None:
        """Note who has left in order to come back on the next day, before that is drawn."""
        if self._returns:
            come_back_at(self._address, 1)
