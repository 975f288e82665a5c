"""The tables of one day, to be measured: from the hall, and from the day's plan and trace."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.trace import DayTrace
from mppsim.measure.compiled.tables import (
    CELL,
    CLOSE,
    DTYPES,
    GROUP,
    INDEX,
    OF_COUNTER,
    OF_DAY,
    OF_SERVICE,
    OF_STATION,
    PIECE,
    REAL,
    SPAN,
    STAY,
)
from mppsim.measure.paths import Grid
from mppsim.plan.clock import TICKS_PER_MINUTE
from mppsim.plan.columns import is_left_out
from mppsim.plan.plan import NO_LIMIT, DayPlan, Layout, Outage
from mppsim.scenario.durations import Span

Array = NDArray[Any]


def of_layout(layout: Layout) -> dict[str, Array]:
    """Return the tables that are the same on all days."""
    areas = list(layout.areas)
    area = np.full(len(layout.zones), -1, np.int32)
    area[areas] = len(layout.stations) + len(layout.zones) + np.arange(len(areas))
    return {
        "station_zone": _column(layout.station_zone, INDEX),
        "service_tenant": _column(layout.service_tenant, INDEX),
        "counter_station": _column(layout.counter_station, INDEX),
        "n_off": np.zeros(len(layout.stations), INDEX),
        "area": area,
    }


def numbers_of(layout: Layout, grid: Grid) -> dict[str, int]:
    """Return those numbers of the record of the day that are the same on all days."""
    n_areas, has_gate = len(layout.areas), layout.capacity != NO_LIMIT
    uses_rare = bool(n_areas or has_gate or layout.rooms or layout.remote)
    return {
        "n_groups": len(layout.stations) + len(layout.zones) + n_areas + has_gate,
        "n_stations": len(layout.stations),
        "n_counters": len(layout.counters),
        "n_services": len(layout.services),
        "n_points": grid.n_points,
        "start": int(grid.start * TICKS_PER_MINUTE),
        "has_gate": has_gate,
        "has_rooms": len(layout.rooms) > 0,
        "has_remote": len(layout.remote) > 0,
        "has_areas": n_areas > 0,
        "blocks": any(room.full == "block" for room in layout.rooms.values()),
        "uses_rare": uses_rare,
        "lowest": -1,
    }


def by_day(layout: Layout, numbers: dict[str, int]) -> dict[str, Array]:
    """Return the empty tables of what is counted day by day; their first index is the day."""
    n_groups = numbers["n_groups"]
    return {
        "paths": np.zeros((0, n_groups, numbers["n_points"]), np.uint16),
        "largest": np.zeros((0, n_groups), np.int32),
        "days": np.zeros(0, OF_DAY),
        "stations": np.zeros((0, len(layout.stations)), OF_STATION),
        "counters": np.zeros((0, len(layout.counters)), OF_COUNTER),
        "services": np.zeros((0, len(layout.services)), OF_SERVICE),
    }


def room_for(n_stays: int, numbers: dict[str, int]) -> dict[str, Array]:
    """Return scratch for the stays of a day."""
    n_cells = 2 * n_stays + numbers["n_groups"] * (numbers["n_points"] + 1)
    return {
        "stays": np.empty(n_stays, STAY),
        "groups": np.empty(numbers["n_groups"], GROUP),
        "cells": np.empty(n_cells, CELL),
        "close": np.empty(n_cells, CLOSE),
        "events": np.empty(2 * n_stays, np.int64),
    }


def of_day(plan: DayPlan, facts: DayTrace) -> list[Array]:
    """Return the columns of a day that all halls have, in the order of COLUMNS."""
    visitors, steps = plan.visitors, plan.steps
    return [
        np.array([plan.opening, plan.closing]),
        _column(visitors.arrival, REAL),
        _column(visitors.service, INDEX),
        _column(visitors.ordinal, INDEX),
        _column(visitors.visitor_class, INDEX),
        _column(visitors.party, INDEX),
        _column(visitors.first_step, INDEX),
        _column(steps.station, INDEX),
        _column(steps.service, INDEX),
        facts.joined,
        facts.started,
        facts.ended,
        facts.counter,
        facts.outcome,
        facts.left,
        facts.visitor_outcome,
        facts.released,
    ]


def rare_of_day(plan: DayPlan) -> dict[str, Array]:
    """Return the columns of a plan that only some halls use, and this day does."""
    visitors, steps = plan.visitors, plan.steps
    planned: dict[str, Array] = {
        "booking": visitors.booking,
        "stay_zone": visitors.stay_zone,
        "returns": visitors.returns,
        "another_day": steps.another_day,
        "not_before": steps.not_before,
    }
    used = {
        name: _column(values, DTYPES[name])
        for name, values in planned.items()
        if not is_left_out(values)
    }
    if "stay_zone" in used:
        used["stays_for"] = _column(visitors.stays, REAL)
    return used


def rare_of_trace(plan: DayPlan, facts: DayTrace) -> dict[str, Array]:
    """Return what else is known of a day where rooms, slots, areas, a gate or such may matter."""
    in_pieces = np.zeros(len(facts.outcome), np.bool_)
    in_pieces[[piece.step for piece in facts.pieces]] = True
    return {
        "tickets_from": plan.door.tickets_from,
        "entered": facts.entered,
        "admitted": facts.admitted,
        "came": facts.came,
        "returned": facts.returned,
        "in_pieces": in_pieces,
        "pieces": np.array([piece[1:] for piece in facts.pieces], PIECE),
    }


def of_duty(duty: Sequence[Sequence[Span]]) -> dict[str, Array]:
    """Return the tables of when counters are on duty."""
    return {
        "duty": np.array([span for spans in duty for span in spans], SPAN),
        "first_span": _ends(duty),
    }


def of_outages(outages: Sequence[Outage], n_stations: int) -> dict[str, Array]:
    """Return the tables of the outages of a day."""
    in_order = sorted(outages, key=lambda outage: outage.begin)
    struck = [outage.stations for outage in in_order]
    return {
        "outages": np.array([(outage.begin, outage.end) for outage in in_order], SPAN),
        "first_struck": _ends(struck),
        "struck": np.array([station for stations in struck for station in stations], INDEX),
        "off": np.empty(n_stations * len(outages), SPAN),
    }


def _ends(lists: Sequence[Sequence[Any]]) -> Array:
    """Return where each of several lists begins that stand one behind the other, and the end."""
    return np.array([0, *accumulate(map(len, lists))], INDEX)


def _column(values: Array, dtype: np.dtype[Any] | type) -> Array:
    return values if values.dtype == dtype else values.astype(dtype)
