"""A sweep: many variants of one hall under the same luck, measured one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mppsim.measure import Observations
from mppsim.measure.estimates import Measured, check_place, estimate
from mppsim.measure.targets import Measure
from mppsim.plan.plan import Floats
from mppsim.scenario.errors import InputError
from mppsim.study.comparison import measures_for
from mppsim.study.designs import DesignName, Point, points_of, sensitivity_of, unit_points
from mppsim.study.executors import Workers
from mppsim.study.factors import Factor, Range, Value, factors_of, scenario_at
from mppsim.study.replications import Job, Progress, replicate_each
from mppsim.study.run_store import RunStore

MEASURES = ("hall mean wait", "hall p90 wait", "hall kept")
"""What is measured unless the study says something else."""
SAMPLES = 16


@dataclass(frozen=True)
class Sweep:
    """What to simulate: the points of a design around a hall."""

    job: Job
    """The hall as it is, and how often to simulate each variant."""
    factors: tuple[Factor, ...]
    measures: tuple[Measure, ...]
    design: DesignName = "grid"
    samples: int = SAMPLES
    """For designs that draw their points."""

    @property
    def points(self) -> list[Point]:
        """The points of the design, in order."""
        return points_of(self.design, self.factors, samples=self.samples, seed=self.job.seed)


@dataclass(frozen=True, eq=False)
class Cell:
    """What a measure is at one point: by place, and how it differs from the hall as it is."""

    measured: Measured
    difference: Measured


@dataclass(frozen=True, eq=False)
class Swept:
    """A sweep that has been done."""

    sweep: Sweep
    points: tuple[Point, ...]
    base: tuple[Measured, ...]
    """One a measure."""
    cells: tuple[tuple[Cell, ...], ...]
    """One row a point, in it one cell a measure."""


def sweep_of(
    job: Job,
    vary: Mapping[str, Sequence[Value] | Range],
    measures: Sequence[str] = MEASURES,
    design: DesignName = "grid",
    samples: int = SAMPLES,
) -> Sweep:
    """Return the sweep of these words; raises InputError, or ScenarioError with all its faults."""
    asked: list[Measure] = []
    for text in measures:
        try:
            asked += measures_for([job], [text])
        except InputError as error:
            raise InputError(f"measures: {str(error).removeprefix('measure: ')}") from None
    sweep = Sweep(job, factors_of(vary, job.scenario), tuple(asked), design, samples)
    if not sweep.points:
        raise InputError("vary: found no points; expected one or more")
    return sweep


def n_replications(sweep: Sweep) -> int:
    """Return how many replications a sweep has in all, with those of the hall as it is."""
    return len(_distinct(sweep)[0]) * sweep.job.replications


def do_sweep(
    sweep: Sweep,
    *,
    workers: Workers = 1,
    progress: Progress | None = None,
    runs: RunStore | None = None,
) -> Swept:
    """Simulate every point; equal points, and the hall as it is, only once.

    Raises ScenarioError for a point that is no scenario, and InputError for a measure of a place
    that a variant does not have.
    """
    jobs, which = _distinct(sweep)
    for job in jobs:
        layout = job.drawer().layout
        for measure in sweep.measures:
            check_place(measure, layout)
    found: list[tuple[Cell, ...]] = []
    base: tuple[Measured, ...] = ()
    # One run at a time: a sweep may be larger than memory.
    for run in replicate_each(jobs, workers=workers, progress=progress, runs=runs):
        base = base or _measured(run.observations, sweep.measures)
        found.append(
            tuple(
                Cell(one, _difference(one, before))
                for one, before in zip(
                    _measured(run.observations, sweep.measures), base, strict=True
                )
            )
        )
    return Swept(sweep, tuple(sweep.points), base, tuple(found[number] for number in which))


def sensitivity(swept: Swept, measure: int, place: str) -> dict[str, Floats]:
    """Return how much each factor moves a measure at a place, for designs that say so."""
    sweep, seed = swept.sweep, swept.sweep.job.seed
    shares = unit_points(sweep.design, len(sweep.factors), samples=sweep.samples, seed=seed)
    values = [
        row[measure].measured.linear.value[row[measure].measured.places.index(place)]
        for row in swept.cells
    ]
    return sensitivity_of(sweep.design, shares, np.array(values), seed=seed)


def _distinct(sweep: Sweep) -> tuple[list[Job], list[int]]:
    """Return the jobs to do, the hall as it is first, and which of them each point is."""
    jobs, numbers, which = [sweep.job], {sweep.job.scenario.digest(): 0}, []
    for point in sweep.points:
        scenario = scenario_at(sweep.job.scenario, point)
        number = numbers.setdefault(scenario.digest(), len(jobs))
        if number == len(jobs):
            jobs.append(replace(sweep.job, scenario=scenario))
        which.append(number)
    return jobs, which


def _measured(observations: Observations, measures: Sequence[Measure]) -> tuple[Measured, ...]:
    return tuple(estimate(observations, measure) for measure in measures)


def _difference(one: Measured, base: Measured) -> Measured:
    return Measured(one.measure, one.places, one.linear.minus(base.linear))
