"""The tables of one day, to be measured: from the hall, and from the day's plan and trace."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, chain
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.trace import DayTrace
from mppsim.measure.compiled.tables import (
    CELL,
    CLOSE,
    GROUP,
    INDEX,
    OF_COUNTER,
    OF_DAY,
    OF_SERVICE,
    OF_STATION,
    REAL,
    ROSTER,
    SPAN,
    STAY,
    STRUCK,
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
        "rosters": np.zeros(len(layout.counters), ROSTER),
        "area": area,
    }


def numbers_of(layout: Layout, grid: Grid) -> dict[str, int]:
    """Return those numbers of the record of the day that are the same on all days."""
    n_areas, has_gate = len(layout.areas), layout.capacity != NO_LIMIT
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
        "lowest": -1,
    }


def by_day(layout: Layout, numbers: dict[str, int]) -> dict[str, Array]:
    """Return the empty tables of what is counted day by day; their first index is the day."""
    n_groups = numbers["n_groups"]
    return {
        "paths": np.zeros((0, n_groups, numbers["n_points"]), INDEX),
        "largest": np.zeros((0, n_groups), np.int32),
        "days": np.zeros(0, OF_DAY),
        "stations": np.zeros((0, len(layout.stations)), OF_STATION),
        "counters": np.zeros((0, len(layout.counters)), OF_COUNTER),
        "services": np.zeros((0, len(layout.services)), OF_SERVICE),
    }


def most_stays(n_visitors: int, n_steps: int) -> int:
    """Return how many stays a day has at most."""
    return 4 * n_steps + 3 * n_visitors


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


def of_day(plan: DayPlan, facts: DayTrace) -> tuple[Array, ...]:
    """Return the columns of a day, in the order of COLUMNS but for the hours."""
    return (
        *_OF_VISITORS(plan.visitors),
        *_OF_STEPS(plan.steps),
        *_OF_TRACE(facts),
        plan.door.tickets_from,
        *_RARE_OF_VISITORS(plan.visitors),
        *_RARE_OF_STEPS(plan.steps),
        *_RARE_OF_TRACE(facts),
    )


_OF_VISITORS = attrgetter("arrival", "service", "ordinal", "visitor_class", "party", "first_step")
_OF_STEPS = attrgetter("station", "service")
_OF_TRACE = attrgetter(
    "joined", "started", "ended", "counter", "outcome", "left", "visitor_outcome", "released"
)
_RARE_OF_VISITORS = attrgetter("booking", "stays", "stay_zone", "returns")
_RARE_OF_STEPS = attrgetter("another_day", "not_before")
_RARE_OF_TRACE = attrgetter("entered", "admitted", "came", "returned")


def is_used(plan: DayPlan) -> list[bool]:
    """Tell of each of the columns RARE of a plan whether it is used."""
    visitors, steps = plan.visitors, plan.steps
    rare = visitors.booking, visitors.stay_zone, visitors.returns
    return [not is_left_out(column) for column in (*rare, steps.another_day, steps.not_before)]


def in_turn(plan: DayPlan, facts: DayTrace) -> bool:
    """Tell whether all were served in turn, by the columns that are one then, and came alone."""
    party = plan.visitors.party
    is_alone = is_left_out(party) and bool(party[:1] == 1)
    return facts.joined is plan.visitors.arrival and facts.ended is facts.released and is_alone


def of_duty(duty: Sequence[Sequence[Span]], n_noted: int) -> dict[str, Array]:
    """Return the tables of when counters are on duty, with room for so many spans as noted."""
    spans = np.fromiter(_one_by_one(_one_by_one(duty)), REAL).view(SPAN)
    return {
        "duty": spans,
        "first_span": _ends(duty),
        "on_duty": np.empty(len(spans) + n_noted, SPAN),
    }


def of_outages(outages: Sequence[Outage], n_stations: int) -> dict[str, Array]:
    """Return the tables of outages, in the order in which they come."""
    found = np.zeros(len(outages), STRUCK)
    struck = [outage.stations for outage in outages]
    found["begin"] = [outage.begin for outage in outages]
    found["end"] = [outage.end for outage in outages]
    ends = _ends(struck)
    found["first_station"], found["end_station"] = ends[:-1], ends[1:]
    return {
        "outages": found,
        "struck": np.fromiter(_one_by_one(struck), INDEX),
        "off": np.empty(n_stations * len(outages), SPAN),
    }


def in_order(outages: Array) -> Array:
    """Return outages in the order in which they begin."""
    return outages[outages["begin"].argsort(kind="stable")]


_one_by_one = chain.from_iterable


def _ends(lists: Sequence[Sequence[Any]]) -> Array:
    """Return where each of several lists begins that stand one behind the other, and the end."""
    return np.array([0, *accumulate(map(len, lists))], INDEX)


def _column(values: Array, dtype: np.dtype[Any] | type) -> Array:
    return values if values.dtype == dtype else values.astype(dtype)
