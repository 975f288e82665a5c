"""A summary of several replications, taken apart into those of each."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.measure.promise_counts import PromiseCounts
from mppsim.measure.summary import Journeys, Summary, Visits

_MADE = ("day", "promise", "hour", "made", "kept")
_LOST = ("loss_day", "loss_promise", "loss_station", "loss")


def apart(summary: Summary) -> list[Summary]:
    """Return one summary a replication; they share the memory of the given one."""
    n = summary.n_replications
    if n == 1:
        return [summary]
    days = len(summary.opening) // n * np.arange(n + 1)
    visitors = np.searchsorted(summary.journeys.day, days)
    visits = np.searchsorted(summary.visits.visitor, visitors)
    promises = _promises_apart(summary.promises, days)
    found = []
    for number in range(n):
        day, visitor, visit = (
            slice(int(ends[number]), int(ends[number + 1])) for ends in (days, visitors, visits)
        )
        journeys = Journeys(**_columns(summary.journeys, visitor, day=day.start))
        others = _columns(summary.visits, visit, visitor=visitor.start)
        by_day = {
            name: type(table)(**{**vars(table), **_columns(table, day)})
            for name, table in vars(summary).items()
            if name in ("over_time", "counters", "gate")
        }
        known = {**vars(summary), "replication": summary.replication + number, "n_replications": 1}
        by_day |= {"visits": Visits(journeys, **others), "promises": promises[number]}
        found.append(Summary(**{**known, **_columns(summary, day), **by_day}))
    return found


def _columns(table: Any, rows: slice, **from_zero: int) -> dict[str, NDArray[Any]]:
    """Return these rows of all arrays of a table; of some the number of the first is subtracted."""
    columns = {
        field.name: getattr(table, field.name)[rows]
        for field in fields(table)
        if isinstance(getattr(table, field.name), np.ndarray)
    }
    for name, first in from_zero.items():
        columns[name] = columns[name] - columns[name].dtype.type(first)
    return columns


def _promises_apart(promises: PromiseCounts, days: NDArray[np.intp]) -> list[PromiseCounts]:
    """Return the promises of each replication; `days` are its first days, and the end."""
    columns: list[dict[str, NDArray[Any]]] = [{} for _ in days[1:]]
    for names in (_MADE, _LOST):
        day = getattr(promises, names[0])
        replication = np.searchsorted(days, day, side="right") - 1
        order = np.argsort(replication, kind="stable")
        ends = np.searchsorted(replication[order], np.arange(len(days)))
        for number, own in enumerate(columns):
            rows = order[ends[number] : ends[number + 1]]
            own |= {name: getattr(promises, name)[rows] for name in names}
            own[names[0]] = own[names[0]] - days[number]
    return [PromiseCounts(**own) for own in columns]
