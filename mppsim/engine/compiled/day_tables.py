"""The tables of one day, for the kernel to run, from the plan; and its trace, from the tables."""

from __future__ import annotations

from functools import lru_cache
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
from mppsim.engine.compiled.tables import (
    DAY,
    INDEX,
    NOBODY,
    OUTAGE,
    SPAN,
    TICKS,
    Records,
    Today,
)
from mppsim.engine.trace import DayTrace, Piece, VainCall
from mppsim.plan.clock import TICK
from mppsim.plan.columns import is_left_out
from mppsim.plan.plan import DayPlan, Layout, Outage
from mppsim.scenario.durations import Span

REAL = np.dtype(np.float64)
INTEGER = np.dtype(INDEX)
YES_OR_NO = np.dtype(np.bool_)
Duty = tuple[tuple[Span, ...], ...]


def set_up(
    layout: Layout, plan: DayPlan, to_make: Mask, trace: DayTrace, *, in_turn: bool = False
) -> Today:
    """Return the hall before the day begins; the kernel fills the columns of the trace.

    Raises UnsupportedPlanError for a time that lies between two ticks of the clock.
    """
    tables, visitors, steps = layout_tables(layout), plan.visitors, plan.steps
    roster, (outages, struck) = _roster(layout, plan.duty, plan.shift_ends), _outages(plan.outages)
    n_visitors, n_steps, n_counters = len(visitors.arrival), len(steps.station), len(plan.duty)
    n_booked = _n_booked(visitors.booking)
    n_spans = len(roster.spans) // SPAN.itemsize if tables.notes_spans else 0
    n_pending = n_visitors + n_steps + n_counters + 2 * len(plan.outages) + 2
    may_be_in_vain = (layout.dead_calls, layout.remote, _any(steps.misses))
    today = Today.of(
        tables.fixed,
        {
            "spans": roster.spans,
            "outages": outages,
            "struck": struck,
            "tickets_from": _column(plan.door.tickets_from, REAL),
            "last_ticket": _column(plan.door.last_ticket, REAL),
            "arrival": _column(visitors.arrival, REAL),
            "service": _column(visitors.service, INTEGER),
            "ordinal": _column(visitors.ordinal, INTEGER),
            "visitor_class": _column(visitors.visitor_class, INTEGER),
            "party": _column(visitors.party, INTEGER),
            "first_step": _column(visitors.first_step, INTEGER),
            "balking": _column(visitors.balking, REAL),
            "booking": _column(visitors.booking, INTEGER),
            "stays": _column(visitors.stays, REAL),
            "stay_zone": _column(visitors.stay_zone, INTEGER),
            "returns": _column(visitors.returns, INTEGER),
            "station": _column(steps.station, INTEGER),
            "step_service": _column(steps.service, INTEGER),
            "service_time": _column(steps.service_time, REAL),
            "patience": _column(steps.patience, REAL),
            "not_before": _column(steps.not_before, REAL),
            "ahead": _column(steps.ahead, YES_OR_NO),
            "misses": _column(steps.misses, YES_OR_NO),
            "any_order": _column(steps.any_order, INTEGER),
            "part": _column(steps.part, INTEGER),
            "line_choice": _column(steps.line_choice, REAL),
            "remote": _column(steps.remote, REAL),
            "instead": _column(steps.instead, INTEGER),
            "only_after": _column(steps.only_after, INTEGER),
            "back": _column(steps.back, INTEGER),
            "another_day": _column(steps.another_day, INTEGER),
            "to_make": _column(to_make, YES_OR_NO),
            "joined": trace.joined,
            "started": trace.started,
            "ended": trace.ended,
            "served_by": trace.counter,
            "outcome": trace.outcome,
            "left": trace.left,
            "visitor_outcome": trace.visitor_outcome,
            "entered": trace.entered,
            "released": trace.released,
            "admitted": trace.admitted,
            "came": trace.came,
            "returned": trace.returned,
        },
        {
            **roster.n_rows,
            "tickets": len(plan.door.tickets),
            "service_tickets": len(plan.door.service_tickets),
            "booked": n_booked,
            "visitors": n_visitors,
            "steps": n_steps,
            "finish": 2 * tables.n_leaves,
            "arrivals": n_visitors + 1,
            "heap": n_pending,
            "soon": n_pending,
            "freed": n_counters,
            "called": n_visitors,
            "sorting": n_steps,
            "vain_calls": n_steps * sum(map(bool, may_be_in_vain)),
            "pieces": 2 * n_spans,
            "duty": n_spans,
        },
    )
    today.memory[: len(roster.before)] = roster.before
    number_events(today, plan, tables, n_booked, in_turn)
    today.put("tickets", plan.door.tickets)
    today.put("service_tickets", plan.door.service_tickets)
    if n_booked:
        today.put("booked", NOBODY)
    return today


