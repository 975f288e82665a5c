"""Paths: how many are there at each moment, exact on the clock's grid.

A path belongs to a group and counts the persons of its stays [begin, end). Its value at t is the
right limit: who comes at t is there, who leaves at t is not.

Why this way: to sort all events costs more than all other measures together. Between two points of
a grid a path is at most its value at the first plus all who come; only where this is more than the
largest value at any point are events sorted (a quarter of them on a hall's usual day).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.clock import TICKS_PER_MINUTE
from mppsim.plan.plan import Floats, Integers

Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Stays:
    """One row a stay of some persons in a group."""

    group: NDArray[np.integer]
    begin: Floats
    end: Floats
    persons: Integers

    def only(self, rows: NDArray[np.bool_]) -> Stays:
        """Return these rows."""
        return Stays(self.group[rows], self.begin[rows], self.end[rows], self.persons[rows])


def together(*parts: Stays) -> Stays:
    """Return the rows of all these as one."""
    filled = [part for part in parts if len(part.group)]
    if len(filled) < 2:
        return filled[0] if filled else parts[0]
    columns = ([getattr(part, field.name) for part in filled] for field in fields(Stays))
    return Stays(*(np.concatenate(column) for column in columns))


@dataclass(frozen=True, eq=False)
class Grid:
    """Evenly spaced points of the clock, in minutes."""

    start: float
    step: float
    n_points: int

    def sampled_and_largest(
        self, stays: Stays, n_groups: int, *, cells: int = 1
    ) -> tuple[Integers, Integers]:
        """Return each path at the points, shape (groups, points), and its largest value anywhere.

        `cells` says into how many parts the time between two points is cut to find the largest.
        Raises OverflowError where cell, time and persons together need more than 63 bits.
        """
        if not len(stays.group):
            return np.zeros((n_groups, self.n_points), np.int32), np.zeros(n_groups, np.int32)
        n_edges = (self.n_points - 1) * cells + 1
        shape = (n_groups, n_edges + 1)
        first = stays.group.astype(np.intp) * shape[1]
        step = self.step / cells
        begin, end = (
            first + np.ceil((time - self.start) / step).clip(0, n_edges).astype(np.intp)
            for time in (stays.begin, stays.end)
        )
        came, went = (_persons_in(cell, stays.persons, shape) for cell in (begin, end))
        path = (came - went).cumsum(axis=1, dtype=np.int32)
        largest = path.max(axis=1)
        unsure = (path + went > largest[:, None]).ravel()
        coming, going = np.flatnonzero(unsure[begin]), np.flatnonzero(unsure[end])
        if len(coming):
            cell, rise = _rises(
                np.concatenate([begin[coming], end[going]]),
                np.concatenate([stays.begin[coming], stays.end[going]]),
                np.concatenate([stays.persons[coming], -stays.persons[going]]),
            )
            before = path.ravel()[cell] - (came - went).ravel()[cell]
            np.maximum.at(largest, cell // shape[1], before + rise)
        return path[:, :n_edges:cells], largest


def _persons_in(cell: Index, persons: Integers, shape: tuple[int, int]) -> Integers:
    """Return how many persons fall into each cell."""
    n, alone = shape[0] * shape[1], persons.max() == 1
    total = np.bincount(cell, minlength=n) if alone else np.bincount(cell, persons, n)
    return total.astype(np.int32).reshape(shape)


def _rises(cell: Index, time: Floats, change: Integers) -> tuple[Index, NDArray[np.int64]]:
    """Return the cells, and how far the path rises in each above its value before the cell."""
    ticks = (time * TICKS_PER_MINUTE).astype(np.int64)
    time_bits = int(ticks.max()).bit_length()
    change_bits = int(np.abs(change).max()).bit_length() + 1
    if int(cell.max()).bit_length() + time_bits + change_bits > 63:
        raise OverflowError("too long a day or too large a party to sort events by one number")
    # One sort of (cell, time, change): at one instant those who leave come first, so that no
    # partial sum of the instant passes its right limit.
    half = 1 << (change_bits - 1)
    key = (((cell << time_bits) + ticks) << change_bits) + (change + half)
    key.sort()
    path = ((key & (2 * half - 1)) - half).cumsum()
    cell = key >> (time_bits + change_bits)
    first = np.flatnonzero(np.diff(cell, prepend=-1))
    before = np.concatenate([[0], path[first[1:] - 1]])
    return cell[first], np.maximum.reduceat(path, first) - before
