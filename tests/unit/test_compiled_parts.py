"""The parts of compiled drawing, each against its readable twin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pytest
from pydantic import TypeAdapter

from mppsim.plan import streams, tables
from mppsim.plan.arrivals import poisson_quantile
from mppsim.plan.compiled import keys, words
from mppsim.plan.compiled.counts import places_below, reach, room_for_weights
from mppsim.plan.compiled.draws import draw
from mppsim.plan.compiled.laws import Laws
from mppsim.plan.compiled.sorting import LONGEST_DIGIT, sort_by_time
from mppsim.plan.inlining import LinkingCompiler
from mppsim.scenario.distributions import Law

EDGES = np.array([0, 1, 2**11, 2**63 - 1, 2**63, 2**64 - 2**11, 2**64 - 1], np.uint64)
MIXTURE = [
    {"weight": 0.3, "lognormal": {"mean": "4 min", "cv": 1.2}},
    {"weight": 0.7, "uniform": {"low": "0 min", "high": "30 min"}},
]
LAWS: list[dict[str, Any]] = [
    {"constant": "5 min"},
    {"exponential": {"mean": "3 min"}},
    {"erlang": {"mean": "3 min", "phases": 4}},
    {"gamma": {"mean": "3 min", "cv": 1.7}},
    {"lognormal": {"median": "3 min", "cv": 0.8}},
    {"weibull": {"mean": "3 min", "cv": 0.4}},
    {"uniform": {"low": "1 min", "high": "8 min"}},
    {"triangular": {"low": "1 min", "mode": "1 min", "high": "8 min"}},
    {"triangular": {"low": "1 min", "mode": "6 min", "high": "8 min"}},
    {"empirical": {"samples": ["1 min", "1 min", "7 min"]}},
    {"empirical": {"histogram": {"0-2 min": 5, "2-3 min": 0, "3-9 min": 1}}},
    {"mixture": MIXTURE},
]
compiled: Callable[[Any], Any] = numba.njit(nogil=True, pipeline_class=LinkingCompiler)


def some_words(n: int = 3000, name: str = "words") -> streams.Words:
    return streams.WordSource().words(
        streams.stream_key(3, name), 9, replication=5, day=4, visit=1 << 17, n=n
    )


def test_words_are_those_of_the_stream() -> None:
    def fill(keys: Any, block: Any, out: Any) -> None:
        for ordinal in range(len(out)):
            found = words.words_of(keys, 1, ordinal, block, 5, 4 | (1 << 17) << 32)
            out[ordinal] = np.array(found)

    of_two = np.stack([keys.round_keys(streams.stream_key(3, name)) for name in ("other", "words")])
    found = np.empty((3000, 4), np.uint64)
    compiled(fill)(of_two, np.uint64(9), found)
    assert np.array_equal(found, some_words())


def test_two_ordinals_at_once_have_the_words_that_they_have_alone() -> None:
    def fill(keys: Any, block: Any, out: Any) -> None:
        stream = words.stream_of(keys, 0, block, 5, 4 | (1 << 17) << 32)
        for ordinal in range(0, len(out), 2):
            one, other = words.words_of_two(keys, stream, ordinal, ordinal + 1)
            out[ordinal], out[ordinal + 1] = np.array(one), np.array(other)

    found = np.empty((3000, 4), np.uint64)
    of_one = np.stack([keys.round_keys(streams.stream_key(3, "words"))])
    compiled(fill)(of_one, np.uint64(9), found)
    assert np.array_equal(found, some_words())


def test_halves_below_a_share_are_those_whose_uniforms_are() -> None:
    shares = np.array([0.0, 2.0**-33, 2.0**-32, 1e-9, 0.1, 0.3, 1 - 2.0**-33, 1 - 1e-12, 1.0])
    for share, n in zip(shares.tolist(), keys.halves_below(shares).tolist(), strict=True):
        near = np.arange(max(n - 2, 0), min(n + 2, 2**32), dtype=np.uint64)
        uniforms = streams.high_half(near << np.uint64(32))
        assert (uniforms < share).tolist() == (near < n).tolist()


@pytest.mark.parametrize("part", ["uniform", "high_half", "low_half"])
def test_uniforms_are_those_of_the_word(part: str) -> None:
    def call(word: Any) -> Any:
        return of_one(word)

    of_one, each = getattr(words, part), compiled(call)
    sample = np.concatenate([EDGES, some_words()[:, 0]])
    assert [each(word) for word in sample] == getattr(streams, part)(sample).tolist()


@pytest.mark.parametrize("written", LAWS, ids=lambda written: next(iter(written)))
def test_a_law_is_drawn_as_from_its_table(written: dict[str, Any]) -> None:
    def fill(laws: Any, number: int, numbers: Any, sample: Any, components: Any, out: Any) -> None:
        for k in range(len(sample)):
            out[k] = draw(laws, number, numbers, sample[k], components[k])

    law: Law = TypeAdapter(Law).validate_python(written)
    laws = Laws()
    laws.number(TypeAdapter(Law).validate_python({"mixture": MIXTURE}))
    number = laws.number(law)
    records, numbers = laws.tables()
    sample = np.concatenate([EDGES, some_words()[:, 0]])
    components = streams.high_half(sample[::-1].copy())
    found = np.empty(len(sample))
    compiled(fill)(records, number, numbers, sample, components, found)
    assert np.array_equal(found, tables.draw_law(law, sample, components))


def test_counts_are_the_quantiles_of_the_poisson_law_and_keep_to_their_room() -> None:
    def count(u: float, mean: float, scratch: Any) -> Any:
        first, last, lowest = reach(mean, scratch)
        return lowest + places_below(u * scratch[last], scratch, first, last + 1)

    counted, random = compiled(count), np.random.default_rng(1)
    for mean in np.exp(random.uniform(-6, 11, 1500)).tolist():
        scratch = np.full(room_for_weights(mean) + 2, np.nan)
        for u in (2.0**-53, random.random(), 1 - 2.0**-53):
            assert counted(u, mean, scratch[1:-1]) == poisson_quantile(u, mean)
        assert np.isnan(scratch[[0, -1]]).all()


@pytest.mark.parametrize("n", [0, 1, 2, 60, 3999, 4000])
def test_visitors_are_put_in_order_and_equals_stay_as_they_are(n: int) -> None:
    def sort(times: Any, keys: Any, counts: Any) -> Any:
        return sort_by_time(len(times), times, keys, counts)

    random, sorted_ = np.random.default_rng(n), compiled(sort)
    keys = np.empty((2, n), np.uint64)
    for times in (480 + random.random(n), random.integers(0, 3, n) * 1.0, 1e8 * random.random(n)):
        on_clock = np.round(times * 2**20) / 2**20
        row, bits = sorted_(on_clock, keys, np.empty(1 << LONGEST_DIGIT, np.int32))
        order = np.argsort(on_clock, kind="stable")
        assert np.array_equal(keys[row] & np.uint64((1 << bits) - 1), order)
        assert np.array_equal((keys[row] >> np.uint64(bits)) / 2**20, on_clock[order])
