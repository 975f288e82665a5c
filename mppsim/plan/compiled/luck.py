"""What befalls counters and stations on a day, as `rosters` and `outages` draw it."""

from __future__ import annotations

import numpy as np

from mppsim.plan.clock import TICK, on_grid_minutes
from mppsim.plan.compiled.draws import draw
from mppsim.plan.compiled.finding import hall_at, luck_at, today_at
from mppsim.plan.compiled.records import NOTHING, Hall, Luck, Record
from mppsim.plan.compiled.words import high_half, low_half, uniform, words_of
from mppsim.plan.compiling import part
from mppsim.plan.streams import DAY_BLOCK

on_grid = part(on_grid_minutes)
_DAY = np.uint64(DAY_BLOCK)


def draw_luck(hall_place: int, today_place: int, replication: int, luck_place: int) -> None:
    """Draw how late each counter begins, and all outages."""
    hall, day, luck = hall_at(hall_place), today_at(today_place).day[0], luck_at(luck_place)
    for k in range(len(hall.counters)):
        counter = hall.counters[k]
        words = words_of(hall.keys, counter.key, 0, _DAY, replication, day.number)
        luck.late[k] = 0.0
        if uniform(words[0]) < counter.absence:
            luck.late[k] = np.inf
        elif counter.law != NOTHING:
            drawn = draw(hall.laws, counter.law, hall.numbers, words[1], low_half(words[2]))
            luck.late[k] = on_grid(drawn)
    for k in range(len(hall.outages)):
        luck.n_outages[k] = _draw_outages(hall, hall.outages[k], day, replication, k, luck)


@part
def _draw_outages(
    hall: Hall, outage: Record, day: Record, replication: int, number: int, luck: Luck
) -> int:
    """Draw outages from opening to closing; the clock runs while nothing is out."""
    last = day.opening
    for n in range(luck.begins.shape[1]):
        words = words_of(hall.keys, outage.key, n, _DAY, replication, day.number)
        gap = draw(hall.laws, outage.between, hall.numbers, words[0], high_half(words[2]))
        length = draw(hall.laws, outage.lasts, hall.numbers, words[1], low_half(words[2]))
        begin = last + max(on_grid(gap), TICK)
        if begin >= day.closing:
            return n
        last = begin + max(on_grid(length), TICK)
        luck.begins[number, n], luck.ends[number, n] = begin, last
    return NOTHING
