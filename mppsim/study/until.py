"""Replications until what is asked for is known well enough.

Why this way: a rule that looks after every replication stops when luck makes the interval short,
and then covers too little. So a minimum comes first, and every look is a quarter to twice as many
replications later: a handful of looks, which `make coverage` shows to cost next to nothing. See
Law (2015), Simulation Modeling and Analysis, section 9.4.1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mppsim.measure import Observations, Summary
from mppsim.measure.estimates import check_place, estimate
from mppsim.measure.targets import Precision
from mppsim.scenario.errors import InputError
from mppsim.study.executors import Workers
from mppsim.study.replications import Job, Progress, Run, n_replications, replicate
from mppsim.study.run_store import RunStore

MOST_REPLICATIONS = 1000
LEAST_GROWTH, MOST_GROWTH = 1.25, 2.0
ROUND_TO = 5


@dataclass(frozen=True)
class Standing:
    """How well a measure is known, at the place where the most is missing."""

    precision: Precision
    place: str
    value: float
    half_width: float

    @property
    def allowed(self) -> float:
        """The largest half-width that will do."""
        return self.precision.allowed(self.value)

    @property
    def is_reached(self) -> bool:
        """Whether the measure is known well enough; not so where it has no interval."""
        return self.half_width <= self.allowed

    @property
    def missing(self) -> float:
        """How many times as many replications it takes; infinite where nobody can say."""
        if math.isnan(self.half_width) or self.allowed == 0:
            return 0.0 if self.is_reached else math.inf
        return (self.half_width / self.allowed) ** 2


Look = Callable[[int, Sequence[Standing]], None]
"""Called at each look with the replications that it may take, and how things stand."""


@dataclass(frozen=True)
class KnownRun:
    """A run that was extended until all was known well enough, or as far as it may go."""

    run: Run
    standings: tuple[Standing, ...]

    @property
    def is_reached(self) -> bool:
        """Whether everything that was asked for is known well enough."""
        return all(standing.is_reached for standing in self.standings)


def replicate_until(
    job: Job,
    precisions: Sequence[Precision],
    *,
    most: int = MOST_REPLICATIONS,
    workers: Workers = 1,
    progress: Progress | None = None,
    look: Look | None = None,
    runs: RunStore | None = None,
    known: Sequence[Summary] = (),
    traces: Path | None = None,
) -> KnownRun:
    """Do the replications of the job, and then more until every precision, if any, is reached.

    Raises InputError for a place that the hall does not have, or to which nobody comes, where
    `most` is less than the replications of the job, and for a replay.
    """
    if precisions and most < job.replications:
        raise InputError(f"most: found {most}; expected at least {job.replications} replications")
    if precisions and job.scenario.replay is not None:
        raise InputError("until: found a replay, which is always the same; expected drawn visitors")
    layout = job.drawer().layout
    for precision in precisions:
        check_place(precision.measure, layout)
    while True:
        run = replicate(
            job, workers=workers, progress=progress, runs=runs, known=known, traces=traces
        )
        standings = tuple(_standing(run.observations, precision) for precision in precisions)
        missing = max((standing.missing for standing in standings), default=0.0)
        if look and standings:
            look(math.ceil(min(missing * job.replications, most)), standings)
        if missing <= 1 or job.replications == most:
            return KnownRun(run, standings)
        job = replace(job, replications=_next(job.replications, missing, most))
        known = max(known, run.summaries, key=n_replications)


def _next(replications: int, missing: float, most: int) -> int:
    factor = min(max(missing, LEAST_GROWTH), MOST_GROWTH)
    return min(math.ceil(replications * factor / ROUND_TO) * ROUND_TO, most)


def _standing(observations: Observations, precision: Precision) -> Standing:
    measured = estimate(observations, precision.measure)
    numbers = zip(
        measured.places,
        measured.linear.value.tolist(),
        measured.linear.half_width().tolist(),
        strict=True,
    )
    standings = [
        Standing(precision, place, value, half_width)
        for place, value, half_width in numbers
        if not math.isnan(value)
    ]
    if not standings:
        found = f"found nobody in {observations.n_replications} replications"
        raise InputError(
            f"{precision.measure.text}: {found}; expected a place that somebody comes to"
        )
    return max(standings, key=lambda standing: standing.missing)
