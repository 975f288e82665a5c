"""Estimators: exact where they must be, and intervals that hold the truth as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t

from mppsim.measure.inference import (
    Estimate,
    linear_quantile_over_days,
    linear_ratio,
    quantiles_of_sorted,
    ratio,
)
from mppsim.plan.plan import Floats


def test_the_ratio_weighs_busy_clusters_more() -> None:
    estimate = ratio(np.array([[10.0], [90.0]]), np.array([[10.0], [30.0]]))
    assert estimate.value[0] == 2.5  # the mean of the two means is 2


def test_with_equal_counts_the_half_width_is_that_of_a_mean() -> None:
    # Even, with long tails: neither skewness nor short tails to correct for.
    totals = np.array([[4.0], [6], [5], [5], [5], [5], [5], [5], [5], [5], [5], [5]])
    estimate = ratio(totals, np.ones((12, 1)), confidence=0.9)
    expected = t.ppf(0.95, 11) * totals.std(ddof=1) / np.sqrt(12)
    assert estimate.half_width[0] == pytest.approx(expected, rel=1e-12)  # rounding only


def test_skewed_replications_widen_the_interval_and_skewness_has_no_sign() -> None:
    totals = np.random.default_rng(1).exponential(1, (20, 1)) ** 2
    right, left = (ratio(sign * totals, np.ones((20, 1))).half_width[0] for sign in (1, -1))
    plain = t.ppf(0.975, 19) * totals.std(ddof=1) / np.sqrt(20)
    assert 1.1 * plain < right < 2 * plain
    assert left == pytest.approx(right, rel=1e-12)  # rounding only


def test_one_cluster_has_no_interval_and_an_empty_group_no_mean() -> None:
    alone = ratio(np.array([[10.0]]), np.array([[4.0]]))
    assert alone.value[0] == 2.5
    assert np.isnan(alone.half_width[0])
    empty = ratio(np.zeros((3, 1)), np.zeros((3, 1)))
    assert np.isnan(empty.value[0])
    assert np.isnan(empty.half_width[0])


def test_the_ratio_interval_holds_the_truth_in_95_of_100() -> None:
    random = np.random.default_rng(7)
    counts = random.poisson(40, (30, 2000)).astype(float)
    busy = random.gamma(8, 1 / 8, (30, 2000))
    totals = random.gamma(np.maximum(counts, 1e-9), 3 * busy)  # a cluster shares its busyness
    estimate = ratio(totals, counts)
    covered = (np.abs(estimate.value - 3) <= estimate.half_width).mean()
    assert (
        0.92 < covered < 0.97
    )  # 2,000 trials: standard error 0.005, and 30 clusters cost a little


def difference_of(base: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> Estimate:
    return linear_ratio(*other).minus(linear_ratio(*base)).estimate()


def test_paired_clusters_cancel_what_they_share() -> None:
    random = np.random.default_rng(3)
    count = random.poisson(100, (20, 1)).astype(float)
    base = count * random.normal(10, 3, (20, 1))
    difference = difference_of((base, count), (base + 2 * count, count))
    assert difference.value[0] == pytest.approx(2, rel=1e-12)  # rounding only
    assert difference.half_width[0] < 1e-12  # rounding only: every visitor waits 2 minutes longer


def test_the_paired_interval_holds_the_truth_in_95_of_100() -> None:
    random = np.random.default_rng(11)
    count = (random.poisson(50, (25, 2000)) + 1).astype(float)
    shared = count * random.normal(10, 3, (25, 2000))
    more = count * random.normal(1, 0.5, (25, 2000))
    difference = difference_of((shared, count), (shared + more, count))
    covered = (np.abs(difference.value - 1) <= difference.half_width).mean()
    assert 0.92 < covered < 0.97  # 2,000 trials: standard error 0.005


@pytest.mark.parametrize("probability", [0.0, 0.05, 0.5, 0.9, 0.95, 1.0])
def test_quantiles_of_segments_are_numpy_s_to_the_last_bit(probability: float) -> None:
    random = np.random.default_rng(5)
    count = np.array([1, 2, 3, 0, 20, 999])
    segments = [np.sort(random.exponential(7, n)) for n in count]
    found = quantiles_of_sorted(
        np.concatenate(segments), count.cumsum() - count, count, probability
    )
    expected = [np.quantile(part, probability) if len(part) else np.nan for part in segments]
    np.testing.assert_array_equal(found, expected)


def test_a_quantile_is_that_of_the_pooled_values_and_identical_replications_leave_no_doubt() -> (
    None
):
    waits = np.tile(np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10]), (10, 1))
    found = linear_quantile_over_days(waits[..., None], 0.9)
    assert found.value[0] == np.quantile(waits, 0.9)
    assert found.half_width()[0] == 0


def test_an_atom_has_no_interval_around_it() -> None:
    random = np.random.default_rng(6)
    waits = random.exponential(5, (20, 30, 1)) * (random.random((20, 30, 1)) < 0.3)
    found = linear_quantile_over_days(waits, 0.5)
    assert found.value[0] == found.half_width()[0] == 0


@pytest.mark.parametrize(("days", "has_interval"), [(19, False), (20, True)])
def test_a_p95_needs_20_days_for_an_interval(days: int, has_interval: bool) -> None:
    found = linear_quantile_over_days(np.arange(days, dtype=float)[:, None, None], 0.95)
    assert np.isfinite(found.half_width()[0]) == has_interval


@pytest.mark.parametrize("n_replications", [20, 50])
@pytest.mark.parametrize("probability", [0.5, 0.9, 0.95])
def test_the_interval_of_a_quantile_holds_the_truth_in_95_of_100(
    n_replications: int, probability: float
) -> None:
    random = np.random.default_rng(13)
    n_studies = 1000
    waits = hanging_together(random, (n_replications, 100, n_studies))
    truth = np.quantile(hanging_together(random, (40_000, 100)), probability)
    found = linear_quantile_over_days(waits, probability)
    covered = (np.abs(found.value - truth) <= found.half_width()).mean()
    assert 0.925 < covered < 0.975  # 93 to 97 %; the standard error of 1,000 trials is 0.7 %


def hanging_together(random: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Return waits, a third of them 0, that grow with the business of their replication."""
    busy = random.gamma(4, 0.25, (shape[0], 1, *shape[2:]))
    return random.exponential(5, shape) * busy * (random.random(shape) < 0.7)


def test_days_without_observations_do_not_count() -> None:
    daily = np.array([1.0, np.nan, 3.0, 5.0, np.nan, 2.0])[:, None, None]
    found = linear_quantile_over_days(daily, 0.5)
    assert found.value[0] == 2.5
    assert 0 < found.half_width()[0] <= 2 + 1e-9  # half the range of the four days, and rounding
    nothing = linear_quantile_over_days(np.full((6, 1, 1), np.nan), 0.5)
    assert np.isnan(nothing.value[0])
    assert np.isnan(nothing.half_width()[0])
