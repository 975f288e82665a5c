"""Pooled rows: the visits or journeys of all replications, each with its group and its day.

They are looked through part by part, as many times as it takes, so that they need not fit into
the memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.trace import Outcome
from mppsim.measure.inference import (
    Index,
    Linear,
    linear_quantile_over_days,
    linear_quantiles,
    linear_ratio,
    quantiles_of_sorted,
)
from mppsim.measure.merged import Merged
from mppsim.measure.observations import Grouping, Observations
from mppsim.measure.spool import Spool
from mppsim.measure.summary import Summary
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

    def of(summary: Summary) -> Rows:
        visits = summary.visits
        if tenants_only:
            wanted = at_tenant[visits.station] | (visits.outcome == Outcome.REFUSED)
            visits = visits.only(np.flatnonzero(wanted))
        promise = np.where(
            at_tenant[visits.station],
            promise_at_tenant[visits.service],
            promise_at_station[visits.station],
        )
        return Rows(groups.of(visits), visits.day, visits.wait, visits.outcome, promise)

    return _pooled(observations, groups, kept, of)


def pooled_journeys(observations: Observations, groups: Grouping, *, kept: Mask) -> Pooled:
    """Return the visitors of the kept days, with their sojourn times."""

    def of(summary: Summary) -> Rows:
        journeys = summary.journeys
        promise = np.full(len(journeys.day), -1)
        return Rows(groups.of(journeys), journeys.day, journeys.sojourn, journeys.outcome, promise)

    return _pooled(observations, groups, kept, of)


@dataclass(frozen=True, eq=False)
class Rows:
    """One row a visit or journey; `day` counts the kept days of all replications one by one."""

    group: NDArray[np.integer]
    day: NDArray[np.integer]
    ticks: NDArray[np.integer]
    """Time in line, or sojourn time, in ticks of 2**-20 minute."""
    outcome: NDArray[np.uint8]
    promise: NDArray[np.integer]
    """Promised longest wait in whole ticks; -1 where nothing is promised."""

    def __len__(self) -> int:
        return len(self.group)

    def only(self, rows: Mask) -> Rows:
        """Return these rows."""
        place = np.flatnonzero(rows)
        return Rows(*(getattr(self, field.name)[place] for field in fields(self)))


Wanted = Callable[[Rows], Mask]


def everybody(rows: Rows) -> Mask:
    """Tell that each row is wanted."""
    return np.ones(len(rows), np.bool_)


def has_joined(rows: Rows) -> Mask:
    """Tell who joined the line."""
    return np.asarray(rows.ticks >= 0)


def at_most(minutes: float) -> Wanted:
    """Return what tells whose time is no longer than this."""
    longest = np.floor(minutes * TICKS_PER_MINUTE)
    return lambda rows: np.asarray(rows.ticks <= longest)


def ended(outcome: Outcome) -> Wanted:
    """Return what tells whose visit ended so."""
    return lambda rows: np.asarray(rows.outcome == outcome)


@dataclass(frozen=True, eq=False)
class Sums:
    """What some rows add up to, shape (replications, groups)."""

    count: Floats
    minutes: Floats
    """Exact."""

    @property
    def mean(self) -> Linear:
        """Estimate of the mean time of each group."""
        return linear_ratio(self.minutes, self.count)


@dataclass(frozen=True, eq=False)
class Pooled:
    """The rows of all replications, part by part; the rows of a day are all in one part."""

    parts: Callable[[], Iterator[Rows]]
    n_groups: int
    n_replications: int
    n_days_each: int
    """How many kept days a replication has."""

    @property
    def n_days(self) -> int:
        """How many kept days all replications have."""
        return self.n_replications * self.n_days_each

    def only(self, wanted: Wanted) -> Pooled:
        """Return the rows that are wanted, of the same days."""
        return replace(self, parts=lambda: (rows.only(wanted(rows)) for rows in self.parts()))

    def regrouped(self, groups: Sequence[int], n_groups: int) -> Pooled:
        """Return the rows in other groups: `groups` names the new one of each, -1 for none."""
        new = np.array(groups, np.intp)

        def parts() -> Iterator[Rows]:
            return (replace(rows, group=new[rows.group]) for rows in self.parts())

        return replace(self, parts=parts, n_groups=n_groups).only(lambda rows: rows.group >= 0)

    def counts(self, *wanted: Wanted) -> list[Floats]:
        """Return how many rows are wanted in each way, of shape (replications, groups)."""
        return [*self._added_up(wanted, lambda rows, place: None)]

    def sums(self, *wanted: Wanted) -> list[Sums]:
        """Return what the rows that are wanted in each way add up to."""
        ticks = self._added_up(wanted, lambda rows, place: rows.ticks[place])
        return [*map(Sums, self.counts(*wanted), ticks / TICKS_PER_MINUTE)]

    def mean(self) -> Linear:
        """Estimate the mean time of each group."""
        return self.sums(everybody)[0].mean

    def quantiles(self, probabilities: tuple[float, ...]) -> list[Linear]:
        """Estimate quantiles of the pooled times of each group, one estimate a probability."""
        longest = max((int(rows.ticks.max(initial=0)) for rows in self.parts()), default=0)
        bits = longest.bit_length()
        keys = Merged((rows.group.astype(np.int64) << bits) | rows.ticks for rows in self.parts())
        (count,) = self.counts(everybody)

        def below(quantiles: Sequence[Floats]) -> list[tuple[Floats, Floats]]:
            return [(one, count) for one in self.counts(*map(_up_to, quantiles))]

        n_each = count.sum(axis=0).astype(np.intp)
        return linear_quantiles(_Minutes(keys, bits), n_each, probabilities, below, self.n_days)

    def daily_quantile(self, probability: float) -> tuple[Linear, Linear]:
        """Estimate the mean over days of a daily quantile, and the same quantile of it over days.

        The first is a typical day's, the second a bad day's. Days on which a group has no rows
        count in neither.
        """
        daily = np.full((self.n_days, self.n_groups), np.nan)
        for rows in filter(len, self.parts()):
            first, last = int(rows.day[0]), int(rows.day[-1])
            of_part = _quantile_by_day(rows, first, last + 1 - first, self.n_groups, probability)
            daily[first : last + 1] = of_part / TICKS_PER_MINUTE
        days = daily.reshape(self.n_replications, self.n_days_each, self.n_groups)
        seen = (~np.isnan(days)).sum(axis=1).astype(np.float64)
        typical = linear_ratio(np.nan_to_num(days).sum(axis=1), seen)
        return typical, linear_quantile_over_days(days, probability)

    def _added_up(
        self, wanted: Sequence[Wanted], weights: Callable[[Rows, Index], NDArray[Any] | None]
    ) -> Floats:
        """Return the weights of wanted rows, shape (ways to want, replications, groups)."""
        total = np.zeros((len(wanted), self.n_replications, self.n_groups))
        for rows in filter(len, self.parts()):
            replication = rows.day // np.int32(self.n_days_each)
            first, last = int(replication[0]), int(replication[-1])
            cell = (replication - np.int32(first)) * np.intp(self.n_groups) + rows.group
            shape = last + 1 - first, self.n_groups
            for number, are_wanted in enumerate(wanted):
                place = np.flatnonzero(are_wanted(rows))
                part = np.bincount(cell[place], weights(rows, place), shape[0] * shape[1])
                total[number, first : last + 1] += part.reshape(shape)
        return total


@dataclass(frozen=True)
class _Minutes:
    """The times of all rows by rank, in the order of groups; each key ends with the ticks."""

    keys: Merged
    tick_bits: int

    def __getitem__(self, rank: Index) -> Floats:
        return (self.keys[rank] & ((1 << self.tick_bits) - 1)) / TICKS_PER_MINUTE


def _quantile_by_day(
    rows: Rows, first_day: int, n_days: int, n_groups: int, probability: float
) -> Floats:
    """Return a quantile of the ticks, shape (days, groups)."""
    bits = int(rows.ticks.max()).bit_length()
    cell = (rows.day - first_day) * np.int64(n_groups) + rows.group
    key = (cell << bits) | rows.ticks
    key.sort()
    count = np.bincount(cell, minlength=n_days * n_groups)
    ticks = key & ((1 << bits) - 1)
    daily = quantiles_of_sorted(ticks, count.cumsum() - count, count, probability)
    return daily.reshape(n_days, n_groups)


_ROWS_IN_A_PART = 2**18


def _up_to(quantiles: Floats) -> Wanted:
    """Return what tells whose time is at most this one of his group."""
    ticks = quantiles * TICKS_PER_MINUTE
    return lambda rows: np.asarray(rows.ticks <= ticks[rows.group])


def _pooled(
    observations: Observations, groups: Grouping, kept: Mask, of: Callable[[Summary], Rows]
) -> Pooled:
    """Put the rows of all summaries into parts, in small types, and number their kept days."""
    n_days, n_groups, first = int(kept.sum()), len(groups.labels), 0
    spool, waiting, n_waiting = Spool[Rows](), list[Rows](), 0
    for summary in observations.summaries:
        rows, is_kept = of(summary), np.tile(kept, summary.n_replications)
        numbered = replace(
            rows,
            group=rows.group.astype(np.min_scalar_type(n_groups)),
            day=(is_kept.cumsum() - 1 + first * n_days).astype(np.int32)[rows.day],
            promise=rows.promise.astype(np.min_scalar_type(-1 - int(rows.promise.max(initial=0)))),
        )
        waiting.append(numbered if kept.all() else numbered.only(is_kept[rows.day]))
        n_waiting, first = n_waiting + len(waiting[-1]), first + summary.n_replications
        if n_waiting >= _ROWS_IN_A_PART:
            spool.append(_together(waiting))
            waiting, n_waiting = [], 0
    if waiting:
        spool.append(_together(waiting))
    return Pooled(lambda: iter(spool), n_groups, first, n_days)


def _together(parts: Sequence[Rows]) -> Rows:
    columns = ([getattr(part, field.name) for part in parts] for field in fields(Rows))
    return Rows(*(np.concatenate(column) for column in columns))


def _whole_ticks(promise: Floats) -> NDArray[np.int64]:
    """Return the longest wait in whole ticks that keeps each promise; -1 for no promise."""
    return np.where(np.isnan(promise), -1, np.floor(promise * TICKS_PER_MINUTE)).astype(np.int64)
