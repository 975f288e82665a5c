"""A hall that stands, with all its tables, while one day of a kind after the other is run in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.another_day import Mask
from mppsim.engine.compiled.day_tables import COUNTED, set_up
from mppsim.engine.compiled.engine import kernel_for
from mppsim.engine.compiled.layout_tables import layout_tables
from mppsim.engine.compiled.records import DAY, OUTAGE, SPAN
from mppsim.engine.compiled.tables import Today, UnsupportedPlanError, at_addresses
from mppsim.engine.trace import DayTrace, Notes
from mppsim.plan.clock import TICKS_PER_MINUTE
from mppsim.plan.plan import DayPlan, Floats, Integers, Layout


def halls_for(
    layout: Layout, plans: Sequence[DayPlan], to_make: Mask, facts: DayTrace
) -> list[Standing]:
    """Return a hall for each kind of day, given a plan with as much as any such day has."""
    halls = [set_up(layout, plan, to_make, facts) for plan in plans]
    # What happens stands in the same place whatever the day, beside the processor.
    memory = max((hall.memory for hall in halls), key=len)
    return [Standing(layout, hall, memory) for hall in halls]


class Standing:
    """The tables of a hall on all days of a kind, of which few are changed for each."""

    def __init__(self, layout: Layout, hall: Today, memory: NDArray[np.uint8]) -> None:
        """Take a hall before a day with as much as any day has, and memory for it."""
        self.before = hall.memory[: hall.places.bounds["visitors"][0]].copy()
        """What stands in the first part of the memory before a day on which no luck decides."""
        # Rosters and outages of its own, as others share them.
        spans, outages, *others = hall.columns
        spans, outages = spans.copy(), outages.copy()
        self._starts = spans.view(SPAN)["start"]
        self._outages, self._all_outages = outages.view(OUTAGE), outages.copy().view(OUTAGE)
        self._hall = hall = hall._replace(columns=(spans, outages, *others), memory=memory)
        self.memory, self.has_more = memory, hall.places.has_more
        self._record = hall.table("day").view(np.int64)
        self._tickets, self._of_services = hall.table("tickets"), hall.table("service_tickets")
        self._notes = [hall.table(name) for name in Notes._fields]
        self.run_at = kernel_for(hall)
        self.address, self._kept = at_addresses(hall, layout_tables(layout).addresses)

    def begin(self, n_visitors: int) -> None:
        """Let a day begin to which so many visitors come, on which nothing is up to luck."""
        self.memory[: len(self.before)] = self.before
        self._record[N_VISITORS] = n_visitors

    def change_spans(self, rows: NDArray[np.intp], starts: Floats) -> None:
        """Let some spans of duty begin at other times."""
        self._starts[rows] = starts * TICKS_PER_MINUTE

    def change_outages(self, which: NDArray[np.intp], begin: Floats, end: Floats) -> None:
        """Let only some outages of all come, at these times."""
        outages = self._all_outages[which]
        outages["begin"], outages["end"] = begin * TICKS_PER_MINUTE, end * TICKS_PER_MINUTE
        self._outages[: len(which)] = outages
        self._record[_N_OUTAGES] = len(which)

    def change_tickets(self, of_tenants: Integers, of_services: Integers) -> None:
        """Let so many tickets be left for walk-ins."""
        self._tickets[:], self._of_services[:] = of_tenants, of_services

    def run(self) -> Notes | None:
        """Run the day; return what the columns of the trace do not say, until the next day.

        Raises UnsupportedPlanError.
        """
        problem = self.run_at(self.address)
        if problem:
            raise UnsupportedPlanError(problem)
        if not self.has_more:
            return None
        counts = self._record[COUNTED].tolist()
        return Notes(*(table[:n] for table, n in zip(self._notes, counts, strict=True)))


N_VISITORS = (DAY.names or ()).index("n_visitors")
_N_OUTAGES = (DAY.names or ()).index("n_outages")
