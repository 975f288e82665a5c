"""The tables of one day, for the kernel to run, from the plan; and its trace, from the tables."""

from __future__ import annotations

from functools import lru_cache
from operator import attrgetter
from struct import Struct
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.another_day import Mask
from mppsim.engine.compiled.layout_tables import (
    LayoutTables,
    in_ticks,
    layout_tables,
    ranges,
    ticks_of,
)
from mppsim.engine.compiled.plain import is_plain
from mppsim.engine.compiled.records import DAY, INDEX, NOBODY, OUTAGE, SPAN, TICKS
from mppsim.engine.compiled.tables import COLUMNS, Places, Records, Today
from mppsim.engine.trace import DayTrace, Notes
from mppsim.plan.columns import by_identity, is_left_out
from mppsim.plan.memory import borrowed
from mppsim.plan.plan import DayPlan, Layout, Outage
from mppsim.scenario.durations import Span

Duty = tuple[tuple[Span, ...], ...]


def _between(first: str, last: str) -> tuple[str, ...]:
    return COLUMNS[COLUMNS.index(first) : COLUMNS.index(last) + 1]


_OF_VISITORS = attrgetter(*_between("arrival", "returns"))
_OF_STEPS = attrgetter(
    *("service" if name == "step_service" else name for name in _between("station", "another_day"))
)
_OF_TRACE = attrgetter(
    *("counter" if name == "served_by" else name for name in _between("joined", "returned"))
)


def set_up(
    layout: Layout, plan: DayPlan, to_make: Mask, trace: DayTrace, *, in_turn: bool = False
) -> Today:
    """Return the hall before the day begins; the kernel fills the columns of the trace.

    Raises UnsupportedPlanError for a time that lies between two ticks of the clock.
    """
    tables, visitors, steps, door = layout_tables(layout), plan.visitors, plan.steps, plan.door
    roster, (outages, struck) = _roster(layout, plan.duty, plan.shift_ends), _outages(plan.outages)
    n_booked = _n_booked(visitors.booking)
    places = _places(
        tables,
        _at_least(len(visitors.arrival)),
        _at_least(len(steps.station)),
        n_spans=len(roster.spans) // SPAN.itemsize if tables.notes_spans else 0,
        n_outages=1 << len(plan.outages).bit_length(),
        n_booked=1 << n_booked.bit_length() if n_booked else 0,
        some_in_vain=bool(layout.dead_calls or layout.remote) or _any(steps.misses),
    )
    today = Today(
        tables.fixed,
        (
            *(roster.spans, outages, struck, door.tickets_from, door.last_ticket),
            *_OF_VISITORS(visitors),
            *_OF_STEPS(steps),
            to_make,
            *_OF_TRACE(trace),
        ),
        borrowed(places.n_bytes),
        places,
        not in_turn and tables.may_be_plain and is_plain(plan, to_make),
    )
    today.memory[: len(roster.before)] = roster.before
    number_events(today, plan, tables, n_booked, in_turn)
    today.put("tickets", door.tickets)
    today.put("service_tickets", door.service_tickets)
    if n_booked:
        today.put("booked", NOBODY)
    return today


def _at_least(n: int) -> int:
    """Return a number of rows from n on, one of few: an eighth more than n at most."""
    return n + (-n & (1 << max(n.bit_length() - 4, 0)) - 1)


@lru_cache(maxsize=1024)
def _places(
    tables: LayoutTables,
    n_visitors: int,
    n_steps: int,
    *,
    n_spans: int,
    n_outages: int,
    n_booked: int,
    some_in_vain: bool,
) -> Places:
    """Return the places of tables for days with so many rows at most."""
    n_counters = len(tables.counters)
    n_pending = n_visitors + n_steps + n_counters + 2 * n_outages + 2
    return Places.of(
        {
            **tables.n_rows,
            "booked": n_booked,
            "visitors": n_visitors,
            "behind": n_visitors,
            "waited": n_visitors,
            "steps": n_steps,
            "whereabouts": n_steps,
            "unserved": n_steps,
            "finish": 2 * tables.n_leaves,
            "arrivals": n_visitors + 1,
            "heap": n_pending,
            "soon": n_pending,
            "freed": n_counters,
            "called": n_visitors,
            "sorting": n_steps,
            "vain_calls": n_steps if some_in_vain else 0,
            "pieces": 2 * n_spans,
            "duty": n_spans,
        }
    )


