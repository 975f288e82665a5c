"""Designs: which points of a study are simulated, and what is learnt from them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from importlib.util import find_spec
from itertools import product
from typing import Any, Literal

import numpy as np

from mppsim.plan.plan import Floats
from mppsim.scenario.errors import InputError
from mppsim.study.factors import Factor, Range, Value

DesignName = Literal["grid", "one_at_a_time", "latin_hypercube", "morris", "sobol"]
Point = dict[str, Value]
"""The value of each factor that is not left as it is, by path."""
MORRIS_LEVELS = 4
MOST_POINTS = 100_000


def points_of(
    design: DesignName, factors: Sequence[Factor], *, samples: int, seed: int
) -> list[Point]:
    """Return the points of a design, in a fixed order; the same seed gives the same points.

    grid: every combination. one_at_a_time: each value with all else as it is. latin_hypercube:
    `samples` points that spread evenly (McKay 1979). morris: `samples` walks of one step a factor
    (Morris 1991). sobol: `samples` x (factors + 2) points (Saltelli 2010). Raises InputError.
    """
    if samples < 1:
        raise InputError(f"samples: found {samples}; expected at least 1")
    if design in ("grid", "one_at_a_time"):
        points = _grid(factors) if design == "grid" else _one_at_a_time(factors)
    else:
        shares = unit_points(design, len(factors), samples=samples, seed=seed)
        points = [
            {factor.path: factor.at(share) for factor, share in zip(factors, row, strict=True)}
            for row in shares.tolist()
        ]
    return points


def unit_points(design: DesignName, n_factors: int, *, samples: int, seed: int) -> Floats:
    """Return the points of a random design in the unit cube, shape (points, factors)."""
    if design == "latin_hypercube":
        from scipy.stats import qmc

        return np.asarray(qmc.LatinHypercube(n_factors, rng=seed).random(samples))
    _need_salib(design)
    if design == "morris":
        from SALib.sample import morris

        points = morris.sample(_problem(n_factors), samples, MORRIS_LEVELS, seed=seed % 2**32)
    else:
        if samples & (samples - 1):
            near = 2 ** round(math.log2(samples))
            raise InputError(f"samples: found {samples}; expected a power of 2, such as {near}")
        from SALib.sample import sobol

        points = sobol.sample(
            _problem(n_factors), samples, calc_second_order=False, seed=seed % 2**32
        )
    return np.asarray(points, np.float64)


def sensitivity_of(
    design: DesignName, shares: Floats, values: Floats, *, seed: int
) -> dict[str, Floats]:
    """Return how much each factor moves a measure, as columns with one entry a factor.

    morris: mean_effect of a factor's whole range (mu*) and effect_spread (sigma: interactions or
    bends). sobol: first_order and total, shares of the variance between the points.
    """
    problem = _problem(shares.shape[1])
    if design == "morris":
        from SALib.analyze import morris

        found = morris.analyze(problem, shares, values, num_levels=MORRIS_LEVELS, seed=seed % 2**32)
        names = {
            "mean_effect": "mu_star",
            "mean_effect_half_width": "mu_star_conf",
            "effect_spread": "sigma",
        }
    else:
        from SALib.analyze import sobol

        found = sobol.analyze(problem, values, calc_second_order=False, seed=seed % 2**32)
        names = {"first_order": "S1", "first_order_half_width": "S1_conf"}
        names |= {"total": "ST", "total_half_width": "ST_conf"}
    return {name: np.asarray(found[key], np.float64) for name, key in names.items()}


def _grid(factors: Sequence[Factor]) -> list[Point]:
    for factor in factors:
        if isinstance(factor.values, Range):
            raise InputError(
                f"vary.{factor.path}: found a range; expected values in a grid: [1, 2]"
            )
    count = math.prod(len(factor.levels) for factor in factors)
    if count > MOST_POINTS:
        raise InputError(f"vary: found {count:,} combinations; expected at most {MOST_POINTS:,}")
    combinations = product(*(factor.levels for factor in factors))
    return [
        {factor.path: value for factor, value in zip(factors, values, strict=True)}
        for values in combinations
    ]


def _one_at_a_time(factors: Sequence[Factor]) -> list[Point]:
    return [{factor.path: value} for factor in factors for value in factor.levels]


def _need_salib(design: str) -> None:
    if find_spec("SALib") is None:
        raise InputError(
            f"design: found {design}, which needs SALib; expected it to be installed by "
            "`pip install 'mppsim[sensitivity]'`"
        )


def _problem(n_factors: int) -> dict[str, Any]:
    names = [str(number) for number in range(n_factors)]
    return {"num_vars": n_factors, "names": names, "bounds": [[0.0, 1.0]] * n_factors}
