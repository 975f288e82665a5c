"""Whether the ways of visitors exist: the steps of journeys, and where `then` leads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mppsim.scenario.behavior import goes_to
from mppsim.scenario.errors import listed, nearest_name, quoted
from mppsim.scenario.journeys import AnyOrder, Delay, DelayOnward, JourneyStep
from mppsim.scenario.schema import DOOR, TENANT_STEP, Scenario, Tenant
from mppsim.scenario.tree import Finding, Keys

Offer = tuple[str, str]
"""A tenant and one of its services."""
Onward = float | DelayOnward


class WayOnward(NamedTuple):
    """Where a share of a service's visitors go on to; to None: they continue their journey."""

    share: float
    to: str | None
    delay: Delay | None


def route_contradictions(scenario: Scenario) -> list[Finding]:
    """Return what is wrong with the journeys and with `then`."""
    findings = [*_journey(("journey",), scenario.journey, scenario)]
    for name, tenant in scenario.tenants.items():
        if tenant.journey is not None:
            findings += _journey(("tenants", name, "journey"), tenant.journey, scenario)
    unknown = [*_wrong_targets(scenario)]
    return [
        *findings,
        *_walks(scenario),
        *_elsewhere(scenario),
        *unknown,
        *([] if unknown else _cycles(scenario)),
    ]


def _walks(scenario: Scenario) -> Iterator[Finding]:
    zones = list(scenario.zones)
    if DOOR in zones:
        yield Finding(("zones", DOOR), f"found the name {quoted(DOOR)}", "a name of its own")
    for start, walks in scenario.walks.items():
        if start not in (DOOR, *zones):
            near = nearest_name(start, zones)
            yield Finding(
                ("walks", start),
                f"found {quoted(start)}",
                f"'{DOOR}' or one of {listed(zones)}",
                near,
            )
        for end in walks:
            if end not in zones:
                near = nearest_name(end, zones)
                yield Finding(
                    ("walks", start, end), f"found {quoted(end)}", f"one of {listed(zones)}", near
                )


def _journey(keys: Keys, journey: tuple[JourneyStep, ...], scenario: Scenario) -> Iterator[Finding]:
    steps = [step for index, written in enumerate(journey) for step in _named(index, written)]
    targets = [TENANT_STEP, *_targets(scenario)]
    for place, name in steps:
        if name not in targets:
            words = f"a station, '{TENANT_STEP}', a tenant with one service, or tenant/service"
            yield _unknown_place((*keys, *place), name, scenario, targets, words)
        if name == TENANT_STEP and place[-1] == name:
            found = f"found a share of those who come for the '{TENANT_STEP}'"
            yield Finding((*keys, *place), found, f"'{TENANT_STEP}' without a share")
    own = [name for _, name in steps].count(TENANT_STEP)
    if own != 1:
        found = f"found {own} times the step '{TENANT_STEP}'"
        yield Finding(keys, found, f"'{TENANT_STEP}' exactly once")


def _named(index: int, step: JourneyStep) -> list[tuple[Keys, str]]:
    """Return the names in a step of a journey, each with its path; a share stands at its name."""
    if isinstance(step, str):
        return [((index,), step)]
    if isinstance(step, AnyOrder):
        return [((index, "any_order", k), name) for k, name in enumerate(step.any_order)]
    return [((index, name), name) for name in step] if isinstance(step, dict) else []


def _wrong_targets(scenario: Scenario) -> Iterator[Finding]:
    """Refuse ways onward to nowhere, and delays that are called like a place."""
    targets = _targets(scenario)
    words = "a station, a tenant with one service, or tenant/service"
    for name, tenant in scenario.tenants.items():
        onward: dict[Keys, Mapping[str, Onward] | None] = {("tenants", name, "then"): tenant.then}
        for offered, service in tenant.services.items():
            onward["tenants", name, "services", offered, "then"] = service.then
        for keys, then in onward.items():
            for key, step in (then or {}).items():
                if not isinstance(step, DelayOnward):
                    if key not in targets:
                        yield _unknown_place((*keys, key), key, scenario, targets, words)
                    continue
                if key in targets:
                    found = f"found a delay with the name of {quoted(key)}"
                    yield Finding((*keys, key), found, "a name of its own, and the place in 'to'")
                if step.to is not None and step.to not in targets:
                    yield _unknown_place((*keys, key, "to"), step.to, scenario, targets, words)


def _elsewhere(scenario: Scenario) -> Iterator[Finding]:
    """Refuse that those who give up try what is no tenant, or the same tenant."""
    targets = [target for target in _targets(scenario) if target not in scenario.stations]
    words = "a tenant with one service, or tenant/service"
    for name in scenario.tenants:
        target, keys = goes_to(scenario, name), ("tenants", name, "gives_up", "goes_to")
        if target is not None and target not in targets:
            yield _unknown_place(keys, target, scenario, targets, words)
        elif target is not None and target.partition("/")[0] == name:
            yield Finding(keys, f"found {quoted(target)}", "another tenant")


def _targets(scenario: Scenario) -> list[str]:
    """Return all that `then` may name."""
    single = [name for name, tenant in scenario.tenants.items() if len(tenant.services) == 1]
    offers = [f"{name}/{service}" for name, service in _offers(scenario)]
    return [*scenario.stations, *single, *offers]


def _unknown_place(
    keys: Keys, target: str, scenario: Scenario, targets: list[str], words: str
) -> Finding:
    if target in scenario.tenants:
        offers = [f"{target}/{service}" for service in scenario.tenants[target].services]
        found = f"found {quoted(target)}, which has {len(offers)} services"
        return Finding(keys, found, f"one of {listed(offers)}")
    near = nearest_name(target, [*targets, *scenario.tenants])
    return Finding(keys, f"found {quoted(target)}", words, near)


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
    ways = [way_onward(key, step) for key, step in then_of(tenant, offer[1]).items()]
    places = [offer_at(scenario, way.to) for way in ways if way.to is not None]
    return [place for place in places if place is not None]


def then_of(tenant: Tenant, service: str) -> Mapping[str, Onward]:
    """Return where visitors of a service go on to: its own word, else the tenant's."""
    own = tenant.services[service].then
    return (tenant.then if own is None else own) or {}


def way_onward(key: str, step: Onward) -> WayOnward:
    """Return an entry of `then` as a share, the place it leads to and the delay on the way."""
    if isinstance(step, DelayOnward):
        return WayOnward(step.share, step.to, Delay(delay=step.delay, name=key))
    return WayOnward(step, key, None)


def offer_at(scenario: Scenario, place: str) -> Offer | None:
    """Return the tenant and service that a tenant or `tenant/service` means; None: a station."""
    name, _, service = place.partition("/")
    if name not in scenario.tenants:
        return None
    return name, service or next(iter(scenario.tenants[name].services))


def _offers(scenario: Scenario) -> list[Offer]:
    return [
        (name, service) for name, tenant in scenario.tenants.items() for service in tenant.services
    ]
