"""Draw the days of a prepared scenario by compiled code."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.compiled.columns import HallColumns
from mppsim.plan.compiled.counts import room_for_weights
from mppsim.plan.compiled.hall import Tables
from mppsim.plan.compiled.places import Place
from mppsim.plan.compiled.records import (
    CHANNEL,
    LUCK,
    NOTHING,
    ROW,
    SPECIAL,
    TICKETS,
    Luck,
    Scratch,
)
from mppsim.plan.compiled.sorting import LONGEST_DIGIT
from mppsim.plan.compiling import Kernel
from mppsim.plan.plan import Channel, DayPlan, Outage
from mppsim.plan.prepared import Prepared, PreparedDay
from mppsim.plan.streams import WordSource
from mppsim.plan.tickets import Tickets
from mppsim.scenario.appointments import online_tickets
from mppsim.scenario.booking import Quota

draw_rows = Kernel("mppsim.plan.compiled.rows:draw_rows")
draw_visits = Kernel("mppsim.plan.compiled.visits:draw_visits")
draw_luck = Kernel("mppsim.plan.compiled.luck:draw_luck")


class CompiledDrawing:
    """Draws the days of a scenario; may be used by several threads at once."""

    def __init__(self, prepared: Prepared) -> None:
        self.prepared = prepared
        self._tables = Tables(prepared)
        self._words = WordSource()
        self._of_thread = threading.local()
        self.with_channel = [
            (number, source.service)
            for number, source in enumerate(prepared.sources)
            if source.online > 0 or source.appointments is not None
        ]
        """The services with slots or a part online, each with its number among the sources."""
        self.columns = HallColumns(prepared, self._tables)
        self.hall = Place(self._tables.hall._replace(columns=self.columns.rows()))
        self._days = [Place(today) for today in self._tables.days]

    def days(self, replication: int) -> tuple[DayPlan, ...]:
        """Return the days of a replication."""
        days = []
        n_before = 0
        for number in range(len(self.prepared.days)):
            day, n_before = self._day(number, replication, n_before)
            days.append(day)
        return tuple(days)

    def _day(self, number: int, replication: int, n_before: int) -> tuple[DayPlan, int]:
        """Return a day, and how many in the scratch may come back on the next one."""
        n, most, scratch = self.rows(number, replication, n_before)
        room, place = self.columns.room(n, most)
        filled = Place(room)
        n_steps, n_later = draw_visits(
            *(self.hall.address, n, most, replication),
            *(scratch.address, filled.address, place.address),
        )
        rare = place.tables
        day = self.prepared.days[number]
        late, outages = self._luck(number, replication)
        plan = self.prepared.plan(
            day,
            duty=day.rosters.beginning(late),
            outages=outages,
            visitors=self.columns.visitors(n, room),
            steps=self.columns.steps(n_steps, room, rare),
            tickets=self._booked(scratch.tables),
            channels=self._channels(day, scratch.tables),
        )
        return plan, n_later

    def rows(self, number: int, replication: int, n_before: int) -> tuple[int, int, Place[Scratch]]:
        """Draw who comes on a day; so many in the scratch may come back from the day before.

        Return how many they are, the most steps, and the scratch they are in.
        """
        hall, today, scratch = self.hall.address, self._days[number].address, self.scratch()
        n, most = draw_rows(hall, today, n_before, replication, scratch.address)
        while n == NOTHING:
            short, scratch = scratch.tables, self.scratch(longer=True)
            for name in ("later_rows", "later_luck", "later_special"):
                kept = getattr(short, name)
                getattr(scratch.tables, name)[: len(kept)] = kept
            n, most = draw_rows(hall, today, n_before, replication, scratch.address)
        return n, most, scratch

    def day_at(self, number: int) -> int:
        """Return where compiled code finds what is the same on all days of a kind."""
        return self._days[number].address

    def draw_luck(self, number: int, replication: int, luck: Place[Luck]) -> int:
        """Draw how late those counters are that may be, and the outages at random of a day.

        Return for how many outages of each kind there must be room; those with less have NOTHING.
        """
        late, n_outages, begins, _ = luck.tables
        if not (len(late) or len(n_outages)):
            return 0
        draw_luck(self.hall.address, self._days[number].address, replication, luck.address)
        return 2 * begins.shape[1] if NOTHING in n_outages.tolist() else 0

    def room_for_luck(self, outages: int) -> Place[Luck]:
        """Return room for the luck of a day, with so many outages of each kind at most."""
        hall = self.hall.tables
        shape = len(hall.outages), outages
        n_outages = np.empty(len(hall.outages), np.int64)
        return Place(
            Luck(np.empty(len(hall.counters)), n_outages, np.empty(shape), np.empty(shape))
        )

    def _luck(self, number: int, replication: int) -> tuple[list[float], tuple[Outage, ...]]:
        """Return how late those counters are that may be, and the outages of a day."""
        day, hall = self.prepared.days[number], self.hall.tables
        if not (len(hall.counters) or self.prepared.outages):
            return [], ()
        drawn = self.room_for_luck(OUTAGES_A_DAY)
        self.draw_luck(number, replication, drawn)
        luck = drawn.tables
        at_random, outages = zip(*luck[1:], strict=True), []
        for source in self.prepared.outages:
            n, begins, ends = next(at_random) if source.is_random else (NOTHING, *luck[2:])
            if n == NOTHING:
                moment = day.moment(replication)
                outages += source.on(day.weekday, day.day, self._words, moment)
            else:
                outages += source.of(zip(begins[:n].tolist(), ends[:n].tolist(), strict=True))
        return luck.late.tolist(), tuple(outages)

    def _booked(self, scratch: Scratch) -> Tickets | None:
        """Return the tickets of a day as they are booked."""
        tickets = self.prepared.tickets
        if "not_before" not in self.columns.rare:
            return None
        of_tenants, of_services = scratch.tenant_tickets, scratch.service_tickets
        return replace(
            tickets,
            booked=of_tenants["booked"].astype(np.int32),
            service_booked=of_services["booked"].astype(np.int32),
        )

    def _channels(self, day: PreparedDay, scratch: Scratch) -> dict[int, Channel]:
        """Return what became of the demand of the services with slots or a part online."""
        found = {}
        for number, service in self.with_channel:
            counted = Channel(*scratch.channels[number].tolist())
            found[service] = counted._replace(places=places(day, service))
        return found

    def scratch(self, *, longer: bool = False) -> Place[Scratch]:
        """Return the scratch of this thread, new and twice as long where it was too short."""
        scratch: Place[Scratch] | None = getattr(self._of_thread, "scratch", None)
        if scratch is None or longer:
            n = 2 * (len(scratch.tables.rows) - 1) if scratch else _FIRST_ROOM
            scratch = Place(self._new_scratch(n))
            self._of_thread.scratch = scratch
        return scratch

    def _new_scratch(self, n: int) -> Scratch:
        tickets = self.prepared.tickets
        depth = int(self._tables.hall.operations["depth"].max(initial=0)) + 1
        crowds = max(len(day.crowds) for day in self._tables.days)
        columns = self.columns
        drawn = {"visitor_class", "party", "balking", "stays", "patience"} & columns.used
        special = "not_before" in columns.rare or columns.returns
        spare = n + 1
        later = spare if columns.returns else 0
        return Scratch(
            rows=np.empty(spare, ROW),
            luck=np.empty(spare if drawn else 0, LUCK),
            special=np.empty(spare if special else 0, SPECIAL),
            later_rows=np.empty(later, ROW),
            later_luck=np.empty(later if drawn else 0, LUCK),
            later_special=np.empty(later, SPECIAL),
            arrival=np.empty(spare),
            times=np.empty((spare, self._tables.n_columns)),
            keys=np.empty((2, n), np.uint64),
            counts=np.empty(1 << LONGEST_DIGIT, np.int32),
            weights=np.empty(room_for_weights(n)),
            free=np.empty(max(int(day.slots["n"].max()) for day in self._tables.days)),
            tenant_tickets=_limits(tickets.quotas),
            service_tickets=_limits(tickets.service_quotas),
            channels=np.zeros(crowds, CHANNEL),
            visits=np.empty(self._tables.n_places, np.int64),
            number=np.empty(depth, np.int64),
            route=np.empty(depth),
            papers=np.empty(depth),
        )


def places(day: PreparedDay, service: int) -> int:
    """Return how many places can be booked for a service on a day."""
    slots = day.slots.get(service)
    return sum(slots.places.values()) if slots else 0


_FIRST_ROOM = 4096
OUTAGES_A_DAY = 64
"""More of one kind on a day are drawn with NumPy."""


def _limits(quotas: Sequence[int | Quota | None]) -> NDArray[Any]:
    """Return how many tickets those who book can have under each quota."""
    limits = [online_tickets(quota) for quota in quotas]
    records = np.zeros(len(limits), TICKETS)
    records["limit"] = [NOTHING if limit is None else limit for limit in limits]
    return records
