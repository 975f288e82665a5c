"""Delegations: in the seats and at the counters, and in no table of the tenants' visitors."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.trace import DayTrace, Outcome, Trace
from mppsim.plan.plan import DayPlan, Floats, Integers

_BY_VISITOR = ("left", "visitor_outcome", "admitted")


class Stays(NamedTuple):
    """The times for which delegations sit in a zone, one row each."""

    day: NDArray[np.intp]
    zone: Integers
    persons: Integers
    begin: Floats
    end: Floats


def stays_of(trace: Trace) -> Stays:
    """Return the stays of the delegations that were received."""
    rows = []
    for number, (day, facts) in enumerate(zip(trace.plan.days, trace.days, strict=True)):
        visitors = day.visitors
        here = np.flatnonzero((visitors.stay_zone >= 0) & (facts.visitor_outcome == Outcome.SERVED))
        left = facts.left[here]
        zone, party = visitors.stay_zone[here], visitors.party[here]
        rows.append((np.full(len(here), number), zone, party, left - visitors.stays[here], left))
    return Stays(*(np.concatenate(column) for column in zip(*rows, strict=True)))


def of_tenants(trace: Trace) -> Trace:
    """Return the trace of the tenants' visitors who came; what counters did else is as it was."""
    kept = [
        (day.visitors.stay_zone < 0) & (facts.visitor_outcome != Outcome.NOT_REACHED)
        for day, facts in zip(trace.plan.days, trace.days, strict=True)
    ]
    if all(these.all() for these in kept):
        return trace
    days = [_kept(*those) for those in zip(trace.plan.days, trace.days, kept, strict=True)]
    plan = replace(trace.plan, days=tuple(plan for plan, _ in days))
    return Trace(plan, tuple(facts for _, facts in days))


def _kept(day: DayPlan, facts: DayTrace, kept: NDArray[np.bool_]) -> tuple[DayPlan, DayTrace]:
    n_steps = np.diff(day.visitors.first_step)
    steps = np.repeat(kept, n_steps)
    first_step = np.concatenate([[0], np.cumsum(n_steps[kept])]).astype(np.int32)
    visitors = {name: column[kept] for name, column in _columns(day.visitors, len(kept))}
    by_step: dict[str, Any] = {
        name: column[kept] if name in _BY_VISITOR else column[steps]
        for name, column in _columns(facts, None)
    }
    plan = replace(
        day,
        visitors=replace(day.visitors, **{**visitors, "first_step": first_step}),
        steps=replace(day.steps, **{n: c[steps] for n, c in _columns(day.steps, len(steps))}),
    )
    return plan, replace(facts, **by_step)


def _columns(table: Any, n: int | None) -> list[tuple[str, NDArray[Any]]]:
    """Return the arrays of a table by name: all, or those of one length."""
    arrays = [(one.name, getattr(table, one.name)) for one in fields(table)]
    return [
        (name, array)
        for name, array in arrays
        if isinstance(array, np.ndarray) and (n is None or len(array) == n)
    ]
