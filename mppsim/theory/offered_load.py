"""The work that a scenario brings to each station, hour by hour, against the counters on duty.

Nothing is simulated: every visitor is taken to reach all stations of the visit in the hour of
arrival, and who stands at the door early counts in the first hour. The offered load, in Erlang, is
visitors an hour times the mean service in hours (Erlang 1917): the counters that are busy on
average if nobody leaves. Above the number of counters a line only grows. Nobody is
taken to give up. Who comes again with a paper counts twice; on another day, as if yesterday had
been like today.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, dropwhile, pairwise
from typing import NamedTuple

import numpy as np

from mppsim.scenario import Scenario
from mppsim.scenario.appointments import book_in_turn, filled_places, online_tickets, slots_on
from mppsim.scenario.backlog import backlog_by_service
from mppsim.scenario.behavior import incomplete_at
from mppsim.scenario.booking import Quota
from mppsim.scenario.days import Weekday
from mppsim.scenario.distributions import Moments
from mppsim.scenario.door import last_ticket
from mppsim.scenario.journeys import AnyOrder, Delay, JourneyStep
from mppsim.scenario.profile import ArrivalCurve, tenant_curve
from mppsim.scenario.replay import service_of
from mppsim.scenario.routes import offer_at, then_of, way_onward
from mppsim.scenario.schema import TENANT_STEP, Service
from mppsim.theory.supply import CounterMinutes, counters_on, supply


@dataclass(frozen=True)
class HourLoad:
    """The load of a station in one piece of the day, at most an hour long."""

    start: float
    """Minutes since midnight."""
    end: float
    visitors: float
    """Expected number who come for the station."""
    work: float
    """Minutes of service that they bring."""
    on_duty: float
    """Minutes on duty, over all counters, those of a faster counter as many as its speed makes."""

    @property
    def load(self) -> float:
        """The offered load in Erlang."""
        return self.work / (self.end - self.start)

    @property
    def counters(self) -> float:
        """The mean number of counters on duty."""
        return self.on_duty / (self.end - self.start)

    @property
    def ratio(self) -> float:
        """The load for each counter on duty; infinite where there is work and nobody on duty."""
        return _ratio(self.work, self.on_duty)


@dataclass(frozen=True)
class StationLoad:
    """The load of a station on one day."""

    station: str
    weekday: Weekday
    hours: tuple[HourLoad, ...]
    cv: float = 1.0
    """The cv of the service times, all services together."""

    @property
    def ratio(self) -> float:
        """The day's work for each minute on duty; above 1 the station cannot keep up."""
        work, on_duty = sum(h.work for h in self.hours), sum(h.on_duty for h in self.hours)
        return _ratio(work, on_duty)

    @property
    def visitors(self) -> float:
        """The day's expected visitors."""
        return sum(hour.visitors for hour in self.hours)


def offered_load(
    scenario: Scenario, weekday: Weekday, *, piece: float = 60.0
) -> tuple[StationLoad, ...]:
    """Return the load of every station, shared stations first, then tenants, as they are listed.

    The pieces of the day are at most `piece` minutes long and end on multiples of it.
    """
    return offered_loads(scenario, weekday, [1.0], piece=piece)[0]


def offered_loads(
    scenario: Scenario, weekday: Weekday, factors: Sequence[float], *, piece: float
) -> list[tuple[StationLoad, ...]]:
    """Return such loads at so many times the demand each."""
    edges = _edges(scenario, weekday, piece)
    counters = counters_on(scenario, weekday, edges)
    return [_loads(busier(scenario, factor), weekday, edges, counters) for factor in factors]


def busier(scenario: Scenario, factor: float) -> Scenario:
    """Return the hall with so many times its visitors on each day."""
    days = {
        weekday: day.model_copy(update={"demand": day.demand * factor})
        for weekday, day in scenario.days.items()
    }
    return scenario.model_copy(update={"days": days})


def _loads(
    scenario: Scenario, weekday: Weekday, edges: list[float], counters: Sequence[CounterMinutes]
) -> tuple[StationLoad, ...]:
    tally = _counted(scenario, weekday, edges)
    stations = [*scenario.stations, *scenario.tenants]
    on_duty = supply(counters, {station: tally.work[station] for station in stations})
    return tuple(
        StationLoad(
            station,
            weekday,
            tuple(
                HourLoad(*ends, *numbers)
                for ends, *numbers in zip(
                    pairwise(edges),
                    tally.visitors[station],
                    tally.work[station],
                    on_duty[station],
                    strict=True,
                )
            ),
            tally.cv(station),
        )
        for station in stations
    )


def work_by_service(scenario: Scenario, weekday: Weekday) -> dict[tuple[str, str], float]:
    """Return the day's minutes of work by station and `tenant/service` of those who bring it."""
    day = scenario.days[weekday]
    return dict(_counted(scenario, weekday, [day.open, day.close]).by_service)


