"""The tables of a trace: its facts in the words of the scenario."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.trace import OUTCOMES, Outcome, Trace
from mppsim.plan.plan import AWAY, Integers, Layout

if TYPE_CHECKING:
    import pandas as pd


class Names(NamedTuple):
    """A column of names: of each row the number of its name, -1 for none."""

    number: NDArray[np.integer]
    names: tuple[str, ...]


Mask = NDArray[np.bool_]
Column = NDArray[Any] | Names
Columns = dict[str, Column]


def steps_columns(trace: Trace) -> Columns:
    """Return one row a reached step at a station.

    `visitor` is the number in order of arrival on that day.

    `tenant` and `service` are those of the service given, at a shared station those that the
    visitor came for. `counter` is the counter's name, missing where nobody served.
    """
    return _together(trace, _steps_of_day)


def visitors_columns(trace: Trace) -> Columns:
    """Return one row a visitor who came; `ordinal` is the number within the day and service.

    Two plans with the same seed have the same visitor where the first day, tenant, service and
    ordinal agree; `first_day` is before `day` for who comes back from the day before.
    """
    return _together(trace, _visitors_of_day)


def data_frame(columns: Columns) -> pd.DataFrame:
    """Return the columns as a table; None where there is no name."""
    import pandas as pd

    return pd.DataFrame(
        {
            name: np.array([*column.names, None], object)[column.number]
            if isinstance(column, Names)
            else column
            for name, column in columns.items()
        }
    )


def joined(parts: Sequence[Columns]) -> Columns:
    """Return tables of the same columns and names, one behind the other."""

    def behind_each_other(columns: list[Any]) -> Column:
        if isinstance(columns[0], Names):
            return Names(np.concatenate([one.number for one in columns]), columns[0].names)
        return np.concatenate(columns)

    first, *others = parts
    if not others:
        return first
    return {name: behind_each_other([part[name] for part in parts]) for name in first}


def _together(trace: Trace, of_day: Callable[[Trace, int], tuple[Mask, Columns]]) -> Columns:
    """Return the rows of all days that are meant, after the name of their day."""
    weekdays = tuple(day.weekday for day in trace.plan.days)
    parts = []
    for day in range(len(weekdays)):
        is_meant, columns = of_day(trace, day)
        rows = np.flatnonzero(is_meant)
        columns = {"day": Names(np.full(len(is_meant), day), weekdays), **columns}
        parts.append({name: _only(column, rows) for name, column in columns.items()})
    return joined(parts)


def _steps_of_day(trace: Trace, number: int) -> tuple[Mask, Columns]:
    layout, day, facts = trace.plan.layout, trace.plan.days[number], trace.days[number]
    n_steps = np.diff(day.visitors.first_step)
    visitor = np.repeat(np.arange(len(n_steps)), n_steps)
    is_meant = (facts.outcome != Outcome.NOT_REACHED) & (day.steps.station != AWAY)
    return is_meant, {
        "visitor": visitor,
        "step": np.arange(len(visitor)) - day.visitors.first_step[visitor],
        **_served_by(layout, np.where(day.visitors.stay_zone[visitor] < 0, day.steps.service, -1)),
        "station": Names(day.steps.station, layout.stations),
        "visitor_class": Names(day.visitors.visitor_class[visitor], layout.classes),
        "joined": facts.joined,
        "started": facts.started,
        "ended": facts.ended,
        "counter": Names(facts.counter, layout.counters),
        "outcome": Names(facts.outcome, OUTCOMES),
        "entered": facts.entered,
        "released": facts.released,
    }


def _visitors_of_day(trace: Trace, number: int) -> tuple[Mask, Columns]:
    layout, visitors, facts = (
        trace.plan.layout,
        trace.plan.days[number].visitors,
        trace.days[number],
    )
    weekdays = tuple(day.weekday for day in trace.plan.days)
    return facts.visitor_outcome != Outcome.NOT_REACHED, {
        "visitor": np.arange(len(visitors.arrival)),
        **_served_by(layout, np.where(visitors.stay_zone < 0, visitors.service, -1)),
        "ordinal": visitors.ordinal,
        "first_day": Names(np.where(visitors.returns < 0, number, number - 1), weekdays),
        "visitor_class": Names(visitors.visitor_class, layout.classes),
        "party": visitors.party,
        "arrived": visitors.arrival,
        "admitted": facts.admitted,
        "left": facts.left,
        "outcome": Names(facts.visitor_outcome, OUTCOMES),
    }


def _served_by(layout: Layout, service: Integers) -> Columns:
    tenant = np.where(service < 0, -1, layout.service_tenant[service])
    return {"tenant": Names(tenant, layout.tenants), "service": Names(service, layout.services)}


def _only(column: Column, rows: NDArray[np.intp]) -> Column:
    return (
        column._replace(number=column.number[rows]) if isinstance(column, Names) else column[rows]
    )
