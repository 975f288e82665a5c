"""Days that are drawn in one place, one after the other: each takes the place of the one before.

Why this way: to make arrays for the columns of a day, and tables of them, takes Python longer than
it takes to draw the day; and memory that was just used is still beside the processor.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.compiled.drawing import NOBODY_BEFORE, CompiledDrawing, draw_visits, places
from mppsim.plan.compiled.places import Place
from mppsim.plan.compiled.records import Luck, Rows
from mppsim.plan.plan import Channel, DayPlan, Floats, Integers, Outage
from mppsim.plan.prepared import Prepared, PreparedDay
from mppsim.plan.tickets import for_walk_ins


class Size(NamedTuple):
    """How much room days need."""

    visitors: int
    steps: int
    outages: int
    """Of each kind that comes at random."""

    def fits(self, room: Size) -> bool:
        """Tell whether there is so much room."""
        return not (
            self.visitors > room.visitors or self.steps > room.steps or self.outages > room.outages
        )


class Redrawing:
    """Draws the days of a hall in one place."""

    def __init__(
        self, drawing: CompiledDrawing, size: Size, before: Place[Rows] = NOBODY_BEFORE
    ) -> None:
        """Make room; days that need more of it cannot be drawn."""
        self._drawing, self.size = drawing, size
        self.before = before
        """Who may come back from the day before the one that is drawn next."""
        prepared, columns = drawing.prepared, drawing.columns
        room, self._rare = columns.room(size.visitors, size.steps)
        # As if all had befallen all, so that whoever looks makes ready for it.
        room.of_visitors[:] = np.arange(size.visitors + 1)
        room.of_steps[:] = 1
        for flags in (self._rare.tables.ahead, self._rare.tables.misses):
            flags.fill(True)
        self._room = Place(room)
        self._luck = drawing.room_for_luck(size.outages)
        self._rosters = [LateRosters(day) for day in prepared.days]
        self._outages = [RandomOutages(prepared, day, size.outages) for day in prepared.days]
        self.plans = [*map(self._full, prepared.days, self._outages)]
        """By day of the week; each as it is when the place is full."""
        self._channels = [number for number, _ in drawing.with_channel]
        self._services = [service for _, service in drawing.with_channel]
        self._places = [
            [places(day, service) for service in self._services] for day in prepared.days
        ]

    def _full(self, day: PreparedDay, outages: RandomOutages) -> DayPlan:
        columns, prepared = self._drawing.columns, self._drawing.prepared
        return prepared.plan(
            day,
            duty=day.rosters.beginning([0.0] * len(day.rosters.luck)),
            outages=outages.all,
            visitors=columns.visitors(self.size.visitors, self._room.tables),
            steps=columns.steps(self.size.steps, self._room.tables, self._rare.tables),
            tickets=None,
            channels={},
        )

    def draw(self, number: int, replication: int) -> Size:
        """Draw a day; where it does not fit, nothing, but tell how much room it needs."""
        drawing = self._drawing
        before = self.before if number else NOBODY_BEFORE
        n, most, self._scratch = drawing.rows(number, replication, before)
        outages = drawing.draw_luck(number, replication, self._luck)
        if n > self.size.visitors or most > self.size.steps or outages > self.size.outages:
            return Size(n, most, outages)
        n_steps, n_returning = draw_visits(
            *(drawing.hall.address, n, most, replication),
            *(self._scratch.address, self._room.address, self._rare.address),
        )
        if "returning" in drawing.columns.rare:
            who = self._rare.tables.returning[:n_returning]
            self.before = drawing.who_may_return(self._room.tables, who, self._scratch.tables)
        return Size(n, int(n_steps), outages)

    def spans(self, number: int) -> tuple[NDArray[np.intp], Floats] | None:
        """Return which spans of duty luck moves on this day of the week, and when they begin."""
        rosters = self._rosters[number]
        return (rosters.rows, rosters.starts(self._luck.tables.late)) if len(rosters.rows) else None

    def outages(self, number: int) -> tuple[NDArray[np.intp], Floats, Floats] | None:
        """Return which of all outages there are, and when they begin and end; None: always all."""
        outages = self._outages[number]
        return outages.drawn(self._luck.tables) if len(outages.at_random) else None

    def tickets(self) -> tuple[Integers, Integers] | None:
        """Return the tickets for walk-ins, by tenant and by service; None where nobody books."""
        if "not_before" not in self._drawing.columns.rare:
            return None
        scratch, tickets = self._scratch.tables, self._drawing.prepared.tickets
        of_tenants = for_walk_ins(tickets.quotas, scratch.tenant_tickets["booked"])
        return of_tenants, for_walk_ins(tickets.service_quotas, scratch.service_tickets["booked"])

    def channels(self, number: int) -> dict[int, NDArray[np.int64]]:
        """Return what became of the demand of the services with slots or a part online."""
        if not self._channels:
            return {}
        numbers = self._scratch.tables.channels.view(np.int64).reshape(-1, len(Channel._fields))
        rows = numbers[self._channels]
        rows[:, _PLACES] = self._places[number]
        return dict(zip(self._services, rows, strict=True))


_PLACES = Channel._fields.index("places")


class LateRosters:
    """The spans of duty, on one day of the week, of the counters that may be late or absent."""

    def __init__(self, day: PreparedDay) -> None:
        """Take the counters in the order in which they draw their luck."""
        duty = day.rosters.beginning([0.0] * len(day.rosters.luck))
        own = [duty[counter] for counter in day.rosters.luck]
        before = np.cumsum([0, *map(len, duty)])
        spans = [(*span, here[0].start) for here in own for span in here]
        self._start, self._end, self._first = np.array(spans).reshape(-1, 3).T.copy()
        self._whose = np.arange(len(own)).repeat([*map(len, own)])
        self.rows = np.concatenate(
            [np.arange(before[k], before[k + 1]) for k in day.rosters.luck] or [before[:0]]
        )
        """Of these spans among those of all counters."""

    def starts(self, late: Floats) -> Floats:
        """Return when the spans begin; those that a counter misses altogether, when they end."""
        begin = np.maximum(self._first + late[self._whose], self._start)
        return np.minimum(begin, self._end, out=begin)


class RandomOutages:
    """The outages of one day of the week: those at random as many as there is room for."""

    def __init__(self, prepared: Prepared, day: PreparedDay, most: int) -> None:
        """Leave room for so many of each kind that comes at random."""
        planned: list[Outage] = []
        at_random = []
        for source in prepared.outages:
            if source.is_random:
                at_random.append(np.arange(len(planned), len(planned) + most))
                planned += source.of([(day.day.open, day.day.close)] * most)
            else:
                planned += source.of((source.written.days or {}).get(day.weekday, ()))
        self.all = tuple(planned)
        """In the order in which a plan has them."""
        self.at_random = np.array(at_random, np.intp).reshape(-1, most)
        self._number = np.arange(most)
        self._begin = np.array([outage.begin for outage in planned])
        self._end = np.array([outage.end for outage in planned])
        self._comes = np.ones(len(planned), np.bool_)

    def drawn(self, luck: Luck) -> tuple[NDArray[np.intp], Floats, Floats]:
        """Return which of all outages come, and when they begin and end."""
        self._comes[self.at_random] = self._number < luck.n_outages[:, None]
        self._begin[self.at_random], self._end[self.at_random] = luck.begins, luck.ends
        which = np.flatnonzero(self._comes)
        return which, self._begin[which], self._end[which]
