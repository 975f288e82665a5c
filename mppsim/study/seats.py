"""How many seats a zone needs so that few enough stand; seats themselves change no wait."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from mppsim.measure.inference import student_quantile
from mppsim.measure.targets import Goal
from mppsim.plan.plan import Floats


def seats_needed(crowd: Floats, goals: Sequence[Goal], confidence: float) -> int | None:
    """Return the least number of seats that keeps all goals; None where too few days are known.

    `crowd`: most persons at once who want a seat, shape (replications, days). A share of days is
    kept when its lower confidence limit is (Clopper and Pearson 1934; days of several kinds only
    make it safer: Hoeffding 1956), a mean when its upper limit is (Student).
    """
    for seats in range(int(crowd.max(initial=0)) + 1):
        standing = np.maximum(crowd - seats, 0)
        if all(_is_kept(standing, goal, confidence) for goal in goals):
            return seats
    return None


def days_needed(goal: Goal, confidence: float) -> int:
    """Return the fewest days that can show a share of days, if it holds on all of them."""
    share = _share(goal)
    return (
        1 if share is None or share >= 1 else math.ceil(math.log(1 - confidence) / math.log(share))
    )


def _is_kept(standing: Floats, goal: Goal, confidence: float) -> bool:
    share = _share(goal)
    if share is None:
        means = standing.mean(axis=1)
        reach = student_quantile(2 * confidence - 1, len(means) - 1) / math.sqrt(len(means))
        return bool(means.mean() + reach * means.std(ddof=1) <= goal.limit)
    at_most = goal.limit if goal.measure.statistic == "quantile" else goal.measure.level
    days = standing <= at_most
    return _lower_limit(int(days.sum()), days.size, confidence) >= share


def _share(goal: Goal) -> float | None:
    """Return the share of days that a goal is about; None for a mean."""
    by = {"mean": None, "quantile": goal.measure.level}
    return by.get(goal.measure.statistic, goal.limit)


def _lower_limit(kept: int, n: int, confidence: float) -> float:
    from scipy.special import betaincinv

    return float(betaincinv(kept, n - kept + 1, 1 - confidence)) if kept else 0.0
