"""What visitors do when a visit does not go well: which word of a scenario holds where."""

from __future__ import annotations

from mppsim.scenario.schema import Scenario
from mppsim.scenario.second_tries import ComesBack, GivesUp, Incomplete


def goes_to(scenario: Scenario, station: str) -> str | None:
    """Return the tenant or `tenant/service` that those try who give up at a station."""
    place = scenario.tenants.get(station)
    gives_up = place.gives_up if place else None
    return gives_up.goes_to if isinstance(gives_up, GivesUp) else None


def comes_back(scenario: Scenario, station: str) -> bool:
    """Tell whether those who give up at a station come back on another day."""
    own = (scenario.stations.get(station) or scenario.tenants[station]).gives_up
    gives_up = scenario.visitors.gives_up if own is None else own
    return isinstance(gives_up, ComesBack | GivesUp) and gives_up.comes_back is not None


def incomplete_at(scenario: Scenario, tenant: str, service: str) -> Incomplete | None:
    """Return how papers are incomplete at a service: its own word, else the tenant's."""
    place = scenario.tenants[tenant]
    own = place.services[service].incomplete
    found = place.incomplete if own is None else own
    return found if isinstance(found, Incomplete) and found.at_counter > 0 else None
