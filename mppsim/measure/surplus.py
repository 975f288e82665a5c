"""By how much each replication keeps a bound: independent numbers whose mean decides it.

A bound on a ratio, such as kept / came >= 0.9, holds in the long run exactly when the mean of
kept - 0.9 came is at least 0. So a bound on a share, a mean or a quantile is a question about the
mean of one number a replication, for which exact procedures are known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mppsim.measure.estimates import served_within
from mppsim.measure.observations import Observations, grouping
from mppsim.measure.pooled import Pooled, at_most, everybody, has_joined, pooled_visits
from mppsim.measure.tables import kept_promises
from mppsim.measure.targets import Goal
from mppsim.plan.plan import Floats

Parts = tuple[Floats, Floats]


@dataclass(frozen=True, eq=False)
class Surplus:
    """Arrays of the shape (replications, places)."""

    total: Floats
    """What the bound is about, summed: visitors served in time, or minutes in line."""
    count: Floats
    """How many it is shared by."""
    limit: float
    at_most: bool

    @property
    def amount(self) -> Floats:
        """By how much the bound is kept, in units of the total; below 0 where it is broken."""
        above = self.total - self.limit * self.count
        return -above if self.at_most else above


def surplus_of_waits(observations: Observations, goal: Goal, by: str) -> Surplus:
    """Return how a bound on waits is kept by 'station' or by 'service'."""
    everywhere = np.ones(len(observations.kinds), bool)
    groups = grouping(observations, by)
    rows = pooled_visits(observations, groups, kept=everywhere, tenants_only=by != "station")
    total, count, limit, at_most = _parts(rows, goal)
    return Surplus(total, count, limit, at_most)


def _parts(rows: Pooled, goal: Goal) -> tuple[Floats, Floats, float, bool]:
    measure = goal.measure
    if measure.statistic == "kept":
        return *kept_promises(rows), goal.limit, goal.at_most
    if measure.statistic == "share":
        return *served_within(rows, measure.level), goal.limit, goal.at_most
    joined = rows.only(has_joined)
    if measure.statistic == "mean":
        (sums,) = joined.sums(everybody)
        return sums.minutes, sums.count, goal.limit, goal.at_most
    # A quantile is at most a time exactly where the share within it is at least its probability.
    within, count = joined.counts(at_most(goal.limit), everybody)
    return within, count, measure.level, not goal.at_most
