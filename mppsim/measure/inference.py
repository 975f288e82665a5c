"""Estimates and their intervals, as pure functions of arrays.

Two kinds of cluster: replications for means and shares (ratio estimator, Student t), days for
quantiles (bootstrap). Never visitors: the waits within a day hang together. A group without
observations has the estimate NaN; an interval from fewer than 2 clusters is NaN.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.plan import Floats

RESAMPLES = 400
BINS = 20
"""Equal-probability bins, around each quantile, in which the days of a resample are counted."""
BOOTSTRAP_STREAM = "measure/bootstrap over days"
"""Name of the random stream, so that an interval depends on nothing but the observations."""

Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Estimate:
    """Estimates by group, with half-widths of the same shape."""

    value: Floats
    half_width: Floats


def ratio(total: Floats, count: Floats, *, confidence: float = 0.95) -> Estimate:
    """Estimate sum(total) / sum(count) over clusters, with a Student t half-width.

    `total` and `count` have the shape (clusters, groups). The standard error is that of the ratio
    estimator (delta method): Cochran (1977), Sampling Techniques, eq. 6.13; Law (2015), Simulation
    Modeling and Analysis, section 9.4.
    """
    value, residual = _linearized(total, count)
    return Estimate(value, _t_half_width(residual, confidence))


def ratio_difference(
    base: tuple[Floats, Floats], other: tuple[Floats, Floats], *, confidence: float = 0.95
) -> Estimate:
    """Estimate the difference of two ratios, other minus base, from paired clusters.

    Each pair is (total, count), shape (clusters, groups); row by row the clusters belong together.
    The residuals of the two linearized ratios are subtracted pair by pair, so what is common to
    both cancels: Cochran (1977), Sampling Techniques, section 6.19.
    """
    base_value, base_residual = _linearized(*base)
    other_value, other_residual = _linearized(*other)
    half_width = _t_half_width(other_residual - base_residual, confidence)
    return Estimate(other_value - base_value, half_width)


def quantiles_of_sorted(
    ordered: NDArray[np.number], first: Index, count: Index, probability: float
) -> Floats:
    """Return the quantile of each segment of an array that is sorted within its segments.

    Segment g is ordered[first[g] : first[g] + count[g]]; an empty one has the quantile NaN. The
    definition and the arithmetic are those of numpy's 'linear': Hyndman and Fan (1996), type 7.
    """
    place = (count - 1).clip(0) * probability
    below = np.floor(place).astype(np.intp)
    fraction = place - below
    filled = count > 0
    quantile = np.full(len(count), np.nan)
    low = ordered[(first + below)[filled]].astype(np.float64)
    high = ordered[(first + np.minimum(below + 1, count - 1))[filled]].astype(np.float64)
    part = fraction[filled]
    quantile[filled] = np.where(
        part < 0.5, low + (high - low) * part, high - (high - low) * (1 - part)
    )
    return quantile


def day_weights(stratum: Index, *, n_resamples: int = RESAMPLES) -> Floats:
    """Return how often each resample holds each day, shape (resamples, days).

    Each resample draws as many days of each stratum (weekday) as there are, with replacement:
    Davison and Hinkley (1997), Bootstrap Methods and their Application, section 3.2. A stratum of
    one day shows nothing of how days differ: then there are no resamples, shape (0, days).
    """
    if len(stratum) and np.bincount(stratum)[np.unique(stratum)].min() < 2:
        return np.zeros((0, len(stratum)))
    key = hashlib.sha256(BOOTSTRAP_STREAM.encode()).digest()[:16]
    generator = np.random.Generator(np.random.Philox(key=int.from_bytes(key, "little")))
    weights = np.zeros((n_resamples, len(stratum)))
    for value in np.unique(stratum):
        days = np.flatnonzero(stratum == value)
        drawn = days[(generator.random((n_resamples, len(days))) * len(days)).astype(np.intp)]
        resample = np.arange(n_resamples)[:, None]
        np.add.at(weights, (np.broadcast_to(resample, drawn.shape), drawn), 1)
    return weights


def resampled_quantiles(
    ordered: NDArray[np.number], day: Index, weights: Floats, probabilities: tuple[float, ...]
) -> Floats:
    """Return the quantiles of each resample of days, shape (resamples, probabilities).

    `ordered` is the pooled sample in rising order, `day` the day of each value. The days are
    counted in fine bins of equal probability, as far around each quantile as the resamples reach,
    so that a resample is a row of a matrix product; within a bin the quantile is interpolated. A
    value that fills bins has an edge just below it, so that an atom stays an atom. NaN where a
    resample holds no value.
    """
    edges = _bin_edges(ordered, day, weights, probabilities)
    counts = _counted(ordered, day, edges, weights.shape[1])
    # Whole numbers below 2**53: the product is exact, so it is the same on any number of threads.
    below = (weights @ counts).cumsum(axis=1)
    return np.column_stack([_inverse(edges, below, probability) for probability in probabilities])


def quantile_over_days(
    daily: Floats, weights: Floats, probability: float, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Return the quantile of one number a day and its half-width; days with NaN do not count."""
    known = np.flatnonzero(~np.isnan(daily))
    if not len(known):
        return np.nan, np.nan
    days = known[np.argsort(daily[known], kind="stable")]
    ordered = daily[days]
    n = np.array([len(days)])
    value = quantiles_of_sorted(ordered, np.zeros(1, np.intp), n, probability)
    if len(days) < 2:
        return float(value[0]), np.nan
    resampled = resampled_quantiles(ordered, days, weights, (probability,))
    return float(value[0]), float(percentile_half_width(resampled, confidence=confidence)[0])


