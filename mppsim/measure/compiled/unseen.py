"""Days that nobody looks at: drawn, simulated and measured in the same place, one after the other.

Why this way: what Python does for a day, to make the arrays and tables of its plan and its trace,
took 110 microseconds between the kernels of a hall's usual day, a tenth of all, and a millisecond
for one with every feature: it finds nothing of its own beside the processor any more when a kernel
is done. One plan and one trace, as large as any day needs, serve all days; of the tables of engine
and summaries only what luck has changed is written anew. That takes some 25 and 100
microseconds; usual days need not even that (see on_end.py).
"""

from __future__ import annotations

import threading
from typing import NamedTuple

from mppsim.engine.compiled.engine import kernel_for_days_in
from mppsim.engine.compiled.in_turn import is_one_line
from mppsim.engine.compiled.standing import Standing, halls_for
from mppsim.engine.compiled.steps_to_make import StepsToMake
from mppsim.engine.trace import DayTrace
from mppsim.measure.compiled.kinds import Kind
from mppsim.measure.compiled.on_end import OnEnd
from mppsim.measure.compiled.summing import Summing, measuring
from mppsim.measure.summary import Summary
from mppsim.plan.columns import is_left_out
from mppsim.plan.compiled.drawing import CompiledDrawing
from mppsim.plan.compiled.redrawing import Redrawing, Size
from mppsim.plan.compiling import compile_now
from mppsim.plan.draw import Drawer
from mppsim.plan.plan import DayPlan, Layout, Plan

SPARE = 1.125
"""Room for so many times the visitors and steps of the largest day so far."""


def summarize_unseen(drawer: Drawer, numbers: range) -> Summary | None:
    """Return the summary of replications of which nobody sees plan and trace.

    None where that is not possible, or where it gains nothing. Raises UnsupportedPlanError.
    """
    drawing = drawer.compiled
    if drawing is None or len(numbers) < 2 or is_one_line(drawer.layout):
        return None
    stage: _Stage | None = vars(_OF_THREAD).get("stage")
    if stage is None or stage.drawing is not drawing:
        stage = _OF_THREAD.stage = _Stage(drawing, drawer.layout)
    plan = Plan(drawer.layout, drawer.seed, numbers[0], stage.plans)
    with measuring(plan, len(numbers)) as summing:
        stage.play(numbers, summing)
        return summing.summary()


_OF_THREAD = threading.local()


class _Day(NamedTuple):
    """A day of the week."""

    hall: Standing
    measured: Kind


class _Stage:
    """The place of all days of a hall, with room for as much as has come."""

    def __init__(self, drawing: CompiledDrawing, layout: Layout) -> None:
        self.drawing, self._layout = drawing, layout
        compile_now(kernel_for_days_in(layout).name)  # with all else: that takes less time
        self._most = Size(1, 1, 1)
        self._make_room(self._most, 0, None)

    def _make_room(self, size: Size, n_before: int, to_make: StepsToMake | None) -> None:
        """Make room for a day of a size and all days so far, and for who comes back to it."""
        self._most = Size(*map(max, size, self._most))
        visitors, steps, outages = self._most
        spare = Size(int(SPARE * visitors), int(SPARE * steps), outages)
        self._drawn = Redrawing(self.drawing, spare, n_before)
        plans = self._drawn.plans
        self._facts = DayTrace.blank(plans[0])
        self._to_make = StepsToMake(plans[0], self._facts, to_make)
        halls = halls_for(self._layout, plans, self._to_make.mask, self._facts)
        self._days = [
            _Day(hall, Kind(self._layout, plan, self._facts))
            for plan, hall in zip(plans, halls, strict=True)
        ]
        kinds = [day.measured for day in self._days]
        self._on_end = None
        if is_left_out(self._to_make.mask):
            self._on_end = OnEnd.of(self._drawn, halls, kinds, self._facts)

    @property
    def plans(self) -> tuple[DayPlan, ...]:
        """The days of the week, each as it is when the place is full."""
        return tuple(self._drawn.plans)

    def play(self, numbers: range, summing: Summing) -> None:
        """Draw, simulate and measure the days of some replications."""
        replication, number = numbers.start, 0
        while replication < numbers.stop:
            if self._on_end:
                replication, number = self._on_end.play(replication, number, numbers.stop, summing)
                if replication == numbers.stop:
                    break
            self._play_day(replication, number, summing)
            number += 1
            if number == len(self._days):
                replication, number = replication + 1, 0
                summing.end_replication()

    def _play_day(self, replication: int, number: int, summing: Summing) -> None:
        """Draw, simulate and measure a day, after room was made for it."""
        size = self._drawn.draw(number, replication)
        while not size.fits(self._drawn.size):
            self._make_room(size, self._drawn.n_before, self._to_make)
            size = self._drawn.draw(number, replication)
        day = self._days[number]
        self._begin(number, day, size)
        notes = day.hall.run()
        self._to_make.end()
        arrival = self._drawn.plans[number].visitors.arrival[: size.visitors]
        channels = self._drawn.channels(number)
        summing.add_day_of(day.measured, arrival, size.steps, notes, channels)

    def _begin(self, number: int, day: _Day, size: Size) -> None:
        """Make everything ready for a day as luck has it."""
        drawn = self._drawn
        day.hall.begin(size.visitors)
        self._facts.forget(size.visitors, size.steps)
        self._to_make.begin(size.visitors, size.steps)
        spans, outages, tickets = drawn.spans(number), drawn.outages(number), drawn.tickets()
        for tables in (day.hall, day.measured):
            if spans is not None:
                tables.change_spans(*spans)
            if outages is not None:
                tables.change_outages(*outages)
        if tickets is not None:
            day.hall.change_tickets(*tickets)
