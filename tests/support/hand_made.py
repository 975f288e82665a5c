"""Plans written by hand: one line of visitors before one station, with exact numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from mppsim.plan.plan import NO_LIMIT, DayPlan, Door, Layout, Outage, Plan, Room, Steps, Visitors
from mppsim.scenario.durations import Span

FOREVER = 1e6


def one_station(
    arrivals: Sequence[float],
    services: Sequence[float],
    *,
    counters: Sequence[Sequence[tuple[float, float]]] = (((0.0, FOREVER),),),
    patience: Sequence[float] | None = None,
    classes: Sequence[int] | None = None,
    balk_above: int = NO_LIMIT,
    closing: float = FOREVER,
    serve_all: bool = True,
    door: Door | None = None,
    parties: Sequence[int] | None = None,
    capacity: int = NO_LIMIT,
    rooms: Mapping[int, Room] | None = None,
    outages: Sequence[Outage] = (),
) -> Plan:
    """Return the plan of a day with one station; a counter is a sequence of (on, off)."""
    n = len(arrivals)
    return (
        several_stations(
            arrivals,
            [[(0, service)] for service in services],
            counters=[counters],
            patience=[[wait] for wait in patience] if patience is not None else None,
            classes=classes,
            balk_above=balk_above,
            closing=closing,
            serve_all=serve_all,
            door=door,
            parties=parties,
            capacity=capacity,
            rooms=rooms,
            outages=outages,
        )
        if n
        else several_stations([], [], counters=[counters])
    )


def several_stations(
    arrivals: Sequence[float],
    visits: Sequence[Sequence[tuple[int, float]]],
    *,
    counters: Sequence[Sequence[Sequence[tuple[float, float]]]],
    patience: Sequence[Sequence[float]] | None = None,
    classes: Sequence[int] | None = None,
    balk_above: int = NO_LIMIT,
    closing: float = FOREVER,
    serve_all: bool = True,
    door: Door | None = None,
    parties: Sequence[int] | None = None,
    capacity: int = NO_LIMIT,
    rooms: Mapping[int, Room] | None = None,
    outages: Sequence[Outage] = (),
) -> Plan:
    """Return the plan of a day; a visit is a sequence of (station, service time)."""
    n = len(arrivals)
    stations = [station for visit in visits for station, _ in visit]
    ranks = list(classes) if classes is not None else [0] * n
    layout = Layout(
        tenants=tuple(f"tenant{k}" for k in range(len(counters))),
        services=tuple("service" for _ in counters),
        service_tenant=np.arange(len(counters), dtype=np.int32),
        service_promise=np.full(len(counters), 15.0),
        stations=tuple(f"tenant{k}" for k in range(len(counters))),
        station_tenant=np.arange(len(counters), dtype=np.int32),
        station_zone=np.zeros(len(counters), np.int32),
        station_promise=np.full(len(counters), np.nan),
        balk_above=np.full(len(counters), balk_above, np.int32),
        counters=tuple(
            f"tenant{k} {number + 1}"
            for k, here in enumerate(counters)
            for number in range(len(here))
        ),
        counter_station=np.array([k for k, here in enumerate(counters) for _ in here], np.int32),
        classes=tuple(f"class{k}" for k in range(max(ranks, default=0) + 1)),
        zones=("hall",),
        seats=np.array([10], np.int32),
        rooms=dict(rooms or {}),
        capacity=capacity,
    )
    day = DayPlan(
        weekday="mon",
        kind="mon",
        opening=0.0,
        closing=closing,
        door=door or open_door(layout, closing),
        serve_all=serve_all,
        duty=tuple(tuple(Span(*span) for span in spans) for here in counters for spans in here),
        visitors=Visitors(
            arrival=np.array(arrivals, float),
            service=np.array([visit[0][0] for visit in visits], np.int32),
            ordinal=np.arange(n, dtype=np.int32),
            visitor_class=np.array(ranks, np.int32),
            party=np.array(parties if parties is not None else [1] * n, np.int32),
            first_step=np.cumsum([0, *map(len, visits)]).astype(np.int32),
        ),
        steps=Steps(
            station=np.array(stations, np.int32),
            service=np.array(stations, np.int32),
            service_time=np.array([time for visit in visits for _, time in visit], float),
            patience=np.array(
                [wait for waits in patience for wait in waits]
                if patience is not None
                else [np.inf] * len(stations),
                float,
            ),
        ),
        outages=tuple(outages),
    )
    return Plan(layout, seed=0, replication=0, days=(day,))


def open_door(layout: Layout, closing: float) -> Door:
    """Return a door that gives a ticket to everybody until closing."""
    return Door(
        tickets=np.full(len(layout.tenants), NO_LIMIT, np.int32),
        service_tickets=np.full(len(layout.services), NO_LIMIT, np.int32),
        tickets_from=np.full(len(layout.tenants), -np.inf),
        last_ticket=np.full(len(layout.tenants), closing),
    )
