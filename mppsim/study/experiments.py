"""Halls that are simulated as far as an answer needs, all under the same luck."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, fields, replace
from functools import partial
from types import TracebackType
from typing import Self

import numpy as np

from mppsim.engine.simulate import engine_for
from mppsim.measure import Observations
from mppsim.measure.observations import grouping
from mppsim.measure.pooled import has_joined, pooled_visits
from mppsim.measure.surplus import surplus_of_waits
from mppsim.measure.targets import Goal
from mppsim.plan import Drawer
from mppsim.plan.plan import Floats
from mppsim.scenario import Scenario
from mppsim.study.executors import MapInOrder, Workers, at_work
from mppsim.study.replications import Job, Progress, replicate, simulated
from mppsim.study.run_store import RunStore
from mppsim.study.summaries import Summaries

USUALLY = 300
"""Replications that a study takes at the least, over all its halls."""
SMALLEST_PIECE = 5
"""Replications that a worker does at a time, at least."""


@dataclass(frozen=True, eq=False)
class Facts:
    """What is kept of each replication; the first axis of all arrays."""

    total: Floats
    """Shape (replications, bounds): what each bound is about, summed."""
    count: Floats
    amount: Floats
    """By how much each bound is kept (`measure.surplus`)."""
    minutes: Floats
    """Shape (replications, stations): time in line, of all who joined."""
    joined: Floats
    crowd: Floats
    """Shape (replications, days, zones): most persons at once who want a seat."""

    def first(self, n: int) -> Facts:
        """Return the first n replications."""
        return Facts(*(getattr(self, field.name)[:n] for field in fields(self)))


@dataclass(frozen=True)
class Bound:
    """A bound that is kept or not at one place: a station, or a service as `tenant/service`."""

    goal: Goal
    by: str
    """'station' or 'service'."""
    place: int
    """Its number in the layout."""
    station: str
    label: str

    @property
    def question(self) -> tuple[Goal, str]:
        """The goal without its place, and by what it is asked: the same for many bounds."""
        anywhere = replace(self.goal.measure, place=None, text="")
        return replace(self.goal, measure=anywhere, text=""), self.by


def for_many(job: Job, replications: int) -> Job:
    """Return the job on the engine that is fastest for so many replications of halls like it."""
    demand = sum(tenant.visitors_per_day for tenant in job.scenario.tenants.values())
    n_days = 1 if job.day is not None else len(job.scenario.days)
    n_visitors = round(demand * n_days * replications)
    return replace(job, engine=engine_for(job.engine, n_visitors, job.drawer().layout))


class Experiments:
    """Halls by what is known of them; a hall is never simulated twice for the same replication.

    Use it as a context: it keeps its workers until the end.
    """

    def __init__(
        self,
        like: Job,
        bounds: Sequence[Bound],
        *,
        workers: Workers = 1,
        progress: Progress | None = None,
        runs: RunStore | None = None,
    ) -> None:
        self._like, self._bounds = for_many(like, USUALLY), tuple(bounds)
        self._workers, self._runs = workers, runs
        self._told: Progress = progress or (lambda n: None)
        self._known: dict[str, Facts] = {}
        self._open = ExitStack()
        self._map: MapInOrder = map

    def __enter__(self) -> Self:
        if self._runs is None:
            # Compiled code frees the interpreter's lock: then threads do, and start at once.
            in_threads = self._like.engine == "compiled"
            self._map = self._open.enter_context(at_work(self._workers, in_threads=in_threads))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    @property
    def n_simulated(self) -> int:
        """The number of replications done so far, over all halls."""
        return sum(len(facts.count) for facts in self._known.values())

    def facts(self, hall: Scenario, n: int) -> Facts:
        """Return what is known of the first n replications of a hall, or of more."""
        key = hall.digest()
        known = self._known.get(key)
        done = 0 if known is None else len(known.count)
        if done < n:
            if self._runs is not None:
                known = self._from_store(hall, n)
            else:
                parts = self._simulated(hall, range(done, n))
                known = _joined([*([known] if known else []), *parts])
            self._known[key] = known
            self._told(n - done)
        assert known is not None  # n is at least 1
        return known

    def _simulated(self, hall: Scenario, numbers: range) -> list[Facts]:
        n_pieces = 2 * self._workers if isinstance(self._workers, int) else len(numbers)
        length = max(SMALLEST_PIECE, -(-len(numbers) // n_pieces))
        job = replace(self._like, scenario=hall, replications=1)
        # Threads, or one worker, draw all pieces with one.
        here = self._workers == 1 or (job.engine == "compiled" and isinstance(self._workers, int))
        drawer = job.drawer(compiled=job.engine == "compiled") if here else None
        pieces = [numbers[k : k + length] for k in range(0, len(numbers), length)]
        return [*self._map(partial(_facts, job, self._bounds, drawer), pieces)]

    def _from_store(self, hall: Scenario, n: int) -> Facts:
        job = replace(self._like, scenario=hall, replications=n)
        run = replicate(job, workers=self._workers, runs=self._runs)
        return _facts_of(run.observations, self._bounds)


def _facts(job: Job, bounds: Sequence[Bound], drawer: Drawer | None, numbers: range) -> Facts:
    """Simulate some replications and keep what the bounds are about."""
    drawer = drawer or job.drawer(compiled=job.engine == "compiled")
    found = Summaries()
    found.add(simulated(job, numbers, drawer, engine=job.engine))
    return _facts_of(Observations(drawer.layout, drawer.weekdays, drawer.kinds, found), bounds)


def _facts_of(seen: Observations, bounds: Sequence[Bound]) -> Facts:
    asked = {bound.question for bound in bounds}
    surplus = {(goal, by): surplus_of_waits(seen, goal, by) for goal, by in asked}

    def column(name: str) -> Floats:
        of_bounds = [getattr(surplus[one.question], name)[:, one.place] for one in bounds]
        return np.column_stack(of_bounds) if of_bounds else np.empty((seen.n_replications, 0))

    everywhere = np.ones(len(seen.kinds), bool)
    (crowd,) = seen.daily(lambda one: one.over_time.largest_crowd, kept=everywhere)
    lines = pooled_visits(seen, grouping(seen, "station"), kept=everywhere, tenants_only=False)
    (joined,) = lines.sums(has_joined)
    return Facts(
        column("total"),
        column("count"),
        column("amount"),
        joined.minutes,
        joined.count,
        crowd.astype(np.float64),
    )


def _joined(parts: Sequence[Facts]) -> Facts:
    names = [field.name for field in fields(Facts)]
    return Facts(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
