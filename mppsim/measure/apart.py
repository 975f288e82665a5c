"""A summary of several replications, taken apart into those of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from mppsim.measure.promise_counts import PromiseCounts
from mppsim.measure.summary import Summary

Table = TypeVar("Table")
_MADE = ("day", "promise", "hour", "made", "kept")
_LOST = ("loss_day", "loss_promise", "loss_station", "loss")


def one_by_one(summaries: Iterable[Summary]) -> Iterator[Summary]:
    """Yield one summary a replication, in the same order."""
    return (one for summary in summaries for one in apart(summary))


def apart(summary: Summary) -> list[Summary]:
    """Return one summary a replication; they share the memory of the given one."""
    n = summary.n_replications
    if n == 1:
        return [summary]
    days = len(summary.opening) // n * np.arange(n + 1)
    visitors = np.searchsorted(summary.journeys.day, days)
    visits = np.searchsorted(summary.visits.visitor, visitors)
    by_day = {
        name: _cut(getattr(summary, name), days) for name in ("over_time", "counters", "gate")
    }
    parts = zip(
        _cut(summary.journeys, visitors),
        _cut(summary.visits, visits),
        _promises_apart(summary.promises, days),
        _cut(summary, days),
        *by_day.values(),
        strict=True,
    )
    found = []
    for number, (of_journeys, of_visits, promises, own, *tables) in enumerate(parts):
        of_journeys["day"] = _from_zero(of_journeys["day"], days[number])
        of_visits["visitor"] = _from_zero(of_visits["visitor"], visitors[number])
        of_visits["journeys"] = _with(summary.journeys, of_journeys)
        own |= {"replication": summary.replication + number, "n_replications": 1}
        own |= {"visits": _with(summary.visits, of_visits), "promises": promises}
        for name, columns in zip(by_day, tables, strict=True):
            own[name] = _with(getattr(summary, name), columns)
        found.append(_with(summary, own))
    return found


def _with(table: Table, columns: dict[str, Any]) -> Table:
    """Return a table that differs from this one in these columns."""
    # Without the constructor, which takes longer than all the rest.
    other = object.__new__(type(table))
    vars(other).update(vars(table))
    vars(other).update(columns)
    return other


def _cut(table: Any, ends: NDArray[np.intp]) -> list[dict[str, Any]]:
    """Return the arrays of a table in pieces, by name."""
    arrays = {name: array for name, array in vars(table).items() if isinstance(array, np.ndarray)}
    bounds = ends.tolist()
    slices = [slice(*pair) for pair in pairwise(bounds)]
    pieces = zip(*([array[piece] for piece in slices] for array in arrays.values()), strict=True)
    return [dict(zip(arrays, piece, strict=True)) for piece in pieces]


def _from_zero(numbers: NDArray[Any], first: int) -> NDArray[Any]:
    return numbers - numbers.dtype.type(first) if first else numbers


def _promises_apart(promises: PromiseCounts, days: NDArray[np.intp]) -> list[PromiseCounts]:
    """Return the promises of each replication; `days` are its first days, and the end."""
    if not len(promises.day) + len(promises.loss_day):
        return [promises for _ in days[1:]]
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
