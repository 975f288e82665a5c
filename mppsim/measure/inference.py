"""Estimates and their intervals, as pure functions of arrays.

An estimate is a value and what each replication adds to its error; the replications are the
clusters of every interval (t), never the visitors: the waits of a day hang together, and
the days of a week may. A group without observations has the estimate NaN; an interval from fewer
than 2 replications is NaN.

Why this way: a bootstrap over days covered a few percent too little at 10 replications, and so did
plain t. This holds its level, needs no resampling, and works for linked days and for differences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.plan import Floats

Index = NDArray[np.intp]


class Ordered(Protocol):
    """Numbers in order, whether an array or not, that can be looked up by their ranks."""

    def __getitem__(self, rank: Index, /) -> NDArray[Any]:
        """Return the numbers at these ranks."""


@dataclass(frozen=True, eq=False)
class Estimate:
    """Estimates by group, with half-widths of the same shape."""

    value: Floats
    half_width: Floats


@dataclass(frozen=True, eq=False)
class Linear:
    """Estimates by group, and what each replication adds to their errors.

    `error` has the shape (replications, groups); each column adds up to about 0, and its mean has
    the variance of the estimate.
    """

    value: Floats
    error: Floats

    def minus(self, base: Linear) -> Linear:
        """Return the difference from a base of the same replications: what both share cancels.

        Cochran (1977), Sampling Techniques, section 6.19.
        """
        return Linear(self.value - base.value, self.error - base.error)

    def estimate(self, confidence: float = 0.95) -> Estimate:
        """Return the estimates with the half-widths of their intervals."""
        return Estimate(self.value, self.half_width(confidence))

    def half_width(self, confidence: float = 0.95) -> Floats:
        """Return the half-width of the t interval of each group, corrected for skewness.

        Busy days weigh so much that plain t covers too little: Hall (1992), The Bootstrap and
        Edgeworth Expansion, section 2.6, the two-sided expansion. At least t, at most twice.
        """
        n = len(self.error)
        if n < 2:
            return np.full(self.value.shape, np.nan)
        t = student_quantile(confidence, n - 1)
        square, cube, fourth = ((self.error**k).mean(axis=0) for k in (2, 3, 4))
        # Without any spread there is nothing to correct.
        spread = np.where(square > 0, square, 1)
        skewness_squared, kurtosis = cube**2 / spread**3, fourth / spread**2 - 3
        longer = (t**4 + 2 * t**2 - 3) * skewness_squared / 18 - (t**2 - 3) * kurtosis / 12
        return np.asarray((t + t * longer / n).clip(t, 2 * t) * np.sqrt(square / (n - 1)))


def ratio(total: Floats, count: Floats, *, confidence: float = 0.95) -> Estimate:
    """Estimate sum(total) / sum(count) over clusters, with its interval."""
    return linear_ratio(total, count).estimate(confidence)


def linear_ratio(total: Floats, count: Floats) -> Linear:
    """Estimate sum(total) / sum(count) over replications.

    `total` and `count` have the shape (replications, groups). The errors are those of the ratio
    estimator (delta method): Cochran (1977), Sampling Techniques, eq. 6.13; Law (2015), Simulation
    Modeling and Analysis, section 9.4.
    """
    sum_of_counts = count.sum(axis=0, dtype=np.float64)
    sum_of_counts[sum_of_counts == 0] = np.nan
    value = total.sum(axis=0) / sum_of_counts
    return Linear(value, (total - value * count) / (sum_of_counts / len(count)))


def linear_quantiles(
    ordered: Ordered,
    count: Index,
    probabilities: Sequence[float],
    below: Callable[[Sequence[Floats]], Iterable[tuple[Floats, Floats]]],
    n_days: int,
) -> list[Linear]:
    """Estimate quantiles of each group of a sample that is sorted by group, then value.

    `count` is the number of values a group. `below` returns, for each value of each group, how many
    values each replication has at or below it, and how many in all; shape (replications, groups).
    The interval is Woodruff's (1952, JASA 47): the share below the quantile has a t interval, whose
    ends are read off as quantiles. No interval (NaN) from fewer than 1 / (1 - p) days (or 1 / p):
    then even their extreme need not reach the quantile.
    """
    first = count.cumsum() - count
    values = [quantiles_of_sorted(ordered, first, count, one) for one in probabilities]
    found = []
    for probability, value, counts in zip(probabilities, values, below(values), strict=True):
        share = linear_ratio(*counts)
        reach = share.half_width()
        low, high = (
            quantiles_of_sorted(ordered, first, count, (probability + step).clip(0, 1))
            for step in (-reach, reach)
        )
        # A probability such as 0.9 is a little off: 10 days are enough for it.
        too_few = n_days * min(probability, 1 - probability) < 1 - 1e-9
        slope = np.divide(high - low, 2 * reach, out=np.zeros(len(count)), where=reach > 0)
        slope[np.isnan(reach) | too_few] = np.nan
        found.append(Linear(value, -share.error * slope))
    return found


def quantiles_of_sorted(
    ordered: Ordered, first: Index, count: Index, probability: float | Floats
) -> Floats:
    """Return the quantile of each segment of an array that is sorted within its segments.

    Segment g is ordered[first[g] : first[g] + count[g]]; an empty one has the quantile NaN, and so
    one whose probability is NaN. The definition and the arithmetic are those of numpy's 'linear':
    Hyndman and Fan (1996), type 7.
    """
    place = (count - 1).clip(0) * probability
    filled = (count > 0) & ~np.isnan(place)
    place = np.where(filled, place, 0)
    below = np.floor(place).astype(np.intp)
    fraction = place - below
    quantile = np.full(len(count), np.nan)
    low = ordered[(first + below)[filled]].astype(np.float64)
    high = ordered[(first + np.minimum(below + 1, count - 1))[filled]].astype(np.float64)
    part = fraction[filled]
    quantile[filled] = np.where(
        part < 0.5, low + (high - low) * part, high - (high - low) * (1 - part)
    )
    return quantile


def linear_quantile_over_days(daily: Floats, probability: float) -> Linear:
    """Estimate the quantile of one number a day; shape (replications, days, groups).

    Days with NaN do not count.
    """
    known = ~np.isnan(daily)
    n_days = daily.shape[0] * daily.shape[1]
    ordered = np.sort(daily.reshape(n_days, daily.shape[2]).T, axis=1)
    counted = known.sum(axis=(0, 1))
    sample = ordered[~np.isnan(ordered)]

    def below(values: Sequence[Floats]) -> list[tuple[Floats, Floats]]:
        n_known = known.sum(axis=1).astype(np.float64)
        return [((daily <= value).sum(axis=1).astype(np.float64), n_known) for value in values]

    return linear_quantiles(sample, counted, [probability], below, n_days)[0]


def student_quantile(confidence: float, degrees_of_freedom: int) -> float:
    """Return the t that a two-sided interval of this confidence reaches from its middle."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees_of_freedom, (1 + confidence) / 2))
