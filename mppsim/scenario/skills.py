"""Whom a counter serves: what the words of `serves` mean."""

from __future__ import annotations

from typing import NamedTuple

from mppsim.scenario.crews import NamedCounter
from mppsim.scenario.schema import Scenario

EVERYBODY = -1


class Whom(NamedTuple):
    """Visitors at a station: all, or those of one service of a tenant, or those of one class."""

    station: str
    tenant: str = ""
    service: str = ""
    visitor_class: str = ""


def skills_of(
    scenario: Scenario, station: str, counter: NamedCounter
) -> tuple[tuple[Whom, ...], ...]:
    """Return whom a counter of a station serves, most preferred first, equals side by side.

    A word that means nothing is left out; the checks of a scenario refuse it.
    """
    if counter.serves is None:
        return ()
    levels = ((level,) if isinstance(level, str) else level for level in counter.serves)
    return tuple(
        tuple(whom for word in level for whom in meanings(scenario, station, word)[:1])
        for level in levels
    )


def meanings(scenario: Scenario, station: str, word: str) -> list[Whom]:
    """Return what a word of `serves` can mean at the counters of a station."""
    if "/" in word:
        tenant, _, service = word.partition("/")
        known = tenant in scenario.tenants and service in scenario.tenants[tenant].services
        return [Whom(tenant, tenant, service)] if known else []
    found = []
    own = scenario.tenants.get(station)
    if own and word in own.services:
        found.append(Whom(station, station, word))
    if word in scenario.visitors.classes:
        found.append(Whom(station, visitor_class=word))
    if word in scenario.stations or word in scenario.tenants:
        found.append(Whom(word))
    return found
