"""Statements about many differences at once."""

from __future__ import annotations

import numpy as np
import pytest

from mppsim.measure.inference import Linear, linear_ratio
from mppsim.measure.simultaneous import (
    is_certain,
    is_unchanged,
    joint_half_width,
    more_replications,
)


def differences(means: list[float], n: int = 20, seed: int = 1) -> Linear:
    noise = np.random.default_rng(seed).normal(0, 1, (n, len(means)))
    return linear_ratio(noise + np.array(means), np.ones((n, len(means))))


def test_where_nothing_differs_one_study_in_20_says_so_however_many_rows() -> None:
    wrong = sum(bool(is_certain(differences([0.0] * 15, seed=seed)).any()) for seed in range(800))
    assert wrong / 800 < 0.07  # 5 %, and two standard errors of 0.8 %
    assert wrong > 10  # and no more cautious than need be


def test_joint_intervals_hold_all_at_once() -> None:
    held = 0.0
    for seed in range(800):
        found = differences([1.0] * 15, seed=seed)
        held += float((np.abs(found.value - 1) <= joint_half_width(found)).all())
    assert 0.93 < held / 800 < 0.985  # 95 %; Bonferroni is a little cautious


def test_with_more_comparisons_it_takes_more_to_be_certain() -> None:
    found = differences([0.8, 0.0])
    assert is_certain(found).tolist() == [True, False]
    assert is_certain(found, n_comparisons=50).tolist() == [False, False]
    assert (joint_half_width(found, n_comparisons=3) > joint_half_width(found)).all()


def test_holm_is_certain_of_more_than_intervals_by_bonferroni() -> None:
    more, fewer = 0, 0
    for seed in range(100):
        found = differences([0.8] * 8, seed=seed)
        bonferroni = np.abs(found.value) > joint_half_width(found)
        assert is_certain(found)[bonferroni].all()
        more += int(is_certain(found).sum())
        fewer += int(bonferroni.sum())
    assert more > 1.1 * fewer


def test_what_never_differs_is_unchanged_and_costs_nothing() -> None:
    one = differences([1.0])
    both = Linear(np.append(one.value, 0.0), np.column_stack([one.error, np.zeros(20)]))
    assert is_unchanged(both).tolist() == [False, True]
    assert is_certain(both).tolist() == [True, False]
    assert joint_half_width(both)[0] == one.half_width()[0]


def test_so_many_more_replications_are_about_enough() -> None:
    found = differences([0.05], n=20)
    assert more_replications(found)[0] == pytest.approx(
        (found.half_width()[0] / found.value[0]) ** 2 * 20 - 20, abs=1
    )
    # With the true 0.3 and spread 1, an interval of 0.3 takes (2 / 0.3)^2 = 44 replications.
    more = [more_replications(differences([0.3], seed=seed))[0] for seed in range(200)]
    assert 30 < 20 + np.median(np.nan_to_num(more)) < 70  # NaN: these 20 told it already
    assert np.isnan(more_replications(differences([3.0]))[0])  # it is told already


def test_one_replication_tells_nothing() -> None:
    alone = linear_ratio(np.array([[3.0]]), np.ones((1, 1)))
    assert not is_certain(alone)[0]
    assert np.isnan(more_replications(alone)[0])
