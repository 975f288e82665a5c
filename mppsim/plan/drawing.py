"""Draw the days of a replication with NumPy: readable, and what compiled code must equal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.arrivals import poisson_quantile
from mppsim.plan.booking import Slots, book, keep_slots
from mppsim.plan.calls import draw_misses
from mppsim.plan.clock import TICK, on_grid
from mppsim.plan.delegations import draw_delegations
from mppsim.plan.itineraries import Leg, Rows, draw_legs
from mppsim.plan.plan import AWAY, Channel, DayPlan, Floats, Integers, Visitors
from mppsim.plan.prepared import Prepared, PreparedDay
from mppsim.plan.queue_up import Drawn, in_order_of_arrival
from mppsim.plan.remote import with_remote
from mppsim.plan.replay import RecordedVisits, as_recorded, nothing_recorded
from mppsim.plan.returns import those_who_return, who_may_come_back
from mppsim.plan.sources import FIRST_BOOKED, Source, all_stops
from mppsim.plan.streams import (
    BOOKING_BLOCK,
    CHANNEL_BLOCK,
    DAY_BLOCK,
    RETURN_BLOCK,
    VISITOR_BLOCK,
    Words,
    WordSource,
    call_block,
    high_half,
    low_half,
    uniform,
)
from mppsim.plan.tables import draw_law, draw_standard
from mppsim.plan.tickets import Tickets
from mppsim.scenario.distributions import Law
from mppsim.scenario.profile import ArrivalCurve
from mppsim.scenario.quantiles import Standard


class Drawing:
    """Draws the days of a prepared scenario; may be used by several threads at once."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._layout = prepared.layout
        self._words = WordSource()

    def days(self, replication: int) -> tuple[DayPlan, ...]:
        """Return the days of a replication."""
        days: list[DayPlan] = []
        visits: list[Drawn] = []
        for prepared in self._prepared.days:
            before = days[-1].visitors if days else None
            day, visits = self._draw_day(prepared, replication, before, visits)
            days.append(day)
        return tuple(days)

    def _draw_day(
        self,
        day: PreparedDay,
        replication: int,
        before: Visitors | None,
        visits_before: Sequence[Drawn],
    ) -> tuple[DayPlan, list[Drawn]]:
        """Return a day, with those who may come back from the day before, and its first visits."""
        prepared, moment = self._prepared, day.moment(replication)
        demand = day.day.demand * self._busy_factor(moment)
        tickets = prepared.tickets.unbooked()
        channels = {}
        # The backlog comes first: at equal times it stands before all others.
        drawn = [
            *self._draw_backlog(day, moment),
            *draw_delegations(prepared.delegations, self._layout, day.weekday, self._words, moment),
        ]
        for source in prepared.sources:
            if prepared.recorded is not None:
                drawn.append(self._draw_recorded(source, day, prepared.recorded, moment))
                continue
            people, channel = self._draw_source(source, day, demand, tickets, moment)
            drawn += people
            if channel is not None:
                tickets.give(source.service, channel.booked)
                channels[source.service] = channel
        again = [
            first.come_back(first, day.curves[self._layout.service_tenant[first.service]])
            for first in visits_before
            if first.come_back is not None
        ]
        visitors, steps = in_order_of_arrival([*drawn, *again], before)
        if not any(self._layout.balk_shares):
            visitors = replace(visitors, balking=np.zeros(0))
        plan = prepared.plan(
            day,
            duty=day.rosters.drawn(self._words, moment),
            outages=tuple(
                outage
                for source in prepared.outages
                for outage in source.on(day.weekday, day.day, self._words, moment)
            ),
            visitors=visitors,
            steps=steps,
            tickets=tickets,
            channels=channels,
        )
        return plan, drawn

    def _busy_factor(self, moment: dict[str, int]) -> float:
        """Return how busy this day is for the whole hall: gamma with mean 1."""
        cv = self._prepared.scenario.arrivals.day_to_day_cv
        if cv == 0:
            return 1.0
        words = self._words.words(self._prepared.hall_key, DAY_BLOCK, n=1, **moment)
        return float(cv**2 * draw_standard(Standard("gamma", 1 / cv**2), words[:, 1])[0])

    def _draw_backlog(self, day: PreparedDay, moment: dict[str, int]) -> Iterator[Drawn]:
        """Yield the visitors who were there before the first other could come."""

        def arrivals(words: Words) -> Floats:
            return np.full(len(words), day.there)

        for source, n in day.backlog:
            yield self._draw_visitors(source, n, moment, arrivals, ordinal=-1 - np.arange(n))

    def _draw_recorded(
        self,
        source: Source,
        day: PreparedDay,
        recorded: RecordedVisits,
        moment: dict[str, int],
    ) -> Drawn:
        """Draw only what the table does not say of the visitors of a source."""
        visits = recorded.get((day.weekday, source.service)) or nothing_recorded()
        drawn = self._draw_visitors(source, len(visits.arrival), moment, lambda _: visits.arrival)
        return as_recorded(drawn, visits)

    def _draw_source(
        self,
        source: Source,
        day: PreparedDay,
        demand: float,
        tickets: Tickets,
        moment: dict[str, int],
    ) -> tuple[list[Drawn], Channel | None]:
        """Return the visitors of a source, and what became of its demand before they came."""
        tenant = int(self._layout.service_tenant[source.service])
        demand *= day.demand[tenant]
        curve, slots = day.curves[tenant], day.slots.get(source.service)
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
        source, n = self._prepared.filling[source.service], len(filled)
        ordinal = FIRST_BOOKED + np.arange(n)
        booked = self._draw_visitors(source, n, moment, lambda _: filled, ordinal)
        words = self._words.words(source.key, BOOKING_BLOCK, n=n, **moment)
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
            block = call_block(self._layout.stations[station])
            return self._words.words(source.key, block, n=n, visit=visit, **moment)

        def likes_to_wait_elsewhere() -> Floats:
            return uniform(self._words.words(source.key, CHANNEL_BLOCK, n=n, **moment)[:, 1])

        def legs_of(returning: Rows | None) -> list[Leg]:
            legs = draw_legs(source.journey, visit_words, n, returning=returning)
            queues = self._prepared.virtual_queues
            return with_remote(legs, queues, likes_to_wait_elsewhere, call_words)

        def come_back(first: Drawn, curve: ArrivalCurve) -> Drawn:
            """Return the second visits of those of a day's first visitors who may come back."""
            rows = may[np.isin(drawn.ordinal[may], first.ordinal)]
            legs = legs_of(rows)
            words = self._words.words(source.key, RETURN_BLOCK, n=n, **moment)
            return those_who_return(
                first.only(np.isin(first.ordinal, drawn.ordinal[rows])),
                arrival=on_grid(curve.times(uniform(words[rows, 0]))),
                legs=[replace(leg, rows=np.searchsorted(rows, leg.rows)) for leg in legs],
                misses=draw_misses(legs, self._prepared.missed, call_words),
            )

        visitors, legs = self._prepared.scenario.visitors, legs_of(None)
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
            misses=draw_misses(legs, self._prepared.missed, call_words),
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
            law = self._prepared.patience[station]
            if law is not None:
                if law not in by_law:
                    by_law[law] = on_grid(draw_law(law, words[:, 1], low_half(words[:, 3])))
                by_station[station] = by_law[law]
        return by_station


def _choose(shares: Sequence[float], u: Floats) -> Integers:
    """Return the index of the share that each uniform falls in."""
    edges = np.array(shares[:-1], np.float64).cumsum()
    return np.searchsorted(edges, u, side="right").astype(np.int32)
