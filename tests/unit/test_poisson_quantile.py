from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

from mppsim.plan.arrivals import poisson_quantile


@pytest.mark.parametrize("mean", [0.01, 1.9, 20.0, 63.5, 90.0, 1234.5, 1e5])
def test_equal_to_scipys(mean: float) -> None:
    u = np.random.default_rng(3).random(300)
    assert [poisson_quantile(x, mean) for x in u] == scipy.stats.poisson.ppf(u, mean).tolist()


def test_never_falls_as_demand_rises() -> None:
    for u in np.random.default_rng(4).random(20):
        counts = [poisson_quantile(u, mean) for mean in np.linspace(0, 120, 700)]
        assert counts == sorted(counts)


def test_nobody_comes_without_demand() -> None:
    assert poisson_quantile(0.999, 0.0) == 0


def test_extreme_uniforms_give_finite_counts() -> None:
    assert poisson_quantile(2.0**-53, 30.0) < 10
    assert 30 < poisson_quantile(1 - 2.0**-53, 30.0) < 100
