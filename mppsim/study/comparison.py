"""Several scenarios under the same luck: what differs is the scenarios' doing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mppsim.measure.estimates import check_place
from mppsim.measure.targets import Measure, parse_measure
from mppsim.scenario.errors import InputError
from mppsim.study.executors import Workers
from mppsim.study.replications import Job, Progress, Run, replicate_each
from mppsim.study.run_store import RunStore


@dataclass(frozen=True)
class PairedRuns:
    """Runs of the same replications, seed and days; the first is the base of all comparisons."""

    runs: tuple[Run, ...]

    @property
    def base(self) -> Run:
        """The run that the others are compared with."""
        return self.runs[0]

    @property
    def others(self) -> tuple[Run, ...]:
        """The runs that are compared with the base."""
        return self.runs[1:]


def measures_for(jobs: Sequence[Job], texts: Sequence[str]) -> tuple[Measure, ...]:
    """Return the measures that the texts name; raises InputError for one that a hall lacks."""
    measures = tuple(parse_measure(text) for text in texts)
    for layout in (job.drawer().layout for job in jobs):
        for measure in measures:
            check_place(measure, layout)
    return measures


def replicate_all(
    jobs: Sequence[Job],
    *,
    workers: Workers = 1,
    progress: Progress | None = None,
    runs: RunStore | None = None,
) -> PairedRuns:
    """Do several jobs with common random numbers.

    Raises ValueError for fewer than two jobs, or jobs that differ in replications, seed or days.
    """
    if len(jobs) < 2:
        raise InputError(f"scenarios to compare: found {len(jobs)}; expected at least 2")
    if len({(job.replications, job.seed, job.day) for job in jobs}) > 1:
        raise InputError("jobs to compare: expected the same replications, seed and day in all")
    for job in jobs[1:]:
        if set(job.scenario.days) != set(jobs[0].scenario.days):
            found, those = ", ".join(job.scenario.days), ", ".join(jobs[0].scenario.days)
            raise InputError(f"{job.scenario.name}: found the days {found}; expected {those}")
    return PairedRuns(tuple(replicate_each(jobs, workers=workers, progress=progress, runs=runs)))
