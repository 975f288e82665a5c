"""The tables of one day, for the kernel to run, from the plan; and its trace, from the tables."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.another_day import Mask
from mppsim.engine.compiled.layout_tables import LayoutTables, in_ticks, layout_tables, ranges
from mppsim.engine.compiled.tables import (
    COUNTER,
    DAY,
    INDEX,
    NEVER,
    NOBODY,
    OUTAGE,
    PIECE,
    SPAN,
    TABLES,
    TICKS,
    Hall,
    Records,
    address_of,
)
from mppsim.engine.trace import DayTrace, Piece, VainCall
from mppsim.plan.clock import TICK
from mppsim.plan.columns import is_left_out
from mppsim.plan.memory import borrowed
from mppsim.plan.plan import DayPlan, Layout, Outage
from mppsim.scenario.durations import Span

REAL = np.dtype(np.float64)
INTEGER = np.dtype(INDEX)
YES_OR_NO = np.dtype(np.bool_)
LINE = 64
"""Bytes that a processor loads at once."""
Duty = tuple[tuple[Span, ...], ...]


def set_up(
    layout: Layout, plan: DayPlan, to_make: Mask, trace: DayTrace, *, in_turn: bool = False
) -> Hall:
    """Return the hall before the day begins; the kernel fills the columns of the trace.

    Raises UnsupportedPlanError for a time that lies between two ticks of the clock.
    """
    tables, visitors, steps = layout_tables(layout), plan.visitors, plan.steps
    n_visitors, n_steps, n_counters = len(visitors.arrival), len(steps.station), len(plan.duty)
    may_be_in_vain = (layout.dead_calls, layout.remote, _any(steps.misses))
    n_spans = sum(map(len, plan.duty))
    n_pending = n_visitors + n_steps + n_counters + 2 * len(plan.outages) + 2
    spans, first_spans = _spans(plan.duty, plan.shift_ends)
    counters = tables.counters.copy()
    of_counter = counters.view(COUNTER)
    of_counter["span"], of_counter["end_span"] = first_spans[:-1], first_spans[1:]
    booked = np.full(_n_booked(visitors.booking), NOBODY, INDEX)
    outages, struck = _outages(plan.outages)
    return Hall(
        **tables.fixed,
        day=_day(layout, plan, tables, len(booked), in_turn),
        counters=counters,
        lines=tables.lines.copy(),
        owed=np.zeros(len(layout.stations) * len(layout.classes), TICKS),
        spans=spans,
        outages=outages,
        struck=struck,
        tickets=plan.door.tickets.astype(TICKS),
        service_tickets=plan.door.service_tickets.astype(TICKS),
        tickets_from=_column(plan.door.tickets_from, REAL),
        last_ticket=_column(plan.door.last_ticket, REAL),
        arrival=_column(visitors.arrival, REAL),
        service=_column(visitors.service, INTEGER),
        ordinal=_column(visitors.ordinal, INTEGER),
        visitor_class=_column(visitors.visitor_class, INTEGER),
        party=_column(visitors.party, INTEGER),
        first_step=_column(visitors.first_step, INTEGER),
        balking=_column(visitors.balking, REAL),
        booking=_column(visitors.booking, INTEGER),
        stays=_column(visitors.stays, REAL),
        stay_zone=_column(visitors.stay_zone, INTEGER),
        returns=_column(visitors.returns, INTEGER),
        station=_column(steps.station, INTEGER),
        step_service=_column(steps.service, INTEGER),
        service_time=_column(steps.service_time, REAL),
        patience=_column(steps.patience, REAL),
        not_before=_column(steps.not_before, REAL),
        ahead=_column(steps.ahead, YES_OR_NO),
        misses=_column(steps.misses, YES_OR_NO),
        any_order=_column(steps.any_order, INTEGER),
        part=_column(steps.part, INTEGER),
        line_choice=_column(steps.line_choice, REAL),
        remote=_column(steps.remote, REAL),
        instead=_column(steps.instead, INTEGER),
        only_after=_column(steps.only_after, INTEGER),
        back=_column(steps.back, INTEGER),
        another_day=_column(steps.another_day, INTEGER),
        to_make=_column(to_make, YES_OR_NO),
        booked=booked,
        joined=trace.joined,
        started=trace.started,
        ended=trace.ended,
        served_by=trace.counter,
        outcome=trace.outcome,
        left=trace.left,
        visitor_outcome=trace.visitor_outcome,
        entered=trace.entered,
        released=trace.released,
        admitted=trace.admitted,
        came=trace.came,
        returned=trace.returned,
        **_scratch(
            visitors=n_visitors,
            steps=n_steps,
            finish=2 * _n_leaves(n_counters),
            arrivals=n_visitors + 1,
            heap=n_pending,
            soon=n_pending,
            freed=n_counters,
            called=n_visitors,
            sorting=n_steps,
            vain_calls=n_steps * sum(map(bool, may_be_in_vain)),
            pieces=2 * n_spans,
            duty=n_spans,
        ),
    )


def note_the_rest(hall: Hall, trace: DayTrace) -> None:
    """Add to a trace what is no column: calls in vain, pieces of services, and duty."""
    n = dict(zip(DAY.names or (), hall.day.tolist(), strict=True))
    for step, counter, begin, end in _noted(hall.vain_calls, n["n_vain_calls"]):
        trace.vain_calls.append(VainCall(counter, begin * TICK, end * TICK, step))
    for step, counter, begin, end in _noted(hall.pieces, n["n_pieces"]):
        trace.pieces.append(Piece(step, counter, begin * TICK, end * TICK))
    for _, counter, begin, end in _noted(hall.duty, n["n_duty"]):
        trace.duty.setdefault(counter, []).append(Span(begin * TICK, end * TICK))


def _noted(table: NDArray[np.uint8], n: int) -> list[tuple[int, int, int, int]]:
    noted: list[tuple[int, int, int, int]] = table.view(PIECE)[:n].tolist() if n else []
    return noted


def _scratch(**n_rows: int) -> dict[str, NDArray[np.uint8]]:
    """Return memory for tables of so many rows; as bytes, since NumPy takes its time over records.

    Each begins where what the processor loads at once begins.
    """
    sizes = {name: n * TABLES[name].itemsize for name, n in n_rows.items()}
    memory, tables = borrowed(sum(sizes.values()) + LINE * (len(sizes) + 1)), {}
    begin = -address_of(memory) % LINE
    for name, size in sizes.items():
        tables[name] = memory[begin : begin + size]
        begin += -(-size // LINE) * LINE
    return tables


def _column(values: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    return values if values.dtype == dtype else values.astype(dtype)


def _n_leaves(n_counters: int) -> int:
    """Return the number of leaves of a tree that has one for each counter, and two at least."""
    return 1 << max(1, (n_counters - 1).bit_length())


def _any(column: NDArray[Any]) -> bool:
    """Tell whether a column says anything; who left it out has one that nobody can write to."""
    return bool((column[:1] if is_left_out(column) else column).any())


def _n_booked(booking: NDArray[np.int32]) -> int:
    return int(booking.max(initial=NOBODY)) + 1 if not is_left_out(booking) else 0


def _day(
    layout: Layout, plan: DayPlan, tables: LayoutTables, n_booked: int, in_turn: bool
) -> Records:
    """Return the record of the day, with the numbers of its events in the order of their kinds."""
    n_counters, n_outages = len(plan.duty), len(plan.outages)
    n_visitors, steps = len(plan.visitors.arrival), plan.steps
    # engine/order.py: finish, on, off, closing, outages begin, end, look, renege, booked, walk-in
    counter_off = 2 * n_counters
    closes = counter_off + n_counters
    outage_begins = closes + 1
    looks = outage_begins + 2 * n_outages
    reneges = looks + 1
    walk_in = reneges + n_visitors + n_booked
    bits = (walk_in + n_visitors).bit_length()
    has_order, has_ahead = _any(steps.any_order), _any(steps.ahead)
    others = (steps.misses, steps.instead, steps.another_day, steps.back)
    values = {
        "look": NEVER,
        "in_turn": int(in_turn),
        "n_counters": n_counters,
        "n_leaves": _n_leaves(n_counters),
        "n_lines": tables.n_lines,
        "n_outages": n_outages,
        "n_visitors": n_visitors,
        "n_zones": len(layout.zones) if len(layout.walk) else 0,
        "n_services": len(layout.services),
        "n_classes": len(layout.classes),
        "n_kinds": tables.n_kinds,
        "gate_head": NOBODY,
        "gate_tail": NOBODY,
        "serve_all": int(plan.serve_all),
        "timed": int(tables.somebody_counts or has_order or has_ahead or any(map(_any, others))),
        "has_ahead": int(has_ahead),
        "has_rooms": int(len(layout.rooms) > 0),
        "has_order": int(has_order),
        "capacity": layout.capacity,
        "closing": int(in_ticks([plan.closing])[0]),
        "counter_on": n_counters,
        "counter_off": counter_off,
        "closes": closes,
        "outage_begins": outage_begins,
        "outage_ends": outage_begins + n_outages,
        "looks": looks,
        "reneges": reneges,
        "booked": reneges + n_visitors,
        "walk_in": walk_in,
        "bits": bits,
        "last_time": (1 << (63 - bits)) - 2,
    }
    return np.array([values.get(name, 0) for name in DAY.names or ()], TICKS)


@lru_cache(maxsize=64)
def _spans(duty: Duty, shift_ends: tuple[tuple[float, ...], ...]) -> tuple[Records, Any]:
    """Return the rosters of all counters, one behind the other, and where that of each begins."""
    spans = [span for of_counter in duty for span in of_counter]
    table = np.zeros(len(spans), SPAN)
    table["start"] = in_ticks([span.start for span in spans])
    table["end"] = in_ticks([span.end for span in spans])
    table["ends_shift"] = [
        not shift_ends or span.end in shift_ends[counter]
        for counter, of_counter in enumerate(duty)
        for span in of_counter
    ]
    return table.view(np.uint8), np.cumsum([0, *map(len, duty)])


@lru_cache(maxsize=64)
def _outages(outages: tuple[Outage, ...]) -> tuple[Records, NDArray[np.int32]]:
    """Return the outages, and the stations that they strike, one behind the other."""
    table, struck = np.zeros(len(outages), OUTAGE), ranges(len(one.stations) for one in outages)
    table["begin"] = in_ticks([outage.begin for outage in outages])
    table["end"] = in_ticks([outage.end for outage in outages])
    table["first_station"], table["end_station"] = struck["first"], struck["end"]
    table["restarts"] = [outage.restarts for outage in outages]
    return table.view(np.uint8), np.array([at for one in outages for at in one.stations], INDEX)
