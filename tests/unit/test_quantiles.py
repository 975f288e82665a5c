import ast
import hashlib
import inspect
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mppsim.scenario import quantiles
from mppsim.scenario.quantiles import Array, Family, Standard, incomplete_gamma, log_gamma

GAMMA_SHAPES = [0.05, 0.1, 0.3, 0.7, 1.0, 2.78, 7.0, 8.999, 9.0, 44.0, 100.0, 1000.0, 1e4]
ROUNDED_ALIKE = {
    *("abs", "any", "arange", "asarray", "empty_like", "float64", "frexp", "full_like", "inf"),
    *("int32", "ldexp", "maximum", "minimum", "ones_like", "rint", "sqrt", "where"),
}
LAWS: list[tuple[Family, float]] = [
    ("exponential", 1.0),
    ("lognormal", 0.05),
    ("lognormal", 2.0),
    ("weibull", 0.5),
    ("weibull", 12.0),
    ("gamma", 0.3),
    ("gamma", 44.0),
]


def octaves(per_octave: int = 16) -> Array:
    """Return t in (0, 1/2], the octaves from 2**-54 up, with both ends."""
    pieces = np.ldexp(1.0, np.arange(-54, -1))[:, None] * (1 + np.arange(per_octave) / per_octave)
    return np.append(pieces.ravel(), 0.5)


def relative_error(found: Array, wanted: NDArray[np.floating[Any]]) -> float:
    normal = wanted > 1e-300  # below, floats lose digits
    return float(np.max(np.abs(found[normal] / wanted[normal] - 1)))


def units_in_last_place(found: Array, wanted: Array) -> float:
    return float(np.max(np.abs(found - wanted) / np.spacing(np.abs(wanted))))


def test_log_and_exp_are_within_two_units_in_the_last_place() -> None:
    rng = np.random.default_rng(1)
    x = rng.uniform(-700, 709, 20_000)
    near_one = rng.uniform(0.5, 2, 20_000)
    assert units_in_last_place(quantiles.exp(x), np.exp(x)) <= 2  # 1 is ours, 1 is NumPy's
    assert units_in_last_place(quantiles.log(np.exp(x)), np.log(np.exp(x))) <= 2
    assert units_in_last_place(quantiles.log(near_one), np.log(near_one)) <= 2


def test_log1p_keeps_the_digits_of_a_tiny_argument() -> None:
    tiny = 10.0 ** np.random.default_rng(2).uniform(-20, 0, 20_000)
    x = np.concatenate((-0.999 * tiny, tiny, 1e3 / tiny))
    assert units_in_last_place(quantiles.log1p(x), np.log1p(x)) <= 3  # 2 are ours, 1 is NumPy's


def test_edges_of_exp_and_log() -> None:
    assert np.array_equal(quantiles.exp(np.array([-np.inf, -800, 0, 800])), [0, 0, 1, np.inf])
    assert np.array_equal(quantiles.log(np.array([0.0, 1.0])), [-np.inf, 0])
    assert quantiles.power(np.array([0.0, 9.0]), 0.5) == pytest.approx([0, 3], rel=1e-15)


def test_log_gamma_agrees_with_scipy() -> None:
    from scipy import special

    a = 10.0 ** np.random.default_rng(3).uniform(-3, 5, 20_000)
    error = np.abs(log_gamma(a) - special.gammaln(a))
    assert np.max(error / (1 + np.abs(special.gammaln(a)))) < 1e-14  # the docstring's bound


def test_normal_quantile_agrees_with_scipy_to_rounding() -> None:
    from scipy import special

    t = octaves()[:-1]
    assert relative_error(-quantiles.normal_quantile(t), -special.ndtri(t)) < 2e-15  # 10 roundings
    assert quantiles.normal_quantile(np.array([0.5]))[0] == 0


@pytest.mark.parametrize("shape", GAMMA_SHAPES)
def test_gamma_quantile_agrees_with_scipy_in_both_tails(shape: float) -> None:
    from scipy import special

    t, standard = octaves(), Standard("gamma", shape)
    lower, upper = standard.quantile(t, upper=False), standard.quantile(t, upper=True)
    assert relative_error(lower, special.gammaincinv(shape, t)) < 1e-12  # the bar of the tables
    assert relative_error(upper, special.gammainccinv(shape, t)) < 1e-12


