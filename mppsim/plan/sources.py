"""The sources of visitors: every service of every tenant, with the journey of those who come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mppsim.plan.itineraries import Free, Onward, Stop
from mppsim.plan.plan import AWAY, Layout
from mppsim.plan.streams import Words, station_block, stream_key
from mppsim.scenario import Scenario
from mppsim.scenario.booking import Appointments
from mppsim.scenario.crews import EachCounter
from mppsim.scenario.journeys import AnyOrder, Delay, JourneyStep
from mppsim.scenario.routes import offer_at, then_of, way_onward
from mppsim.scenario.schema import TENANT_STEP, Station, Tenant

DELAYS = "delay/"
"""Begins the names of the words of delays: no station has a slash in its name."""


@dataclass(frozen=True, eq=False)
class Source:
    """A service of a tenant as a source of visitors."""

    name: str
    key: Words
    service: int
    journey: tuple[Stop | Free, ...]
    visitors_per_day: float
    station: int
    """Of the tenant."""
    appointments: Appointments | None
    online: float
    """The share of the demand that is dealt with without a visit."""


def sources_of(scenario: Scenario, layout: Layout, seed: int) -> list[Source]:
    """Return the sources in the order of their names, which decides ties at the door."""
    sources = []
    for service, (name, index) in enumerate(
        zip(layout.services, layout.service_tenant, strict=True)
    ):
        tenant = layout.tenants[index]
        place = scenario.tenants[tenant]
        stops = _Stops(scenario, layout, f"{tenant}/{name}", service)
        digital = place.services[name].digital
        sources.append(
            Source(
                name=stops.own,
                key=stream_key(seed, stops.own),
                service=service,
                journey=tuple(stops.step(step) for step in place.journey or scenario.journey),
                visitors_per_day=place.visitors_per_day * place.services[name].share,
                station=layout.stations.index(tenant),
                appointments=place.services[name].appointments,
                online=digital.share if digital else 0.0,
            )
        )
    return sorted(sources, key=lambda source: source.name)


class _Stops:
    """Builds the stops of a source's journey from the names in a scenario."""

    def __init__(self, scenario: Scenario, layout: Layout, own: str, service: int) -> None:
        self.own = own
        self._service = service
        self._scenario = scenario
        self._stations = {name: index for index, name in enumerate(layout.stations)}
        self._services = {
            (layout.tenants[tenant], name): index
            for index, (tenant, name) in enumerate(
                zip(layout.service_tenant, layout.services, strict=True)
            )
        }

    def step(self, step: JourneyStep) -> Stop | Free:
        """Return what a step of a journey means for the visitors of this source."""
        if isinstance(step, AnyOrder):
            return Free(tuple(self._named(name) for name in step.any_order))
        if isinstance(step, Delay):
            return self._delay(step)
        if isinstance(step, str):
            return self._named(step)
        ((name, share),) = step.items()
        return replace(self._named(name), share=share)

    def _named(self, name: str) -> Stop:
        """Return the stop at a station, at a tenant with one service, or at `tenant/service`."""
        offer = offer_at(self._scenario, self.own if name == TENANT_STEP else name)
        if offer is None:
            station = self._scenario.stations[name]
            return Stop(
                self._stations[name],
                self._service,
                station.service,
                station_block(name),
                chooses_line=_at_random(station),
            )
        tenant, service = offer
        place = self._scenario.tenants[tenant]
        ways = [way_onward(key, step) for key, step in then_of(place, service).items()]
        return Stop(
            self._stations[tenant],
            self._services[offer],
            place.services[service].service,
            station_block(tenant),
            tuple(
                Onward(
                    way.share,
                    (
                        *((self._delay(way.delay),) if way.delay else ()),
                        *((self._named(way.to),) if way.to is not None else ()),
                    ),
                )
                for way in ways
            ),
            chooses_line=_at_random(place),
        )

    def _delay(self, delay: Delay) -> Stop:
        return Stop(AWAY, self._service, delay.delay, station_block(DELAYS + delay.name))


def _at_random(place: Station | Tenant) -> bool:
    """Tell whether visitors choose one of several lines by chance."""
    return isinstance(place.lines, EachCounter) and place.lines.each_counter == "random"


def all_stops(journey: Sequence[Stop | Free]) -> Iterator[Stop]:
    """Yield every stop that a visitor may come to."""
    for step in journey:
        if isinstance(step, Free):
            yield from all_stops(step.stops)
        else:
            yield step
            for onward in step.then:
                yield from all_stops(onward.stops)
