"""Which stations may change together without disturbing what is learned of each.

What happens at a station follows from who comes there and when, so it depends on the stations that
its visitors pass before, and on no other: as visitors keep their luck, adding a counter elsewhere
moves nobody at all. Stations of one level do not lie before each other.
"""

from __future__ import annotations

from itertools import pairwise

from mppsim.scenario import Scenario
from mppsim.scenario.behavior import comes_back, goes_to, incomplete_at
from mppsim.scenario.crews import named_counters
from mppsim.scenario.journeys import AnyOrder
from mppsim.scenario.places import place_of
from mppsim.theory.offered_load import visits_of


def levels(scenario: Scenario, stations: list[str]) -> list[list[str]]:
    """Return the stations in groups of which none lies before another, those before first.

    One at a time where the hall binds stations together in other ways: a gate, full rooms, counters
    that serve several stations, free order, visitors who go elsewhere or come back.
    """
    reached = _all_before(scenario)
    before = {station: reached[station] & {*stations} for station in stations}
    if _is_bound_together(scenario) or any(station in before[station] for station in stations):
        return [[station] for station in stations]
    found: list[list[str]] = []
    left = list(stations)
    while left:
        level = [station for station in left if not before[station] & {*left}]
        found.append(level)
        left = [station for station in left if station not in level]
    return found


def _all_before(scenario: Scenario) -> dict[str, set[str]]:
    """Return, for each station, the stations that some of its visitors pass before."""
    before: dict[str, set[str]] = {name: set() for name in (*scenario.stations, *scenario.tenants)}
    for tenant, place in scenario.tenants.items():
        for service in place.services:
            way = [given.station for given in visits_of(scenario, tenant, service)]
            for earlier, later in pairwise(dict.fromkeys(way)):
                before[later].add(earlier)
    grown = True
    while grown:
        reach = {one: those.union(*(before[b] for b in those)) for one, those in before.items()}
        grown, before = reach != before, reach
    return before


def _is_bound_together(scenario: Scenario) -> bool:
    names = (*scenario.stations, *scenario.tenants)
    places = [place_of(scenario, name) for name in names]
    journeys = [place.journey or scenario.journey for place in scenario.tenants.values()]
    return (
        scenario.capacity is not None
        or any(place.room is not None for place in places)
        or any(c.serves for place in places for c in named_counters(place.counters).values())
        or any(isinstance(step, AnyOrder) for journey in journeys for step in journey)
        or any(goes_to(scenario, name) or comes_back(scenario, name) for name in names)
        or any(
            incomplete_at(scenario, tenant, service) is not None
            for tenant, place in scenario.tenants.items()
            for service in place.services
        )
    )
