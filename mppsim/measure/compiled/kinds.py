"""The tables of one kind of days, to be measured one after the other: few are changed for each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.trace import DayTrace
from mppsim.measure.compiled.day_tables import (
    in_order,
    is_used,
    of_day,
    of_duty,
    of_outages,
)
from mppsim.measure.compiled.tables import COLUMNS, DTYPES
from mppsim.plan.compiled.addresses import Finder, address_of
from mppsim.plan.plan import DayPlan, Floats, Layout

PLACES = {name: place for place, name in enumerate(DTYPES)}
FINDER = Finder({name: DTYPES[name] for name in COLUMNS}, DTYPES)


class Kind:
    """Days of which the plans and traces stand in the same place."""

    def __init__(self, layout: Layout, plan: DayPlan, facts: DayTrace) -> None:
        """Take a plan with as much as any such day has."""
        self.opening, self.closing = plan.opening, plan.closing
        self.is_used = is_used(plan)
        self.n_outages = len(plan.outages)
        n_spans = sum(map(len, plan.duty))
        tables = of_duty(plan.duty, n_spans) | of_outages(plan.outages, len(layout.stations))
        self._begins, self._outages = tables["duty"]["begin"], tables["outages"]
        self._all_outages = self._outages.copy()
        self._outages[:] = in_order(self._outages)
        addresses = np.zeros(len(DTYPES), np.int64)
        hours = np.array([plan.opening, plan.closing])
        found = FINDER.note((hours, *of_day(plan, facts)), address_of(addresses))
        for name, table in tables.items():
            addresses[PLACES[name]] = address_of(table)
        self.places = np.flatnonzero(addresses)
        """Of all tables, those that days of this kind have in common."""
        self.addresses = addresses[self.places]
        self._kept = found, tables

    def change_spans(self, rows: NDArray[np.intp], starts: Floats) -> None:
        """Let some spans of duty begin at other times."""
        self._begins[rows] = starts

    def change_outages(self, which: NDArray[np.intp], begin: Floats, end: Floats) -> None:
        """Let only some outages of all come, at these times."""
        outages = self._all_outages[which]
        outages["begin"], outages["end"] = begin, end
        self._outages[: len(which)] = in_order(outages)
        self.n_outages = len(which)