def _counted(scenario: Scenario, weekday: Weekday, edges: list[float]) -> _Tally:
    """Count the work that comes for each station in each piece of the day."""
    tally = _Tally(len(edges) - 1)
    if scenario.replay is not None:
        for hour, given in _recorded(scenario, weekday, edges):
            tally.add(given, hour, 1.0)
    for tenant, place in scenario.tenants.items() if scenario.replay is None else ():
        coming = _coming(scenario, weekday, tenant, edges)
        for name in place.services:
            for given in visits_of(scenario, tenant, name):
                for hour, number in enumerate(coming[name]):
                    tally.add(given, hour, number)
    for (tenant, name), number in backlog_by_service(scenario, weekday).items():
        for given in visits_of(scenario, tenant, name, from_tenant=True):
            tally.add(given, 0, number)
    for delegation in scenario.delegations.values():
        for time in delegation.days.get(weekday, ()):
            hour = sum(edge <= time + delegation.within / 2 for edge in edges[1:-1])
            given = Given(delegation.station, "", 1.0, delegation.service.moments())
            tally.add(given, hour, delegation.chance)
    return tally


class Given(NamedTuple):
    """A service that is given on a visit."""

    station: str
    service: str
    """As `tenant/service`: the tenant's own, at a shared station what the visit is for."""
    share: float
    """Of the visitors, who get it."""
    time: Moments


class _Tally:
    """Visitors and minutes of work by station and piece of the day."""

    def __init__(self, n_pieces: int) -> None:
        self.visitors: dict[str, list[float]] = defaultdict(lambda: [0.0] * n_pieces)
        self.work: dict[str, list[float]] = defaultdict(lambda: [0.0] * n_pieces)
        self.by_service: dict[tuple[str, str], float] = defaultdict(float)
        self._squares: dict[str, float] = defaultdict(float)

    def add(self, given: Given, piece: int, visitors: float) -> None:
        """Count what is given to visitors who come."""
        number, station, time = visitors * given.share, given.station, given.time
        self.visitors[station][piece] += number
        self.work[station][piece] += number * time.mean
        self.by_service[station, given.service] += number * time.mean
        self._squares[station] += number * time.mean**2 * (1 + time.cv**2)

    def cv(self, station: str) -> float:
        """Return the cv of all services of the day together; 1 where there are none."""
        number, work = sum(self.visitors[station]), sum(self.work[station])
        return math.sqrt(max(0.0, self._squares[station] * number / work**2 - 1)) if work else 1.0


