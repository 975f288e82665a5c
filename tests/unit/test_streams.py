from __future__ import annotations

import numpy as np
import pytest

from mppsim.plan.streams import (
    DAY_BLOCK,
    VISITOR_BLOCK,
    WordSource,
    high_half,
    low_half,
    station_block,
    stream_key,
    tails,
    uniform,
)

FROZEN_WORDS = ["5e5ee77e118530ff", "de1c20363544f471", "dafc0906331564f5", "87197990b235c7f0"]
FROZEN_BLOCKS = (0, 2, 5281798211671555343)
EDGES = np.array([0, 1, 2**11, 2**63 - 1, 2**63, 2**64 - 2**11, 2**64 - 1], np.uint64)


def test_words_are_those_of_numpys_philox() -> None:
    key, counter = stream_key(7, "sim/renewal"), np.array([0, 9, 3, 4 | 2 << 32], np.uint64)
    ours = WordSource().words(key, 9, replication=3, day=4, visit=2, n=50)
    assert np.array_equal(ours.ravel(), np.random.Philox(key=key, counter=counter).random_raw(200))


def test_words_are_frozen() -> None:
    """These words decide every published result: they may change in no later version."""
    words = WordSource().words(
        stream_key(1, "sim/renewal"), VISITOR_BLOCK, replication=0, day=0, n=2
    )
    assert [f"{word:016x}" for word in words[1].tolist()] == FROZEN_WORDS
    assert (VISITOR_BLOCK, DAY_BLOCK, station_block("kiosk")) == FROZEN_BLOCKS


def test_first_visitors_stay_when_more_come() -> None:
    source, key = WordSource(), stream_key(1, "bank/pay")
    few = source.words(key, VISITOR_BLOCK, replication=0, day=0, n=10)
    many = source.words(key, VISITOR_BLOCK, replication=0, day=0, n=1000)
    assert np.array_equal(few, many[:10])


@pytest.mark.parametrize("other", [(2, "a"), (1, "b")], ids=["seed", "name"])
def test_seed_and_name_each_change_the_key(other: tuple[int, str]) -> None:
    assert not np.array_equal(stream_key(1, "a"), stream_key(*other))


def test_names_that_look_alike_are_alike() -> None:
    assert np.array_equal(stream_key(1, "cafe\u0301"), stream_key(1, "caf\u00e9"))


def test_blocks_of_stations_are_odd_so_that_none_is_a_fixed_block() -> None:
    blocks = {station_block(f"station{k}") for k in range(1000)}
    assert len(blocks) == 1000
    assert all(block % 2 for block in blocks)


def test_uniforms_are_never_0_or_1_and_never_fall() -> None:
    for part in (uniform, high_half):
        assert part(EDGES).min() > 0 and part(EDGES).max() < 1
        assert (np.diff(part(EDGES)) >= 0).all()
    assert low_half(EDGES).min() > 0 and low_half(EDGES).max() < 1


def test_tails_are_exact_and_mirror_each_other() -> None:
    t, upper = tails(EDGES)
    assert t[0] == t[-1] == 2.0**-54
    assert upper.tolist() == [False, False, False, False, True, True, True]
    mirrored, other_side = tails(~EDGES)
    assert np.array_equal(t, mirrored)
    assert np.array_equal(upper, ~other_side)
