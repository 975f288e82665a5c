"""Put visitors in the order in which they come: a stable sort of times on the clock's grid."""

from __future__ import annotations

import numpy as np

from mppsim.plan.clock import TICKS_PER_MINUTE
from mppsim.plan.compiled.records import Word
from mppsim.plan.compiling import part
from mppsim.plan.plan import Floats, Integers
from mppsim.plan.streams import Words

LONGEST_DIGIT = 11
_FEW = 600
_ONE = np.uint64(1)


@part
def sort_by_time(n: int, times: Floats, keys: Words, counts: Integers) -> tuple[int, Word]:
    """Sort the first n times, none of them below 0; equal times stay as they are.

    The scratch `keys` has two rows, `counts` 2**LONGEST_DIGIT places. Return the row of `keys` that
    holds the answer, and how many bits at the lower end of a key are the place among the times;
    above them stands the time in ticks.
    """
    bits = np.uint64(0)
    while (n >> bits) > 0:
        bits += _ONE
    # A place and a time fit into 64 bits: 2**20 visitors may come within 2**24 minutes.
    first = np.uint64(times[0] * TICKS_PER_MINUTE) if n else np.uint64(0)
    differ = np.uint64(0)
    for k in range(np.uint64(n)):
        ticks = np.uint64(times[k] * TICKS_PER_MINUTE)
        differ |= ticks ^ first
        keys[0, k] = ticks << bits | k
    length = 0
    while differ >> np.uint64(length) > 0:
        length += 1
    # Few visitors are sorted faster by short digits: there are fewer places to count in.
    digit = 8 if n < _FEW else min(max((length + 2) // 3, 8), LONGEST_DIGIT)
    now = 0
    for begin in range(0, length, digit):
        _sort_by_digit(np.uint64(n), bits + np.uint64(begin), digit, keys, now, counts)
        now = 1 - now
    return now, bits


@part
def _sort_by_digit(
    n: Word, shift: Word, digit: int, keys: Words, now: int, counts: Integers
) -> None:
    mask = np.uint64((1 << digit) - 1)
    for value in range(mask + _ONE):
        counts[value] = 0
    for k in range(n):
        counts[(keys[now, k] >> shift) & mask] += 1
    place = 0
    for value in range(mask + _ONE):
        place, counts[value] = place + counts[value], place
    for k in range(n):
        key = keys[now, k]
        value = (key >> shift) & mask
        place = counts[value]
        counts[value] = place + 1
        keys[1 - now, np.uint64(place)] = key