def _edges(scenario: Scenario, weekday: Weekday, piece: float) -> list[float]:
    """Return the day's opening, the multiples of a piece within it, and its closing."""
    day = scenario.days[weekday]
    within = range(int(day.open // piece) + 1, math.ceil(day.close / piece))
    return [day.open, *(piece * number for number in within), day.close]


def _coming(
    scenario: Scenario, weekday: Weekday, tenant: str, edges: list[float]
) -> dict[str, list[float]]:
    """Return how many visitors of each service of a tenant get in, hour by hour of arrival.

    Whoever comes after the last ticket gets none, and a quota cuts off the last to come. Who has
    booked counts in the hour of the slot.
    """
    day, place = scenario.days[weekday], scenario.tenants[tenant]
    curve = tenant_curve(scenario, weekday, tenant)
    last = last_ticket(scenario, weekday, tenant)
    come = [_come_by(curve, min(edge, last)) for edge in edges]
    come[0] = 0.0  # who came before the opening is served in the first hour
    booked: dict[str, list[float]] = {}
    walk_ins: dict[str, list[float]] = {}
    taken: dict[str, float] = {}
    for name, service in place.services.items():
        demand = place.visitors_per_day * day.demand * day.tenants.get(tenant, 1.0) * service.share
        visits = demand * (1 - service.digital.share) if service.digital else demand
        slots, lost = _booked(scenario, weekday, tenant, service, visits)
        walking = max(0.0, visits - sum(slots.values()) - lost)
        showing_up = 1 - service.appointments.no_show if service.appointments else 1.0
        booked[name] = [
            showing_up * sum(n for time, n in slots.items() if start <= time < end)
            for start, end in pairwise(edges)
        ]
        left = _for_walk_ins(service.quota, sum(slots.values()))
        walk_ins[name] = _increments([min(walking * part, left) for part in come])
        taken[name] = sum(slots.values())
    want = [sum(hour) for hour in zip(*walk_ins.values(), strict=True)]
    left = _for_walk_ins(place.quota, sum(taken.values()))
    get = _increments([min(number, left) for number in (0.0, *accumulate(want))])
    shares = [one / all_ if all_ else 0.0 for one, all_ in zip(get, want, strict=True)]
    return {
        name: [
            here + number * share
            for here, number, share in zip(booked[name], hours, shares, strict=True)
        ]
        for name, hours in walk_ins.items()
    }


def _booked(
    scenario: Scenario, weekday: Weekday, tenant: str, service: Service, visits: float
) -> tuple[dict[float, float], float]:
    """Return how many book each slot, and how many stay away because they find none."""
    rules, place = service.appointments, scenario.tenants[tenant]
    if rules is None:
        return {}, 0.0
    places = slots_on(scenario, weekday, rules)
    limits = [online_tickets(quota) for quota in (place.quota, service.quota)]
    tickets = min([sum(places.values()), *(limit for limit in limits if limit is not None)])
    if rules.fill is not None:
        each = np.repeat([*places], [*places.values()])
        slots = each[np.array(filled_places(rules, len(each)), bool)][:tickets]
        return {time: float((slots == time).sum()) for time in places}, 0.0
    want = visits * (rules.share or 0.0)
    curve, n = tenant_curve(scenario, weekday, tenant), max(1, round(want))
    wishes = curve.times((np.arange(n) + 0.5) / n)
    slots = book_in_turn(wishes, places, tickets)
    by_slot = {time: float((slots == time).sum()) * want / n for time in places}
    lost = want - sum(by_slot.values()) if rules.else_ == "lost" else 0.0
    return by_slot, lost


def _for_walk_ins(quota: int | Quota | None, booked: float) -> float:
    """Return the tickets that walk-ins can have."""
    if isinstance(quota, Quota):
        return quota.tickets - (online_tickets(quota) or 0)
    return math.inf if quota is None else quota - booked


def _increments(numbers: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(numbers)]


def _come_by(curve: ArrivalCurve, time: float) -> float:
    return curve.share(float(curve.edges[0]), time)


def _recorded(
    scenario: Scenario, weekday: Weekday, edges: list[float]
) -> Iterator[tuple[int, Given]]:
    """Yield what is given on the visits of a replay, each with the hour of arrival.

    Where the way of a visitor is drawn, each station has its share of him.
    """
    tickets: Counter[str] = Counter()
    rows = [visit for visit in scenario.replay or () if visit.day == weekday]
    for visit in sorted(rows, key=lambda visit: visit.arrived):
        place, name = scenario.tenants[visit.tenant], service_of(scenario, visit)
        own = f"{visit.tenant}/{name}"
        late = visit.arrived >= last_ticket(scenario, weekday, visit.tenant)
        quotas = {visit.tenant: place.quota, own: place.services[name].quota}
        if late or any(tickets[k] >= _for_walk_ins(quota, 0) for k, quota in quotas.items()):
            continue
        tickets.update(quotas.keys())
        hour = max(bisect_right(edges, visit.arrived) - 1, 0)
        times = {station: Moments(minutes, 0.0) for station, minutes in visit.at.items()}
        if visit.service_time is not None:
            times[visit.tenant] = Moments(visit.service_time, 0.0)
        for given in visits_of(scenario, visit.tenant, name):
            yield hour, given._replace(time=times.pop(given.station, given.time))


def visits_of(
    scenario: Scenario, tenant: str, name: str, *, from_tenant: bool = False
) -> Iterator[Given]:
    """Yield the services of a visit.

    `from_tenant`: without the steps before the tenant's counters.
    """
    steps = iter(scenario.tenants[tenant].journey or scenario.journey)
    if from_tenant:
        steps = dropwhile(lambda step: TENANT_STEP not in _shares(step), steps)
    places = [
        (f"{tenant}/{name}" if place == TENANT_STEP else place, share)
        for step in steps
        for place, share in _shares(step).items()
    ]
    again = _come_again(scenario, places)
    for place, share in places:
        times = 1 + again * (place in scenario.stations)
        yield from _at(scenario, place, share * times, f"{tenant}/{name}")


def _come_again(scenario: Scenario, places: list[tuple[str, float]]) -> float:
    """Return the share who come on another day with the papers that were missing."""
    complete = 1.0
    for place, share in places:
        offer = offer_at(scenario, place)
        incomplete = incomplete_at(scenario, *offer) if offer else None
        if incomplete is not None and incomplete.on == "another_day":
            complete *= 1 - share * incomplete.at_counter
    return 1 - complete


def _shares(step: JourneyStep) -> dict[str, float]:
    """Return the places of a step in a journey, each with the share of visitors who go there."""
    if isinstance(step, Delay):
        return {}
    if isinstance(step, AnyOrder):
        return dict.fromkeys(step.any_order, 1.0)
    return {step: 1.0} if isinstance(step, str) else step


def _at(scenario: Scenario, place: str, share: float, own: str) -> Iterator[Given]:
    """Yield what is given at a station, or a tenant's service and all that follows from it."""
    offer = offer_at(scenario, place)
    if offer is None:
        yield Given(place, own, share, scenario.stations[place].service.moments())
        return
    tenant, name = scenario.tenants[offer[0]], offer[1]
    service, incomplete = tenant.services[name].service.moments(), incomplete_at(scenario, *offer)
    given = Given(offer[0], "/".join(offer), share, service)
    yield given
    if incomplete:
        found_out = service._replace(mean=service.mean * incomplete.costs)
        yield given._replace(share=share * incomplete.at_counter, time=found_out)
    for key, step in then_of(tenant, name).items():
        way = way_onward(key, step)
        if way.to is not None:
            yield from _at(scenario, way.to, share * way.share, own)


def _ratio(work: float, on_duty: float) -> float:
    if on_duty > 0:
        return work / on_duty
    return float("inf") if work > 0 else 0.0