@pytest.mark.parametrize("shape", GAMMA_SHAPES)
def test_incomplete_gamma_agrees_with_scipy(shape: float) -> None:
    from scipy import special

    x = shape * np.exp(np.linspace(-3, 3, 301) / np.sqrt(min(max(shape, 0.3), 1e3)))
    x = x[(special.gammainc(shape, x) > 1e-30) & (special.gammaincc(shape, x) > 1e-30)]
    bound = 1e-12 + 3e-16 * shape  # rounding of x alone moves the far tail by shape units
    assert relative_error(incomplete_gamma(shape, x, False), special.gammainc(shape, x)) < bound
    assert relative_error(incomplete_gamma(shape, x, True), special.gammaincc(shape, x)) < bound


def test_tails_reach_their_limits_at_zero_and_infinity() -> None:
    ends = np.array([0.0, np.inf])
    for family, shape in LAWS:
        standard = Standard(family, shape)
        assert np.array_equal(standard.tail(ends, upper=False), [0, 1])
        assert np.array_equal(standard.tail(ends, upper=True), [1, 0])


@pytest.mark.parametrize(("family", "shape"), LAWS)
def test_quantiles_agree_with_scipy_in_both_tails(family: Family, shape: float) -> None:
    from scipy import stats

    names = {"exponential": "expon", "lognormal": "lognorm", "weibull": "weibull_min"}
    peer = getattr(stats, names.get(family, family))
    law = peer() if family == "exponential" else peer(shape)
    t, standard = octaves(), Standard(family, shape)
    assert relative_error(standard.quantile(t, upper=False), law.ppf(t)) < 1e-12
    assert relative_error(standard.quantile(t, upper=True), law.isf(t)) < 1e-12


@pytest.mark.parametrize(("family", "shape"), LAWS)
def test_a_tail_undoes_the_quantile(family: Family, shape: float) -> None:
    t, standard = octaves(), Standard(family, shape)
    for upper in (False, True):
        again = standard.tail(standard.quantile(t, upper), upper)
        assert relative_error(again, t) < 1e-12  # the quantile's rounding, times the law's slope


@pytest.mark.parametrize(("family", "shape"), LAWS)
def test_quantiles_rise_and_meet_at_the_median(family: Family, shape: float) -> None:
    t, standard = octaves(), Standard(family, shape)
    lower, upper = standard.quantile(t, upper=False), standard.quantile(t, upper=True)
    assert np.all(np.diff(lower) > 0)
    assert np.all(np.diff(upper) < 0)
    assert lower[-1] == pytest.approx(upper[-1], rel=1e-14)  # rounding of two methods


@pytest.mark.parametrize(("family", "shape"), LAWS)
def test_a_value_does_not_depend_on_the_array_it_stands_in(family: Family, shape: float) -> None:
    t, standard = octaves(4), Standard(family, shape)
    for upper in (False, True):
        alone = [standard.quantile(t[i : i + 1], upper)[0] for i in range(0, t.size, 7)]
        assert np.array_equal(standard.quantile(t, upper)[::7], alone)
        assert standard.quantile(np.asarray(t[0]), upper) == alone[0]


def test_no_function_of_a_library_is_used_that_machines_round_differently() -> None:
    tree = ast.parse(inspect.getsource(quantiles))
    numpy_names = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", None) == "np"
    }
    powers = [node for node in ast.walk(tree) if isinstance(node, ast.Pow)]
    assert numpy_names <= ROUNDED_ALIKE
    assert not powers
    assert "math" not in inspect.getsource(quantiles)


def test_the_bits_of_every_quantile_stay_as_they_are() -> None:
    digest = hashlib.sha256()
    for family, shape in LAWS:
        for upper in (False, True):
            digest.update(Standard(family, shape).quantile(octaves(4), upper).tobytes())
    assert digest.hexdigest()[:16] == "52feff07a02683a2"
