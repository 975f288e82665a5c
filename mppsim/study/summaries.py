"""The summaries of a run, of which only as many are in memory as fit."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from typing import overload

from mppsim.measure import Summary
from mppsim.measure.spool import Spool


class Summaries(Sequence[Summary]):
    """Summaries by their replications, in order, however they came; one may be that of several."""

    def __init__(self) -> None:
        self._those = Spool[Summary]()
        self._order: list[tuple[int, int, int]] = []
        """Of each summary its first replication, how many it has, and its place among those."""

    def add(self, summaries: Iterable[Summary]) -> None:
        """Add those of some other replications."""
        for one in summaries:
            insort(self._order, (one.replication, one.n_replications, len(self._those)))
            self._those.append(one)

    @property
    def numbers(self) -> set[int]:
        """Which replications are there."""
        return {first + k for first, n, _ in self._order for k in range(n)}

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, number: int) -> Summary: ...
    @overload
    def __getitem__(self, number: slice) -> list[Summary]: ...
    def __getitem__(self, number: int | slice) -> Summary | list[Summary]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        return self._those[self._order[number][2]]
