"""Draws from laws as `mppsim.plan.tables` makes them, one at a time, from numbered tables."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.compiled.records import Record, Word
from mppsim.plan.compiled.words import bits, tail, uniform
from mppsim.plan.compiling import part
from mppsim.plan.plan import Floats
from mppsim.plan.tables import BINS, FIRST_BIN, ROWS, inverse_table
from mppsim.scenario.distributions import (
    Constant,
    Empirical,
    Law,
    Mixture,
    SimpleLaw,
    Triangular,
    Uniform,
)
from mppsim.scenario.histogram import Bins
from mppsim.scenario.quantiles import Standard

LAW = np.dtype(
    [
        ("kind", np.int64),
        ("first", np.uint64),  # where its numbers begin; of a mixture: its first component
        ("n", np.int64),
        ("a", np.float64),
        ("b", np.float64),
        ("c", np.float64),
        ("reached", np.float64),  # the weights of a mixture's components up to this one
    ]
)
SMOOTH, _CONSTANT, _UNIFORM, _TRIANGULAR, _SAMPLES, _HISTOGRAM, _MIXTURE = range(7)
_ONE, _TWO, _THREE, _FOUR, _ROWS = (np.uint64(n) for n in (1, 2, 3, 4, ROWS))
# Of t times 2**54; see `tail`.
_FIRST_BIN, _PLACE = np.uint64(FIRST_BIN + 54 * BINS), np.uint64(2**48 - 1)


class Laws:
    """Numbers the laws of a scenario, each one once, and puts them into tables."""

    def __init__(self) -> None:
        self._records: list[tuple[Any, ...]] = []
        self._numbers: list[Floats] = []
        self._n_numbers = 0
        self._found: dict[Law | Standard, int] = {}

    def number(self, law: Law) -> int:
        """Return the number of a law."""
        if law not in self._found:
            self._found[law] = self._mixture(law) if isinstance(law, Mixture) else self._add(law)
        return self._found[law]

    def standard(self, standard: Standard, scale: float) -> int:
        """Return the number of a new law: a standard form times a scale."""
        return self._append(SMOOTH, first=self._cubics(standard), a=scale)

    def tables(self) -> tuple[NDArray[Any], Floats]:
        """Return the laws as records, shape (n,) of LAW, and the numbers that they point to."""
        records = np.array(self._records, LAW)
        return records, np.concatenate([*self._numbers, np.empty(0)])

    def _mixture(self, law: Mixture) -> int:
        reached, components = 0.0, []
        for weight, part_of_it in law.components:
            reached += weight
            components.append(self._add(part_of_it, reached))
        return self._append(_MIXTURE, first=components[0], n=len(components))

    def _add(self, law: SimpleLaw, reached: float = 1.0) -> int:
        match law:
            case Constant():
                return self._append(_CONSTANT, a=law.value, reached=reached)
            case Uniform():
                return self._append(_UNIFORM, a=law.low, b=law.high - law.low, reached=reached)
            case Triangular():
                return self._append(_TRIANGULAR, a=law.low, b=law.mode, c=law.high, reached=reached)
            case Empirical(histogram=Bins() as histogram):
                columns = histogram.columns()
                first = self.keep(np.concatenate(columns))
                n = len(columns[0])
                return self._append(
                    _HISTOGRAM, first=first, n=n, a=columns[-1][-1], reached=reached
                )
            case Empirical():
                samples = np.array(law.samples)
                return self._append(
                    _SAMPLES, first=self.keep(samples), n=len(samples), reached=reached
                )
        first = self._cubics(law.standard)
        return self._append(SMOOTH, first=first, a=law.scale, reached=reached)

    def _cubics(self, standard: Standard) -> int:
        if standard not in self._found:
            self._found[standard] = self.keep(inverse_table(standard).ravel())
        return self._found[standard]

    def keep(self, numbers: Floats) -> int:
        """Keep numbers that a table points to; return where they begin."""
        self._numbers.append(numbers)
        self._n_numbers += len(numbers)
        return self._n_numbers - len(numbers)

    def _append(self, kind: int, **fields: float) -> int:
        record = {"kind": kind, "first": 0, "n": 0, "a": 0.0, "b": 0.0, "c": 0.0, "reached": 1.0}
        self._records.append(tuple((record | fields).values()))
        return len(self._records) - 1


@part
def draw(laws: NDArray[Any], number: int, numbers: Floats, word: Word, component: float) -> float:
    """Return one draw in minutes, not yet on the grid; `mppsim.plan.tables.draw_law` for one."""
    law = laws[number]
    if law.kind == _MIXTURE:
        k = np.int64(law.first)
        last = k + law.n - 1
        while k < last and component >= laws[k].reached:
            k += 1
        law = laws[k]
    if law.kind == SMOOTH:
        return law.a * draw_smooth(law.first, numbers, word)
    if law.kind == _CONSTANT:
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
    if law.kind == _UNIFORM:
        return law.a + law.b * u
    if law.kind == _TRIANGULAR:
        rise, fall, width = law.b - law.a, law.c - law.b, law.c - law.a
        if u * width < rise:
            return law.a + np.sqrt(u * (width * rise))
        return law.c - np.sqrt((1 - u) * (width * fall))
    if law.kind == _SAMPLES:
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
