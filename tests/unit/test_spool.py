"""What does not fit into memory: the same items and ranks, from a file or not."""

from __future__ import annotations

import numpy as np
import pytest

from mppsim.measure.merged import Merged
from mppsim.measure.spool import Spool


@pytest.mark.parametrize("in_memory", [0, 100, 10**9])
def test_a_spool_gives_back_what_was_put_in_at_any_length(in_memory: int) -> None:
    spool = Spool[np.ndarray](in_memory)
    items = [np.full(k, k) for k in range(20)]
    for item in items:
        spool.append(item)
    assert len(spool) == 20
    for found, item in zip(spool, items, strict=True):
        np.testing.assert_array_equal(found, item)
    np.testing.assert_array_equal(spool[7], items[7])


@pytest.mark.parametrize("in_memory", [0, 10**9])
def test_merged_parts_have_the_order_of_all_values_together(in_memory: int) -> None:
    random = np.random.default_rng(4)
    parts = [
        random.integers(0, largest, n) // 7 * (random.random(n) < 0.8) + 5
        for largest, n in ((9, 1), (2**45, 500), (30, 4000), (2**45, 4000), (2**20, 1100))
    ]
    merged, together = (
        Merged([np.empty(0, np.int64), *parts], in_memory),
        np.sort(np.concatenate(parts)),
    )
    ranks = np.arange(len(together))
    np.testing.assert_array_equal(merged[ranks], together)


def test_values_that_are_all_zero_have_rank_and_no_bits() -> None:
    assert Merged([np.zeros(3, np.int64)])[np.array([0, 2])].tolist() == [0, 0]
