"""When tickets are given out at the door: from when, and until when."""

from __future__ import annotations

from collections.abc import Iterator

from mppsim.scenario.days import Day, Weekday
from mppsim.scenario.durations import clock_text
from mppsim.scenario.errors import quoted
from mppsim.scenario.schema import Scenario, Tenant
from mppsim.scenario.tree import Finding, Keys


def last_ticket(scenario: Scenario, weekday: Weekday, tenant: str) -> float:
    """Return from when on visitors of a tenant are refused: the earlier of its time and the day's.

    Where neither is given, it is the closing.
    """
    day, own = scenario.days[weekday], scenario.tenants[tenant].last_ticket
    return min(time for time in (own, day.last_ticket, day.close) if time is not None)


def tickets_from(scenario: Scenario, weekday: Weekday, tenant: str) -> float | None:
    """Return when tickets are first given out: the tenant's time, else the day's; None: always."""
    own = scenario.tenants[tenant].tickets_from
    return scenario.days[weekday].tickets_from if own is None else own


def door_contradictions(scenario: Scenario) -> list[Finding]:
    """Return what is wrong with the times at which tickets are given out."""
    findings: list[Finding] = []
    for weekday, day in scenario.days.items():
        findings += _first(("days", weekday), day, [day])
    days = [*scenario.days.values()]
    for name, tenant in scenario.tenants.items():
        findings += [*_first(("tenants", name), tenant, days), *_last(name, tenant, days)]
    return findings


def _first(keys: Keys, place: Day | Tenant, days: list[Day]) -> Iterator[Finding]:
    first, opening = place.tickets_from, min(day.open for day in days)
    if first is not None and first > opening:
        found = f"found {quoted(clock_text(first))}"
        by = f"a time no later than the opening at {clock_text(opening)}"
        yield Finding((*keys, "tickets_from"), found, by)


def _last(name: str, tenant: Tenant, days: list[Day]) -> Iterator[Finding]:
    last = tenant.last_ticket
    opening, closing = max(day.open for day in days), max(day.close for day in days)
    if last is not None and not opening < last <= closing:
        hours = f"{clock_text(opening)} and no later than {clock_text(closing)}"
        found = f"found {quoted(clock_text(last))}"
        yield Finding(("tenants", name, "last_ticket"), found, f"a time after {hours}")
