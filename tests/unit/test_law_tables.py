from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from pydantic import TypeAdapter

from mppsim.plan.streams import WordSource, high_half, stream_key
from mppsim.plan.tables import draw_law, draw_standard, inverse_table
from mppsim.scenario.distributions import Law
from mppsim.scenario.quantiles import Family, Standard

N = 200_000


def words(n: int = N, name: str = "test") -> np.ndarray:
    return WordSource().words(stream_key(5, name), 0, replication=0, day=0, n=n)


def law(written: dict[str, object]) -> Law:
    made: Law = TypeAdapter(Law).validate_python(written)
    return made


@pytest.mark.parametrize(
    ("standard", "reference"),
    [
        (Standard("exponential", 1.0), scipy.stats.expon()),
        (Standard("gamma", 0.5), scipy.stats.gamma(0.5)),
        (Standard("gamma", 2.78), scipy.stats.gamma(2.78)),
        (Standard("gamma", 44.0), scipy.stats.gamma(44.0)),
        (Standard("lognormal", 0.7), scipy.stats.lognorm(0.7)),
        (Standard("weibull", 1.5), scipy.stats.weibull_min(1.5)),
    ],
    ids=lambda value: f"{value.family} {value.shape}" if isinstance(value, Standard) else "",
)
def test_draws_follow_the_law(standard: Standard, reference: scipy.stats.rv_continuous) -> None:
    drawn = draw_standard(standard, words()[:, 0])
    # One seed, six laws: a p-value of 0.001 would be a surprise.
    assert scipy.stats.kstest(drawn, reference.cdf).pvalue > 0.001


@pytest.mark.parametrize("shape", [("exponential", 1.0), ("gamma", 0.3), ("lognormal", 1.2)])
def test_table_is_as_good_as_the_exact_inverse(shape: tuple[Family, float]) -> None:
    standard = Standard(*shape)
    sample = words(5000)[:, 0]
    k = (sample >> np.uint64(11)).astype(float)
    u = (k + 0.5) * 2.0**-53
    lower = u < 0.5
    exact = np.where(
        lower,
        standard.quantile(np.where(lower, u, 0.25), upper=False),
        standard.quantile(np.where(lower, 0.25, 1 - u), upper=True),
    )
    # In probability: far below what ten thousand million draws could tell.
    error = np.abs(standard.tail(draw_standard(standard, sample), upper=False) - u)
    assert error.max() < 3e-7
    assert np.abs(draw_standard(standard, sample) / exact - 1).max() < 1e-4


def test_draws_never_fall_as_the_word_rises() -> None:
    rising = np.sort(words(50_000)[:, 0])
    for standard in (Standard("gamma", 0.5), Standard("lognormal", 0.7), Standard("weibull", 3.0)):
        assert (np.diff(draw_standard(standard, rising)) >= 0).all()


def test_a_longer_mean_moves_every_draw_up_in_proportion() -> None:
    four, five = (law({"gamma": {"mean": f"{mean} min", "cv": 0.6}}) for mean in (4, 5))
    drawn = [draw_law(one, words(1000)[:, 0], np.zeros(1000)) for one in (four, five)]
    np.testing.assert_allclose(drawn[1], drawn[0] * 1.25, rtol=1e-14)  # two roundings


def test_mixture_draws_each_component_in_its_share() -> None:
    mixture = law(
        {"mixture": [{"weight": 0.25, "constant": "1 min"}, {"weight": 0.75, "constant": "9 min"}]}
    )
    sample = words()
    drawn = draw_law(mixture, sample[:, 0], high_half(sample[:, 1]))
    assert set(np.unique(drawn)) == {1.0, 9.0}
    # Binomial: 0.25 with a standard error of 0.001 at n = 200,000.
    assert abs((drawn == 1).mean() - 0.25) < 0.004


def test_equal_laws_share_one_table() -> None:
    assert inverse_table(Standard("gamma", 2.0)) is inverse_table(Standard("gamma", 2.0))
