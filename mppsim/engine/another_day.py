"""Visits that go on on the next working day: who leaves in order to come back, and what is left."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.trace import DayTrace, Outcome
from mppsim.plan.columns import is_left_out
from mppsim.plan.plan import AFTER_SERVICE, IF_GIVING_UP, DayPlan

Mask = NDArray[np.bool_]
GIVEN_UP = (Outcome.RENEGED, Outcome.BALKED)


def steps_to_make(day: DayPlan, before: tuple[DayPlan, DayTrace] | None = None) -> Mask:
    """Return which steps of a day are made if nobody gives up, as the day before went.

    Those who come back make what is left to do; of those who do not come, no step is made.
    """
    visitors, steps = day.visitors, day.steps
    if is_left_out(steps.only_after) and is_left_out(visitors.returns):
        return _all_steps(len(steps.station).bit_length())[: len(steps.station)]
    to_make: Mask = steps.only_after == 0
    returning = np.flatnonzero(visitors.returns >= 0)
    same = visitors.returns[returning]
    came_back = np.zeros(len(same), np.bool_)
    if before is not None:
        came_back = before[1].visitor_outcome[same] == Outcome.POSTPONED
    own_steps = zip(visitors.first_step[returning], visitors.first_step[returning + 1], strict=True)
    for (first, end), visitor, comes in zip(own_steps, same.tolist(), came_back, strict=True):
        if not comes or before is None:
            to_make[first:end] = False
            continue
        done = settled(*before, visitor)
        to_make[first:end] &= [place not in done for place in steps.place[first:end].tolist()]
    return to_make


@lru_cache
def _all_steps(bits: int) -> Mask:
    every = np.ones(1 << bits, np.bool_)
    every.setflags(write=False)
    return every


def goes_on_another_day(day: DayPlan, step: int, outcome: Outcome) -> bool:
    """Tell whether a visitor leaves after a step in order to come back on the next working day."""
    when = int(day.steps.another_day[step])
    if outcome == Outcome.SERVED:
        return bool(when & AFTER_SERVICE)
    return outcome in GIVEN_UP and bool(when & IF_GIVING_UP)


def postponed_after(day: DayPlan, facts: DayTrace) -> Mask:
    """Return after which steps of a day a visitor left in order to come back."""
    when, served = day.steps.another_day, facts.outcome == Outcome.SERVED
    after = np.where(served, AFTER_SERVICE, IF_GIVING_UP * np.isin(facts.outcome, GIVEN_UP))
    postponed: Mask = when & after > 0
    return postponed


def settled(plan: DayPlan, facts: DayTrace, visitor: int) -> set[int]:
    """Return the places of a visitor's journey at which nothing is left to do.

    Who was served elsewhere has also settled what would have followed at the tenant he gave up.
    """
    first, end = plan.visitors.first_step[visitor : visitor + 2].tolist()
    places, outcomes = plan.steps.place[first:end].tolist(), facts.outcome[first:end].tolist()
    own = [*zip(range(first, end), places, outcomes, strict=True)]
    served, gave_up = int(Outcome.SERVED), {int(outcome) for outcome in GIVEN_UP}
    done = {place for _, place, outcome in own if place > 0 and outcome == served}
    for step, place, outcome in own:
        if outcome in gave_up and abs(place) in done:
            done |= {abs(int(plan.steps.place[other])) for other in given_up_with(plan, step)}
    return done - {0}


def given_up_with(plan: DayPlan, step: int) -> list[int]:
    """Return the steps that would have followed from one whose visitor went elsewhere."""
    steps, following = plan.steps, []
    for other in range(step + 1, len(steps.station)):
        if steps.only_after[other] == steps.instead[step]:
            break
        following.append(other)
    return following
