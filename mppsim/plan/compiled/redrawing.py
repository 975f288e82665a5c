"""Days that are drawn in one place, one after the other: each takes the place of the one before.

Why this way: to make arrays for the columns of a day, and tables of them, takes Python longer than
it takes to draw the day; and memory that was just used is still beside the processor.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.compiled.drawing import CompiledDrawing, draw_visits, places
from mppsim.plan.compiled.places import Place
from mppsim.plan.compiled.records import Luck
from mppsim.plan.plan import Channel, DayPlan, Floats, Integers, Outage
from mppsim.plan.prepared import Prepared, PreparedDay
from mppsim.plan.tickets import for_walk_ins, takes_of_walk_ins


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

    def __init__(self, drawing: CompiledDrawing, size: Size, n_before: int) -> None:
        """Make room; days that need more of it cannot be drawn."""
        self.drawing, self.size = drawing, size
        self.n_before = n_before
        """How many may come back from the day before the one that is drawn next."""
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
        self._outages = [RandomOutages(prepared, day, self._luck.tables) for day in prepared.days]
        self.plans = [*map(self._full, prepared.days, self._outages)]
        """By day of the week; each as it is when the place is full."""
        self._channels = [number for number, _ in drawing.with_channel]
        self._services = [service for _, service in drawing.with_channel]
        self._places = [
            [places(day, service) for service in self._services] for day in prepared.days
        ]
        self._booking_takes = takes_of_walk_ins(
            prepared.tickets, [one.service for one in prepared.sources if one.appointments]
        )

    def _full(self, day: PreparedDay, outages: RandomOutages) -> DayPlan:
        columns, prepared = self.drawing.columns, self.drawing.prepared
        return prepared.plan(
            day,
            duty=day.rosters.beginning([0.0] * len(day.rosters.luck)),
            outages=outages.all,
            visitors=columns.visitors(self.size.visitors, self._room.tables),
            steps=columns.steps(self.size.steps, self._room.tables, self._rare.tables),
            tickets=None,
            channels={},
        )

    @property
    def is_all_in_columns(self) -> bool:
        """Whether the days of a kind differ in nothing but their numbers and columns."""
        lucky = [len(rosters.rows) for rosters in self._rosters]
        lucky += [outages.n_at_random for outages in self._outages]
        rare = {"not_before", "returning"} & self.drawing.columns.rare
        return not (any(lucky) or rare or self._services)

    @property
    def addresses(self) -> tuple[int, int]:
        """Where compiled code finds the columns, and the rare ones."""
        return self._room.address, self._rare.address

    def draw(self, number: int, replication: int) -> Size:
        """Draw a day; where it does not fit, nothing, but tell how much room it needs."""
        drawing = self.drawing
        n_before = self.n_before if number else 0
        n, most, self._scratch = drawing.rows(number, replication, n_before)
        outages = drawing.draw_luck(number, replication, self._luck)
        if n > self.size.visitors or most > self.size.steps or outages > self.size.outages:
            return Size(n, most, outages)
        n_steps, self.n_before = draw_visits(
            *(drawing.hall.address, n, most, replication),
            *(self._scratch.address, self._room.address, self._rare.address),
        )
        return Size(n, int(n_steps), outages)

    def spans(self, number: int) -> tuple[NDArray[np.intp], Floats] | None:
        """Return which spans of duty luck moves on this day of the week, and when they begin.

        None: they begin as on the last such day.
        """
        return self._rosters[number].drawn(self._luck.tables.late)

    def outages(self, number: int) -> tuple[NDArray[np.intp], Floats, Floats] | None:
        """Return which of all outages there are, and when they begin and end; None: always all."""
        return self._outages[number].drawn(self._luck.tables)

    def tickets(self) -> tuple[Integers, Integers] | None:
        """Return the tickets for walk-ins, by tenant and by service; None: always the same."""
        if not self._booking_takes:
            return None
        scratch, tickets = self._scratch.tables, self.drawing.prepared.tickets
        of_tenants = for_walk_ins(tickets.quotas, scratch.tenant_tickets["booked"])
        return of_tenants, for_walk_ins(tickets.service_quotas, scratch.service_tickets["booked"])

    def channels(self, number: int) -> dict[int, NDArray[np.int64]]:
        """Return what became of the demand of the services with slots or a part online."""
        if not self._services:
            return {}
        numbers = np.array(self._scratch.tables.channels[self._channels].tolist())
        numbers[:, _PLACES] = self._places[number]
        return dict(zip(self._services, numbers, strict=True))


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
        self._luck = b""

    def drawn(self, late: Floats) -> tuple[NDArray[np.intp], Floats] | None:
        """Return these spans, and when they begin; None: as they did before.

        Those that a counter misses altogether begin when they end.
        """
        luck = late.tobytes()
        if luck == self._luck or not len(self.rows):
            return None
        self._luck = luck
        begin = np.maximum(self._first + late[self._whose], self._start)
        return self.rows, np.minimum(begin, self._end)


class RandomOutages:
    """The outages of one day of the week: those at random as many as there is room for."""

    def __init__(self, prepared: Prepared, day: PreparedDay, luck: Luck) -> None:
        """Take the room for those at random, which come before all others here."""
        most = luck.begins.shape[1]
        at_random: list[Outage] = []
        planned: list[Outage] = []
        self._places: list[tuple[int, int | None]] = []
        """By kind of outage: its first place among those at random, or the others and how many."""
        for source in prepared.outages:
            if source.is_random:
                self._places.append((len(at_random), None))
                at_random += source.of([(day.day.open, day.day.close)] * most)
            else:
                spans = (source.written.days or {}).get(day.weekday, ())
                self._places.append((len(planned), len(spans)))
                planned += source.of(spans)
        self.all = (*at_random, *planned)
        self.n_at_random = len(at_random)
        self._begin = np.array([outage.begin for outage in self.all])
        self._end = np.array([outage.end for outage in self.all])
        self._known: dict[bytes, NDArray[np.intp]] = {}

    def drawn(self, luck: Luck) -> tuple[NDArray[np.intp], Floats, Floats] | None:
        """Return which of all outages come, and when they begin and end; None: always all."""
        if not self.n_at_random:
            return None
        numbers = luck.n_outages.tobytes()
        which = self._known.get(numbers)
        if which is None:
            which = self._known[numbers] = self._in_order(luck.n_outages.tolist())
        self._begin[: self.n_at_random] = luck.begins.ravel()
        self._end[: self.n_at_random] = luck.ends.ravel()
        return which, self._begin[which], self._end[which]

    def _in_order(self, numbers: list[int]) -> NDArray[np.intp]:
        """Return where the outages are, in the order of a plan, if so many come of each kind."""
        at_random = iter(numbers)
        found: list[int] = []
        for first, n in self._places:
            if n is None:
                found += range(first, first + next(at_random))
            else:
                found += range(self.n_at_random + first, self.n_at_random + first + n)
        return np.array(found, np.intp)
