"""Draw the days of a prepared scenario by compiled code."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.compiled.counts import room_for_weights
from mppsim.plan.compiled.hall import Tables
from mppsim.plan.compiled.luck import draw_luck
from mppsim.plan.compiled.records import (
    CHANNEL,
    NOTHING,
    ROW,
    TICKETS,
    USUAL,
    Columns,
    Rare,
    Scratch,
)
from mppsim.plan.compiled.rows import draw_rows
from mppsim.plan.compiled.sorting import LONGEST_DIGIT
from mppsim.plan.compiled.visits import draw_visits
from mppsim.plan.compiling import announced, is_kept
from mppsim.plan.plan import Channel, DayPlan, Floats, Outage, Steps, Visitors
from mppsim.plan.prepared import Prepared, PreparedDay
from mppsim.plan.streams import WordSource
from mppsim.plan.tickets import Tickets
from mppsim.scenario.appointments import online_tickets
from mppsim.scenario.booking import Quota


class CompiledDrawing:
    """Draws the days of a scenario; may be used by several threads at once."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._tables = Tables(prepared)
        self._words = WordSource()
        self._of_thread = threading.local()
        operations, legs = self._tables.hall.operations, self._tables.legs
        self._legs = {name: column for name, column in legs.items() if column.any()}
        self._with_channel = [
            (number, source.service)
            for number, source in enumerate(prepared.sources)
            if source.online > 0 or source.appointments is not None
        ]
        books = any(source.appointments is not None for source in prepared.sources)
        used = {
            "stays": bool(prepared.delegations),
            "returning": (operations["returns"] | operations["returns_lacking"]).any(),
            "not_before": books,
            "ahead": books,
            "misses": operations["missed"].any(),
            "remote": bool(prepared.virtual_queues),
            "line_choice": operations["chooses_line"].any(),
        }
        self._used = {name for name, is_used in used.items() if is_used}
        """Columns that only some halls use, and this one does."""
        self._compile()

    def days(self, replication: int) -> tuple[DayPlan, ...]:
        """Return the days of a replication."""
        days = []
        before = _NOBODY
        for number in range(len(self._prepared.days)):
            day, before = self._day(number, replication, before)
            days.append(day)
        return tuple(days)

    def _compile(self) -> None:
        """Compile what is needed, or load it, before several threads ask for it at once."""
        hall, today, scratch = self._tables.hall, self._tables.days[0], self._scratch()
        with announced("the drawing of plans (some ten seconds)"):
            draw_rows(hall, today._replace(crowds=today.crowds[:0]), _NOBODY, 0, scratch)
            draw_luck(hall, today, 0, *self._room_for_luck())
            draw_visits(hall, 0, 0, scratch, _columns(0, 0), self._rare(0))

    def _day(
        self, number: int, replication: int, before: NDArray[Any]
    ) -> tuple[DayPlan, NDArray[Any]]:
        """Return a day, and the rows of those who may come back on the next one."""
        hall, today = self._tables.hall, self._tables.days[number]
        scratch = self._scratch()
        n, most = draw_rows(hall, today, before, replication, scratch)
        while n == NOTHING:
            scratch = self._scratch(longer=True)
            n, most = draw_rows(hall, today, before, replication, scratch)
        columns, rare = _columns(n, most), self._rare(max(n, most))
        n_steps, n_returning = draw_visits(hall, n, replication, scratch, columns, rare)
        rows = scratch.rows
        visitors = Visitors(
            arrival=columns.arrival,
            service=columns.service,
            ordinal=columns.ordinal,
            visitor_class=columns.visitor_class,
            party=columns.party,
            first_step=columns.first_step,
            balking=columns.balking,
            **self._rare_of_visitors(columns, rare, rows),
        )
        steps = Steps(
            station=columns.station[:n_steps],
            service=columns.step_service[:n_steps],
            service_time=columns.service_time[:n_steps],
            patience=columns.patience[:n_steps],
            **self._rare_of_steps(columns, rare, n_steps),
        )
        day = self._prepared.days[number]
        late, outages = self._luck(number, replication)
        plan = self._prepared.plan(
            day,
            duty=day.rosters.beginning(late),
            outages=outages,
            visitors=visitors,
            steps=steps,
            tickets=self._booked(scratch),
            channels=self._channels(day, scratch),
        )
        return plan, self._who_may_return(columns, rare.returning[:n_returning], rows)

    def _luck(self, number: int, replication: int) -> tuple[list[float], tuple[Outage, ...]]:
        """Return how late those counters are that may be, and the outages of a day."""
        hall, day = self._tables.hall, self._prepared.days[number]
        late, n_drawn, drawn = self._room_for_luck()
        if len(late) or len(drawn):
            draw_luck(hall, self._tables.days[number], replication, late, n_drawn, drawn)
        at_random, outages = zip(n_drawn.tolist(), drawn, strict=True), []
        for source in self._prepared.outages:
            n, times = next(at_random) if source.is_random else (NOTHING, drawn)
            if n == NOTHING:
                moment = day.moment(replication)
                outages += source.on(day.weekday, day.day, self._words, moment)
            else:
                outages += source.of(times[:n].tolist())
        return late.tolist(), tuple(outages)

    def _room_for_luck(self) -> tuple[Floats, NDArray[np.int64], Floats]:
        n_counters, n_outages = len(self._tables.hall.counters), len(self._tables.hall.outages)
        times = np.empty((n_outages, _OUTAGES_A_DAY, 2))
        return np.empty(n_counters), np.empty(n_outages, np.int64), times

    def _rare_of_visitors(
        self, columns: Columns, rare: Rare, rows: NDArray[Any]
    ) -> dict[str, NDArray[Any]]:
        """Return the columns of the visitors that only some halls use."""
        found: dict[str, NDArray[Any]] = {}
        if "not_before" in self._used:
            found |= {name: rows[name][columns.row] for name in ("slot", "booking")}
        if "stays" in self._used:
            found["stay_zone"] = self._tables.zones[rows["source"][columns.row]]
            found["stays"] = rare.stays[: len(columns.row)]
        if "returning" in self._used:
            found["returns"] = rows["before"][columns.row]
        return found

    def _rare_of_steps(self, columns: Columns, rare: Rare, n: int) -> dict[str, NDArray[Any]]:
        """Return the columns of the steps that only some halls use."""
        leg = columns.leg[:n]
        same_in_leg = {name: column.take(leg) for name, column in self._legs.items()}
        return same_in_leg | {name: getattr(rare, name)[:n] for name in self._used & _RARE_OF_STEPS}

    def _who_may_return(
        self, columns: Columns, who: NDArray[np.int32], rows: NDArray[Any]
    ) -> NDArray[Any]:
        """Return the rows of these visitors for the next day: without a slot, in the same order."""
        if not len(who):
            return _NOBODY
        who = who[columns.row[who].argsort()]
        found = rows[columns.row[who]]
        found["source"] = self._tables.hall.sources["again"][found["source"]]
        found["before"] = who
        found["slot"] = np.nan
        found["ahead"] = False
        return found

    def _booked(self, scratch: Scratch) -> Tickets:
        """Return the tickets of a day as they are booked."""
        tickets = self._prepared.tickets
        if "not_before" not in self._used:
            return tickets
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

    def _rare(self, n: int) -> Rare:
        """Return the columns of rare features; where the hall does not use them, empty."""
        if not self._used:
            return _UNUSED
        return Rare(
            **{
                name: np.repeat(usual, n if name in self._used else 0)
                for name, usual in USUAL.items()
            }
        )

    def _scratch(self, *, longer: bool = False) -> Scratch:
        """Return the scratch of this thread, new and twice as long where it was too short."""
        scratch: Scratch | None = getattr(self._of_thread, "scratch", None)
        if scratch is None or longer:
            n = 2 * len(scratch.rows) if scratch else _FIRST_ROOM
            scratch = self._new_scratch(n)
            self._of_thread.scratch = scratch
        return scratch

    def _new_scratch(self, n: int) -> Scratch:
        tickets = self._prepared.tickets
        depth = int(self._tables.hall.operations["depth"].max(initial=0)) + 1
        crowds = max(len(day.crowds) for day in self._tables.days)
        return Scratch(
            rows=np.zeros(n, ROW),
            arrival=np.empty(n),
            ticks=np.empty((2, n), np.uint64),
            order=np.empty((2, n), np.int32),
            counts=np.empty(1 << LONGEST_DIGIT, np.int64),
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


def _columns(n: int, n_steps: int) -> Columns:
    return Columns(
        row=np.empty(n, np.int32),
        arrival=np.empty(n),
        service=np.empty(n, np.int32),
        ordinal=np.empty(n, np.int32),
        visitor_class=np.empty(n, np.int32),
        party=np.empty(n, np.int32),
        first_step=np.empty(n + 1, np.int32),
        balking=np.empty(n),
        leg=np.empty(n_steps, np.int32),
        station=np.empty(n_steps, np.int32),
        step_service=np.empty(n_steps, np.int32),
        service_time=np.empty(n_steps),
        patience=np.empty(n_steps),
    )


def is_compiled() -> bool:
    """Tell whether the code has been compiled before, in this process or another."""
    return all(map(is_kept, (draw_rows, draw_visits, draw_luck)))


_UNUSED = Rare(**{name: usual[:0] for name, usual in USUAL.items()})
_RARE_OF_STEPS = {"not_before", "ahead", "misses", "remote", "line_choice"}
_FIRST_ROOM = 4096
_OUTAGES_A_DAY = 64
"""More of one kind on a day are drawn with NumPy."""
_NOBODY = np.empty(0, ROW)


def _limits(quotas: Sequence[int | Quota | None]) -> NDArray[Any]:
    """Return how many tickets those who book can have under each quota."""
    limits = [online_tickets(quota) for quota in quotas]
    records = np.zeros(len(limits), TICKETS)
    records["limit"] = [NOTHING if limit is None else limit for limit in limits]
    return records
