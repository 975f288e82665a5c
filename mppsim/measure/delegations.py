"""Delegations: in the seats and at the counters, and in no table of the tenants' visitors."""

from __future__ import annotations

import numpy as np

from mppsim.engine.trace import Outcome
from mppsim.measure.paths import Stays
from mppsim.measure.side_by_side import Days


def delegations(days: Days) -> Stays:
    """Return the stays of the delegations that were received, for each day and zone."""
    visitors = days.visitors
    zone = visitors.planned("stay_zone")
    here = np.flatnonzero((zone >= 0) & (visitors.outcome == Outcome.SERVED))
    left = visitors.left[here]
    return Stays(
        group=visitors.day[here] * len(days.layout.zones) + zone[here],
        begin=left - visitors.planned("stays")[here],
        end=left,
        persons=visitors.party[here],
    )
