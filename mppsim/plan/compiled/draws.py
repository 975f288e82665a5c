"""Draws from laws as `mppsim.plan.tables` makes them, one at a time, from numbered tables."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.compiled.laws import CONSTANT, MIXTURE, SAMPLES, SMOOTH, TRIANGULAR, UNIFORM
from mppsim.plan.compiled.records import Record, Word
from mppsim.plan.compiled.words import bits, tail, uniform
from mppsim.plan.compiling import part
from mppsim.plan.plan import Floats
from mppsim.plan.tables import BINS, FIRST_BIN, ROWS

_ONE, _TWO, _THREE, _FOUR, _ROWS = (np.uint64(n) for n in (1, 2, 3, 4, ROWS))
# Of t times 2**54; see `tail`.
_FIRST_BIN, _PLACE = np.uint64(FIRST_BIN + 54 * BINS), np.uint64(2**48 - 1)


@part
def draw(laws: NDArray[Any], number: int, numbers: Floats, word: Word, component: float) -> float:
    """Return one draw in minutes, not yet on the grid; `mppsim.plan.tables.draw_law` for one."""
    law = laws[number]
    if law.kind == MIXTURE:
        k = np.int64(law.first)
        last = k + law.n - 1
        while k < last and component >= laws[k].reached:
            k += 1
        law = laws[k]
    if law.kind == SMOOTH:
        return law.a * draw_smooth(law.first, numbers, word)
    if law.kind == CONSTANT:
        return law.a
    return _of_closed_form(law, numbers, uniform(word))


@part
def draw_smooth(first: Word, numbers: Floats, word: Word) -> float:
    """Return one draw from the standard form of a law of the kind SMOOTH."""
    t, upper = tail(word)
    of_t = bits(np.float64(t))
    row = (of_t >> np.uint64(48)) - _FIRST_BIN + (upper & _ROWS)
    place = np.float64(of_t & _PLACE) * 2.0**-48
    k = first + _FOUR * row
    return numbers[k] + place * (
        numbers[k + _ONE] + place * (numbers[k + _TWO] + place * numbers[k + _THREE])
    )


@part
def _of_closed_form(law: Record, numbers: Floats, u: float) -> float:
    if law.kind == UNIFORM:
        return law.a + law.b * u
    if law.kind == TRIANGULAR:
        rise, fall, width = law.b - law.a, law.c - law.b, law.c - law.a
        if u * width < rise:
            return law.a + np.sqrt(u * (width * rise))
        return law.c - np.sqrt((1 - u) * (width * fall))
    if law.kind == SAMPLES:
        rank = np.int64(np.ceil(u * law.n)) - 1
        return numbers[np.int64(law.first) + min(max(rank, 0), law.n - 1)]
    return _of_histogram(law, numbers, u * law.a)


@part
def _of_histogram(law: Record, numbers: Floats, rank: float) -> float:
    """Return the time in the first bin that reaches the rank; see `Bins.columns`."""
    n, first = law.n, np.int64(law.first)
    row = 0
    while row < n - 1 and numbers[first + 4 * n + row] < rank:
        row += 1
    low, high = numbers[first + row], numbers[first + n + row]
    count, before = numbers[first + 2 * n + row], numbers[first + 3 * n + row]
    return min(low + (high - low) * ((rank - before) / count), high)
