"""Days that nobody looks at: drawn, simulated and measured in the same place, one after the other.

Why this way: what Python does for a day, to make the arrays and tables of its plan and its trace,
took 110 microseconds between the kernels of a hall's usual day, a tenth of all: it finds nothing of
its own beside the processor any more when a kernel is done. In halls where all that luck decides is
in columns, one plan and one trace, as large as any day needs, serve all days.
"""

from __future__ import annotations

import threading
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.another_day import steps_to_make
from mppsim.engine.compiled.day_tables import set_up
from mppsim.engine.compiled.engine import kernel_for
from mppsim.engine.compiled.in_turn import is_one_line
from mppsim.engine.compiled.layout_tables import layout_tables
from mppsim.engine.compiled.records import DAY
from mppsim.engine.compiled.tables import UnsupportedPlanError, at_addresses
from mppsim.engine.simulate import simulate
from mppsim.engine.trace import DayTrace
from mppsim.measure.compiled.summing import Summing, measuring
from mppsim.measure.summary import Summary
from mppsim.plan.compiled.drawing import CompiledDrawing
from mppsim.plan.draw import Drawer
from mppsim.plan.plan import DayPlan, Layout

SPARE = 1.125
"""Room for so many times the visitors and steps of the largest day so far."""


def summarize_unseen(drawer: Drawer, numbers: range) -> Summary | None:
    """Return the summary of replications of which nobody sees plan and trace.

    None where that is not possible, or where it gains nothing. Raises UnsupportedPlanError.
    """
    drawing = drawer.compiled
    if drawing is None or len(numbers) < 2:
        return None
    if not drawing.is_plain or is_one_line(drawer.layout):
        return None
    stage: _Stage | None = vars(_OF_THREAD).get("stage")
    if stage is None or stage.drawing is not drawing:
        stage = _OF_THREAD.stage = _Stage(drawing, drawer.layout)
    if stage.has_more:
        return None
    first = simulate(drawer.draw(numbers[0]), engine="compiled")
    with measuring(first, len(numbers)) as summing:
        summing.add(first)
        for replication in numbers[1:]:
            stage.play(replication, summing)
        return summing.summary()


_OF_THREAD = threading.local()


class _Day(NamedTuple):
    """A day of the week."""

    plan: DayPlan
    before: NDArray[np.uint8]
    """What is in memory when it begins."""
    addresses: int
    kept: object


class _Stage:
    """The place of all days of a hall, with room for as many visitors and steps as have come."""

    def __init__(self, drawing: CompiledDrawing, layout: Layout) -> None:
        self.drawing, self._layout = drawing, layout
        self._make_room(1, 1)

    def _make_room(self, n: int, n_steps: int) -> None:
        self._n, self._n_steps = int(SPARE * n), int(SPARE * n_steps)
        self._room, plans = self.drawing.days_in_room(self._n, self._n_steps)
        all_days = layout_tables(self._layout).addresses
        self._facts, to_make = DayTrace.blank(plans[0]), steps_to_make(plans[0])
        halls = [set_up(self._layout, plan, to_make, self._facts) for plan in plans]
        self.has_more, self._run_at = halls[0].places.has_more, kernel_for(halls[0])
        self._memory = halls[0].memory
        self._record = halls[0].table("day").view(np.int64)
        self._days = [
            _Day(
                plan,
                hall.memory[: hall.places.bounds["service_tickets"][1]].copy(),
                *at_addresses(hall._replace(memory=self._memory), all_days),
            )
            for plan, hall in zip(plans, halls, strict=True)
        ]

    def play(self, replication: int, summing: Summing) -> None:
        """Draw, simulate and measure the days of a replication."""
        for number in range(len(self._days)):
            n, n_steps = self.drawing.redraw(number, replication, self._room)
            if n > self._n or n_steps > self._n_steps:
                self._make_room(n, n_steps)
                n, n_steps = self.drawing.redraw(number, replication, self._room)
            day = self._days[number]
            self._memory[: len(day.before)] = day.before
            self._record[_N_VISITORS] = n
            self._facts.forget(n, n_steps)
            problem = self._run_at(day.addresses)
            if problem:
                raise UnsupportedPlanError(problem)
            summing.add_day(day.plan, self._facts, n, n_steps)
        summing.end_replication()


_N_VISITORS = (DAY.names or ()).index("n_visitors")
