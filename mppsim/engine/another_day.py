"""Visits that go on on the next working day: who leaves in order to come back, and what is left."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.trace import DayTrace, Outcome
from mppsim.plan.columns import is_left_out
from mppsim.plan.plan import AFTER_SERVICE, IF_GIVING_UP, DayPlan, Integers

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
    for visitor in np.flatnonzero(visitors.returns >= 0):
        own, first = slice(*visitors.first_step[visitor : visitor + 2]), visitors.returns[visitor]
        if before is None or before[1].visitor_outcome[first] != Outcome.POSTPONED:
            to_make[own] = False
        else:
            to_make[own] &= ~np.isin(steps.place[own], settled(*before, int(first)))
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


def settled(plan: DayPlan, facts: DayTrace, visitor: int) -> Integers:
    """Return the places of a visitor's journey at which nothing is left to do.

    Who was served elsewhere has also settled what would have followed at the tenant he gave up.
    """
    places, outcome = plan.steps.place, facts.outcome
    own = range(*plan.visitors.first_step[visitor : visitor + 2].tolist())
    done = {int(places[s]) for s in own if places[s] > 0 and outcome[s] == Outcome.SERVED}
    for step in own:
        if outcome[step] in GIVEN_UP and abs(int(places[step])) in done:
            done |= {abs(int(places[other])) for other in given_up_with(plan, step)}
    return np.array(sorted(done - {0}), np.int32)


def given_up_with(plan: DayPlan, step: int) -> list[int]:
    """Return the steps that would have followed from one whose visitor went elsewhere."""
    steps, following = plan.steps, []
    for other in range(step + 1, len(steps.station)):
        if steps.only_after[other] == steps.instead[step]:
            break
        following.append(other)
    return following