def note_the_rest(today: Today, trace: DayTrace) -> None:
    """Add to a trace what is no column: calls in vain, pieces of services, and duty."""
    if not today.has_more:
        return
    counted = _fields(("n_vain_calls", "n_pieces", "n_duty"))
    n_vain_calls, n_pieces, n_duty = today.table("day").view(TICKS)[counted].tolist()
    for step, counter, begin, end in _noted(today, "vain_calls", n_vain_calls):
        trace.vain_calls.append(VainCall(counter, begin * TICK, end * TICK, step))
    for step, counter, begin, end in _noted(today, "pieces", n_pieces):
        trace.pieces.append(Piece(step, counter, begin * TICK, end * TICK))
    for _, counter, begin, end in _noted(today, "duty", n_duty):
        trace.duty.setdefault(counter, []).append(Span(begin * TICK, end * TICK))


def _noted(today: Today, table: str, n: int) -> list[tuple[int, int, int, int]]:
    noted: list[tuple[int, int, int, int]] = today.table(table)[:n].tolist() if n else []
    return noted


def _column(values: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    return values if values.dtype == dtype else values.astype(dtype)


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
    values = {
        "in_turn": in_turn,
        "n_outages": n_outages,
        "n_visitors": n_visitors,
        "serve_all": plan.serve_all,
        "timed": tables.somebody_counts or has_order or has_ahead or any(map(_any, others)),
        "has_ahead": has_ahead,
        "has_order": has_order,
        "closing": ticks_of(plan.closing),
        "outage_ends": outage_ends,
        "looks": looks,
        "reneges": reneges,
        "booked": reneges + n_visitors,
        "walk_in": walk_in,
        "bits": bits,
        "last_time": (1 << (63 - bits)) - 2,
    }
    today.table("day").view(TICKS)[_fields(tuple(values))] = [*values.values()]


@lru_cache
def _fields(names: tuple[str, ...]) -> list[int]:
    """Return the places of fields in the record of a day."""
    return [(DAY.names or ()).index(name) for name in names]


class Roster(NamedTuple):
    """The rosters of all counters, one behind the other, and tables as they are before the day."""

    spans: Records
    n_rows: dict[str, int]
    """Of the first tables in memory."""
    before: NDArray[np.uint8]
    """What stands in them."""


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
    n_rows = {
        "day": 1,
        "counters": len(counters),
        "lines": len(tables.lines),
        "owed": len(layout.stations) * len(layout.classes),
    }
    before = Today.of({}, {}, n_rows)
    before.put("day", tables.day.view(DAY))
    before.put("counters", counters)
    before.put("lines", tables.lines)
    before.put("owed", 0)
    return Roster(table.view(np.uint8), n_rows, before.memory[: before.places["owed"][1]])


@lru_cache(maxsize=64)
def _outages(outages: tuple[Outage, ...]) -> tuple[Records, NDArray[np.int32]]:
    """Return the outages, and the stations that they strike, one behind the other."""
    table, struck = np.zeros(len(outages), OUTAGE), ranges(len(one.stations) for one in outages)
    table["begin"] = in_ticks([outage.begin for outage in outages])
    table["end"] = in_ticks([outage.end for outage in outages])
    table["first_station"], table["end_station"] = struck["first"], struck["end"]
    table["restarts"] = [outage.restarts for outage in outages]
    return table.view(np.uint8), np.array([at for one in outages for at in one.stations], INDEX)
