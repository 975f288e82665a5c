"""Statements about many differences that hold all at once.

With a hundred comparisons at 95 %, five would be wrong by chance alone. Here all statements are
right together with 95 %: intervals by Bonferroni, signs by Holm (1979), A Simple Sequentially
Rejective Multiple Test Procedure, which tells more and promises the same.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mppsim.measure.inference import Index, Linear
from mppsim.plan.plan import Floats


def is_certain(
    difference: Linear, *, n_comparisons: int = 1, confidence: float = 0.95
) -> NDArray[np.bool_]:
    """Tell which differences have a sign, all these statements being right at once: Holm (1979)."""
    open_ = _open(difference)
    strictest = joint_half_width(difference, n_comparisons=n_comparisons, confidence=confidence)
    size, half_width = np.abs(difference.value[open_]), strictest[open_]
    ratio = np.divide(size, half_width, out=np.full(len(open_), np.inf), where=half_width > 0)
    order = open_[np.argsort(-ratio)]
    certain = np.zeros(len(difference.value), bool)
    for step, row in enumerate(order):
        left = (len(order) - step) * n_comparisons
        at_least = _row(difference, row).half_width(1 - (1 - confidence) / left)[0]
        if not abs(difference.value[row]) > at_least:
            break
        certain[row] = True
    return certain


def is_unchanged(difference: Linear) -> NDArray[np.bool_]:
    """Tell where nothing differs, in any replication."""
    return np.asarray((difference.value == 0) & (difference.error == 0).all(axis=0))


def joint_half_width(
    difference: Linear, *, n_comparisons: int = 1, confidence: float = 0.95
) -> Floats:
    """Return half-widths with which all intervals hold at once: Bonferroni."""
    n_statements = max(len(_open(difference)), 1) * n_comparisons
    return difference.half_width(1 - (1 - confidence) / n_statements)


def more_replications(
    difference: Linear, *, n_comparisons: int = 1, confidence: float = 0.95
) -> Floats:
    """Return how many more replications it takes until 0 is likely to lie outside, NaN if it does.

    If the difference is what it seems, the interval must become so short; infinite for none at all.
    """
    joint = joint_half_width(difference, n_comparisons=n_comparisons, confidence=confidence)
    size, n = np.abs(difference.value), len(difference.error)
    times = np.divide(joint, size, out=np.full(len(size), np.inf), where=size > 0) ** 2
    told = is_certain(difference, n_comparisons=n_comparisons, confidence=confidence)
    unknown = told | np.isnan(joint) | is_unchanged(difference)
    return np.where(unknown, np.nan, np.ceil(n * np.maximum(times, 1)) - n)


def _open(difference: Linear) -> Index:
    """Return the rows about which there is something to say that may be wrong."""
    return np.flatnonzero(~np.isnan(difference.half_width()) & ~is_unchanged(difference))


def _row(difference: Linear, row: int) -> Linear:
    return Linear(difference.value[[row]], difference.error[:, [row]])
