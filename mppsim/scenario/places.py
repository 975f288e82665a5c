"""What holds at a station or a tenant: its own rule, else that of the hall."""

from __future__ import annotations

from mppsim.scenario.distributions import Law
from mppsim.scenario.schema import Balk, Scenario, Station, Tenant
from mppsim.scenario.standards import Promise


def place_of(scenario: Scenario, station: str) -> Station | Tenant:
    """Return the shared station or the tenant of this name."""
    return scenario.stations.get(station) or scenario.tenants[station]


def patience_at(scenario: Scenario, station: str) -> Law | None:
    """Return the law of the patience at a station: its own, else the visitors'; None: unlimited."""
    own = place_of(scenario, station).patience
    if own is None:
        return scenario.visitors.patience
    return None if own == "none" else own


def balk_at(scenario: Scenario, station: str) -> Balk | None:
    """Return when visitors leave at the sight of the line of a station; None: never."""
    own = place_of(scenario, station).balk
    balk = scenario.visitors.balk if own is None else own
    return balk if isinstance(balk, Balk) else None


def promise_of(scenario: Scenario, tenant: str, service: str) -> Promise | None:
    """Return what is promised to the visitors of a service: always one promise as a whole."""
    place = scenario.tenants[tenant]
    return place.services[service].promise or place.promise or scenario.promise
