"""By how much demand may grow before each bound breaks.

The hall is simulated at several levels of demand under the same luck: more demand adds visitors and
moves nobody, so what a replication has left of a bound falls as steadily as it can. Where its mean
crosses 0 is the headroom; the interval holds every growth at which the t interval of that mean
holds 0 (a test turned around, as Fieller's of 1954), straight between the levels.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mppsim.measure.inference import student_quantile
from mppsim.measure.targets import Goal
from mppsim.plan.plan import Floats
from mppsim.scenario import Scenario
from mppsim.scenario.errors import InputError, listed, nearest_name, quoted
from mppsim.study.bounds import wait_bounds
from mppsim.study.executors import Workers
from mppsim.study.experiments import Bound, Experiments
from mppsim.study.replications import Job, Progress
from mppsim.study.run_store import RunStore
from mppsim.theory.offered_load import busier

LEVELS = (1.0, 1.15, 1.4, 1.8, 2.4)
"""Demand at which the hall is looked at; quieter only where a bound may be broken now."""
QUIETER = (0.3, 0.5, 0.7, 0.85)
_REFINEMENTS = 2
_HARDLY = 2.0
"""An interval of so many gaps between levels is too wide for finer levels to tell more."""


@dataclass(frozen=True)
class Growth:
    """The level of demand at which one bound breaks: 1.2 is a fifth more than now."""

    bound: Bound
    who: str | None
    """The tenant that grows alone; None: all grow together."""
    level: float
    """Infinite where the bound is kept at the highest level looked at, 0 where it never is."""
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class HeadroomStudy:
    """What was found of a hall."""

    hall: Scenario
    job: Job
    confidence: float
    growths: tuple[Growth, ...]
    levels: dict[str | None, tuple[float, ...]]
    """The levels of demand that were simulated, by who grows."""


def find_headroom(
    hall: Scenario,
    goals: Sequence[Goal],
    *,
    alone: Sequence[str] = (),
    confidence: float = 0.95,
    job: Job,
    workers: Workers = 1,
    progress: Progress | None = None,
    runs: RunStore | None = None,
) -> HeadroomStudy:
    """Find the headroom of each bound as the whole hall grows, and as single tenants do.

    Raises InputError for goals and tenants that the hall does not have, for a replay, and for fewer
    than 10 replications, which give no interval to trust.
    """
    if hall.replay is not None:
        raise InputError("headroom: found a replay, whose visitors are given; expected drawn ones")
    if job.replications < 10:
        raise InputError(f"replications: found {job.replications}; expected at least 10")
    if not 0 < confidence < 1:
        raise InputError(f"confidence: found {confidence:g}; expected a number between 0 and 1")
    for goal in goals:
        if goal.measure.what == "standing":
            raise InputError(f"{goal.text}: found a bound on seats; expected one on waits")
    bounds = wait_bounds(hall, goals)
    growths: list[Growth] = []
    levels: dict[str | None, tuple[float, ...]] = {}
    with Experiments(job, bounds, workers=workers, progress=progress, runs=runs) as experiments:
        for who in (None, *(_tenant(hall, name) for name in alone)):

            def amounts(level: float, who: str | None = who) -> Floats:
                facts = experiments.facts(grown(hall, level, who), job.replications)
                left: Floats = facts.amount / np.maximum(facts.count.mean(axis=0), 1e-9)
                return left

            known = _looked_at(amounts, confidence)
            levels[who] = tuple(known)
            curves = np.stack([*known.values()])
            growths += [
                Growth(bound, who, *_crossing([*known], curves[:, :, number], confidence))
                for number, bound in enumerate(bounds)
            ]
    return HeadroomStudy(hall, job, confidence, tuple(growths), levels)


def grown(hall: Scenario, level: float, who: str | None) -> Scenario:
    """Return the hall with so many times the visitors, of one tenant or of all."""
    if who is None:
        return busier(hall, level)
    tenant = hall.tenants[who]
    more = tenant.model_copy(update={"visitors_per_day": tenant.visitors_per_day * level})
    return hall.model_copy(update={"tenants": {**hall.tenants, who: more}})


def first_year(level: float, rate: float, start: int) -> float:
    """Return the first year in which demand is above a level, growing by `rate` a year.

    Infinite where that never happens; `start` is the year of the scenario's demand.
    """
    if level < 1:
        return float(start)
    if math.isinf(level) or rate <= 0:
        return math.inf
    # Just enough is still kept; the tolerance is for 1.05**2 against 1.1025.
    return start + math.floor(math.log(level) / math.log1p(rate) + 1e-9) + 1


def _tenant(hall: Scenario, name: str) -> str:
    if name not in hall.tenants:
        near = nearest_name(name, hall.tenants)
        hint = f"; did you mean {quoted(near)}?" if near else ""
        raise InputError(
            f"alone: found {quoted(name)}; expected one of {listed(hall.tenants)}{hint}"
        )
    return name


def _looked_at(amounts: Callable[[float], Floats], confidence: float) -> dict[float, Floats]:
    """Return what is left of each bound at rising levels, finer where a break is known finer."""
    now = amounts(1.0)
    known = {1.0: now}
    error = now.std(axis=0, ddof=1) / math.sqrt(len(now))
    is_close = bool((now.mean(axis=0) < 3 * error).any())
    for level in (*(QUIETER if is_close else ()), *LEVELS[1:]):
        known[level] = amounts(level)
        if level > 1 and bool((known[level].mean(axis=0) < 0).all()):
            break
    for _ in range(_REFINEMENTS):
        for low, high in _gaps(dict(sorted(known.items())), confidence):
            middle = math.sqrt(low * high)
            known[middle] = amounts(middle)
    return dict(sorted(known.items()))


def _gaps(known: Mapping[float, Floats], confidence: float) -> list[tuple[float, float]]:
    """Return the neighbors between which a bound breaks, where its interval is hardly wider."""
    levels, curves = [*known], np.stack([*known.values()])
    breaks = [
        _crossing(levels, curves[:, :, number], confidence) for number in range(curves.shape[2])
    ]
    return [
        (low, high)
        for low, high in pairwise(levels)
        if any(
            low < at <= high and end - start < _HARDLY * (high - low) for at, start, end in breaks
        )
    ]


def _crossing(
    levels: Sequence[float], left: Floats, confidence: float
) -> tuple[float, float, float]:
    """Return where the mean of `left`, shape (levels, replications), crosses 0; the interval."""
    n = left.shape[1]
    mean = left.mean(axis=1)
    reach = student_quantile(confidence, n - 1) * left.std(axis=1, ddof=1) / math.sqrt(n)
    return (
        _first_below(levels, mean),
        _first_below(levels, mean - reach),
        _first_below(levels, mean + reach),
    )


def _first_below(levels: Sequence[float], curve: Floats) -> float:
    """Return where a curve first goes below 0; 0: it always is; infinite: it never is."""
    below = np.flatnonzero(curve < 0)
    if not len(below):
        return math.inf
    place = int(below[0])
    if place == 0:
        return 0.0
    before, after = float(curve[place - 1]), float(curve[place])
    part = before / (before - after)
    return levels[place - 1] + part * (levels[place] - levels[place - 1])
