"""The sources of visitors: every service of every tenant, with the journey of those who come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mppsim.plan.itineraries import Stop
from mppsim.plan.plan import Layout
from mppsim.plan.streams import Words, stream_key
from mppsim.scenario.schema import TENANT_STEP, Scenario


@dataclass(frozen=True, eq=False)
class Source:
    """A service of a tenant as a source of visitors."""

    name: str
    key: Words
    service: int
    journey: tuple[Stop, ...]
    visitors_per_day: float


def sources_of(scenario: Scenario, layout: Layout, seed: int) -> list[Source]:
    """Return the sources in the order of their names, which decides ties at the door."""
    stops = _Stops(scenario, layout)
    sources = []
    for service, (name, index) in enumerate(
        zip(layout.services, layout.service_tenant, strict=True)
    ):
        tenant = layout.tenants[index]
        place = scenario.tenants[tenant]
        source = f"{tenant}/{name}"
        sources.append(
            Source(
                name=source,
                key=stream_key(seed, source),
                service=service,
                journey=tuple(
                    stops.tenant(tenant, name, service)
                    if step == TENANT_STEP
                    else stops.shared(step, service)
                    for step in place.journey or scenario.journey
                ),
                visitors_per_day=place.visitors_per_day * place.services[name].share,
            )
        )
    return sorted(sources, key=lambda source: source.name)


class _Stops:
    """Builds the stops of journeys from the names in a scenario."""

    def __init__(self, scenario: Scenario, layout: Layout) -> None:
        self._scenario = scenario
        self._stations = {name: index for index, name in enumerate(layout.stations)}
        self._services = {
            (layout.tenants[tenant], name): index
            for index, (tenant, name) in enumerate(
                zip(layout.service_tenant, layout.services, strict=True)
            )
        }

    def shared(self, station: str, service: int) -> Stop:
        return Stop(self._stations[station], service, self._scenario.stations[station].service)

    def tenant(self, tenant: str, name: str, service: int) -> Stop:
        place = self._scenario.tenants[tenant]
        offered = place.services[name]
        onward = offered.then if offered.then is not None else place.then or {}
        return Stop(
            self._stations[tenant],
            service,
            offered.service,
            tuple((share, self._onward(target, service)) for target, share in onward.items()),
        )

    def _onward(self, target: str, service: int) -> Stop:
        """Return the stop for a station, a tenant with one service, or `tenant/service`."""
        if target in self._scenario.stations:
            return self.shared(target, service)
        tenant, _, name = target.partition("/")
        name = name or next(iter(self._scenario.tenants[tenant].services))
        return self.tenant(tenant, name, self._services[tenant, name])


def all_stops(journey: Sequence[Stop]) -> list[Stop]:
    stops = list(journey)
    for stop in stops:  # grows while it is read, until no stop leads further
        stops += [onward for _, onward in stop.then]
    return stops
