"""Whether two engines tell the same of a plan, cell by cell."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from mppsim.engine import DayTrace, Trace, simulate
from mppsim.plan import Plan


def differing_between_engines(plan: Plan) -> dict[str, int]:
    """Return how many cells of each column differ between the engines' traces of a plan."""
    return differing_cells(simulate(plan, engine="simpy"), simulate(plan, engine="compiled"))


def differing_cells(one: Trace, other: Trace) -> dict[str, int]:
    """Return how many cells of each column of two traces differ, where any do."""
    counts: dict[str, int] = {}
    for facts, others in zip(one.days, other.days, strict=True):
        for field in fields(DayTrace):
            n = _differing(getattr(facts, field.name), getattr(others, field.name))
            if n:
                counts[field.name] = counts.get(field.name, 0) + n
    return counts


def _differing(cells: object, others: object) -> int:
    if not isinstance(cells, np.ndarray):
        return int(cells != others)
    assert isinstance(others, np.ndarray) and cells.dtype == others.dtype
    differ = cells != others
    if cells.dtype.kind == "f":
        differ &= ~(np.isnan(cells) & np.isnan(others))
    return int(differ.sum())
