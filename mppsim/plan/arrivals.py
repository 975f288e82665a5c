"""How many visitors come: by inversion of the Poisson law."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate


def poisson_quantile(u: float, mean: float) -> int:
    """Return the smallest n with P(N <= n) >= u for a Poisson N; never falls as the mean rises.

    Weights are summed outward from the mode, where the law is largest, so that nothing underflows
    and no exponential is needed.
    """
    if mean <= 0:
        return 0
    mode = int(mean)
    below = [1.0]
    k = mode
    while k > 0 and below[-1] > 1e-22:
        below.append(below[-1] * k / mean)
        k -= 1
    above = [1.0]
    k = mode
    while above[-1] > 1e-22:
        k += 1
        above.append(above[-1] * mean / k)
    # Not sum(): newer Pythons compensate its rounding, and the count must not depend on that.
    reached = list(accumulate([*reversed(below), *above[1:]]))
    return mode - len(below) + 1 + bisect_left(reached, u * reached[-1])
