"""Journeys: which step a visitor makes next, and how far the way there is."""

from __future__ import annotations

from mppsim.engine.another_day import given_up_with
from mppsim.engine.calls import n_waiting
from mppsim.engine.hall import Hall
from mppsim.plan.plan import AWAY

AT_THE_DOOR = -1
"""In place of a zone: where a visit begins."""


def steps_of_visit(hall: Hall, visitor: int) -> list[int]:
    """Return the steps that a visitor is to make if he does not give up; none if he stays away."""
    own = range(*hall.day.visitors.first_step[visitor : visitor + 2].tolist())
    return [step for step in own if hall.to_make[step]]


def elsewhere(hall: Hall, visitor: int, left: list[int], step: int) -> list[int]:
    """Return the steps that are left for a visitor who gave up at one: those of another tenant.

    They take the place of the step and of all that would have followed from it.
    """
    end = int(hall.day.visitors.first_step[visitor + 1])
    steps, given_up = hall.day.steps, {step, *given_up_with(hall.day, step)}
    others = [s for s in range(step, end) if steps.only_after[s] == steps.instead[step]]
    return sorted([s for s in left if s not in given_up] + others)


def next_step(hall: Hall, left: list[int], last: int | None) -> int:
    """Return which of the steps that are left a visitor makes now, after the `last` one.

    Steps are made as planned. Of parts in any order, the one that is begun comes to its end; the
    next is the one whose first station has the fewest waiting, then the one that is planned first.
    """
    steps = hall.day.steps
    if last is not None and steps.part[last]:
        for step in left:
            if steps.part[step] == steps.part[last]:
                return step
    group = steps.any_order[left[0]]
    if not group:
        return left[0]
    first_of_part: dict[int, int] = {}
    for step in left:
        if steps.any_order[step] == group:
            first_of_part.setdefault(int(steps.part[step]), step)
    return min(
        first_of_part.values(), key=lambda step: (n_waiting(hall, int(steps.station[step])), step)
    )


def first_zone(hall: Hall, visitor: int) -> int:
    """Return where a visit begins: at the door, or where the backlog stands."""
    visitors = hall.day.visitors
    if not visitors.is_of_backlog(visitor):
        return AT_THE_DOOR
    return zone_of(hall, int(visitors.first_step[visitor]), AT_THE_DOOR)


def walking_time(hall: Hall, zone: int, station: int) -> float:
    """Return the minutes from a zone, or the door, to a station; to a delay nobody walks."""
    if station == AWAY or not len(hall.layout.walk):
        return 0.0
    return float(hall.layout.walk[zone, hall.layout.station_zone[station]])


def zone_of(hall: Hall, step: int, zone: int) -> int:
    """Return where a visitor is after a step; a delay is spent where it begins."""
    station = int(hall.day.steps.station[step])
    return zone if station == AWAY else int(hall.layout.station_zone[station])


def first_at_a_station(hall: Hall, left: list[int]) -> int:
    """Return the step at which it counts that a visitor was refused at the door."""
    return next((step for step in left if hall.day.steps.station[step] != AWAY), left[0])
