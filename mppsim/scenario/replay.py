"""Visits from a table: whether each row fits the hall."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mppsim.scenario.errors import listed, nearest_name, quoted
from mppsim.scenario.schema import ReplayVisit, Scenario
from mppsim.scenario.tables import REPLAY_COLUMNS
from mppsim.scenario.tree import Finding


def service_of(scenario: Scenario, visit: ReplayVisit) -> str:
    """Return the service of a visit: the only one of the tenant where the row does not say."""
    return visit.service or next(iter(scenario.tenants[visit.tenant].services))


def replay_contradictions(scenario: Scenario) -> list[Finding]:
    """Return which visits of the replay do not fit the hall; an unknown column is said once."""
    columns: set[str] = set()
    findings: list[Finding] = []
    for row, visit in enumerate(scenario.replay or ()):
        findings += _visit(scenario, row, visit, columns)
        columns |= set(visit.at)
    return findings


def _visit(scenario: Scenario, row: int, visit: ReplayVisit, seen: set[str]) -> Iterator[Finding]:
    if visit.day not in scenario.days:
        yield _unknown(row, "day", visit.day, scenario.days)
    if visit.tenant not in scenario.tenants:
        yield _unknown(row, "tenant", visit.tenant, scenario.tenants)
        return
    services = scenario.tenants[visit.tenant].services
    if visit.service is None and len(services) > 1:
        found = f"found no service for {quoted(visit.tenant)}"
        yield Finding(("replay", row), found, f"one of {listed(services)}")
    elif visit.service is not None and visit.service not in services:
        yield _unknown(row, "service", visit.service, services)
    classes = scenario.visitors.classes
    if visit.visitor_class is not None and visit.visitor_class not in classes:
        yield _unknown(row, "visitor_class", visit.visitor_class, classes)
    for name in visit.at:
        if name not in scenario.stations and name not in seen:
            wanted = f"a column of a visit, or a shared station: {listed(scenario.stations)}"
            near = nearest_name(name, [*REPLAY_COLUMNS, *scenario.stations])
            yield Finding(("replay", row, "at", name), f"found {quoted(name)}", wanted, near)


def _unknown(row: int, key: str, name: str, known: Iterable[str]) -> Finding:
    wanted = f"one of {listed(known)}"
    return Finding(("replay", row, key), f"found {quoted(name)}", wanted, nearest_name(name, known))
