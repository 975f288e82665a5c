"""What befalls counters and stations on a day, as `rosters` and `outages` draw it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.clock import TICK, on_grid_minutes
from mppsim.plan.compiled.finding import hall_at, today_at
from mppsim.plan.compiled.laws import draw
from mppsim.plan.compiled.records import NOTHING, Hall, Record
from mppsim.plan.compiled.words import high_half, low_half, uniform, words_of
from mppsim.plan.compiling import kernel, part
from mppsim.plan.plan import Floats
from mppsim.plan.streams import DAY_BLOCK

on_grid = part(on_grid_minutes)
_DAY = np.uint64(DAY_BLOCK)


@kernel
def draw_luck(
    hall_place: int,
    today_place: int,
    replication: int,
    late: Floats,
    n_outages: NDArray[np.int64],
    outages: Floats,
) -> None:
    """Draw how late each counter begins, infinite if it is absent, and all outages.

    `outages` has shape (outages, room, 2) for begins and ends; where there is too little room for
    them, `n_outages` says NOTHING.
    """
    hall, day = hall_at(hall_place), today_at(today_place).day[0]
    for k in range(len(hall.counters)):
        counter = hall.counters[k]
        words = words_of(hall.keys, counter.key, 0, _DAY, replication, day.number)
        late[k] = 0.0
        if uniform(words[0]) < counter.absence:
            late[k] = np.inf
        elif counter.law != NOTHING:
            drawn = draw(hall.laws, counter.law, hall.numbers, words[1], low_half(words[2]))
            late[k] = on_grid(drawn)
    for k in range(len(hall.outages)):
        n_outages[k] = _draw_outages(hall, hall.outages[k], day, replication, k, outages)


@part
def _draw_outages(
    hall: Hall, outage: Record, day: Record, replication: int, number: int, outages: Floats
) -> int:
    """Draw outages from opening to closing; the clock runs while nothing is out."""
    last = day.opening
    for n in range(outages.shape[1]):
        words = words_of(hall.keys, outage.key, n, _DAY, replication, day.number)
        gap = draw(hall.laws, outage.between, hall.numbers, words[0], high_half(words[2]))
        length = draw(hall.laws, outage.lasts, hall.numbers, words[1], low_half(words[2]))
        begin = last + max(on_grid(gap), TICK)
        if begin >= day.closing:
            return n
        last = begin + max(on_grid(length), TICK)
        outages[number, n, 0], outages[number, n, 1] = begin, last
    return NOTHING
