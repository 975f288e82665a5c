"""Whether all programs simulate the same: their mean measures must agree, known well enough."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from benchmarks.children import Child

LARGEST_Z = 4.0
LEAST_PRECISION = 0.1
"""A standard error of a mean wait that is larger than this share of it would let anything pass."""


@dataclass(frozen=True)
class Mean:
    """The mean over days of a measure in one program."""

    program: str
    measure: str
    value: float
    standard_error: float
    n_days: int


def means(program: str, child: Child) -> list[Mean]:
    """Return the mean of each measure over the days."""
    n = len(child.measures)
    found = []
    for name in child.measures[0]:
        values = np.array([day[name] for day in child.measures])
        error = values.std(ddof=1) / math.sqrt(n)
        found.append(Mean(program, name, float(values.mean()), float(error), n))
    return found


def disagreements(found: list[Mean]) -> list[str]:
    """Return what differs between any two programs, and what is not known well enough."""
    texts = [
        f"{one.program}: {one.measure} is {one.value:.4g} ± {one.standard_error:.2g}; "
        f"expected a standard error of at most {LEAST_PRECISION:.0%}: simulate more days"
        for one in found
        if one.measure.startswith("wait") and one.standard_error > LEAST_PRECISION * one.value
    ]
    for one, other in combinations(found, 2):
        error = math.hypot(one.standard_error, other.standard_error)
        if one.measure == other.measure and error > 0:
            z = (one.value - other.value) / error
            if abs(z) > LARGEST_Z:
                texts.append(
                    f"{one.measure}: {one.value:.4g} in {one.program}, {other.value:.4g} in "
                    f"{other.program}, z = {z:+.1f}"
                )
    return texts
