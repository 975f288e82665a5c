"""Sorted arrays that are read as one, without ever being put together.

Why this way: the exact quantiles of all waits of 10,000 days need them in order, and 40 million do
not fit. Each part is sorted by itself and may lie in a file; of every 512 keys one stays in memory.
These tell between which two of them the key of a rank is, so that little of each part is read.
"""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Iterable
from typing import IO

import numpy as np
from numpy.typing import NDArray

from mppsim.measure.spool import IN_MEMORY

Keys = NDArray[np.int64]
_APART = 512


class Merged:
    """All keys of some arrays in rising order."""

    def __init__(self, parts: Iterable[Keys], in_memory: int = IN_MEMORY) -> None:
        self._runs: list[_Run] = []
        file = None
        for keys in parts:
            run = np.sort(keys)
            in_memory -= run.nbytes
            if in_memory < 0 and file is None:
                file = tempfile.TemporaryFile(prefix="mppsim-")  # noqa: SIM115  # it outlives this
                weakref.finalize(self, file.close)
            self._runs.append(_Run(run, file if in_memory < 0 else None))
        self._marks = np.sort(
            np.concatenate([np.empty(0, np.int64), *(run.marks for run in self._runs)])
        )

    def __getitem__(self, rank: NDArray[np.intp]) -> Keys:
        """Return the keys of these ranks, the smallest of all being rank 0."""
        ranks, place = np.unique(rank, return_inverse=True)
        return np.array([self._key(one) for one in ranks.tolist()], np.int64)[place]

    def _key(self, rank: int) -> int:
        """Return the key of a rank: between the last mark before it for sure, and the first after.

        J marks are at most a key where from 512 J - 511 runs to 512 J keys are.
        """
        before = rank // _APART
        after = -(-(rank + 1 + (_APART - 1) * len(self._runs)) // _APART)
        low = int(self._marks[before - 1]) if before else int(self._marks[0])
        high = int(self._marks[min(after, len(self._marks)) - 1])
        if after > len(self._marks):
            high = max(run.last for run in self._runs)
        if low == high:
            return low
        pieces = [run.between(low, high) for run in self._runs if len(run.marks)]
        rank -= sum(n_smaller for n_smaller, _ in pieces)
        if rank < 0:
            return low
        keys = np.sort(np.concatenate([keys for _, keys in pieces]))
        return min(max(int(keys[rank]), low), high) if rank < len(keys) else high


class _Run:
    """One sorted array, in memory or in a file."""

    def __init__(self, keys: Keys, file: IO[bytes] | None) -> None:
        self.marks = keys[::_APART].copy()
        self.last = int(keys[-1]) if len(keys) else -1
        self._file, self._keys, self._n = file, keys, len(keys)
        if file is not None:
            self._begin, self._keys = file.seek(0, 2), self.marks[:0]
            keys.tofile(file)

    def between(self, low: int, high: int) -> tuple[int, Keys]:
        """Return how many keys are left out before, all at most `low`, and the next up to `high`.

        What is left out behind is at least `high`.
        """
        first = max(int(np.searchsorted(self.marks, low, side="right")) - 1, 0)
        end = min(int(np.searchsorted(self.marks, high, side="left")) * _APART, self._n)
        first *= _APART
        if self._file is None:
            return first, self._keys[first:end]
        self._file.seek(self._begin + first * self.marks.itemsize)
        return first, np.fromfile(self._file, np.int64, max(end - first, 0))
