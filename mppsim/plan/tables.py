"""Draws from a law: one table of its inverse distribution function, or its closed form.

A table has, for each tail, 53 octaves of t with 16 bins each, and a cubic in every bin. The bin is
read off the exponent and the top 4 bits of t. A scale stays outside the table, so a longer mean
moves every draw up and reshuffles nothing.

Why this way: a table costs the same few operations for any law, all of them + - * /, so every
machine draws the same bits; libraries' exp and log differ between processors in the last bit.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.plan import Floats
from mppsim.plan.streams import Words, tails, uniform
from mppsim.scenario.distributions import (
    Constant,
    Empirical,
    Law,
    Mixture,
    Triangular,
    Uniform,
)
from mppsim.scenario.quantiles import Standard

_OCTAVES = 53
BINS = 16
ROWS = _OCTAVES * BINS
"""Bins of one tail."""
FIRST_BIN = (1023 - 54) * BINS
"""Exponent and top 4 bits of 2**-54, the left edge of the first bin."""


def draw_law(law: Law, words: Words, component: Floats) -> Floats:
    """Return one draw in minutes, not yet on the grid, for each word.

    `component` holds uniforms that choose the component of a mixture; all its components share the
    word, so that the choice alone decides between them.
    """
    if isinstance(law, Mixture):
        return _draw_mixture(law, words, component)
    if isinstance(law, Constant | Uniform | Triangular | Empirical):
        return law.quantile(uniform(words))
    return law.scale * draw_standard(law.standard, words)


def draw_standard(standard: Standard, words: Words) -> Floats:
    """Return one draw from a law in its standard form, scale 1, for each word."""
    t, upper = tails(words)
    bits = t.view(np.uint64)
    row = (bits >> np.uint64(48)).astype(np.int64) - FIRST_BIN + upper * ROWS
    place = (bits & np.uint64(2**48 - 1)).astype(np.float64) * 2.0**-48
    cubic: NDArray[np.float64] = inverse_table(standard)[row]
    return cubic[:, 0] + place * (cubic[:, 1] + place * (cubic[:, 2] + place * cubic[:, 3]))


def is_random(law: Law) -> bool:
    """Tell whether a draw from the law needs a word at all."""
    return not isinstance(law, Constant)


@lru_cache(maxsize=4096)
def inverse_table(standard: Standard) -> Floats:
    """Return the cubics of a law's two tails, shape (2 * 848, 4): lower tail first, then upper."""
    left, width = _bin_edges()
    # A cubic through four points of each bin, at 0, 1/4, 3/4 and 1 of its width.
    points = left + np.array([0.0, 0.25, 0.75, 1.0])[:, None] * width
    table = np.empty((2 * ROWS, 4))
    for upper in (False, True):
        y = standard.quantile(points.ravel(), upper=upper).reshape(4, ROWS)
        first, second, third = (y[1] - y[0]) * 4, (y[2] - y[1]) * 2, (y[3] - y[2]) * 4
        bend, next_bend = (second - first) / 0.75, (third - second) / 0.75
        twist = next_bend - bend
        rows = table[ROWS:] if upper else table[:ROWS]
        rows[:, 0] = y[0]
        rows[:, 1] = first - bend * 0.25 + twist * 0.1875
        rows[:, 2] = bend - twist
        rows[:, 3] = twist
    table.setflags(write=False)
    return table


def _bin_edges() -> tuple[Floats, Floats]:
    octave = np.repeat(np.ldexp(1.0, np.arange(-54, -1)), BINS)
    return octave * (1 + np.tile(np.arange(BINS), _OCTAVES) / BINS), octave / BINS


def _draw_mixture(law: Mixture, words: Words, component: Floats) -> Floats:
    drawn = np.empty(len(words))
    reached = 0.0
    left = np.ones(len(words), np.bool_)
    for weight, part in law.components:
        reached += weight
        chosen = left & (component < reached)
        drawn[chosen] = draw_law(part, words[chosen], component[chosen])
        left &= ~chosen
    if left.any():  # the weights may add up to a rounding error less than 1
        drawn[left] = draw_law(law.components[-1][1], words[left], component[left])
    return drawn
