"""What a summary keeps of promises: how many were made and kept, and where the time was lost."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.trace import Outcome
from mppsim.measure.side_by_side import Days, Index, Mask
from mppsim.plan.clock import TICKS_PER_MINUTE
from mppsim.plan.plan import Floats, Layout, PromiseKind

if TYPE_CHECKING:
    from mppsim.measure.summary import Journeys, Visits

TURNED = (Outcome.BALKED, Outcome.BLOCKED)
"""Outcomes of those who came to a line and did not join it."""
DOOR = "door"
"""Where those are lost who get no ticket; its index is that after the last station's."""
_DENSE = 2**20
"""So many cells of a table are looked through sooner than a few rows are sorted."""


@dataclass(frozen=True, eq=False)
class PromiseCounts:
    """The promises of all days, only where there were any; promises by their index.

    Why this way: with hundreds of services nearly all cells of a full table would be empty.
    """

    day: Index
    promise: Index
    hour: Index
    """Hour of the clock in which the visitor came to the hall."""
    made: Index
    kept: Index
    loss_day: Index
    loss_promise: Index
    loss_station: Index
    loss: Floats
    """Broken promises that are laid to the station; a visit's parts add up to 1."""


class StepTimes(NamedTuple):
    """What visits spent: one row a visit; minutes."""

    wait: Floats
    """In line, served or not; 0 for who never joined."""
    service: Floats
    """0 for who was not served."""
    ended: Floats


def step_times(days: Days) -> Callable[[Index], StepTimes]:
    """Return a function that finds the times of some visits, by their rows in `Visits`."""

    def of(rows: Index) -> StepTimes:
        steps, of_steps = days.steps, days.own_visits[rows]
        served = steps.outcome[of_steps] == Outcome.SERVED
        joined, started, ended = (
            column[of_steps] for column in (steps.joined, steps.started, steps.ended)
        )
        wait = np.nan_to_num(np.where(served, started, ended) - joined)
        return StepTimes(wait, np.where(served, ended - started, 0.0), ended)

    return of


class _Cases(NamedTuple):
    """All to whom some promises were made, no promise twice."""

    promise: Index
    whose: Index
    """Rows of `Journeys`."""
    kept: Mask

    def only(self, rows: Mask) -> _Cases:
        """Return these rows."""
        return _Cases(self.promise[rows], self.whose[rows], self.kept[rows])


class _Losses(NamedTuple):
    promise: Index
    day: Index
    station: Index
    loss: Floats


def count_promises(
    layout: Layout, visits: Visits, times: Callable[[Index], StepTimes]
) -> PromiseCounts:
    """Count the promises of all days, given the times of visits by their rows.

    A wait is promised to all who come to the counter, joined or balked; a service time to all who
    are served; a whole visit to all who come to the hall for the service.
    """
    made, losses = [_NOBODY], [_NOTHING]
    for kind, promises in without_twins(layout):
        cases = _cases(kind, promises, layout, visits, times)
        broken = cases.only(~cases.kept)
        made.append(cases)
        if kind == "visit":
            losses.append(_lost_in_visits(broken, layout, visits, times))
        else:
            day = visits.journeys.day[broken.whose].astype(np.intp)
            station = np.array([promise.station for promise in layout.promises])[broken.promise]
            losses.append(_Losses(broken.promise, day, station, np.ones(len(day))))
    return PromiseCounts(**_made(made, visits.journeys), **_lost(losses))


_NOBODY = _Cases(np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0, np.bool_))
_NOTHING = _Losses(_NOBODY.whose, _NOBODY.whose, _NOBODY.whose, np.empty(0))


def without_twins(layout: Layout) -> list[tuple[PromiseKind, Index]]:
    """Return the promises by station and service, -1 for none; what is promised twice comes twice.

    That of a whole visit is made at any station, which stands for it as the first.
    """
    tables: list[tuple[PromiseKind, Index]] = []
    for number, promise in enumerate(layout.promises):
        at = 0 if promise.kind == "visit" else promise.station
        place = (
            at,
            slice(None) if promise.service < 0 else slice(promise.service, promise.service + 1),
        )
        for kind, table in tables:
            if kind == promise.kind and (table[place] < 0).all():
                table[place] = number
                break
        else:
            table = np.full((len(layout.stations), len(layout.services)), -1, np.intp)
            table[place] = number
            tables.append((promise.kind, table))
    return tables


