"""Balking: who leaves at the sight of a line."""

from __future__ import annotations

from collections.abc import Callable

from mppsim.engine.calls import n_waiting
from mppsim.engine.hall import Hall


def balks(hall: Hall, visitor: int, station: int) -> bool:
    """Tell whether a visitor who comes to a station does not join its line."""
    return any(reason(hall, visitor, station) for reason in REASONS)


def too_many_waiting(hall: Hall, visitor: int, station: int) -> bool:
    """Compare the number waiting, all classes counted, with the longest line that anybody joins."""
    return n_waiting(hall, station) > int(hall.layout.balk_above[station])


def too_long_a_wait(hall: Hall, visitor: int, station: int) -> bool:
    """Compare the announced wait: those waiting x mean service / counters on duty.

    While no counter is on duty no wait is announced.
    """
    limit = float(hall.layout.balk_wait[station])
    on_duty = sum(hall.on_duty[counter] for counter in hall.counters_of[station])
    if limit == float("inf") or not on_duty:
        return False
    return n_waiting(hall, station) * float(hall.layout.mean_service[station]) / on_duty > limit


def put_off(hall: Hall, visitor: int, station: int) -> bool:
    """Let a share of the visitors leave that steps up with the number waiting."""
    shares = hall.layout.balk_shares[station] if hall.layout.balk_shares else ()
    waiting = n_waiting(hall, station) if shares else 0
    share = max(((above, share) for above, share in shares if waiting > above), default=(0, 0.0))[1]
    return float(hall.day.visitors.balking[visitor]) < share


REASONS: tuple[Callable[[Hall, int, int], bool], ...] = (
    too_many_waiting,
    too_long_a_wait,
    put_off,
)
"""Each reason alone is enough."""