def note_the_rest(today: Today, trace: DayTrace) -> None:
    """Add to a trace what is no column: calls in vain, pieces of services, and duty."""
    if not today.places.has_more:
        return
    counts = today.table("day").view(TICKS)[COUNTED].tolist()
    if any(counts):
        tables = zip(Notes._fields, counts, strict=True)
        trace.note(Notes(*(today.table(name)[:n].copy() for name, n in tables)))


def _any(column: NDArray[Any]) -> bool:
    """Tell whether a column says anything; who left it out has one that nobody can write to."""
    if is_left_out(column):
        return len(column) > 0 and bool(column[0])
    return bool(column.any())


def _n_booked(booking: NDArray[np.int32]) -> int:
    return int(booking.max(initial=NOBODY)) + 1 if not is_left_out(booking) else 0


def number_events(
    today: Today, plan: DayPlan, tables: LayoutTables, n_booked: int, in_turn: bool
) -> None:
    """Say in the record of the day what it is like, and number its events in their order."""
    n_outages, n_visitors, steps = len(plan.outages), len(plan.visitors.arrival), plan.steps
    # engine/order.py: .., outages begin, end, look, renege, booked, walk-in
    outage_ends = tables.outage_begins + n_outages
    looks = outage_ends + n_outages
    reneges = looks + 1
    walk_in = reneges + n_visitors + n_booked
    bits = (walk_in + n_visitors).bit_length()
    has_order, has_ahead = _any(steps.any_order), _any(steps.ahead)
    others = (steps.misses, steps.instead, steps.another_day, steps.back)
    _FIRST_FIELDS.pack_into(
        today.memory.data,
        0,
        in_turn,
        n_outages,
        n_visitors,
        plan.serve_all,
        tables.somebody_counts or has_order or has_ahead or any(map(_any, others)),
        has_ahead,
        has_order,
        ticks_of(plan.closing),
        outage_ends,
        looks,
        reneges,
        reneges + n_visitors,  # booked
        walk_in,
        bits,
        (1 << (63 - bits)) - 2,  # last_time
    )


def _fields(*names: str) -> list[int]:
    """Return the places of fields in the record of a day."""
    return [(DAY.names or ()).index(name) for name in names]


_FIRST_FIELDS = Struct("=15q")
assert _fields("in_turn", "last_time") == [0, 14]
COUNTED = _fields("n_vain_calls", "n_pieces", "n_duty")


class Roster(NamedTuple):
    """The rosters of all counters, one behind the other, and tables as they are before the day."""

    spans: Records
    before: NDArray[np.uint8]
    """What stands in the first tables in memory."""


@by_identity
@lru_cache(maxsize=64)
def _roster(layout: Layout, duty: Duty, shift_ends: tuple[tuple[float, ...], ...]) -> Roster:
    spans = [span for of_counter in duty for span in of_counter]
    ends = np.cumsum([0, *map(len, duty)])
    table, tables = np.zeros(len(spans), SPAN), layout_tables(layout)
    counters = tables.counters.copy()
    table["start"] = in_ticks([span.start for span in spans])
    table["end"] = in_ticks([span.end for span in spans])
    table["ends_shift"] = [
        not shift_ends or span.end in shift_ends[counter]
        for counter, of_counter in enumerate(duty)
        for span in of_counter
    ]
    counters["span"], counters["end_span"] = ends[:-1], ends[1:]
    places = Places.of(tables.n_rows)
    before = Today({}, (), np.empty(places.n_bytes, np.uint8), places)
    before.put("day", tables.day.view(DAY))
    before.put("counters", counters)
    before.put("lines", tables.lines)
    before.put("owed", 0)
    return Roster(table.view(np.uint8), before.memory[: places.bounds["owed"][1]])


@by_identity
@lru_cache(maxsize=64)
def _outages(outages: tuple[Outage, ...]) -> tuple[Records, NDArray[np.int32]]:
    """Return the outages, and the stations that they strike, one behind the other."""
    table, struck = np.zeros(len(outages), OUTAGE), ranges(len(one.stations) for one in outages)
    table["begin"] = in_ticks([outage.begin for outage in outages])
    table["end"] = in_ticks([outage.end for outage in outages])
    table["first_station"], table["end_station"] = struck["first"], struck["end"]
    table["restarts"] = [outage.restarts for outage in outages]
    return table.view(np.uint8), np.array([at for one in outages for at in one.stations], INDEX)
