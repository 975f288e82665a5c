"""Who books which slot, and when the booked come; the twin of `mppsim.plan.booking`."""

from __future__ import annotations

import numpy as np

from mppsim.plan.clock import on_grid_minutes
from mppsim.plan.compiled.draws import draw
from mppsim.plan.compiled.records import NOTHING, Hall, Record, Scratch
from mppsim.plan.compiled.words import Block, high_half, low_half
from mppsim.plan.compiling import part
from mppsim.plan.plan import NO_LIMIT, Floats

on_grid = part(on_grid_minutes)


@part
def tickets_left(crowd: Record, scratch: Scratch) -> int:
    """Return how many more visitors of a service can book."""
    left = NO_LIMIT
    tickets = scratch.tenant_tickets[crowd.tenant]
    if tickets.limit != NOTHING:
        left = max(tickets.limit - tickets.booked, 0)
    tickets = scratch.service_tickets[crowd.service]
    if tickets.limit != NOTHING:
        left = min(left, max(tickets.limit - tickets.booked, 0))
    return left


@part
def free_all(hall: Hall, slots: Record, scratch: Scratch) -> None:
    """Let nobody have booked any slot yet."""
    for k in range(slots.n):
        scratch.free[k] = hall.numbers[slots.first + slots.n + k]


@part
def find_slot(hall: Hall, slots: Record, wish: float, free: Floats) -> float:
    """Book the free slot next to a time, the earlier of two as near; NaN where there is none."""
    nearest, distance = NOTHING, np.inf
    for k in range(slots.n):
        apart = abs(hall.numbers[slots.first + k] - wish)
        if free[k] > 0 and apart < distance:
            nearest, distance = k, apart
    if nearest == NOTHING:
        return np.nan
    free[nearest] -= 1
    return hall.numbers[slots.first + nearest]


@part
def appear(hall: Hall, slots: Record, slot: float, words: Block) -> tuple[bool, float, bool]:
    """Return whether who has a slot comes, when, and whether he goes before the others."""
    late = 0.0
    if slots.law != NOTHING:
        lateness = draw(hall.laws, slots.law, hall.numbers, words[1], low_half(words[2]))
        late = slots.late + slots.spread * lateness - slots.early
    arrival = on_grid(max(slot + late, 0.0))
    ahead = arrival <= slot + slots.grace and slots.ahead != 0
    return high_half(words[2]) >= slots.no_show, arrival, ahead
