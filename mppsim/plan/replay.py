"""Visits from a table, in place of those that would be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mppsim.plan.clock import TICK, on_grid
from mppsim.plan.itineraries import Leg
from mppsim.plan.plan import AWAY, Floats, Integers, Layout
from mppsim.plan.queue_up import Drawn
from mppsim.scenario.days import Weekday
from mppsim.scenario.replay import service_of
from mppsim.scenario.schema import ReplayVisit, Scenario


@dataclass(frozen=True, eq=False)
class Recorded:
    """A day's visits of one source, in the order of the table; NaN where it does not say."""

    arrival: Floats
    visitor_class: Integers
    """-1 where the table does not say."""
    party: Integers
    """-1 where the table does not say."""
    patience: Floats
    service_time: dict[int, Floats]
    """By station, of the first visit there."""


RecordedVisits = dict[tuple[Weekday, int], Recorded]
"""By weekday and service."""


def recorded_visits(scenario: Scenario, layout: Layout) -> RecordedVisits | None:
    """Return the visits of the replay; None where there is none."""
    if scenario.replay is None:
        return None
    services = {
        (layout.tenants[tenant], name): index
        for index, (tenant, name) in enumerate(
            zip(layout.service_tenant, layout.services, strict=True)
        )
    }
    rows: dict[tuple[Weekday, int], list[ReplayVisit]] = {}
    for visit in scenario.replay:
        service = services[visit.tenant, service_of(scenario, visit)]
        rows.setdefault((visit.day, service), []).append(visit)
    return {key: _recorded(visits, layout) for key, visits in rows.items()}


def nothing_recorded() -> Recorded:
    """Return the visits of a day and service that the table does not have."""
    nothing, none = np.empty(0), np.empty(0, np.int32)
    return Recorded(nothing, none, none, nothing, {})


def as_recorded(drawn: Drawn, recorded: Recorded) -> Drawn:
    """Return visitors with what the table says of them in place of what was drawn."""
    patience = dict(drawn.patience)
    for station in {leg.station for leg in drawn.legs} - {AWAY}:
        otherwise = patience.get(station, np.full(len(recorded.patience), np.inf))
        patience[station] = _where_known(recorded.patience, otherwise)
    return replace(
        drawn,
        visitor_class=np.where(
            recorded.visitor_class < 0, drawn.visitor_class, recorded.visitor_class
        ).astype(np.int32),
        party=np.where(recorded.party < 0, drawn.party, recorded.party).astype(np.int32),
        patience=patience,
        legs=[_leg(leg, recorded) for leg in drawn.legs],
    )


def _leg(leg: Leg, recorded: Recorded) -> Leg:
    times = recorded.service_time.get(leg.station)
    if times is None:
        return leg
    known = np.where(leg.visit == 0, times[leg.rows], np.nan)
    return replace(leg, service_time=_where_known(known, leg.service_time))


def _recorded(visits: Sequence[ReplayVisit], layout: Layout) -> Recorded:
    tenant = layout.stations.index(visits[0].tenant)
    times = {tenant: _minutes([visit.service_time for visit in visits])}
    for name in {name for visit in visits for name in visit.at}:
        station = layout.stations.index(name)
        times[station] = _minutes([visit.at.get(name) for visit in visits])
    return Recorded(
        arrival=on_grid(np.array([visit.arrived for visit in visits])),
        visitor_class=np.array(
            [
                -1 if visit.visitor_class is None else layout.classes.index(visit.visitor_class)
                for visit in visits
            ],
            np.int32,
        ),
        party=np.array([visit.party or -1 for visit in visits], np.int32),
        patience=_minutes([visit.patience for visit in visits]),
        service_time={station: np.maximum(minutes, TICK) for station, minutes in times.items()},
    )


def _minutes(cells: Sequence[float | None]) -> Floats:
    return on_grid(np.array([np.nan if cell is None else cell for cell in cells], np.float64))


def _where_known(known: Floats, otherwise: Floats) -> Floats:
    return np.where(np.isnan(known), otherwise, known)
