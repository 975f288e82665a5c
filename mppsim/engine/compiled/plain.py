"""Plain days: those that need little of what a hall can have.

There are no skills, bookings, delegations, outages, rooms and so on, and nobody counts those who
wait. The kernel is compiled once more for such days, without all that they do not need.

Why this way: flags in front of what a day does not need gain nothing, but a kernel without it takes
a fifth less. It is made of the same functions, which are told what is known of these days.
"""

from __future__ import annotations

from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.another_day import Mask
from mppsim.plan.columns import is_left_out
from mppsim.plan.plan import NO_LIMIT, DayPlan

_NOT_USED = {
    "day": ("n_outages", "has_rooms", "has_order", "has_ahead", "has_skills", "timed"),
    "stations": (
        *("first_share", "end_share", "shifted_breaks", "breaks_off", "patience_shared"),
        *("has_room", "blocks", "loses", "calls_dead", "is_remote"),
    ),
    "counters": (
        *("outages", "running", "stopped", "restarting", "leaving"),
        *("minutes", "left", "begun", "piece_begun"),
    ),
    "visitors": ("seeks", "waits"),
    "steps": ("done", "dead", "missing", "broken"),
}
_COLUMNS = {
    "booking": -1,
    "stays": 0.0,
    "stay_zone": -1,
    "returns": -1,
    "not_before": -np.inf,
    **dict.fromkeys(("any_order", "ahead", "misses", "instead", "back", "another_day"), 0),
    "remote": np.nan,
    "to_make": True,
}
"""Columns of a plan, and what they say of all who come."""
KNOWN: dict[str, float | range] = {
    **{f"{table}.{field}": 0 for table, fields in _NOT_USED.items() for field in fields},
    **dict.fromkeys(("waited", "whereabouts"), 0),
    **_COLUMNS,
    "day.gate_head": -1,
    "stations.discipline": range(2),
    "stations.balk_above": NO_LIMIT,
    "stations.balk_wait": np.inf,
    "stations.lines": 0,
    "stations.parts": 1,
    "part_of": 0,
    "visitors.held_counter": -1,
    "returned": np.nan,
}
"""What is known of plain days: fields, as table.field, and what some tables say in all rows."""


def may_be_plain(stations: Any, somebody_counts: bool, has_skills: bool) -> bool:
    """Tell whether days in a hall can be plain."""
    needs = stations["breaks_off"] | stations["shifted_breaks"] | stations["patience_shared"]
    needs = needs | (stations["parts"] != 1)
    return not (somebody_counts or has_skills or needs.any())


def is_plain(plan: DayPlan, to_make: Mask) -> bool:
    """Tell whether a day is plain, in a hall where days can be."""
    columns = {**vars(plan.visitors), **vars(plan.steps), "to_make": to_make}
    return not plan.outages and all(
        _is_always(columns[name], value) for name, value in _COLUMNS.items()
    )


def _is_always(column: NDArray[Any], value: float) -> bool:
    """Tell whether a column was left out and has this value; others are not looked through."""
    if not is_left_out(column) or not len(column):
        return False
    found = column.item(0)
    return bool(found == value or (isnan(found) and isnan(value)))
