"""Draw the days of a prepared scenario by compiled code."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.compiled.columns import NOTHING_RARE, HallColumns
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
    Room,
    Rows,
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
        self._prepared = prepared
        self._tables = Tables(prepared)
        self._words = WordSource()
        self._of_thread = threading.local()
        self._with_channel = [
            (number, source.service)
            for number, source in enumerate(prepared.sources)
            if source.online > 0 or source.appointments is not None
        ]
        self._columns = HallColumns(prepared, self._tables)
        self._hall = Place(self._tables.hall._replace(columns=self._columns.rows()))
        self._days = [Place(today) for today in self._tables.days]

    def days(self, replication: int) -> tuple[DayPlan, ...]:
        """Return the days of a replication."""
        days = []
        before = _NOBODY_BEFORE
        for number in range(len(self._prepared.days)):
            day, before = self._day(number, replication, before)
            days.append(day)
        return tuple(days)

    def _day(
        self, number: int, replication: int, before: Place[Rows]
    ) -> tuple[DayPlan, Place[Rows]]:
        """Return a day, and the rows of those who may come back on the next one."""
        n, most, scratch = self._rows(number, replication, before)
        room, place = self._columns.room(n, most)
        filled = Place(room)
        n_steps, n_returning = draw_visits(
            self._hall.address, n, replication, scratch.address, filled.address, place.address
        )
        rare = place.tables
        day = self._prepared.days[number]
        late, outages = self._luck(number, replication)
        plan = self._prepared.plan(
            day,
            duty=day.rosters.beginning(late),
            outages=outages,
            visitors=self._columns.visitors(n, room, rare, scratch.tables),
            steps=self._columns.steps(n_steps, room, rare),
            tickets=self._booked(scratch.tables),
            channels=self._channels(day, scratch.tables),
        )
        if not n_returning:
            return plan, _NOBODY_BEFORE
        return plan, self._who_may_return(room, rare.returning[:n_returning], scratch.tables)

    def _rows(
        self, number: int, replication: int, before: Place[Rows]
    ) -> tuple[int, int, Place[Scratch]]:
        """Draw who comes on a day; return how many, the most steps, and the scratch they are in."""
        hall, today, scratch = self._hall.address, self._days[number].address, self._scratch()
        n, most = draw_rows(hall, today, before.address, replication, scratch.address)
        while n == NOTHING:
            scratch = self._scratch(longer=True)
            n, most = draw_rows(hall, today, before.address, replication, scratch.address)
        return n, most, scratch

    @property
    def is_plain(self) -> bool:
        """Tell whether all luck of a day is in the columns of `Room`, so that it can be redrawn."""
        prepared = self._prepared
        lucky = len(self._tables.hall.counters) or prepared.outages or self._with_channel
        return not (lucky or self._columns.rare or self._columns.legs)

    def days_in_room(self, n: int, n_steps: int) -> tuple[Place[Room], tuple[DayPlan, ...]]:
        """Return room for a day of a plain hall, and its days as they are when it is full.

        With more than so many visitors and steps no day can be drawn into it.
        """
        room = self._columns.room(n, n_steps)[0]
        rare, scratch = NOTHING_RARE.tables, self._scratch().tables
        visitors = self._columns.visitors(n, room, rare, scratch)
        steps = self._columns.steps(n_steps, room, rare)
        return Place(room), tuple(
            self._prepared.plan(
                day,
                duty=day.rosters.beginning(()),
                outages=(),
                visitors=visitors,
                steps=steps,
                tickets=None,
                channels={},
            )
            for day in self._prepared.days
        )

    def redraw(self, number: int, replication: int, room: Place[Room]) -> tuple[int, int]:
        """Draw a day of a plain hall into room for it; return how many visitors and steps it has.

        Where they are more than there is room for, nothing is drawn.
        """
        n, most, scratch = self._rows(number, replication, _NOBODY_BEFORE)
        if n >= room.tables.of_visitors.shape[1] or most >= room.tables.of_steps.shape[1]:
            return n, most
        to = room.address, NOTHING_RARE.address
        n_steps, _ = draw_visits(self._hall.address, n, replication, scratch.address, *to)
        return n, n_steps

    def _luck(self, number: int, replication: int) -> tuple[list[float], tuple[Outage, ...]]:
        """Return how late those counters are that may be, and the outages of a day."""
        day, hall = self._prepared.days[number], self._hall.tables
        if not (len(hall.counters) or self._prepared.outages):
            return [], ()
        luck = Luck(
            np.empty(len(hall.counters)),
            np.empty(len(hall.outages), np.int64),
            np.empty((len(hall.outages), _OUTAGES_A_DAY)),
            np.empty((len(hall.outages), _OUTAGES_A_DAY)),
        )
        if len(luck.late) or len(luck.n_outages):
            place, drawn = self._days[number].address, Place(luck)
            draw_luck(self._hall.address, place, replication, drawn.address)
        at_random, outages = zip(*luck[1:], strict=True), []
        for source in self._prepared.outages:
            n, begins, ends = next(at_random) if source.is_random else (NOTHING, *luck[2:])
            if n == NOTHING:
                moment = day.moment(replication)
                outages += source.on(day.weekday, day.day, self._words, moment)
            else:
                outages += source.of(zip(begins[:n].tolist(), ends[:n].tolist(), strict=True))
        return luck.late.tolist(), tuple(outages)

    def _who_may_return(self, room: Room, who: NDArray[np.int32], scratch: Scratch) -> Place[Rows]:
        """Return the rows of these visitors for the next day: without a slot, in the same order."""
        row = self._columns.row(room)
        who = who[row[who].argsort()]
        chosen = row[who]
        luck = scratch.luck[chosen] if len(scratch.luck) else scratch.luck
        found = Rows(scratch.rows[chosen], luck, np.zeros(len(who), SPECIAL))
        found.rows["source"] = self._tables.hall.sources["again"][found.rows["source"]]
        found.special["before"] = who
        found.special["slot"] = np.nan
        return Place(found)

    def _booked(self, scratch: Scratch) -> Tickets | None:
        """Return the tickets of a day as they are booked."""
        tickets = self._prepared.tickets
        if "not_before" not in self._columns.rare:
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
        for number, service in self._with_channel:
            counted = Channel(*scratch.channels[number].tolist())
            slots = day.slots.get(service)
            places = sum(slots.places.values()) if slots else 0
            found[service] = counted._replace(places=places)
        return found

    def _scratch(self, *, longer: bool = False) -> Place[Scratch]:
        """Return the scratch of this thread, new and twice as long where it was too short."""
        scratch: Place[Scratch] | None = getattr(self._of_thread, "scratch", None)
        if scratch is None or longer:
            n = 2 * (len(scratch.tables.rows) - 1) if scratch else _FIRST_ROOM
            scratch = Place(self._new_scratch(n))
            self._of_thread.scratch = scratch
        return scratch

    def _new_scratch(self, n: int) -> Scratch:
        tickets = self._prepared.tickets
        depth = int(self._tables.hall.operations["depth"].max(initial=0)) + 1
        crowds = max(len(day.crowds) for day in self._tables.days)
        columns = self._columns
        drawn = {"visitor_class", "party", "balking", "patience"} & columns.used
        special = {"not_before", "returning"} & columns.rare
        spare = n + 1
        return Scratch(
            rows=np.empty(spare, ROW),
            luck=np.empty(spare if drawn or "stays" in columns.rare else 0, LUCK),
            special=np.empty(spare if special else 0, SPECIAL),
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


_FIRST_ROOM = 4096
_OUTAGES_A_DAY = 64
"""More of one kind on a day are drawn with NumPy."""
_NOBODY_BEFORE = Place(Rows(np.empty(0, ROW), np.empty(0, LUCK), np.empty(0, SPECIAL)))


def _limits(quotas: Sequence[int | Quota | None]) -> NDArray[Any]:
    """Return how many tickets those who book can have under each quota."""
    limits = [online_tickets(quota) for quota in quotas]
    records = np.zeros(len(limits), TICKETS)
    records["limit"] = [NOTHING if limit is None else limit for limit in limits]
    return records