def _cases(
    kind: PromiseKind,
    promises: Index,
    layout: Layout,
    visits: Visits,
    times: Callable[[Index], StepTimes],
) -> _Cases:
    journeys = visits.journeys
    minutes = np.array([promise.minutes for promise in layout.promises])
    longest = np.floor(minutes * TICKS_PER_MINUTE)
    if kind == "visit":
        promise = promises[0, journeys.service]
        whose = np.flatnonzero(promise >= 0)
        kept = journeys.outcome[whose] == Outcome.SERVED
        kept &= journeys.sojourn[whose] <= longest[promise[whose]]
        return _Cases(promise[whose], whose, kept)
    place = visits.station.astype(np.intp) * len(layout.services) + visits.service
    promise = promises.ravel()[place]
    served = visits.outcome == Outcome.SERVED
    if kind == "wait":
        came = (visits.wait >= 0) | np.isin(visits.outcome, TURNED)
        rows = np.flatnonzero(came & (promise >= 0))
        kept = served[rows] & (visits.wait[rows] <= longest[promise[rows]])
    else:
        rows = np.flatnonzero(served & (promise >= 0))
        kept = times(rows).service * TICKS_PER_MINUTE <= longest[promise[rows]]
    return _Cases(promise[rows], visits.visitor[rows].astype(np.intp), kept)


def _made(cases: list[_Cases], journeys: Journeys) -> dict[str, Any]:
    """Return promise, day, hour, made and kept, one row for each day and hour with any."""
    promise, whose, kept = (np.concatenate(column) for column in zip(*cases, strict=True))
    n_hours = int(journeys.hour.max(initial=0)) + 1
    moment = journeys.day.astype(np.intp) * n_hours + journeys.hour
    cell, number = _cells(promise, moment[whose])
    return {
        "promise": cell[0],
        "day": cell[1] // n_hours,
        "hour": cell[1] % n_hours,
        "made": np.bincount(number, minlength=len(cell[0])),
        "kept": np.bincount(number[kept], minlength=len(cell[0])),
    }


def _lost(losses: list[_Losses]) -> dict[str, Any]:
    """Return the losses of each promise on each day at each station where there are any."""
    promise, day, station, loss = (np.concatenate(part) for part in zip(*losses, strict=True))
    cell, number = _cells(promise, day, station)
    return {
        "loss_promise": cell[0],
        "loss_day": cell[1],
        "loss_station": cell[2],
        "loss": np.bincount(number, loss, len(cell[0])).astype(np.float64),
    }


def _cells(*columns: NDArray[np.integer]) -> tuple[tuple[Index, ...], Index]:
    """Return the different rows of a table, in order, as columns, and for each row which it is."""
    shape = tuple(int(column.max(initial=0)) + 1 for column in columns)
    key = columns[0].astype(np.intp)
    for column, n in zip(columns[1:], shape[1:], strict=True):
        key = key * n + column
    size = math.prod(shape)
    if size > _DENSE:
        which, number = np.unique(key, return_inverse=True)
        return np.unravel_index(which, shape), number
    place = np.zeros(size, np.intp)
    place[key] = 1
    which = np.flatnonzero(place)
    place[which] = np.arange(len(which))
    return np.unravel_index(which, shape), place[key]


def _lost_in_visits(
    broken: _Cases, layout: Layout, visits: Visits, times: Callable[[Index], StepTimes]
) -> _Losses:
    """Return day, station and part of the loss for each step of visits that took too long.

    What would not be there if nobody waited is laid to the waits, by their length; the rest of the
    excess to the services. A visit that ended early is laid to where it ended.
    """
    journeys = visits.journeys
    n = len(journeys.day)
    promise = np.full(n, -1, np.intp)
    promise[broken.whose] = broken.promise
    rows = np.flatnonzero(promise[visits.visitor] >= 0)
    who, served = visits.visitor[rows], visits.outcome[rows] == Outcome.SERVED
    wait, service, ended = times(rows)
    waited = np.bincount(who, wait, minlength=n)
    at_counters = np.bincount(who, service, minlength=n)
    minutes = np.array([one.minutes for one in layout.promises])[promise]
    excess = journeys.sojourn / TICKS_PER_MINUTE - minutes
    of_waits = np.minimum(waited / np.where(excess > 0, excess, np.inf), 1.0)[who]
    # Whoever was served had a service; whoever did not wait has no wait to divide by.
    by_wait = wait / np.where(waited > 0, waited, 1.0)[who]
    by_service = service / np.where(at_counters > 0, at_counters, 1.0)[who]
    part = of_waits * by_wait + (1 - of_waits) * by_service
    in_time = np.lexsort((~served | visits.postponed[rows], ended, who))
    last = np.zeros(len(rows))
    last[in_time[np.flatnonzero(np.diff(who[in_time], append=-1))]] = 1.0
    part = np.where((journeys.outcome != Outcome.SERVED)[who], last, part)
    door = len(layout.stations)
    station = visits.station[rows].astype(np.intp)
    station[visits.outcome[rows] == Outcome.REFUSED] = door
    return _Losses(promise[who], journeys.day[who].astype(np.intp), station, part)
