"""Estimators: exact where they must be, and intervals that hold the truth as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t

from mppsim.measure.inference import (
    day_weights,
    percentile_half_width,
    quantile_over_days,
    quantiles_of_sorted,
    ratio,
    ratio_difference,
    resampled_quantiles,
)


def test_the_ratio_weighs_busy_clusters_more() -> None:
    estimate = ratio(np.array([[10.0], [90.0]]), np.array([[10.0], [30.0]]))
    assert estimate.value[0] == 2.5  # the mean of the two means is 2


def test_with_equal_counts_the_half_width_is_that_of_a_mean() -> None:
    totals = np.random.default_rng(1).normal(5, 1, (12, 1))
    estimate = ratio(totals, np.ones((12, 1)), confidence=0.9)
    expected = t.ppf(0.95, 11) * totals.std(ddof=1) / np.sqrt(12)
    assert estimate.half_width[0] == pytest.approx(expected, rel=1e-12)  # rounding only


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


def test_paired_clusters_cancel_what_they_share() -> None:
    random = np.random.default_rng(3)
    count = random.poisson(100, (20, 1)).astype(float)
    base = count * random.normal(10, 3, (20, 1))
    difference = ratio_difference((base, count), (base + 2 * count, count))
    assert difference.value[0] == pytest.approx(2, rel=1e-12)  # rounding only
    assert difference.half_width[0] < 1e-12  # rounding only: every visitor waits 2 minutes longer


def test_the_paired_interval_holds_the_truth_in_95_of_100() -> None:
    random = np.random.default_rng(11)
    count = (random.poisson(50, (25, 2000)) + 1).astype(float)
    shared = count * random.normal(10, 3, (25, 2000))
    more = count * random.normal(1, 0.5, (25, 2000))
    difference = ratio_difference((shared, count), (shared + more, count))
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


def test_a_resample_holds_as_many_days_of_each_weekday_as_there_were() -> None:
    stratum = np.array([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 2])
    weights = day_weights(stratum)
    for weekday, days in enumerate([4, 4, 5]):
        assert (weights[:, stratum == weekday].sum(axis=1) == days).all()
    assert weights.tobytes() == day_weights(stratum).tobytes()


def test_a_weekday_seen_once_gives_no_resamples_and_no_interval() -> None:
    weights = day_weights(np.array([0, 0, 1]))
    assert weights.shape == (0, 3)
    value, half_width = quantile_over_days(np.array([1.0, 2.0, 3.0]), weights, 0.5)
    assert value == 2
    assert np.isnan(half_width)


def test_binned_resamples_agree_with_resampling_every_wait() -> None:
    random = np.random.default_rng(2)
    day = np.repeat(np.arange(60), 80)
    waits = random.exponential(5, 4800) * np.repeat(random.gamma(4, 0.25, 60), 80)
    waits[random.random(4800) < 0.3] = 0
    weights = day_weights(np.zeros(60, np.intp))
    order = np.argsort(waits, kind="stable")
    found = resampled_quantiles(waits[order], day[order], weights, (0.2, 0.5, 0.95))
    drawn = [np.repeat(waits, weight.astype(int)[day]) for weight in weights]
    exact = np.array([np.quantile(sample, (0.2, 0.5, 0.95)) for sample in drawn])
    assert (found[:, 0] == 0).all()
    half = percentile_half_width(exact)[1:]
    # A bin holds about a tenth of the reach of the resamples, so that is how far one can be off.
    assert (np.abs(found - exact)[:, 1:].max(axis=0) < 0.12 * half).all()
    assert percentile_half_width(found)[1:] == pytest.approx(half, rel=0.03)  # they mostly cancel


def test_an_atom_stays_an_atom_in_every_resample() -> None:
    day = np.tile(np.arange(10), 30)
    waits = np.sort(
        np.concatenate([np.linspace(0, 4, 60), np.full(200, 5.0), np.linspace(6, 9, 40)])
    )
    found = resampled_quantiles(waits, day, day_weights(np.zeros(10, np.intp)), (0.5,))
    assert found == pytest.approx(5, abs=1e-9)  # an edge lies one rounding below the atom


def test_the_bootstrap_over_days_holds_the_true_quantile_in_95_of_100() -> None:
    random = np.random.default_rng(13)
    weights = day_weights(np.zeros(60, np.intp))
    day = np.repeat(np.arange(60), 40)
    truth = -np.log(0.1)
    covered = 0
    for _ in range(400):
        # Waits of a day hang together: a share of each day's waits are copies of one of them.
        waits = random.exponential(1, (60, 40))
        waits[:, 30:] = waits[:, :1]
        flat = waits.ravel()
        order = np.argsort(flat, kind="stable")
        found = resampled_quantiles(flat[order], day[order], weights, (0.9,))
        half_width = percentile_half_width(found)[0]
        covered += abs(np.quantile(flat, 0.9) - truth) <= half_width
    assert 0.91 < covered / 400 < 0.98  # standard error 0.011; 60 days cost a little


def test_days_without_observations_do_not_count() -> None:
    daily = np.array([1.0, np.nan, 3.0, 5.0, np.nan, 2.0])
    weights = day_weights(np.zeros(6, np.intp))
    value, half_width = quantile_over_days(daily, weights, 0.5)
    assert value == 2.5
    assert 0 < half_width <= 2  # half the range of the four days
    nothing = quantile_over_days(np.full(6, np.nan), weights, 0.5)
    assert np.isnan(nothing).all()
