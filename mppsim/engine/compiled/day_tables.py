"""The tables of one day, for the kernel to run, from the plan; and its trace, from the tables."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.another_day import Mask
from mppsim.engine.compiled.layout_tables import LayoutTables, in_ticks, layout_tables, ranges
from mppsim.engine.compiled.tables import (
    DAY,
    INDEX,
    NEVER,
    NOBODY,
    ONE,
    OUTAGE,
    PIECE,
    SPAN,
    STEP,
    TICKS,
    VISITOR,
    Hall,
    Records,
)
from mppsim.engine.trace import DayTrace, Piece, VainCall
from mppsim.plan.clock import TICK
from mppsim.plan.plan import NO_LIMIT, DayPlan, Layout
from mppsim.scenario.durations import Span


def set_up(layout: Layout, plan: DayPlan, to_make: Mask, trace: DayTrace) -> Hall:
    """Return the hall before the day begins; the kernel fills the columns of the trace.

    Raises ValueError for a time that lies between two ticks of the clock.
    """
    tables, visitors, steps = layout_tables(layout), plan.visitors, plan.steps
    n_visitors, n_steps, n_counters = len(visitors.arrival), len(steps.station), len(plan.duty)
    n_spans = sum(map(len, plan.duty))
    may_be_in_vain = (layout.dead_calls, layout.remote, steps.misses.any())
    n_vain = n_steps * sum(map(bool, may_be_in_vain))
    n_pending = n_visitors + n_steps + n_counters + 2 * len(plan.outages) + 2
    counters, spans = tables.counters.copy(), _spans(plan)
    of_counter = ranges(map(len, plan.duty))
    counters["span"], counters["end_span"] = of_counter["first"], of_counter["end"]
    n_booked = int(visitors.booking.max(initial=NOBODY)) + 1
    return Hall(
        day=_day(layout, plan, tables, n_booked),
        stations=tables.stations,
        counters=counters,
        lines=tables.lines.copy(),
        owed=np.zeros(len(layout.stations) * len(layout.classes), TICKS),
        levels=tables.levels,
        entries=tables.entries,
        listed=tables.listed,
        able=tables.able,
        able_to=tables.able_to,
        service_kind=tables.service_kind,
        part_of=tables.part_of,
        shares=tables.shares,
        walk=tables.walk,
        service_tenant=tables.service_tenant,
        spans=spans,
        outages=_outages(plan),
        struck=np.array([at for outage in plan.outages for at in outage.stations], INDEX),
        tickets=plan.door.tickets.astype(TICKS),
        service_tickets=plan.door.service_tickets.astype(TICKS),
        tickets_from=_column(plan.door.tickets_from, np.float64),
        last_ticket=_column(plan.door.last_ticket, np.float64),
        arrival=_column(visitors.arrival, np.float64),
        service=_column(visitors.service, INDEX),
        ordinal=_column(visitors.ordinal, INDEX),
        visitor_class=_column(visitors.visitor_class, INDEX),
        party=_column(visitors.party, INDEX),
        first_step=_column(visitors.first_step, INDEX),
        balking=_column(visitors.balking, np.float64),
        booking=_column(visitors.booking, INDEX),
        stays=_column(visitors.stays, np.float64),
        stay_zone=_column(visitors.stay_zone, INDEX),
        returns=_column(visitors.returns, INDEX),
        station=_column(steps.station, INDEX),
        step_service=_column(steps.service, INDEX),
        service_time=_column(steps.service_time, np.float64),
        patience=_column(steps.patience, np.float64),
        not_before=_column(steps.not_before, np.float64),
        ahead=_column(steps.ahead, np.bool_),
        misses=_column(steps.misses, np.bool_),
        any_order=_column(steps.any_order, INDEX),
        part=_column(steps.part, INDEX),
        line_choice=_column(steps.line_choice, np.float64),
        remote=_column(steps.remote, np.float64),
        instead=_column(steps.instead, INDEX),
        only_after=_column(steps.only_after, INDEX),
        back=_column(steps.back, INDEX),
        another_day=_column(steps.another_day, INDEX),
        to_make=_column(to_make, np.bool_),
        visitors=np.empty(n_visitors, VISITOR).view(np.recarray),
        steps=np.empty(n_steps, STEP).view(np.recarray),
        finish=np.empty(n_counters, TICKS),
        arrivals=np.empty(n_visitors, TICKS),
        heap=np.empty(n_pending, TICKS),
        soon=np.empty(n_pending, TICKS),
        freed=np.empty(n_counters, INDEX),
        called=np.empty(n_visitors, INDEX),
        booked=np.full(n_booked, NOBODY, INDEX),
        sorting=np.empty(n_steps, INDEX),
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
        vain_calls=np.empty(n_vain, PIECE).view(np.recarray),
        pieces=np.empty(2 * n_spans, PIECE).view(np.recarray),
        duty=np.empty(n_spans, PIECE).view(np.recarray),
    )


def note_the_rest(hall: Hall, trace: DayTrace) -> None:
    """Add to a trace what is no column: calls in vain, pieces of services, and duty."""
    day = hall.day[0]
    for vain in hall.vain_calls[: day.n_vain_calls]:
        trace.vain_calls.append(
            VainCall(int(vain.counter), *_minutes(vain.started, vain.ended), int(vain.step))
        )
    for piece in hall.pieces[: day.n_pieces]:
        trace.pieces.append(
            Piece(int(piece.step), int(piece.counter), *_minutes(piece.started, piece.ended))
        )
    for duty in hall.duty[: day.n_duty]:
        span = Span(*_minutes(duty.started, duty.ended))
        trace.duty.setdefault(int(duty.counter), []).append(span)


def _minutes(begin: int, end: int) -> tuple[float, float]:
    return float(begin * TICK), float(end * TICK)


def _column(values: NDArray[Any], dtype: Any) -> NDArray[Any]:
    return np.ascontiguousarray(values, dtype)


def _day(layout: Layout, plan: DayPlan, tables: LayoutTables, n_booked: int) -> Records:
    """Return the record of the day, with the numbers of its events in the order of their kinds."""
    table: Any = np.zeros(1, DAY).view(np.recarray)
    day = table[0]
    n_counters, n_outages = len(plan.duty), len(plan.outages)
    n_visitors = len(plan.visitors.arrival)
    # engine/order.py: finish, on, off, closing, outages begin, end, look, renege, booked, walk-in
    kinds = (n_counters, n_counters, n_counters, 1, n_outages, n_outages, 1, n_visitors, n_booked)
    (
        day.counter_on,
        day.counter_off,
        day.closes,
        day.outage_begins,
        day.outage_ends,
        day.looks,
        day.reneges,
        day.booked,
        day.walk_in,
    ) = np.cumsum(kinds).tolist()
    day.n_counters, day.n_outages, day.n_visitors = n_counters, n_outages, n_visitors
    day.n_lines, day.n_kinds = len(tables.lines), tables.n_kinds
    day.n_services, day.n_classes = len(layout.services), len(layout.classes)
    day.n_zones = len(layout.zones) if len(layout.walk) else 0
    day.bits = int(day.walk_in + n_visitors).bit_length()
    day.last_time = (1 << (63 - int(day.bits))) - 2
    day.next_finish = day.look = NEVER
    day.gate_head = day.gate_tail = NOBODY
    day.serve_all, day.capacity = plan.serve_all, layout.capacity
    day.closing = in_ticks([plan.closing])[0]
    day.has_ahead = plan.steps.ahead.any()
    day.has_rooms = len(layout.rooms) > 0
    day.has_order = plan.steps.any_order.any()
    day.timed = _somebody_counts_who_waits(layout, plan, tables)
    return table


def _somebody_counts_who_waits(layout: Layout, plan: DayPlan, tables: LayoutTables) -> bool:
    """Tell whether it matters at which moment a visitor leaves a line, not only that he does."""
    stations = tables.stations
    return bool(
        layout.rooms
        or layout.remote
        or layout.dead_calls
        or any(layout.balk_shares)
        or layout.capacity != NO_LIMIT
        or (layout.balk_above != NO_LIMIT).any()
        or (layout.balk_wait < np.inf).any()
        or (stations["lines"] != ONE).any()
        or stations["breaks_off"].any()
        or (stations["discipline"] > 1).any()
        or plan.steps.any_order.any()
        or plan.steps.misses.any()
        or plan.steps.ahead.any()
        or plan.steps.instead.any()
        or plan.steps.another_day.any()
        or plan.steps.back.any()
    )


def _spans(plan: DayPlan) -> Records:
    spans = [span for of_counter in plan.duty for span in of_counter]
    table: Any = np.zeros(len(spans), SPAN).view(np.recarray)
    table["start"] = in_ticks([span.start for span in spans])
    table["end"] = in_ticks([span.end for span in spans])
    table["ends_shift"] = [
        not plan.shift_ends or span.end in plan.shift_ends[counter]
        for counter, of_counter in enumerate(plan.duty)
        for span in of_counter
    ]
    return table


def _outages(plan: DayPlan) -> Records:
    table: Any = np.zeros(len(plan.outages), OUTAGE).view(np.recarray)
    struck = ranges(len(outage.stations) for outage in plan.outages)
    table["begin"] = in_ticks([outage.begin for outage in plan.outages])
    table["end"] = in_ticks([outage.end for outage in plan.outages])
    table["first_station"], table["end_station"] = struck["first"], struck["end"]
    table["restarts"] = [outage.restarts for outage in plan.outages]
    return table
