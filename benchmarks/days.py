"""What a day showed, the same for every program."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks.workloads import Workload

Done = TypeVar("Done")


@dataclass(frozen=True)
class Day:
    """One day: times in line in minutes, of all who joined one, by kind of station."""

    visitors: int
    waits: Mapping[str, Sequence[float] | NDArray[np.float64]]
    gave_up: int = 0

    def measures(self, expected: float) -> dict[str, float]:
        """Return the figures that are compared; `expected` is the mean number of visitors."""
        waits = {f"wait {name}": float(np.mean(those)) for name, those in self.waits.items()}
        return {
            "visitors of 100 expected": 100 * self.visitors / expected,
            "share gave up": self.gave_up / self.visitors,
            **waits,
        }


@dataclass(frozen=True)
class Program(Generic[Done]):
    """A simulator's program: it simulates some days, and reads off later what they showed."""

    simulate: Callable[[Workload, int, int], Done]
    """Of a workload, the number of days and a seed; all that is timed."""
    days: Callable[[Done], list[Day]]
    """Of what `simulate` returned; not timed."""
