"""The laws of a scenario as numbered tables, which `draws` draws from."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.plan import Floats
from mppsim.plan.tables import inverse_table
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
SMOOTH, CONSTANT, UNIFORM, TRIANGULAR, SAMPLES, HISTOGRAM, MIXTURE = range(7)


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
        return self._append(MIXTURE, first=components[0], n=len(components))

    def _add(self, law: SimpleLaw, reached: float = 1.0) -> int:
        match law:
            case Constant():
                return self._append(CONSTANT, a=law.value, reached=reached)
            case Uniform():
                return self._append(UNIFORM, a=law.low, b=law.high - law.low, reached=reached)
            case Triangular():
                return self._append(TRIANGULAR, a=law.low, b=law.mode, c=law.high, reached=reached)
            case Empirical(histogram=Bins() as histogram):
                columns = histogram.columns()
                first = self.keep(np.concatenate(columns))
                n = len(columns[0])
                return self._append(HISTOGRAM, first=first, n=n, a=columns[-1][-1], reached=reached)
            case Empirical():
                samples = np.array(law.samples)
                return self._append(
                    SAMPLES, first=self.keep(samples), n=len(samples), reached=reached
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
