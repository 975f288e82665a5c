"""Summaries from the tables that compiled code fills, day by day as they are simulated."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.compiled.jit import COMPILES
from mppsim.engine.trace import DayTrace, Notes, Trace
from mppsim.measure.compiled.day_tables import (
    Array,
    by_day,
    in_order,
    in_turn,
    is_used,
    most_stays,
    numbers_of,
    of_day,
    of_duty,
    of_layout,
    of_outages,
    room_for,
)
from mppsim.measure.compiled.kinds import FINDER, PLACES, Kind
from mppsim.measure.compiled.paths import STEP
from mppsim.measure.compiled.promise_tables import (
    most_losses,
    most_made,
    numbers_of_promises,
    of_promises,
    promise_counts,
)
from mppsim.measure.compiled.tables import (
    BY_DAY,
    DAY,
    DTYPES,
    JOURNEYS,
    OF_EACH_DAY,
    VISITS,
)
from mppsim.measure.counters import CounterMinutes
from mppsim.measure.gate import AtGate
from mppsim.measure.over_time import GRID_STEP, OverTime, Path, grid_between, path_type
from mppsim.measure.rosters import Spans
from mppsim.measure.summary import (
    Journeys,
    Summary,
    Visits,
    channel_numbers,
    codes,
    known_by_type,
    summarize_all,
    ticks_type,
)
from mppsim.plan.compiled.addresses import address_of
from mppsim.plan.compiling import Kernel
from mppsim.plan.plan import Channel, DayPlan, Floats, Outage, Plan

assert STEP == GRID_STEP
measure_at = Kernel("mppsim.measure.compiled.measuring:measure_at")


def summarize_compiled(traces: Iterable[Trace], n: int) -> Summary:
    """Return the summary of about n replications that follow each other, each measured as it comes.

    Raises ValueError where their hours differ, OverflowError for too long a day or too large a
    party.
    """
    if not COMPILES:
        return summarize_all(traces)
    every = iter(traces)
    first = next(every)
    with measuring(first.plan, n) as summing:
        for trace in chain([first], every):
            summing.add(trace)
        return summing.summary()


@contextmanager
def measuring(first: Plan, n: int) -> Iterator[Summing]:
    """Have what measures about n replications of the hall of the first one."""
    summing: Summing | None = vars(_OF_THREAD).pop("summing", None)
    if summing is None or (summing.layout, summing.hours) != (first.layout, _hours(first)):
        summing = Summing(first)
    summing.begin(first, n)
    yield summing
    _OF_THREAD.summing = summing


_OF_THREAD = threading.local()
"""What a thread measured with last, as it may go on with it: memory is slow at first."""


Channels = Mapping[int, Channel | NDArray[np.int64]]
"""By service, what became of its demand."""


class _OfDay(NamedTuple):
    """What Python knows of a day."""

    opening: float
    closing: float
    channels: Channels


class Summing:
    """Measures replications of one hall; what it needs memory for is used again."""

    def __init__(self, first: Plan) -> None:
        self.layout, self.hours = first.layout, _hours(first)
        layout = self.layout
        self._grid = grid_between(*self.hours)
        self._numbers = numbers_of(layout, self._grid) | numbers_of_promises(layout)
        self._has_line_alone = not (self._numbers["has_gate"] or self._numbers["has_areas"])
        self._none = np.array([self._numbers.get(name, 0) for name in DAY.names or ()], np.int64)
        self.record = self._none.copy()
        self._tables: dict[str, Array] = {}
        self.addresses = np.zeros(len(DTYPES), np.int64)
        self.place = address_of(self.addresses)
        self._put({"day": self.record, **of_layout(layout), **of_promises(layout)})
        self._put({name: np.empty(0, DTYPES[name]) for name in (*JOURNEYS, *VISITS)})
        self._put({**by_day(layout, self._numbers), **room_for(0, self._numbers)})
        self._opens_and_closes = np.empty(2)
        self._duty: tuple[Spans, ...] | None = None
        self._outages: tuple[Outage, ...] | None = None
        self._most_noted = 0
        self._put({"in_pieces": np.zeros(0, np.uint8)})

    def begin(self, first: Plan, n: int) -> None:
        """Begin with about n replications."""
        self.record[:] = self._none
        self._days: list[_OfDay] = []
        self._n_expected, self._n_done = n, 0
        self._seed, self._replication = first.seed, first.replication

    def add(self, trace: Trace) -> None:
        """Measure a replication."""
        if _hours(trace.plan) != self.hours:
            raise ValueError("hours: found days of other hours; expected days of the same hall")
        for plan, facts in zip(trace.plan.days, trace.days, strict=True):
            self._add_day(plan, facts)
        self.end_replication()

    def end_replication(self, n: int = 1) -> None:
        """Take the days since the last replication for one, or so many."""
        self._n_done += n

    def _add_day(self, plan: DayPlan, facts: DayTrace) -> None:
        """Measure a day."""
        notes = Notes.of(facts)
        if plan.duty != self._duty or len(notes.duty) > self._most_noted:
            self._put(of_duty(plan.duty, len(notes.duty)))
            self._duty, self._most_noted = plan.duty, len(notes.duty)
        if plan.outages != self._outages:
            outages = of_outages(plan.outages, len(self.layout.stations))
            self._put(outages | {"outages": in_order(outages["outages"])})
            self._outages = plan.outages
        self._opens_and_closes[:] = plan.opening, plan.closing
        _kept = FINDER.note((self._opens_and_closes, *of_day(plan, facts)), self.place)
        self._measure(
            plan.visitors.arrival,
            len(plan.steps.station),
            len(plan.outages),
            notes,
            [self._has_line_alone and in_turn(plan, facts), *is_used(plan)],
        )
        self._days.append(_OfDay(plan.opening, plan.closing, plan.channels))

    def add_day_of(
        self, kind: Kind, arrival: Floats, n_steps: int, notes: Notes | None, channels: Channels
    ) -> None:
        """Measure a day of a kind: these visitors with so many steps, and what was noted."""
        self.addresses[kind.places] = kind.addresses
        self._duty = self._outages = None
        self._measure(arrival, n_steps, kind.n_outages, notes, [False, *kind.is_used])
        self._days.append(_OfDay(kind.opening, kind.closing, channels))

    def _measure(
        self,
        arrival: Floats,
        n_steps: int,
        n_outages: int,
        notes: Notes | None,
        is_so: list[bool],
    ) -> None:
        """Measure the day whose tables stand at the addresses."""
        self._make_room(arrival, n_steps)
        n_notes = [0, 0, 0]
        if notes is not None:
            self._put(dict(zip(("vain_calls", "pieces", "noted"), notes, strict=True)))
            n_notes = [*map(len, notes)]
            if n_steps > len(self._tables["in_pieces"]):
                self._put({"in_pieces": np.zeros(2 * n_steps, np.uint8)})
        self._begin_day(len(arrival), n_outages, n_notes, is_so)
        if not measure_at(self.place):
            raise OverflowError(TOO_LARGE_A_DAY)

    def _begin_day(
        self, n_visitors: int, n_outages: int, n_notes: list[int], is_so: list[bool]
    ) -> None:
        """Say in the record of the day what it is like."""
        numbers = len(self._days), n_visitors, n_outages, *n_notes
        self.record[: len(OF_EACH_DAY)] = [*numbers, *is_so]

    def begin_days_of(self, kinds: Sequence[Kind]) -> None:
        """Make ready for days of kinds that are alike, which compiled code measures on end."""
        self._duty = self._outages = None
        self._begin_day(0, 0, [0, 0, 0], [False, *kinds[0].is_used])

    def note_days_of(self, kinds: Iterable[Kind]) -> None:
        """Note that compiled code has measured such days."""
        self._days += [_OfDay(kind.opening, kind.closing, {}) for kind in kinds]

    @property
    def room(self) -> dict[str, int]:
        """How many rows tables have room for."""
        tables = dict.fromkeys(("stays", "made", "losses")) | {
            "journeys": JOURNEYS[0],
            "visits": VISITS[0],
            "days": BY_DAY[0],
        }
        return {name: len(self._tables[table or name]) for name, table in tables.items()}

    def _make_room(self, arrival: Floats, n_steps: int) -> None:
        """Make room for another day."""
        n_visitors = len(arrival)
        self._lengthen(JOURNEYS, self._number("journeys") + n_visitors)
        self._lengthen(VISITS, self._number("visits") + n_steps)
        n_promises = self._numbers["n_promises"]
        if n_promises:
            minutes = float(arrival[-1] - arrival[0]) if n_visitors else 0.0
            n_tables = self._numbers["of_visits"] - self._numbers["of_services"]
            most = most_made(minutes, n_promises), most_losses(n_steps, n_promises, n_tables)
            for name, n in zip(("made", "losses"), most, strict=True):
                self._lengthen([name], self._number(name) + n)
        self._lengthen(BY_DAY, len(self._days) + 1)
        n_stays = most_stays(n_visitors, n_steps)
        if n_stays > len(self._tables["stays"]):
            self._put(room_for(n_stays, self._numbers))

    def _lengthen(self, names: Sequence[str], n: int) -> None:
        """Give tables at least n rows; where they are too short, what all days may need."""
        if n <= len(self._tables[names[0]]):
            return
        enough = 1.1 * n * max(self._n_expected / (self._n_done + 1), 1.5)
        for name in names:
            table = self._tables[name]
            longer = np.empty((int(enough), *table.shape[1:]), table.dtype)
            longer[: len(table)] = table
            self._put({name: longer})

    def _put(self, tables: dict[str, Array]) -> None:
        """Keep tables, and where they stand in memory."""
        self._tables |= tables
        for name, table in tables.items():
            self.addresses[PLACES[name]] = address_of(table)

    def _number(self, name: str) -> int:
        return int(self.record[_NUMBERS[name]])

    def _rows(self, name: str) -> Array:
        """Return the rows that days have added to a table."""
        return self._tables[name][: self._number(name)]

    def summary(self) -> Summary:
        """Return the summary of all replications."""
        layout, n = self.layout, len(self._days)
        table = {name: self._tables[name][:n] for name in BY_DAY}
        days, services, has_gate = table["days"], table["services"], self._numbers["has_gate"]
        return Summary(
            seed=self._seed,
            replication=self._replication,
            n_replications=self._n_done,
            visits=self._visits(),
            over_time=self._over_time(table),
            counters=self._counter_minutes(table["counters"]),
            opening=np.array([day.opening for day in self._days]),
            closing=np.array([day.closing for day in self._days]),
            overrun=days["overrun"].copy(),
            promises=promise_counts(days, self._rows("made"), self._rows("losses")),
            gate=AtGate(
                came=days["came"].copy(),
                waited=days["waited"].copy(),
                minutes=days["minutes"].copy(),
                longest=table["largest"][:, -1].copy() if has_gate else np.zeros(n, np.int32),
            ),
            channels=channel_numbers(layout, [day.channels for day in self._days]),
            early_minutes=services["early"].copy(),
            elsewhere=np.stack([services["elsewhere"], services["minutes"]], axis=2),
        )

    def _visits(self) -> Visits:
        layout, n = self.layout, self._number("visits")
        column = {name: self._tables[name][:n] for name in VISITS}
        return Visits(
            journeys=self._journeys(),
            visitor=column["whose"].copy(),
            station=codes(column["at_station"], len(layout.stations)),
            service=codes(column["for_service"], len(layout.services)),
            outcome=column["visit_outcome"].copy(),
            wait=column["wait"].astype(ticks_type(self._number("longest_wait"))),
            postponed=column["postponed"].astype(np.bool_),
        )

    def _journeys(self) -> Journeys:
        layout, n, n_days = self.layout, self._number("journeys"), len(self._days)
        column = {name: self._tables[name][:n] for name in JOURNEYS}
        known_by = known_by_type(self._number("lowest"), self._number("highest"))
        return Journeys(
            day=codes(np.arange(n_days), n_days).repeat(self._tables["days"]["journeys"][:n_days]),
            service=codes(column["of_service"], len(layout.services)),
            visitor_class=codes(column["of_class"], len(layout.classes)),
            hour=column["at_hour"].copy(),
            outcome=column["ended_so"].copy(),
            booking=column["had_booked"].copy(),
            sojourn=column["sojourn"].astype(ticks_type(self._number("longest_sojourn"))),
            known_by=column["known_by"].astype(known_by),
        )

    def _over_time(self, table: dict[str, Array]) -> OverTime:
        layout, minutes = self.layout, table["stations"]
        paths, largest = table["paths"], table["largest"]
        lines = slice(0, len(layout.stations))
        zones = slice(lines.stop, lines.stop + len(layout.zones))
        areas = slice(zones.stop, zones.stop + len(layout.areas))

        def sampled(groups: slice) -> Path:
            return paths[:, groups].astype(path_type(largest[:, groups]))

        return OverTime(
            grid_start=self._grid.start,
            queue=sampled(lines),
            persons=sampled(zones),
            longest_queue=largest[:, lines].copy(),
            largest_crowd=largest[:, zones].copy(),
            present=sampled(areas),
            largest_present=largest[:, areas].copy(),
            queue_minutes_early=minutes["early"].copy(),
            queue_minutes_open=minutes["whole"] - minutes["early"] - minutes["late"],
            queue_minutes_late=minutes["late"].copy(),
        )

    def _counter_minutes(self, minutes: Array) -> CounterMinutes:
        return CounterMinutes(
            on_duty=minutes["on_duty"].copy(),
            busy=minutes["served"] - minutes["still"] - minutes["overtime"],
            overtime=minutes["overtime"].copy(),
            called_in_vain=minutes["called_in_vain"].copy(),
            blocked=minutes["blocked"].copy(),
            out=minutes["out"].copy(),
        )


TOO_LARGE_A_DAY = "too long a day or too large a party to sort events by one number"
_NUMBERS = {name: place for place, name in enumerate(DAY.names or ())}


def _hours(plan: Plan) -> tuple[float, float]:
    """Return the first opening and the last closing of any day."""
    days = plan.days
    return min(day.opening for day in days), max(day.closing for day in days)
