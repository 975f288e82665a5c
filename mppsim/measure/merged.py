"""Sorted arrays that are read as one, without ever being put together.

Why this way: the exact quantiles of all waits of 10,000 days need them in order, and 40 million do
not fit. Each part is sorted by itself; the value of a rank is found by halving the range of values,
as it takes only a few looks into each part to tell how many are smaller. Tens of looks a rank.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from mppsim.measure.spool import IN_MEMORY

Keys = NDArray[np.int64]


class Merged:
    """All values of some arrays in rising order; values are at least 0."""

    def __init__(self, parts: Iterable[Keys], in_memory: int = IN_MEMORY) -> None:
        self._runs: list[Keys] = []
        for keys in parts:
            run = np.sort(keys)
            in_memory -= run.nbytes
            self._runs.append(run if in_memory >= 0 else _on_disk(run))
        largest = max((int(run[-1]) for run in self._runs if len(run)), default=0)
        self._bits = largest.bit_length()

    def __getitem__(self, rank: NDArray[np.intp]) -> Keys:
        """Return the values of these ranks, the smallest of all being rank 0."""
        value = np.zeros(len(rank), np.int64)
        for bit in reversed(range(self._bits)):
            half = value + (1 << bit)
            n_smaller = sum((np.searchsorted(run, half) for run in self._runs), np.zeros_like(rank))
            value = np.where(n_smaller <= rank, half, value)
        return value


def _on_disk(run: Keys) -> Keys:
    """Return an array that is read from a temporary file where it is looked at."""
    with tempfile.TemporaryFile(prefix="mppsim-") as file:
        run.tofile(file)
        file.flush()
        return np.memmap(file, run.dtype, "r", shape=run.shape)