def percentile_half_width(resampled: Floats, *, confidence: float = 0.95) -> Floats:
    """Return half the length of the percentile interval of each column: Efron (1981)."""
    missing = np.isnan(resampled)
    if missing.all(axis=0).any():
        return np.full(resampled.shape[1], np.nan)
    tail = (1 - confidence) / 2
    quantile = np.nanquantile if missing.any() else np.quantile
    low, high = quantile(resampled, [tail, 1 - tail], axis=0)
    return np.asarray((high - low) / 2)


def student_quantile(confidence: float, degrees_of_freedom: int) -> float:
    """Return the t that a two-sided interval of this confidence reaches from its middle."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees_of_freedom, (1 + confidence) / 2))


def _linearized(total: Floats, count: Floats) -> tuple[Floats, Floats]:
    """Return the ratio of each group and what each cluster adds to its error."""
    sum_of_counts = count.sum(axis=0, dtype=np.float64)
    sum_of_counts[sum_of_counts == 0] = np.nan
    value = total.sum(axis=0) / sum_of_counts
    return value, (total - value * count) / (sum_of_counts / len(count))


def _t_half_width(residual: Floats, confidence: float) -> Floats:
    n = len(residual)
    if n < 2:
        return np.full(residual.shape[1], np.nan)
    standard_error = np.sqrt((residual**2).sum(axis=0) / (n * (n - 1)))
    return np.asarray(student_quantile(confidence, n - 1) * standard_error)


def _bin_edges(
    ordered: NDArray[np.number], day: Index, weights: Floats, probabilities: tuple[float, ...]
) -> Floats:
    """Return the upper ends of the bins; the first is the least value, the last the greatest."""
    n = len(ordered)
    place = np.ceil(np.array(probabilities) * n).astype(np.intp)
    pooled = np.unique(ordered[(place - 1).clip(0)])
    counts = _counted(ordered, day, np.append(pooled, ordered[-1]), weights.shape[1])
    below = (weights @ counts).cumsum(axis=1)
    levels = [np.array([0.0, 1.0])]
    for probability in probabilities:
        value = ordered[max(int(np.ceil(probability * n)) - 1, 0)]
        share = below[:, np.searchsorted(pooled, value)] / np.maximum(below[:, -1], 1)
        reach = 1.5 * np.abs(share - probability).max(initial=0) + 1 / n
        levels.append(np.linspace(probability - reach, probability + reach, BINS + 1).clip(0, 1))
    level = np.unique(np.ceil(np.concatenate(levels) * n).astype(np.intp).clip(1))
    edges = ordered[level - 1].astype(np.float64)
    atoms = edges[1:][edges[1:] == edges[:-1]]
    return np.unique(np.concatenate([edges, np.nextafter(atoms[atoms > edges[0]], -np.inf)]))


def _counted(
    ordered: NDArray[np.number], day: Index, edges: NDArray[np.number], n_days: int
) -> Floats:
    """Return how many values each day has in each bin, shape (days, bins)."""
    end = np.searchsorted(ordered, edges, side="right")
    bin_ = np.repeat(np.arange(len(edges)), np.diff(end, prepend=0))
    counts = np.bincount(bin_ + len(edges) * day, minlength=len(edges) * n_days)
    return counts.reshape(n_days, len(edges)).astype(np.float64)


def _inverse(edges: Floats, below: Floats, probability: float) -> Floats:
    """Return where each row of counts reaches the probability."""
    target = below[:, -1] * probability
    place = (below < target[:, None]).sum(axis=1)
    before = np.maximum(place - 1, 0)
    rows = np.arange(len(below))
    reached, passed = below[rows, place], below[rows, before]
    width = np.where(reached > passed, reached - passed, 1)
    part = np.where(place > 0, (target - passed) / width, 0)
    value = edges[before] + (edges[place] - edges[before]) * part
    return np.where(below[:, -1] > 0, value, np.nan)
