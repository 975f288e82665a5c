"""The hall as numbered tables, from a scenario."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from mppsim.plan.calls import dead_calls, recalls
from mppsim.plan.clock import on_grid
from mppsim.plan.crews import counter_rules, station_rules
from mppsim.plan.plan import NO_LIMIT, Floats, Integers, Layout, PromiseKind, PromiseMade, Room
from mppsim.plan.remote import remote_rules
from mppsim.scenario.crews import named_counters
from mppsim.scenario.places import balk_at, place_of, promise_of
from mppsim.scenario.schema import DOOR, Balk, Scenario, Station, Tenant
from mppsim.scenario.standards import StationPromise

PROMISE_KINDS: tuple[PromiseKind, ...] = ("wait", "service", "visit")


def layout_of(scenario: Scenario) -> Layout:
    """Return the numbered tables: shared stations first, then tenants, as they are listed."""
    tenants = tuple(scenario.tenants)
    stations = (*scenario.stations, *tenants)
    places = [place_of(scenario, station) for station in stations]
    zones = tuple(scenario.zones)
    services = [
        (index, name, promise_of(scenario, tenant, name))
        for index, tenant in enumerate(tenants)
        for name in scenario.tenants[tenant].services
    ]
    counters = [
        (index, f"{name} {number}")
        for index, (name, place) in enumerate(zip(stations, places, strict=True))
        for number in named_counters(place.counters)
    ]
    return Layout(
        tenants=tenants,
        services=tuple(name for _, name, _ in services),
        service_tenant=_integers(index for index, _, _ in services),
        service_promise=np.array([_promised(promise) for _, _, promise in services]),
        stations=stations,
        station_tenant=_integers(
            tenants.index(name) if name in scenario.tenants else -1 for name in stations
        ),
        station_zone=_integers(zones.index(place.zone) for place in places),
        station_promise=np.array([_promised(place.promise) for place in places]),
        balk_above=_integers(_balk_above(scenario, station) for station in stations),
        counters=tuple(label for _, label in counters),
        counter_station=_integers(index for index, _ in counters),
        classes=tuple(scenario.visitors.classes),
        zones=zones,
        seats=_integers(zone.seats for zone in scenario.zones.values()),
        dead_calls=dead_calls(scenario, stations),
        recalls=recalls(scenario, stations),
        remote=remote_rules(scenario, stations),
        patience_shared=np.array([_shares_patience(scenario, place) for place in places]),
        balk_wait=np.array([_balk(scenario, name).wait_above or np.inf for name in stations]),
        balk_shares=tuple(_balk_shares(scenario, station) for station in stations),
        mean_service=np.array([_mean_service(place) for place in places]),
        walk=_walk(scenario),
        promises=(
            *(
                made
                for service, (index, _, promise) in enumerate(services)
                for made in _promises(stations.index(tenants[index]), service, promise)
            ),
            *(
                made
                for station, name in enumerate(scenario.stations)
                for made in _promises(station, -1, scenario.stations[name].promise)
            ),
        ),
        rooms={
            index: Room(place.room.places, place.room.full)
            for index, place in enumerate(places)
            if place.room is not None
        },
        areas={
            index: zone.area
            for index, zone in enumerate(scenario.zones.values())
            if zone.area is not None
        },
        capacity=NO_LIMIT if scenario.capacity is None else scenario.capacity,
        counter_rules=counter_rules(scenario, stations),
        station_rules=station_rules(scenario, stations),
    )


def _shares_patience(scenario: Scenario, place: Station | Tenant) -> bool:
    """Tell whether the line of a place takes from one patience for the whole visit."""
    return scenario.visitors.patience_of == "visit" and place.patience is None


def _balk(scenario: Scenario, station: str) -> Balk:
    return balk_at(scenario, station) or Balk(above=NO_LIMIT)


def _balk_above(scenario: Scenario, station: str) -> int:
    above = _balk(scenario, station).above
    return above if isinstance(above, int) else NO_LIMIT


def _balk_shares(scenario: Scenario, station: str) -> tuple[tuple[int, float], ...]:
    above = _balk(scenario, station).above
    return tuple(sorted(above.items())) if isinstance(above, dict) else ()


def _mean_service(place: Station | Tenant) -> float:
    if isinstance(place, Station):
        return place.service.moments().mean
    return sum(
        service.share * service.service.moments().mean for service in place.services.values()
    )


def _walk(scenario: Scenario) -> Floats:
    """Return the minutes from each zone, and last from the door, to each zone."""
    zones = list(scenario.zones)
    walks = scenario.walks
    minutes = [
        [walks.get(start, {}).get(end, walks.get(end, {}).get(start, 0.0)) for end in zones]
        for start in (*zones, DOOR)
    ]
    return on_grid(np.array(minutes))


def _promised(promise: StationPromise | None) -> float:
    return np.nan if promise is None or promise.wait is None else promise.wait


def _promises(station: int, service: int, promise: StationPromise | None) -> Iterator[PromiseMade]:
    """Yield the promises that are made in one place of a scenario, one a kind."""
    for kind in PROMISE_KINDS:
        minutes: float | None = getattr(promise, kind, None)
        if promise is not None and minutes is not None:
            yield PromiseMade(station, service, kind, minutes, promise.share)


def _integers(values: Iterable[int]) -> Integers:
    return np.fromiter(values, np.int32)
