"""The sources of visitors: every service of every tenant, with the journey of those who come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mppsim.plan.itineraries import Free, Onward, Rework, Stop
from mppsim.plan.plan import AWAY, HEAD, TAIL, Layout
from mppsim.plan.streams import Words, station_block, stream_key
from mppsim.scenario import Scenario
from mppsim.scenario.behavior import comes_back, goes_to, incomplete_at
from mppsim.scenario.booking import Appointments
from mppsim.scenario.crews import EachCounter
from mppsim.scenario.distributions import Law
from mppsim.scenario.journeys import AnyOrder, Delay, JourneyStep
from mppsim.scenario.routes import WayOnward, offer_at, then_of, way_onward
from mppsim.scenario.schema import TENANT_STEP

DELAYS = "delay/"
"""Begins the names of the words of delays: no station has a slash in its name."""

FIRST_BOOKED = 1_000_000
"""Ordinal of the first of those who fill the slots, apart from those of the other visitors."""


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
        self._places = 0
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
            return Free(tuple(self._in_journey(name) for name in step.any_order))
        if isinstance(step, Delay):
            return self._delay(step, place=0)
        if isinstance(step, str):
            return self._in_journey(step)
        ((name, share),) = step.items()
        return replace(self._in_journey(name), share=share)

    def _in_journey(self, name: str) -> Stop:
        """Return a stop of the journey; who returns passes its shared stations once more."""
        stop = self._named(self.own if name == TENANT_STEP else name)
        return replace(stop, place=0) if name in self._scenario.stations else stop

    def _named(self, name: str, place: int = 0, *, elsewhere: bool = False) -> Stop:
        """Return the stop at a station, at a tenant with one service, or at `tenant/service`.

        `elsewhere`: where visitors go who gave up at the tenant that settles the same `place`.
        """
        place = place or self._new_place()
        offer = offer_at(self._scenario, name)
        if offer is None:
            law = self._scenario.stations[name].service
            return self._stop(name, self._service, law, place=place)
        tenant, service = offer
        at = self._scenario.tenants[tenant]
        other = None if elsewhere else goes_to(self._scenario, tenant)
        return replace(
            self._stop(tenant, self._services[offer], at.services[service].service, place=place),
            then=tuple(
                Onward(way.share, tuple(self._along(way, elsewhere)))
                for way in (way_onward(key, step) for key, step in then_of(at, service).items())
            ),
            incomplete=self._rework(tenant, service),
            instead=None if other is None else self._named(other, place, elsewhere=True),
        )

    def _stop(self, station: str, service: int, law: Law, *, place: int) -> Stop:
        return Stop(
            self._stations[station],
            service,
            law,
            station_block(station),
            place=place,
            comes_back=comes_back(self._scenario, station),
            chooses_line=chosen_at_random(self._scenario, station),
        )

    def _along(self, way: WayOnward, elsewhere: bool) -> Iterator[Stop]:
        if way.delay is not None:
            yield self._delay(way.delay, self._new_place())
        if way.to is not None:
            yield self._named(way.to, elsewhere=elsewhere)

    def _rework(self, tenant: str, service: str) -> Rework | None:
        incomplete = incomplete_at(self._scenario, tenant, service)
        if incomplete is None:
            return None
        papers = f"papers for {tenant}/{service}"
        away = None
        if incomplete.after is not None:
            away = Stop(AWAY, self._service, incomplete.after, station_block(DELAYS + papers))
        back = (
            0 if incomplete.on == "another_day" else {"tail": TAIL, "head": HEAD}[incomplete.back]
        )
        return Rework(incomplete.at_counter, incomplete.costs, away, back)

    def _delay(self, delay: Delay, place: int) -> Stop:
        block = station_block(DELAYS + delay.name)
        return Stop(AWAY, self._service, delay.delay, block, place=place)

    def _new_place(self) -> int:
        self._places += 1
        return self._places


def chosen_at_random(scenario: Scenario, station: str) -> bool:
    """Tell whether visitors choose one of several lines by chance."""
    place = scenario.stations.get(station) or scenario.tenants[station]
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
            if step.instead is not None:
                yield from all_stops((step.instead,))
