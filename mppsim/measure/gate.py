"""The gate: who waits outside because the hall is full."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mppsim.engine.trace import Outcome, Trace
from mppsim.measure.over_time import Jumps
from mppsim.plan.plan import DayPlan, Floats, Integers, Layout


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


def at_gate(trace: Trace) -> AtGate:
    """Return how the visitors of each day came through the gate."""
    days = trace.plan.days
    came = [int((facts.visitor_outcome != Outcome.NOT_REACHED).sum()) for facts in trace.days]
    arrival = np.concatenate([_at_the_ticket(trace.plan.layout, day) for day in days])
    party = np.concatenate([day.visitors.party for day in days])
    day = np.repeat(np.arange(len(days)), [len(day.visitors.arrival) for day in days])
    admitted = np.concatenate([facts.admitted for facts in trace.days])
    left = np.concatenate([facts.left for facts in trace.days])
    until = np.where(np.isnan(admitted), left, admitted)
    rows = np.flatnonzero(until > arrival)
    outside = Jumps(
        group=np.tile(day[rows], 2),
        time=np.concatenate([arrival[rows], until[rows]]),
        change=np.concatenate([party[rows], -party[rows]]).astype(np.int32),
        n_groups=len(days),
    )
    minutes = np.bincount(day[rows], (until - arrival)[rows], len(days))
    return AtGate(
        came=np.array(came, np.int32),
        waited=np.bincount(day[rows], minlength=len(days)).astype(np.int32),
        minutes=np.asarray(minutes, np.float64),
        longest=outside.largest(),
    )


def _at_the_ticket(layout: Layout, day: DayPlan) -> Floats:
    """Return when each visitor wants to get in: on arrival, or once tickets are given out."""
    visitors = day.visitors
    tickets_from = day.door.tickets_from[layout.service_tenant[visitors.service]]
    has_ticket = (visitors.booking >= 0) | (visitors.ordinal < 0) & (visitors.returns < 0)
    return np.where(has_ticket, visitors.arrival, np.maximum(visitors.arrival, tickets_from))
