"""Plans with other columns than those that were made, for features that a test adds by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np

from mppsim.plan import Plan

Columns = Mapping[str, Any]
NOTHING: Columns = MappingProxyType({})


def changed(
    plan: Plan, *, layout: Columns = NOTHING, steps: Columns = NOTHING, visitors: Columns = NOTHING
) -> Plan:
    """Return the plan of one day with these columns, given as lists or as arrays."""
    (day,) = plan.days
    day = replace(
        day,
        steps=replace(day.steps, **_arrays(steps)),
        visitors=replace(day.visitors, **_arrays(visitors)),
    )
    return replace(plan, layout=replace(plan.layout, **_arrays(layout)), days=(day,))


def _arrays(columns: Columns) -> dict[str, Any]:
    return {
        name: np.array(values) if isinstance(values, list) else values
        for name, values in columns.items()
    }
