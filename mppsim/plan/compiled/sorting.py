"""Put visitors in the order in which they come: a stable sort of times on the clock's grid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.clock import TICKS_PER_MINUTE
from mppsim.plan.compiled.records import Word
from mppsim.plan.compiling import part
from mppsim.plan.plan import Floats, Integers
from mppsim.plan.streams import Words

LONGEST_DIGIT = 11


@part
def sort_by_time(
    n: int, times: Floats, ticks: Words, order: Integers, counts: NDArray[np.int64]
) -> int:
    """Sort the first n times, digit by digit from the last; equal times stay as they are.

    The scratch `ticks` and `order` has two rows, `counts` 2**LONGEST_DIGIT places. Return the row
    of `order` that holds the answer.
    """
    earliest = latest = times[0] if n else 0.0
    for k in range(n):
        earliest = min(earliest, times[k])
        latest = max(latest, times[k])
    for k in range(n):
        ticks[0, k] = np.uint64((times[k] - earliest) * TICKS_PER_MINUTE)
        order[0, k] = k
    left = np.uint64((latest - earliest) * TICKS_PER_MINUTE)
    # A few visitors are sorted faster by short digits: there are fewer places to count in.
    digit = 8 if n < 4000 else LONGEST_DIGIT
    shift, now = np.uint64(0), 0
    while left > 0:
        _sort_by_digit(n, shift, digit, ticks, order, now, counts)
        left >>= np.uint64(digit)
        shift += np.uint64(digit)
        now = 1 - now
    return now


@part
def _sort_by_digit(
    n: int,
    shift: Word,
    digit: int,
    ticks: Words,
    order: Integers,
    now: int,
    counts: NDArray[np.int64],
) -> None:
    mask = np.uint64((1 << digit) - 1)
    for value in range(1 << digit):
        counts[value] = 0
    for k in range(n):
        counts[np.int64((ticks[now, k] >> shift) & mask)] += 1
    place = 0
    for value in range(1 << digit):
        place, counts[value] = place + counts[value], place
    for k in range(n):
        digits = np.int64((ticks[now, k] >> shift) & mask)
        place = counts[digits]
        counts[digits] = place + 1
        ticks[1 - now, place] = ticks[now, k]
        order[1 - now, place] = order[now, k]
