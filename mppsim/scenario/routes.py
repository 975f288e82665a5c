"""Whether the ways of visitors exist: the steps of journeys, and where `then` leads."""

from __future__ import annotations

from collections.abc import Iterator

from mppsim.scenario.errors import listed, nearest_name, quoted
from mppsim.scenario.schema import TENANT_STEP, Scenario, Service, Tenant
from mppsim.scenario.tree import Finding, Keys

Offer = tuple[str, str]
"""A tenant and one of its services."""


def route_contradictions(scenario: Scenario) -> list[Finding]:
    """Return what is wrong with the journeys and with `then`."""
    findings = [*_journey(("journey",), scenario.journey, scenario)]
    for name, tenant in scenario.tenants.items():
        if tenant.journey is not None:
            findings += _journey(("tenants", name, "journey"), tenant.journey, scenario)
    unknown = [*_unknown_targets(scenario)]
    return [*findings, *unknown, *([] if unknown else _cycles(scenario))]


def _journey(keys: Keys, journey: tuple[str, ...], scenario: Scenario) -> Iterator[Finding]:
    steps = [*scenario.stations, TENANT_STEP]
    for index, step in enumerate(journey):
        if step not in steps:
            found, near = f"found {quoted(step)}", nearest_name(step, steps)
            yield Finding((*keys, index), found, f"one of {listed(steps)}", near)
    if journey.count(TENANT_STEP) != 1:
        found = f"found {journey.count(TENANT_STEP)} times the step '{TENANT_STEP}'"
        yield Finding(keys, found, f"'{TENANT_STEP}' exactly once")


def _unknown_targets(scenario: Scenario) -> Iterator[Finding]:
    targets = _targets(scenario)
    for name, tenant in scenario.tenants.items():
        onward: dict[Keys, dict[str, float] | None] = {("tenants", name, "then"): tenant.then}
        for offered, service in tenant.services.items():
            onward["tenants", name, "services", offered, "then"] = service.then
        for keys, then in onward.items():
            for target in then or {}:
                if target not in targets:
                    yield _unknown_target(keys, target, scenario, targets)


def _targets(scenario: Scenario) -> list[str]:
    """Return all that `then` may name."""
    single = [name for name, tenant in scenario.tenants.items() if len(tenant.services) == 1]
    offers = [f"{name}/{service}" for name, service in _offers(scenario)]
    return [*scenario.stations, *single, *offers]


def _unknown_target(keys: Keys, target: str, scenario: Scenario, targets: list[str]) -> Finding:
    if target in scenario.tenants:
        offers = [f"{target}/{service}" for service in scenario.tenants[target].services]
        found = f"found {quoted(target)}, which has {len(offers)} services"
        return Finding((*keys, target), found, f"one of {listed(offers)}")
    near = nearest_name(target, [*targets, *scenario.tenants])
    expectation = "a station, a tenant with one service, or tenant/service"
    return Finding((*keys, target), f"found {quoted(target)}", expectation, near)


def _cycles(scenario: Scenario) -> Iterator[Finding]:
    """Refuse ways that come back to a service: nobody could follow them to an end."""
    done: set[Offer] = set()
    for offer in _offers(scenario):
        cycle = _cycle_from(offer, (), scenario, done)
        if cycle:
            name, service = cycle[-2]
            own = scenario.tenants[name].services[service].then is not None
            keys = ("tenants", name, "services", service) if own else ("tenants", name)
            chain = " -> ".join("/".join(step) for step in cycle)
            yield Finding((*keys, "then"), f"found a cycle: {chain}", "a way that ends")
            return


def _cycle_from(
    offer: Offer, way: tuple[Offer, ...], scenario: Scenario, done: set[Offer]
) -> tuple[Offer, ...] | None:
    if offer in way:
        return (*way[way.index(offer) :], offer)
    if offer in done:
        return None
    for onward in _onward(offer, scenario):
        cycle = _cycle_from(onward, (*way, offer), scenario, done)
        if cycle:
            return cycle
    done.add(offer)
    return None


def _onward(offer: Offer, scenario: Scenario) -> list[Offer]:
    tenant = scenario.tenants[offer[0]]
    then = _then(tenant, tenant.services[offer[1]])
    onward = []
    for target in then:
        name, _, service = target.partition("/")
        if name in scenario.tenants:
            onward.append((name, service or next(iter(scenario.tenants[name].services))))
    return onward


def _then(tenant: Tenant, service: Service) -> dict[str, float]:
    """Return where visitors of a service go on to: its own word, else the tenant's."""
    return (tenant.then if service.then is None else service.then) or {}


def _offers(scenario: Scenario) -> list[Offer]:
    return [
        (name, service) for name, tenant in scenario.tenants.items() for service in tenant.services
    ]
