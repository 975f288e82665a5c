"""Pooled rows: the visits or journeys of all replications, each with its group and its day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.trace import Outcome
from mppsim.measure.inference import (
    Index,
    Linear,
    linear_quantile,
    linear_quantile_over_days,
    linear_ratio,
    quantiles_of_sorted,
)
from mppsim.measure.observations import Grouping, Observations, Rows
from mppsim.measure.summary import Ticks
from mppsim.plan.clock import TICKS_PER_MINUTE
from mppsim.plan.plan import Floats

Mask = NDArray[np.bool_]


def pooled_visits(
    observations: Observations, groups: Grouping, *, kept: Mask, tenants_only: bool
) -> Pooled:
    """Return the visits of the kept days: at every station, or at tenants' counters only.

    Who was refused came to no counter and counts, in both, at the service that he came for.
    """
    layout = observations.layout
    at_tenant = layout.station_tenant >= 0
    promise_at_tenant = _whole_ticks(layout.service_promise)
    promise_at_station = _whole_ticks(layout.station_promise)
    parts = []
    for summary in observations.summaries:
        visits = summary.visits
        wanted = kept[visits.day]
        if tenants_only:
            wanted &= at_tenant[visits.station] | (visits.outcome == Outcome.REFUSED)
        promise = np.where(
            at_tenant[visits.station],
            promise_at_tenant[visits.service],
            promise_at_station[visits.station],
        )
        parts.append(_Part(groups.of(visits), visits, visits.wait, promise, wanted))
    return _pooled(groups, kept, parts)


def pooled_journeys(observations: Observations, groups: Grouping, *, kept: Mask) -> Pooled:
    """Return the visitors of the kept days, with their sojourn times."""
    parts = []
    for summary in observations.summaries:
        journeys = summary.journeys
        promise = np.full(len(journeys.day), -1)
        parts.append(
            _Part(groups.of(journeys), journeys, journeys.sojourn, promise, kept[journeys.day])
        )
    return _pooled(groups, kept, parts)


@dataclass(frozen=True, eq=False)
class Pooled:
    """One row a visit or journey; `day` counts the kept days of all replications one by one."""

    group: Index
    day: Index
    ticks: NDArray[np.int64]
    """Time in line, or sojourn time, in ticks of 2**-20 minute."""
    outcome: NDArray[np.uint8]
    promise: NDArray[np.int64]
    """Promised longest wait in whole ticks; -1 where nothing is promised."""
    n_groups: int
    n_replications: int
    n_days_each: int
    """How many kept days a replication has."""

    @property
    def n_days(self) -> int:
        """How many kept days all replications have."""
        return self.n_replications * self.n_days_each

    def only(self, rows: Mask) -> Pooled:
        """Return these rows of the same days."""
        return Pooled(
            self.group[rows],
            self.day[rows],
            self.ticks[rows],
            self.outcome[rows],
            self.promise[rows],
            self.n_groups,
            self.n_replications,
            self.n_days_each,
        )

    def regrouped(self, groups: Sequence[int], n_groups: int) -> Pooled:
        """Return the rows in other groups: `groups` names the new one of each, -1 for none."""
        group = np.array(groups, np.intp)[self.group]
        return replace(self, group=group, n_groups=n_groups).only(group >= 0)

    def counts(self) -> Floats:
        """Return the number of rows, shape (replications, groups)."""
        return self._by_replication(None)

    def minutes(self) -> Floats:
        """Return the sum of the times in minutes, shape (replications, groups); exact."""
        return self._by_replication(self.ticks) / TICKS_PER_MINUTE

    def mean(self) -> Linear:
        """Estimate the mean time of each group."""
        return linear_ratio(self.minutes(), self.counts())

    def share(self, rows: Mask) -> Linear:
        """Estimate the share of the rows of each group that are among these."""
        return linear_ratio(self.only(rows).counts(), self.counts())

    def quantiles(self, probabilities: tuple[float, ...]) -> list[Linear]:
        """Estimate quantiles of the pooled times of each group, one estimate a probability."""
        tick_bits = int(self.ticks.max(initial=0)).bit_length()
        key = (self.group << tick_bits) | self.ticks
        key.sort()
        minutes = (key & ((1 << tick_bits) - 1)) / TICKS_PER_MINUTE
        count = np.bincount(self.group, minlength=self.n_groups)
        return [
            linear_quantile(minutes, count, probability, self._below, self.n_days)
            for probability in probabilities
        ]

    def daily_quantile(self, probability: float) -> tuple[Linear, Linear]:
        """Estimate the mean over days of a daily quantile, and the same quantile of it over days.

        The first is a typical day's, the second a bad day's. Days on which a group has no rows
        count in neither.
        """
        n_days = self.n_days
        tick_bits = int(self.ticks.max(initial=0)).bit_length()
        key = ((self.group * n_days + self.day) << tick_bits) | self.ticks
        key.sort()
        count = np.bincount(self.group * n_days + self.day, minlength=self.n_groups * n_days)
        ticks = key & ((1 << tick_bits) - 1)
        daily = quantiles_of_sorted(ticks, count.cumsum() - count, count, probability)
        daily = (
            daily.reshape(self.n_groups, self.n_replications, self.n_days_each) / TICKS_PER_MINUTE
        )
        days = daily.transpose(1, 2, 0)
        seen = (~np.isnan(days)).sum(axis=1).astype(np.float64)
        typical = linear_ratio(np.nan_to_num(days).sum(axis=1), seen)
        return typical, linear_quantile_over_days(days, probability)

    def _below(self, minutes: Floats) -> tuple[Floats, Floats]:
        """Return how many times are at most the minutes of their group, and how many there are."""
        at_most = self.ticks <= (minutes * TICKS_PER_MINUTE)[self.group]
        return self.only(at_most).counts(), self.counts()

    def _by_replication(self, weights: NDArray[np.int64] | None) -> Floats:
        cell = (self.day // self.n_days_each) * self.n_groups + self.group
        total = np.bincount(cell, weights, minlength=self.n_replications * self.n_groups)
        return total.reshape(self.n_replications, self.n_groups).astype(np.float64)


class _Part(NamedTuple):
    """The rows of one replication, and which of them are wanted."""

    group: Index
    rows: Rows
    ticks: Ticks
    promise: NDArray[np.int64]
    wanted: Mask

    def columns(self, first_day: int, day_number: Index) -> tuple[NDArray[np.generic], ...]:
        """Return the columns of `Pooled` for the wanted rows."""
        wanted = self.wanted
        return (
            self.group[wanted],
            first_day + day_number[self.rows.day[wanted]],
            self.ticks[wanted].astype(np.int64),
            self.rows.outcome[wanted],
            self.promise[wanted],
        )


def _pooled(groups: Grouping, kept: Mask, parts: Sequence[_Part]) -> Pooled:
    """Put the replications one behind the other and number their kept days."""
    day_number = kept.cumsum() - 1
    columns = [
        part.columns(replication * int(kept.sum()), day_number)
        for replication, part in enumerate(parts)
    ]
    group, day, ticks, outcome, promise = map(np.concatenate, zip(*columns, strict=True))
    return Pooled(
        group=group,
        day=day,
        ticks=ticks,
        outcome=outcome,
        promise=promise,
        n_groups=len(groups.labels),
        n_replications=len(parts),
        n_days_each=int(kept.sum()),
    )


def _whole_ticks(promise: Floats) -> NDArray[np.int64]:
    """Return the longest wait in whole ticks that keeps each promise; -1 for no promise."""
    return np.where(np.isnan(promise), -1, np.floor(promise * TICKS_PER_MINUTE)).astype(np.int64)
