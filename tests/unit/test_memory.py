"""Memory for columns is used again, but never while somebody has it."""

from __future__ import annotations

import numpy as np

from mppsim.plan.memory import borrowed


def address(column: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> int:
    return int(column.__array_interface__["data"][0])


def test_memory_is_lent_again_only_when_no_view_of_it_is_left() -> None:
    first = borrowed(3_000_000)
    view, place = first[8:80].view(np.float64).reshape(3, 3)[1], address(first)
    del first
    assert address(borrowed(3_000_000)) != place
    del view
    assert address(borrowed(3_000_001)) == place


def test_what_is_lent_at_the_same_time_stands_apart() -> None:
    one, other = borrowed(5000), borrowed(5000)
    one.fill(1)
    other.fill(2)
    assert one.sum() == 5000
