"""How many visitors come, as `mppsim.plan.arrivals` says: by inversion of the Poisson law."""

from __future__ import annotations

import math

from mppsim.plan.arrivals import NEGLIGIBLE
from mppsim.plan.compiling import part
from mppsim.plan.plan import Floats


def room_for_weights(mean: float) -> int:
    """Return the length that `reach` needs of its scratch for this mean."""
    # The Poisson law falls to 1e-22 of its mode within about 10 standard deviations and 40.
    return int(2 * 12 * math.sqrt(mean)) + 100


@part
def reach(mean: float, weights: Floats) -> tuple[int, int, int]:
    """Fill scratch with the weights of the numbers of visitors up to each one; the mean is above 0.

    Return their first and last place, and the number that the first place is of.
    """
    mode = int(mean)
    first = last = len(weights) // 2
    weights[first] = down = up = 1.0
    below = above = mode
    # Both ways at once: each weight waits for the one before it.
    while (below > 0 and down > NEGLIGIBLE) or up > NEGLIGIBLE:
        if below > 0 and down > NEGLIGIBLE:
            down = down * below / mean
            first -= 1
            weights[first] = down
            below -= 1
        if up > NEGLIGIBLE:
            above += 1
            up = up * mean / above
            last += 1
            weights[last] = up
    for place in range(first + 1, last + 1):
        weights[place] += weights[place - 1]
    return first, last, below


@part
def places_below(sought: float, rising: Floats, first: int, last: int) -> int:
    """Return how many of the numbers from the first to the last place are below one of them."""
    low, high = first, last
    while low < high:
        place = (low + high) // 2
        if rising[place] < sought:
            low = place + 1
        else:
            high = place
    return low - first
