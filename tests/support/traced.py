"""Traces written by hand: a small hall, and what each visitor did in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mppsim.engine import DayTrace, Outcome, Trace
from mppsim.measure import Observations, summarize
from mppsim.plan.plan import NO_LIMIT, DayPlan, Layout, Plan, PromiseMade, Steps, Visitors
from mppsim.scenario.durations import Span
from support.hand_made import open_door

if TYPE_CHECKING:
    import pandas as pd

NAN = np.nan
DESK, PERMITS, PASSPORTS = range(3)
"""The stations: an information desk, then a tenant each in the hall and in the annex."""

HALL = Layout(
    tenants=("permits", "passports"),
    services=("new", "renewal", "only"),
    service_tenant=np.array([0, 0, 1], np.int32),
    service_promise=np.array([15.0, np.nan, 10.0]),
    stations=("desk", "permits", "passports"),
    station_tenant=np.array([-1, 0, 1], np.int32),
    station_zone=np.array([0, 0, 1], np.int32),
    station_promise=np.array([2.0, np.nan, np.nan]),
    balk_above=np.full(3, NO_LIMIT, np.int32),
    counters=("desk 1", "permits 1", "permits 2", "passports 1"),
    counter_station=np.array([0, 1, 1, 2], np.int32),
    classes=("priority", "regular"),
    zones=("hall", "annex"),
    seats=np.array([4, 1], np.int32),
)


@dataclass(frozen=True)
class Step:
    """One step, as it went."""

    station: int
    joined: float
    started: float
    ended: float
    counter: int = -1
    outcome: Outcome = Outcome.SERVED


@dataclass(frozen=True)
class Visit:
    """One visitor, with the steps made; the plan of the visit goes no further."""

    arrival: float
    steps: Sequence[Step]
    service: int = 0
    visitor_class: int = 1
    party: int = 1


@dataclass(frozen=True)
class Day:
    """One day, with its visits in the order of arrival; every counter is on duty at `duty`."""

    visits: Sequence[Visit] = ()
    kind: str = "busy"
    weekday: str = "mon"
    opening: float = 480.0
    closing: float = 900.0
    duty: Sequence[Sequence[tuple[float, float]]] = field(default=(((480.0, 900.0),),) * 4)


def served(station: int, joined: float, wait: float, service: float, counter: int = 1) -> Step:
    """Return a step that was served after a wait."""
    return Step(station, joined, joined + wait, joined + wait + service, counter)


def waits(*minutes: float, start: float = 500.0) -> list[Visit]:
    """Return visitors to the first tenant who wait this long for a service of a minute."""
    return [Visit(start, [served(PERMITS, start, wait, 1.0)]) for wait in minutes]


def traced(
    *days: Day, replication: int = 0, seed: int = 1, promises: Sequence[PromiseMade] = ()
) -> Trace:
    """Return the trace of a replication."""
    hall = replace(HALL, promises=tuple(promises))
    plan = Plan(hall, seed, replication, tuple(_planned(day) for day in days))
    return Trace(plan, tuple(_happened(day) for day in days))


def observed(*replications: Sequence[Day], promises: Sequence[PromiseMade] = ()) -> Observations:
    """Return the observations of several replications of the same days."""
    return Observations(
        replace(HALL, promises=tuple(promises)),
        tuple(day.weekday for day in replications[0]),
        tuple(day.kind for day in replications[0]),
        [
            summarize(traced(*days, replication=k, promises=promises))
            for k, days in enumerate(replications)
        ],
    )


def row(table: pd.DataFrame, label: Any) -> Any:
    """Return the row of a table, of no particular type, so that tests can read it briefly."""
    return table.loc[label]


def _planned(day: Day) -> DayPlan:
    visits, steps = day.visits, [step for visit in day.visits for step in visit.steps]
    services = [visit.service for visit in visits for _ in visit.steps]
    return DayPlan(
        weekday=day.weekday,
        kind=day.kind,
        opening=day.opening,
        closing=day.closing,
        door=open_door(HALL, day.closing),
        serve_all=True,
        duty=tuple(tuple(Span(*span) for span in spans) for spans in day.duty),
        visitors=Visitors(
            arrival=np.array([visit.arrival for visit in visits], float),
            service=np.array([visit.service for visit in visits], np.int32),
            ordinal=np.arange(len(visits), dtype=np.int32),
            visitor_class=np.array([visit.visitor_class for visit in visits], np.int32),
            party=np.array([visit.party for visit in visits], np.int32),
            first_step=np.cumsum([0, *(len(visit.steps) for visit in visits)]).astype(np.int32),
        ),
        steps=Steps(
            station=np.array([step.station for step in steps], np.int32),
            service=np.array(services, np.int32),
            service_time=np.ones(len(steps)),
            patience=np.full(len(steps), np.inf),
        ),
    )


def _happened(day: Day) -> DayTrace:
    steps = [step for visit in day.visits for step in visit.steps]
    last = [visit.steps[-1] for visit in day.visits]
    return DayTrace(
        joined=np.array([step.joined for step in steps], float),
        started=np.array([step.started for step in steps], float),
        ended=np.array([step.ended for step in steps], float),
        counter=np.array([step.counter for step in steps], np.int32),
        outcome=np.array([step.outcome for step in steps], np.int8),
        left=np.array([step.ended for step in last], float),
        visitor_outcome=np.array([step.outcome for step in last], np.int8),
        entered=np.array([step.joined for step in steps], float),
        released=np.array([step.ended for step in steps], float),
        admitted=np.array([visit.arrival for visit in day.visits], float),
    )
