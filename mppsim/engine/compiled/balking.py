"""Balking: who leaves at the sight of a line."""

from __future__ import annotations

from mppsim.engine.compiled.jit import apart, inner
from mppsim.engine.compiled.lines import n_waiting
from mppsim.engine.compiled.tables import Hall
from mppsim.plan.plan import NO_LIMIT


@inner
def balks(hall: Hall, visitor: int, station: int) -> bool:
    """Tell whether a visitor who comes to a station does not join its line."""
    here = hall.stations[station]
    if (
        here.balk_above == NO_LIMIT
        and here.balk_wait == float("inf")
        and here.first_share == here.end_share
    ):
        return False
    waiting = n_waiting(hall, station)
    return (
        waiting > here.balk_above
        or too_long_a_wait(hall, station, waiting)
        or put_off(hall, visitor, station, waiting)
    )


@apart
def too_long_a_wait(hall: Hall, station: int, waiting: int) -> bool:
    """Compare the announced wait: those waiting x mean service / counters on duty."""
    here, on_duty = hall.stations[station], 0
    if here.balk_wait == float("inf"):
        return False
    for counter in range(here.first_counter, here.end_counter):
        on_duty += hall.counters[counter].on_duty
    return on_duty > 0 and waiting * here.mean_service / on_duty > here.balk_wait


@apart
def put_off(hall: Hall, visitor: int, station: int, waiting: int) -> bool:
    """Let a share of the visitors leave that steps up with the number waiting."""
    here, share = hall.stations[station], 0.0
    for step in range(here.first_share, here.end_share):
        if waiting > hall.shares[step].above:
            share = hall.shares[step].share
    return hall.balking[visitor] < share
