"""What a summary keeps of promises: how many were made and kept, and where the time was lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.trace import Outcome
from mppsim.measure.side_by_side import Days, Index, Mask
from mppsim.plan.clock import TICKS_PER_MINUTE
from mppsim.plan.plan import Floats, PromiseMade

if TYPE_CHECKING:
    from mppsim.measure.summary import Visits

TURNED = (Outcome.BALKED, Outcome.BLOCKED)
"""Outcomes of those who came to a line and did not join it."""
DOOR = "door"
"""Where those are lost who get no ticket; its index is that after the last station's."""
_HOURS = 256


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


class _Cases(NamedTuple):
    """All to whom one promise was made."""

    day: Index
    hour: NDArray[np.uint8]
    kept: Mask


def count_promises(days: Days, visits: Visits) -> PromiseCounts:
    """Count the promises of all days.

    A wait is promised to all who come to the counter, joined or balked; a service time to all who
    are served; a whole visit to all who come to the hall for the service.
    """
    made, losses = [np.empty((0, 5), np.intp)], [_Losses.none()]
    if days.layout.promises:
        steps = _StepTimes.of(days, visits)
        for number, promise in enumerate(days.layout.promises):
            cases = _cases(promise, visits, steps)
            made.append(_made(number, cases))
            losses.append(_losses(number, promise, cases, visits, steps))
    table = np.concatenate(made)
    day, of_promise, station, loss = (np.concatenate(part) for part in zip(*losses, strict=True))
    return PromiseCounts(
        promise=table[:, 0],
        day=table[:, 1],
        hour=table[:, 2],
        made=table[:, 3],
        kept=table[:, 4],
        loss_day=day,
        loss_promise=of_promise,
        loss_station=station,
        loss=loss,
    )


@dataclass(frozen=True, eq=False)
class _StepTimes:
    """One row a visit, as in `Visits`, with the minutes of its service."""

    station: Index
    """The number of stations for who was refused at the door."""
    n_stations: int
    wait: Floats
    service: Floats
    """0 for who was not served."""
    served: Mask
    last: Mask
    """Whether the visit was over with this step."""

    @classmethod
    def of(cls, days: Days, visits: Visits) -> _StepTimes:
        steps, rows, door = days.steps, days.own_visits, len(days.layout.stations)
        served = visits.outcome == Outcome.SERVED
        joined, started, ended = steps.joined[rows], steps.started[rows], steps.ended[rows]
        in_time = np.lexsort((~served | visits.postponed, ended, visits.visitor))
        last = in_time[np.flatnonzero(np.diff(visits.visitor[in_time], append=-1))]
        return cls(
            station=np.where(visits.outcome == Outcome.REFUSED, door, visits.station),
            n_stations=door + 1,
            wait=np.nan_to_num(np.where(served, started, ended) - joined),
            service=np.where(served, ended - started, 0.0),
            served=served,
            last=np.isin(np.arange(len(rows)), last),
        )


class _Losses(NamedTuple):
    day: Index
    promise: Index
    station: Index
    loss: Floats

    @classmethod
    def none(cls) -> _Losses:
        nothing = np.empty(0, np.intp)
        return cls(nothing, nothing, nothing, np.empty(0))


def _cases(promise: PromiseMade, visits: Visits, steps: _StepTimes) -> _Cases:
    longest, journeys = np.floor(promise.minutes * TICKS_PER_MINUTE), visits.journeys
    if promise.kind == "visit":
        who = np.flatnonzero(journeys.service == promise.service)
        kept = (journeys.outcome[who] == Outcome.SERVED) & (journeys.sojourn[who] <= longest)
        return _Cases(journeys.day[who].astype(np.intp), journeys.hour[who], kept)
    of_station = visits.station == promise.station
    if promise.service >= 0:
        of_station &= visits.service == promise.service
    rows = np.flatnonzero(of_station)
    served = visits.outcome[rows] == Outcome.SERVED
    if promise.kind == "wait":
        made = (visits.wait[rows] >= 0) | np.isin(visits.outcome[rows], TURNED)
        kept = served & (visits.wait[rows] <= longest)
    else:
        made, kept = served, steps.service[rows] * TICKS_PER_MINUTE <= longest
    whose = visits.visitor[rows[made]]
    return _Cases(journeys.day[whose].astype(np.intp), journeys.hour[whose], kept[made])


def _made(number: int, cases: _Cases) -> Index:
    """Return promise, day, hour, made and kept, one row for each day and hour with any."""
    key = cases.day * _HOURS + cases.hour
    made = np.bincount(key)
    where = np.flatnonzero(made)
    kept = np.bincount(key, cases.kept, len(made))[where].astype(np.intp)
    promise = np.full(len(where), number)
    return np.column_stack([promise, where // _HOURS, where % _HOURS, made[where], kept])


def _losses(
    number: int, promise: PromiseMade, cases: _Cases, visits: Visits, steps: _StepTimes
) -> _Losses:
    """Lay each broken promise to stations; that of a wait or a service only to its own."""
    if promise.kind == "visit":
        visitors = np.flatnonzero(visits.journeys.service == promise.service)[~cases.kept]
        day, station, loss = _lost_in_visits(promise.minutes, visitors, visits, steps)
    else:
        day = cases.day[~cases.kept]
        station, loss = np.full(len(day), promise.station), np.ones(len(day))
    key = day * steps.n_stations + station
    where = np.flatnonzero(np.bincount(key))
    total = np.bincount(key, loss)[where].astype(np.float64)
    place = np.full(len(where), number)
    return _Losses(where // steps.n_stations, place, where % steps.n_stations, total)


def _lost_in_visits(
    minutes: float, visitors: Index, visits: Visits, steps: _StepTimes
) -> tuple[Index, Index, Floats]:
    """Return day, station and part of the loss for each step of visits that took too long.

    What would not be there if nobody waited is laid to the waits, by their length; the rest of the
    excess to the services. A visit that ended early is laid to where it ended.
    """
    journeys = visits.journeys
    n = len(journeys.day)
    broken = np.zeros(n, np.bool_)
    broken[visitors] = True
    rows = np.flatnonzero(broken[visits.visitor])
    who, wait, service = visits.visitor[rows], steps.wait[rows], steps.service[rows]
    waited = np.bincount(who, wait, minlength=n)
    at_counters = np.bincount(who, service, minlength=n)
    excess = journeys.sojourn / TICKS_PER_MINUTE - minutes
    of_waits = np.minimum(waited / np.where(excess > 0, excess, np.inf), 1.0)[who]
    # Whoever was served had a service; whoever did not wait has no wait to divide by.
    by_wait = wait / np.where(waited > 0, waited, 1.0)[who]
    by_service = service / np.where(at_counters > 0, at_counters, 1.0)[who]
    part = of_waits * by_wait + (1 - of_waits) * by_service
    ended_early = (journeys.outcome != Outcome.SERVED)[who]
    part = np.where(ended_early, steps.last[rows], part)
    return journeys.day[who].astype(np.intp), steps.station[rows], part
