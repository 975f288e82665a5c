"""The gate: who waits outside because the hall is full."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mppsim.engine.trace import Outcome
from mppsim.measure.over_time import day_grid
from mppsim.measure.paths import Stays
from mppsim.measure.side_by_side import Days
from mppsim.plan.plan import NO_LIMIT, DayPlan, Floats, Integers, Layout


@dataclass(frozen=True, eq=False)
class AtGate:
    """One entry a day."""

    came: Integers
    """Visitors who came to the hall."""
    waited: Integers
    """Those of them who waited outside, admitted in the end or not."""
    minutes: Floats
    """Their waits outside, added up."""
    longest: Integers
    """The largest number of persons outside."""


def at_gate(days: Days) -> AtGate:
    """Return how the visitors of each day came through the gate."""
    visitors, n_days = days.visitors, len(days)
    came = np.bincount(visitors.day[visitors.outcome != Outcome.NOT_REACHED], minlength=n_days)
    if days.layout.capacity == NO_LIMIT:
        nobody = np.zeros(n_days, np.int32)
        return AtGate(came.astype(np.int32), nobody, np.zeros(n_days), nobody)
    wants_in = np.concatenate([_at_the_ticket(days.layout, day) for day in days.plans])
    admitted = visitors.happened("admitted")
    until = np.where(np.isnan(admitted), visitors.left, admitted)
    rows = np.flatnonzero(until > wants_in)
    outside = Stays(visitors.day[rows], wants_in[rows], until[rows], visitors.party[rows])
    _, longest = day_grid(days).sampled_and_largest(outside, n_days)
    minutes = np.bincount(outside.group, outside.end - outside.begin, n_days)
    return AtGate(
        came=came.astype(np.int32),
        waited=np.bincount(outside.group, minlength=n_days).astype(np.int32),
        minutes=np.asarray(minutes, np.float64),
        longest=longest,
    )


def _at_the_ticket(layout: Layout, day: DayPlan) -> Floats:
    """Return when each visitor wants to get in: on arrival, or once tickets are given out."""
    visitors = day.visitors
    tickets_from = day.door.tickets_from[layout.service_tenant[visitors.service]]
    has_ticket = (visitors.booking >= 0) | (visitors.ordinal < 0) & (visitors.returns < 0)
    return np.where(has_ticket, visitors.arrival, np.maximum(visitors.arrival, tickets_from))
