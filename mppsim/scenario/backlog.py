"""Who stands in the lines when the hall opens: visitors left from the day before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from mppsim.scenario.days import Weekday
from mppsim.scenario.errors import nearest_name, quoted
from mppsim.scenario.schema import Scenario, Tenant
from mppsim.scenario.tree import Finding, Keys

Backlog = Mapping[str, int]
"""Visitors by tenant or by `tenant/service`."""


def backlog_by_service(scenario: Scenario, weekday: Weekday) -> dict[tuple[str, str], int]:
    """Return the backlog of a weekday by (tenant, service); services without any are left out.

    What is given for a tenant as a whole is divided by the shares of its services, in whole
    visitors: the largest remainders are rounded up, of equal ones the first listed.
    """
    own = scenario.days[weekday].backlog
    by_service: dict[tuple[str, str], int] = {}
    for place, number in (scenario.backlog if own is None else own).items():
        name, _, service = place.partition("/")
        parts = {service: number} if service else _divided(scenario.tenants[name], number)
        by_service |= {(name, one): part for one, part in parts.items() if part}
    return by_service


def backlog_contradictions(scenario: Scenario) -> list[Finding]:
    """Return what is wrong with the backlogs."""
    findings = [*_contradictions(("backlog",), scenario.backlog, scenario)]
    for weekday, day in scenario.days.items():
        findings += _contradictions(("days", weekday, "backlog"), day.backlog or {}, scenario)
    return findings


def _contradictions(keys: Keys, backlog: Backlog, scenario: Scenario) -> Iterator[Finding]:
    tenants = scenario.tenants
    offers = [f"{name}/{service}" for name in tenants for service in tenants[name].services]
    for place in backlog:
        name, slash, _ = place.partition("/")
        if place not in tenants and place not in offers:
            near = nearest_name(place, [*tenants, *offers])
            wanted = "a tenant or tenant/service"
            yield Finding((*keys, place), f"found {quoted(place)}", wanted, near)
        elif slash and name in backlog:
            found = f"found {quoted(place)} beside {quoted(name)}"
            yield Finding((*keys, place), found, "a tenant as a whole or service by service")


def _divided(tenant: Tenant, number: int) -> dict[str, int]:
    """Divide a number of visitors among the services of a tenant."""
    # As fractions, so that equal shares have equal remainders.
    exact = {
        name: number * Fraction(str(service.share)) for name, service in tenant.services.items()
    }
    whole = {name: int(part) for name, part in exact.items()}
    by_remainder = sorted(exact, key=lambda name: whole[name] - exact[name])
    for name in by_remainder[: number - sum(whole.values())]:
        whole[name] += 1
    return whole
