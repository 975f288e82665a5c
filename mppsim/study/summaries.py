"""The summaries of a run, of which only as many are in memory as fit."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from typing import overload

from mppsim.measure import Summary
from mppsim.measure.apart import apart
from mppsim.measure.spool import Spool


class Summaries(Sequence[Summary]):
    """One summary a replication, in order, however they came; they come several in one."""

    def __init__(self) -> None:
        self._pieces = Spool[Summary]()
        self._places: dict[int, tuple[int, int]] = {}
        """By replication: the piece, and the place in it."""
        self._order: list[int] = []
        """The replications that are there."""
        self._in_memory: list[list[Summary]] = []
        self._last: tuple[int, list[Summary]] = (-1, [])

    def add(self, pieces: Iterable[Summary]) -> None:
        """Add some replications."""
        for piece in pieces:
            number = len(self._pieces)
            self._pieces.append(piece)
            for place in range(piece.n_replications):
                if piece.replication + place not in self._places:
                    insort(self._order, piece.replication + place)
                self._places[piece.replication + place] = (number, place)
            if self._pieces.n_in_memory > number:
                self._in_memory.append(apart(piece))

    @property
    def numbers(self) -> set[int]:
        """Which replications are there."""
        return set(self._places)

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, number: int) -> Summary: ...
    @overload
    def __getitem__(self, number: slice) -> list[Summary]: ...
    def __getitem__(self, number: int | slice) -> Summary | list[Summary]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        if not -len(self) <= number < len(self):
            raise IndexError(f"replication {number} of {len(self)}")
        piece, place = self._places[self._order[number]]
        if piece < len(self._in_memory):
            return self._in_memory[piece][place]
        if self._last[0] != piece:
            self._last = (piece, apart(self._pieces[piece]))
        return self._last[1][place]
