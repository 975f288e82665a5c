"""How many visitors come: by inversion of the Poisson law."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate

NEGLIGIBLE = 1e-22
"""A number of visitors with a weight below this share of the largest one ends the table."""


def poisson_quantile(u: float, mean: float) -> int:
    """Return the smallest n with P(N <= n) >= u for a Poisson N; never falls as the mean rises."""
    if mean <= 0:
        return 0
    lowest, reached = weights_up_to(mean)
    return lowest + bisect_left(reached, u * reached[-1])


def weights_up_to(mean: float) -> tuple[int, list[float]]:
    """Return a number of visitors, and the sums of the weights from it to each one that follows.

    Weights are made outward from the mode, where the law is largest, so that nothing underflows
    and no exponential is needed.
    """
    mode = int(mean)
    below = [1.0]
    k = mode
    while k > 0 and below[-1] > NEGLIGIBLE:
        below.append(below[-1] * k / mean)
        k -= 1
    above = [1.0]
    k = mode
    while above[-1] > NEGLIGIBLE:
        k += 1
        above.append(above[-1] * mean / k)
    # Not sum(): newer Pythons compensate its rounding, and the count must not depend on that.
    return mode - len(below) + 1, list(accumulate([*reversed(below), *above[1:]]))
