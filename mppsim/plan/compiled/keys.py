"""What words are made from, and compared with, in compiled code: numbers made beforehand."""

from __future__ import annotations

import numpy as np

from mppsim.plan.plan import Floats
from mppsim.plan.streams import Words

ROUNDS = 10
_W0, _W1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)


def round_keys(key: Words) -> Words:
    """Return the keys of the rounds, two for each one, that follow from the key of a stream."""
    rounds = np.arange(ROUNDS, dtype=np.uint64)[:, None]
    return (key + rounds * np.array([_W0, _W1])).ravel()


def halves_below(shares: Floats) -> Words:
    """Return how many halves, as whole numbers, stand for uniforms below each of some shares."""
    # A half h stands for (h + 1/2) / 2**32; all of this is exact.
    return np.ceil(shares * 2.0**32 - 0.5).astype(np.uint64)
