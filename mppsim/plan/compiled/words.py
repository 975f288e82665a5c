"""The words of a stream, one block at a time; `mppsim.plan.streams` says whose words these are."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from mppsim.plan.compiled.keys import ROUNDS
from mppsim.plan.compiled.records import Word
from mppsim.plan.compiling import part
from mppsim.plan.streams import Words

Block = tuple[Word, Word, Word, Word]
Stream = tuple[Word, Word, Word, Word, Word]

_M0, _M1 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_LOW_32, _SIGN = np.uint64(2**32 - 1), np.int64(63)
_ZERO, _ONE, _TWO, _THREE = (np.uint64(n) for n in range(4))


def _product_of(context: Any, a: Any, b: Any) -> Any:
    """Return the upper and the lower 64 of the 128 bits of a product; numba has only the lower."""
    both = types.UniTuple(types.uint64, 2)

    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        wide, word = ir.IntType(128), ir.IntType(64)
        a, b = (builder.zext(argument, wide) for argument in arguments)
        product = builder.mul(a, b)
        upper = builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), word)
        return context.make_tuple(builder, both, (upper, builder.trunc(product, word)))

    return both(types.uint64, types.uint64), lower


def _bits_of(context: Any, x: Any) -> Any:
    """Return the bits of a float as an integer."""

    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.uint64(types.float64), lower


product: Any = intrinsic(_product_of)
bits: Any = intrinsic(_bits_of)


@part
def words_of(
    keys: Words,
    source: int,
    ordinal: int,
    block: Word,
    replication: int,
    day_and_visit: int,
) -> Block:
    """Return the words of an ordinal of a source: ten rounds of Philox4x64 (Salmon et al. 2011).

    `keys` has a row for each source.
    """
    return words_of_one(keys, stream_of(keys, source, block, replication, day_and_visit), ordinal)


@part
def stream_of(
    keys: Words, source: int, block: Word, replication: int, day_and_visit: int
) -> Stream:
    """Return what the words of all ordinals of a source have in common."""
    row = np.uint64(source)
    of_c = product(_M1, np.uint64(replication))
    of_a = product(_M0, of_c[0] ^ block ^ keys[row, _ZERO])
    from_day = np.uint64(day_and_visit) ^ keys[row, _ONE]
    return row, from_day, of_c[1] ^ keys[row, _TWO], of_a[0] ^ keys[row, _THREE], of_a[1]


@part
def words_of_one(keys: Words, stream: Stream, ordinal: int) -> Block:
    """Return the words of an ordinal, as `words_of` does."""
    return _rounds(keys, stream, *_begin(stream, ordinal))


@part
def words_of_two(keys: Words, stream: Stream, one: int, other: int) -> tuple[Block, Block]:
    """Return the words of two ordinals, in less time than one after the other."""
    first, second = _begin(stream, one), _begin(stream, other)
    return _rounds(keys, stream, *first), _rounds(keys, stream, *second)


@part
def _begin(stream: Stream, ordinal: int) -> Block:
    """Do what the first two rounds do that differs from one ordinal to the next."""
    _, from_day, for_a, for_c, d = stream
    of_a = product(_M0, np.uint64(ordinal) + _ONE)
    of_c = product(_M1, of_a[0] ^ from_day)
    return of_c[0] ^ for_a, of_c[1], for_c ^ of_a[1], d


@part
def _rounds(keys: Words, stream: Stream, a: Word, b: Word, c: Word, d: Word) -> Block:
    """Do the other rounds."""
    row = stream[0]
    for number in range(2, ROUNDS):
        of_a, of_c = product(_M0, a), product(_M1, c)
        a = of_c[0] ^ b ^ keys[row, np.uint64(2 * number)]
        c = of_a[0] ^ d ^ keys[row, np.uint64(2 * number + 1)]
        b, d = of_c[1], of_a[1]
    return a, b, c, d


@part
def uniform(word: Word) -> float:
    """Return a uniform in (0, 1) from the top 52 bits."""
    return (np.float64(word >> np.uint64(12)) + 0.5) * 2.0**-52


@part
def high_half(word: Word) -> float:
    """Return a uniform in (0, 1) from the upper 32 bits."""
    return (np.float64(word >> np.uint64(32)) + 0.5) * 2.0**-32


@part
def low_half(word: Word) -> float:
    """Return a uniform in (0, 1) from the lower 32 bits."""
    return (np.float64(word & _LOW_32) + 0.5) * 2.0**-32


@part
def upper_half(word: Word) -> Word:
    """Return the upper 32 bits as a whole number."""
    return word >> np.uint64(32)


@part
def tail(word: Word) -> tuple[Word, Word]:
    """Return (t, upper): the uniform is t * 2**-54, or 1 less that where all bits of `upper` are 1.

    `t` is odd and below 2**53, so that it is exact as a float.
    """
    upper = np.uint64(np.int64(word) >> _SIGN)
    return (word ^ upper) >> np.uint64(10) | _ONE, upper
