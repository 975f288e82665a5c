"""Draw the plan of a replication: the only place where luck is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.arrivals import poisson_quantile
from mppsim.plan.backlog import backlog_sources
from mppsim.plan.booking import Slots, book, keep_slots
from mppsim.plan.calls import draw_misses, missed_shares
from mppsim.plan.clock import TICK, on_grid
from mppsim.plan.delegations import delegations_of, draw_delegations
from mppsim.plan.itineraries import Leg, Rows, draw_legs
from mppsim.plan.layout import layout_of
from mppsim.plan.outages import outage_sources
from mppsim.plan.plan import AWAY, Channel, DayPlan, Floats, Integers, Plan, Visitors
from mppsim.plan.queue_up import Drawn, in_order_of_arrival
from mppsim.plan.remote import virtual_queues, with_remote
from mppsim.plan.replay import RecordedVisits, as_recorded, nothing_recorded, recorded_visits
from mppsim.plan.returns import those_who_return, who_may_come_back
from mppsim.plan.rosters import Rosters
from mppsim.plan.sources import Source, all_stops, sources_of
from mppsim.plan.streams import (
    BOOKING_BLOCK,
    CHANNEL_BLOCK,
    DAY_BLOCK,
    HALL,
    RETURN_BLOCK,
    VISITOR_BLOCK,
    Words,
    WordSource,
    call_block,
    high_half,
    low_half,
    stream_key,
    uniform,
)
from mppsim.plan.tables import draw_law, draw_standard
from mppsim.plan.tickets import Tickets, door_of
from mppsim.scenario import Scenario
from mppsim.scenario.days import WEEKDAYS, Weekday
from mppsim.scenario.distributions import Law
from mppsim.scenario.errors import InputError
from mppsim.scenario.places import patience_at
from mppsim.scenario.profile import ArrivalCurve, tenant_curve
from mppsim.scenario.quantiles import Standard

FIRST_BOOKED = 1_000_000
"""Ordinal of the first of those who fill the slots, apart from those of the other visitors."""


def draw_plan(
    scenario: Scenario, *, seed: int = 1, replication: int = 0, day: Weekday | None = None
) -> Plan:
    """Draw one replication: every day of the scenario, or only `day`.

    The same scenario, seed and replication give the same plan on every machine. Raises ValueError
    for a seed outside 0 to 2**64 - 1, a negative replication, or a day that the hall is closed.
    """
    return Drawer(scenario, seed=seed, day=day).draw(replication)


class Drawer:
    """Draws replications of one scenario under one seed; not for use by several threads at once."""

    def __init__(self, scenario: Scenario, *, seed: int = 1, day: Weekday | None = None) -> None:
        if not 0 <= seed < 2**64:
            raise InputError(f"seed: found {seed}; expected a whole number from 0 to 2**64 - 1")
        if day is not None and day in scenario.closed:
            raise InputError(f"day: found {day}, a day on which the hall is closed")
        if day is not None and day not in scenario.days:
            raise InputError(f"day: found {day}; expected one of {', '.join(scenario.days)}")
        self.scenario = scenario
        self.seed = seed
        self.weekdays = tuple(
            weekday for weekday in WEEKDAYS if weekday in scenario.days and day in (None, weekday)
        )
        self.kinds = tuple(scenario.days[weekday].type or weekday for weekday in self.weekdays)
        self.layout = layout_of(scenario)
        self._words = WordSource()
        self._hall_key = stream_key(seed, HALL)
        self._sources = sources_of(scenario, self.layout, seed)
        self._delegations = delegations_of(scenario, seed)
        self._outages = outage_sources(scenario, self.layout, seed)
        self._patience = [patience_at(scenario, station) for station in self.layout.stations]
        self._missed = missed_shares(scenario, self.layout.stations)
        self._virtual_queues = virtual_queues(scenario, self.layout.stations)
        self._curves = {
            weekday: [tenant_curve(scenario, weekday, tenant) for tenant in self.layout.tenants]
            for weekday in self.weekdays
        }
        self._recorded = recorded_visits(scenario, self.layout)
        self._backlog = {
            weekday: backlog_sources(scenario, weekday, self.layout, self._sources, seed)
            for weekday in self.weekdays
        }
        self._rosters = [Rosters(scenario, weekday, seed) for weekday in self.weekdays]
        self._slots = {
            weekday: {
                source.service: Slots.of(scenario, weekday, source.appointments)
                for source in self._sources
                if source.appointments is not None
            }
            for weekday in self.weekdays
        }

    def draw(self, replication: int) -> Plan:
        """Return the plan of a replication; replications are numbered from 0."""
        if replication < 0:
            raise InputError(f"replication: found {replication}; expected at least 0")
        days: list[DayPlan] = []
        visits: list[Drawn] = []
        for weekday in self.weekdays:
            before = days[-1].visitors if days else None
            day, visits = self._draw_day(weekday, replication, before, visits)
            days.append(day)
        return Plan(self.layout, self.seed, replication, tuple(days))

    def _draw_day(
        self,
        weekday: Weekday,
        replication: int,
        before: Visitors | None,
        visits_before: Sequence[Drawn],
    ) -> tuple[DayPlan, list[Drawn]]:
        """Return a day, with those who may come back from the day before, and its first visits."""
        day, rosters = self.scenario.days[weekday], self._rosters[self.weekdays.index(weekday)]
        # What a replay leaves out is drawn once: its replications are all the same.
        replication = 0 if self._recorded is not None else replication
        moment = {"replication": replication, "day": WEEKDAYS.index(weekday)}
        demand = day.demand * self._busy_factor(moment)
        tickets = Tickets.of(self.scenario)
        channels = {}
        # The backlog comes first: at equal times it stands before all others.
        drawn = [
            *self._draw_backlog(weekday, moment),
            *draw_delegations(self._delegations, self.layout, weekday, self._words, moment),
        ]
        for source in self._sources:
            if self._recorded is not None:
                drawn.append(self._draw_recorded(source, weekday, self._recorded, moment))
                continue
            people, channel = self._draw_source(source, weekday, demand, tickets, moment)
            drawn += people
            if channel is not None:
                tickets.give(source.service, channel.booked)
                channels[source.service] = channel
        again = [
            first.come_back(first, self._curves[weekday][self.layout.service_tenant[first.service]])
            for first in visits_before
            if first.come_back is not None
        ]
        visitors, steps = in_order_of_arrival([*drawn, *again], before)
        plan = DayPlan(
            weekday=weekday,
            kind=day.type or weekday,
            opening=day.open,
            closing=day.close,
            door=door_of(self.scenario, weekday, tickets),
            serve_all=self.scenario.closing == "serve_all",
            duty=rosters.drawn(self._words, moment),
            visitors=visitors,
            steps=steps,
            outages=tuple(
                outage
                for source in self._outages
                for outage in source.on(weekday, day, self._words, moment)
            ),
            shift_ends=rosters.shift_ends,
            channels=channels,
        )
        return plan, drawn

    def _busy_factor(self, moment: dict[str, int]) -> float:
        """Return how busy this day is for the whole hall: gamma with mean 1."""
        cv = self.scenario.arrivals.day_to_day_cv
        if cv == 0:
            return 1.0
        words = self._words.words(self._hall_key, DAY_BLOCK, n=1, **moment)
        return float(cv**2 * draw_standard(Standard("gamma", 1 / cv**2), words[:, 1])[0])

    def _draw_backlog(self, weekday: Weekday, moment: dict[str, int]) -> Iterator[Drawn]:
        """Yield the visitors who were there before the first other could come."""
        firsts = [float(curve.edges[0]) for curve in self._curves[weekday]]
        if self.scenario.replay is not None:
            firsts = [visit.arrived for visit in self.scenario.replay if visit.day == weekday]
        there = min(self.scenario.days[weekday].open, *firsts)

        def arrivals(words: Words) -> Floats:
            return on_grid(np.full(len(words), there))

        for source, n in self._backlog[weekday]:
            yield self._draw_visitors(source, n, moment, arrivals, ordinal=-1 - np.arange(n))

    def _draw_recorded(
        self,
        source: Source,
        weekday: Weekday,
        recorded: RecordedVisits,
        moment: dict[str, int],
    ) -> Drawn:
        """Draw only what the table does not say of the visitors of a source."""
        visits = recorded.get((weekday, source.service)) or nothing_recorded()
        drawn = self._draw_visitors(source, len(visits.arrival), moment, lambda _: visits.arrival)
        return as_recorded(drawn, visits)

    def _draw_source(
        self,
        source: Source,
        weekday: Weekday,
        demand: float,
        tickets: Tickets,
        moment: dict[str, int],
    ) -> tuple[list[Drawn], Channel | None]:
        """Return the visitors of a source, and what became of its demand before they came."""
        tenant = int(self.layout.service_tenant[source.service])
        demand *= self.scenario.days[weekday].tenants.get(self.layout.tenants[tenant], 1.0)
        curve = self._curves[weekday][tenant]
        slots = self._slots[weekday].get(source.service)
        left = tickets.left_for_booking(source.service)
        filled = slots.filled(left) if slots else np.empty(0)
        # Those who fill the slots are part of the demand that does not go online.
        rest = source.visitors_per_day * demand - len(filled) / max(1 - source.online, TICK)
        count = self._words.words(source.key, DAY_BLOCK, n=1, **moment)[:, 0]
        n = poisson_quantile(float(uniform(count)[0]), rest)

        def arrivals(words: Words) -> Floats:
            return on_grid(curve.times(uniform(words[:, 0])))

        come = self._draw_visitors(source, n, moment, arrivals)
        if slots is None and source.online == 0:
            return [come], None
        words = self._words.words(source.key, CHANNEL_BLOCK, n=n, **moment)
        visits = uniform(words[:, 0]) >= source.online
        come, channel = come.only(visits), Channel()
        people = [come]
        if slots is not None and slots.rules.fill is not None:
            booked, channel = self._fill_slots(source, slots, filled, moment)
            people = [booked, come]
        elif slots is not None:
            words = self._words.words(source.key, BOOKING_BLOCK, n=n, **moment)[visits]
            come, channel = book(slots, come, words, left)
            people = [come]
        return people, channel._replace(online=n - int(visits.sum()))

    def _fill_slots(
        self, source: Source, slots: Slots, filled: Floats, moment: dict[str, int]
    ) -> tuple[Drawn, Channel]:
        """Return the visitors who take the places of slots that are filled, whatever the demand."""
        key, n = stream_key(self.seed, f"{source.name}/booked"), len(filled)
        ordinal = FIRST_BOOKED + np.arange(n)
        booked = self._draw_visitors(replace(source, key=key), n, moment, lambda _: filled, ordinal)
        words = self._words.words(key, BOOKING_BLOCK, n=n, **moment)
        return keep_slots(slots, booked, filled, words)

    def _draw_visitors(
        self,
        source: Source,
        n: int,
        moment: dict[str, int],
        arrivals: Callable[[Words], Floats],
        ordinal: NDArray[np.int64] | None = None,
    ) -> Drawn:
        """Draw n visitors of a source; `arrivals` reads their words."""
        words = self._words.words(source.key, VISITOR_BLOCK, n=n, **moment)

        def visit_words(block: int, visit: int) -> Words:
            return self._words.words(source.key, block, n=n, visit=visit, **moment)

        def call_words(station: int, visit: int) -> Words:
            block = call_block(self.layout.stations[station])
            return self._words.words(source.key, block, n=n, visit=visit, **moment)

        def likes_to_wait_elsewhere() -> Floats:
            return uniform(self._words.words(source.key, CHANNEL_BLOCK, n=n, **moment)[:, 1])

        def legs_of(returning: Rows | None) -> list[Leg]:
            legs = draw_legs(source.journey, visit_words, n, returning=returning)
            return with_remote(legs, self._virtual_queues, likes_to_wait_elsewhere, call_words)

        def come_back(first: Drawn, curve: ArrivalCurve) -> Drawn:
            """Return the second visits of those of a day's first visitors who may come back."""
            rows = may[np.isin(drawn.ordinal[may], first.ordinal)]
            legs = legs_of(rows)
            words = self._words.words(source.key, RETURN_BLOCK, n=n, **moment)
            return those_who_return(
                first.only(np.isin(first.ordinal, drawn.ordinal[rows])),
                arrival=on_grid(curve.times(uniform(words[rows, 0]))),
                legs=[replace(leg, rows=np.searchsorted(rows, leg.rows)) for leg in legs],
                misses=draw_misses(legs, self._missed, call_words),
            )

        visitors, legs = self.scenario.visitors, legs_of(None)
        may = who_may_come_back(legs)
        drawn = Drawn(
            service=source.service,
            station=source.station,
            ordinal=np.arange(n) if ordinal is None else ordinal,
            arrival=arrivals(words),
            visitor_class=_choose(list(visitors.classes.values()), high_half(words[:, 2])),
            party=np.array(list(visitors.party), np.int32)[
                _choose(list(visitors.party.values()), low_half(words[:, 2]))
            ],
            legs=legs,
            patience=self._patience_by_station(source, words),
            misses=draw_misses(legs, self._missed, call_words),
            balking=high_half(words[:, 3]),
            slot=np.full(n, np.nan),
            ahead=np.zeros(n, np.bool_),
            come_back=come_back if len(may) else None,
        )
        return drawn

    def _patience_by_station(self, source: Source, words: Words) -> dict[int, Floats]:
        """Return each visitor's patience at the stations where it has a limit.

        One word a visitor: who is patient at one station is patient at all.
        """
        by_law: dict[Law, Floats] = {}
        by_station = {}
        for station in {stop.station for stop in all_stops(source.journey)} - {AWAY}:
            law = self._patience[station]
            if law is not None:
                if law not in by_law:
                    by_law[law] = on_grid(draw_law(law, words[:, 1], low_half(words[:, 3])))
                by_station[station] = by_law[law]
        return by_station


def _choose(shares: Sequence[float], u: Floats) -> Integers:
    """Return the index of the share that each uniform falls in."""
    edges = np.array(shares[:-1], np.float64).cumsum()
    return np.searchsorted(edges, u, side="right").astype(np.int32)
