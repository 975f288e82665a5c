"""What the parts of a hall are called in front of people: the name, else the id."""

from __future__ import annotations

from mppsim.report.wording import sentence
from mppsim.scenario import Scenario
from mppsim.scenario.places import promise_of


def station_name(scenario: Scenario, station: str) -> str:
    """Return the name of a tenant or a shared station."""
    place = scenario.tenants.get(station) or scenario.stations.get(station)
    if place is not None and place.name:
        return place.name
    return station if station in scenario.tenants else sentence(station.replace("_", " "))


def service_name(scenario: Scenario, tenant: str, service: str) -> str:
    """Return the name of a service of a tenant."""
    return scenario.tenants[tenant].services[service].name or service


def zone_name(scenario: Scenario, zone: str) -> str:
    """Return the name of a zone."""
    return scenario.zones[zone].name or sentence(zone.replace("_", " "))


def promises(scenario: Scenario, tenant: str) -> tuple[float, ...]:
    """Return the promised longest waits of a tenant's services in minutes, rising, each once."""
    found = [promise_of(scenario, tenant, name) for name in scenario.tenants[tenant].services]
    waits = {promise.wait for promise in found if promise}
    return tuple(sorted(wait for wait in waits if wait is not None))
