"""Replications of a scenario: plan, simulate and summarize, on one worker or several."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property

from mppsim.engine.simulate import engine_named, simulate
from mppsim.measure import Observations, Summary, summarize
from mppsim.plan import Drawer
from mppsim.scenario import Scenario
from mppsim.scenario.days import Weekday
from mppsim.scenario.errors import InputError

Progress = Callable[[int], None]
"""Called with the number of replications that have just been done."""


USUAL_REPLICATIONS = 20


def usual_replications(*scenarios: Scenario) -> int:
    """Return how many replications to do where nobody says: one if any scenario is a replay."""
    return 1 if any(hall.replay is not None for hall in scenarios) else USUAL_REPLICATIONS


@dataclass(frozen=True)
class Job:
    """What to simulate; with the scenario's content it fixes every digit of the outcome."""

    scenario: Scenario
    replications: int
    seed: int = 1
    engine: str = "auto"
    day: Weekday | None = None
    """One weekday alone; None for all days of the scenario."""

    def __post_init__(self) -> None:
        if self.replications < 1:
            raise InputError(f"replications: found {self.replications}; expected at least 1")
        if self.scenario.replay is not None and self.replications > 1:
            raise InputError(
                f"replications: found {self.replications}; expected 1, as every replication of a "
                "replay is the same"
            )
        engine_named(self.engine)
        Drawer(self.scenario, seed=self.seed, day=self.day)


@dataclass(frozen=True)
class Run:
    """A job that has been done."""

    job: Job
    summaries: tuple[Summary, ...]
    """One a replication, in order."""

    @cached_property
    def observations(self) -> Observations:
        """The summaries with the names that tell what they are about."""
        drawer = Drawer(self.job.scenario, seed=self.job.seed, day=self.job.day)
        return Observations(drawer.layout, drawer.weekdays, drawer.kinds, self.summaries)


def replicate(job: Job, *, workers: int = 1, progress: Progress | None = None) -> Run:
    """Do all replications of a job; the outcome is the same for any number of workers.

    Raises ValueError for fewer than one worker.
    """
    if workers < 1:
        raise InputError(f"workers: found {workers}; expected at least 1")
    summaries: list[Summary] = []
    for done in _in_order(job, _pieces(job.replications, workers), workers):
        summaries += done
        if progress:
            progress(len(done))
    return Run(job, tuple(summaries))


def _pieces(replications: int, workers: int) -> list[range]:
    """Cut the replications into pieces that keep all workers busy to the end."""
    length = max(1, min(10, replications // (4 * workers)))
    return [range(k, min(k + length, replications)) for k in range(0, replications, length)]


def _in_order(job: Job, pieces: list[range], workers: int) -> Iterator[list[Summary]]:
    if workers == 1 or len(pieces) == 1:
        drawer = Drawer(job.scenario, seed=job.seed, day=job.day)
        for piece in pieces:
            yield [_summary(drawer, job.engine, replication) for replication in piece]
        return
    # Processes are started afresh: a fork of a program with threads can hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(pieces)), mp_context=context) as pool:
        yield from pool.map(_summaries, [job] * len(pieces), pieces)


def _summaries(job: Job, replications: range) -> list[Summary]:
    drawer = Drawer(job.scenario, seed=job.seed, day=job.day)
    return [_summary(drawer, job.engine, replication) for replication in replications]


def _summary(drawer: Drawer, engine: str, replication: int) -> Summary:
    return summarize(simulate(drawer.draw(replication), engine=engine))
