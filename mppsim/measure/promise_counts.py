"""What a summary keeps of promises: how many were made and kept, and where the time was lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.another_day import postponed_after
from mppsim.engine.trace import Outcome, Trace
from mppsim.plan.clock import TICKS_PER_MINUTE
from mppsim.plan.plan import AWAY, Floats, PromiseMade

if TYPE_CHECKING:
    from mppsim.measure.summary import Journeys, Visits

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]
TURNED = (Outcome.BALKED, Outcome.BLOCKED)
"""Outcomes of those who came to a line and did not join it."""
DOOR = "door"
"""Where those are lost who get no ticket; its index is that after the last station's."""


@dataclass(frozen=True, eq=False)
class PromiseCounts:
    """The promises of one replication, only where there were any; promises by their index.

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
    hour: Index
    kept: Mask


def count_promises(trace: Trace, visits: Visits, journeys: Journeys) -> PromiseCounts:
    """Count the promises of one replication.

    A wait is promised to all who come to the counter, joined or balked; a service time to all who
    are served; a whole visit to all who come to the hall for the service.
    """
    promises = trace.plan.layout.promises
    steps = _StepTimes.of(trace)
    hours, losses = [np.empty((0, 5), np.intp)], [_Losses.none()]
    for number, promise in enumerate(promises):
        cases = _cases(promise, visits, journeys, steps)
        key = np.column_stack([cases.day, cases.hour])
        where, of = np.unique(key, axis=0, return_inverse=True)
        made = np.bincount(of.ravel(), minlength=len(where))
        kept = np.bincount(of.ravel(), cases.kept, minlength=len(where)).astype(np.intp)
        hours.append(np.column_stack([np.full(len(where), number), where, made, kept]))
        losses.append(_losses(number, promise, cases, journeys, steps))
    table = np.concatenate(hours)
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
    """One row a reached step, as in `Visits`: whose it is, and the minutes of its service."""

    visitor: Index
    """Row of the visitor in `Journeys`."""
    station: Index
    """The number of stations for who was refused at the door."""
    wait: Floats
    service: Floats
    """0 for who was not served."""
    served: Mask
    ended: Mask
    """Whether the visit was over with this step."""

    @classmethod
    def of(cls, trace: Trace) -> _StepTimes:
        days, facts = trace.plan.days, trace.days
        n_steps = np.concatenate([np.diff(day.visitors.first_step) for day in days])
        outcome = np.concatenate([day.outcome for day in facts])
        place = np.concatenate([day.steps.station for day in days])
        reached = (outcome != Outcome.NOT_REACHED) & (place != AWAY)
        joined, started, ended = (
            np.concatenate([getattr(day, name) for day in facts])[reached]
            for name in ("joined", "started", "ended")
        )
        outcome = outcome[reached]
        visitor = np.repeat(np.arange(len(n_steps)), n_steps)[reached]
        served = outcome == Outcome.SERVED
        left = np.concatenate([postponed_after(*day) for day in zip(days, facts, strict=True)])
        in_time = np.lexsort((~served | left[reached], ended, visitor))
        last = in_time[np.flatnonzero(np.diff(visitor[in_time], append=-1))]
        station = place[reached].astype(np.intp)
        door = len(trace.plan.layout.stations)
        return cls(
            visitor=visitor,
            station=np.where(outcome == Outcome.REFUSED, door, station),
            wait=np.nan_to_num(np.where(served, started, ended) - joined),
            service=np.where(served, ended - started, 0.0),
            served=served,
            ended=np.isin(np.arange(len(visitor)), last),
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


def _cases(promise: PromiseMade, visits: Visits, journeys: Journeys, steps: _StepTimes) -> _Cases:
    longest = np.floor(promise.minutes * TICKS_PER_MINUTE)
    if promise.kind == "visit":
        rows = journeys.service == promise.service
        kept = (journeys.outcome == Outcome.SERVED) & (journeys.sojourn <= longest)
        return _Cases(journeys.day[rows].astype(np.intp), journeys.hour[rows], kept[rows])
    rows = visits.station == promise.station
    if promise.service >= 0:
        rows &= visits.service == promise.service
    if promise.kind == "wait":
        rows &= (visits.wait >= 0) | np.isin(visits.outcome, TURNED)
        kept = (visits.outcome == Outcome.SERVED) & (visits.wait <= longest)
    else:
        rows &= visits.outcome == Outcome.SERVED
        kept = steps.service * TICKS_PER_MINUTE <= longest
    return _Cases(visits.day[rows].astype(np.intp), visits.hour[rows], kept[rows])


def _losses(
    number: int, promise: PromiseMade, cases: _Cases, journeys: Journeys, steps: _StepTimes
) -> _Losses:
    """Lay each broken promise to stations; that of a wait or a service only to its own."""
    if promise.kind == "visit":
        visitors = np.flatnonzero(journeys.service == promise.service)[~cases.kept]
        day, station, loss = _lost_in_visits(promise.minutes, visitors, journeys, steps)
    else:
        day = cases.day[~cases.kept]
        station, loss = np.full(len(day), promise.station), np.ones(len(day))
    key = np.column_stack([day, station])
    where, of = np.unique(key, axis=0, return_inverse=True)
    total = np.bincount(of.ravel(), loss, minlength=len(where)).astype(np.float64)
    return _Losses(where[:, 0], np.full(len(where), number), where[:, 1], total)


def _lost_in_visits(
    minutes: float, visitors: Index, journeys: Journeys, steps: _StepTimes
) -> tuple[Index, Index, Floats]:
    """Return day, station and part of the loss for each step of visits that took too long.

    What would not be there if nobody waited is laid to the waits, by their length; the rest of the
    excess to the services. A visit that ended early is laid to where it ended.
    """
    n = len(journeys.day)
    broken = np.zeros(n, np.bool_)
    broken[visitors] = True
    rows = np.flatnonzero(broken[steps.visitor])
    who, wait, service = steps.visitor[rows], steps.wait[rows], steps.service[rows]
    waited = np.bincount(who, wait, minlength=n)
    at_counters = np.bincount(who, service, minlength=n)
    excess = journeys.sojourn / TICKS_PER_MINUTE - minutes
    of_waits = np.minimum(waited / np.where(excess > 0, excess, np.inf), 1.0)[who]
    # Whoever was served had a service; whoever did not wait has no wait to divide by.
    by_wait = wait / np.where(waited > 0, waited, 1.0)[who]
    by_service = service / np.where(at_counters > 0, at_counters, 1.0)[who]
    part = of_waits * by_wait + (1 - of_waits) * by_service
    ended_early = (journeys.outcome != Outcome.SERVED)[who]
    part = np.where(ended_early, steps.ended[rows], part)
    return journeys.day[who].astype(np.intp), steps.station[rows], part
