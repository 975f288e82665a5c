"""Replications of a scenario: plan, simulate and summarize, on one worker or several."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Container, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, groupby, islice
from pathlib import Path
from typing import NamedTuple

from mppsim.engine.policy import Policy, name_of
from mppsim.engine.simulate import EngineName, engine_for, engine_named, simulate
from mppsim.engine.trace import Trace
from mppsim.measure import Observations, Summary, summarize_all, summarize_unseen
from mppsim.measure.apart import one_by_one
from mppsim.plan import Drawer
from mppsim.scenario import Scenario
from mppsim.scenario.days import Weekday
from mppsim.scenario.errors import InputError
from mppsim.study.executors import Cluster, Workers, check_workers, map_in_order
from mppsim.study.run_store import RunStore
from mppsim.study.summaries import Summaries
from mppsim.study.traces import kept_traces

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
    policy: Policy | None = None
    """Whom free counters call; None: as the disciplines of their stations say."""

    def __post_init__(self) -> None:
        if self.replications < 1:
            raise InputError(f"replications: found {self.replications}; expected at least 1")
        if self.scenario.replay is not None and self.replications > 1:
            raise InputError(
                f"replications: found {self.replications}; expected 1, as every replication of a "
                "replay is the same"
            )
        engine_named(self.engine)
        self.drawer()

    def drawer(self, *, compiled: bool = False) -> Drawer:
        """Return what draws the replications, by compiled code or not."""
        return Drawer(self.scenario, seed=self.seed, day=self.day, compiled=compiled)

    def visitors(self) -> float:
        """Return about how many visitors a replication has."""
        hall, days = self.scenario, [self.day] if self.day else [*self.scenario.days]
        if hall.replay is not None:
            return len(hall.replay)
        demand = sum(hall.days[day].demand for day in days)
        return demand * sum(tenant.visitors_per_day for tenant in hall.tenants.values())


def with_more(job: Job, more: int, runs: RunStore | None) -> Job:
    """Return the job with so many replications more than the store has of it; raises InputError."""
    if more < 1:
        raise InputError(f"more: found {more}; expected at least 1")
    if runs is None:
        raise InputError("more: found no run store; expected its folder (runs) to extend a run")
    return replace(job, replications=len(runs.numbers(job)) + more)


@dataclass(frozen=True)
class Run:
    """A job that has been done."""

    job: Job
    summaries: Sequence[Summary]
    """In the order of the replications; each of one or of several."""

    @cached_property
    def observations(self) -> Observations:
        """The summaries with the names that tell what they are about."""
        drawer = self.job.drawer()
        return Observations(drawer.layout, drawer.weekdays, drawer.kinds, self.summaries)


def replicate(
    job: Job,
    *,
    workers: Workers = 1,
    progress: Progress | None = None,
    runs: RunStore | None = None,
    known: Sequence[Summary] = (),
    traces: Path | None = None,
) -> Run:
    """Do all replications of a job; the outcome is the same for all workers.

    Those that are `known`, or in the store, are not done again. Where there is a folder for
    `traces`, they go there, and no store is used. Raises ValueError for fewer than one worker.
    """
    return next(_completed([job], [known], workers, progress, None if traces else runs, traces))


def replicate_each(
    jobs: Sequence[Job],
    *,
    workers: Workers = 1,
    progress: Progress | None = None,
    runs: RunStore | None = None,
    only: Sequence[Set[int]] | None = None,
) -> Iterator[Run]:
    """Yield the run of each job, in order, all of them done by the same workers.

    `only` says for each job which of its replications are asked for, unless all are.
    """
    return _completed(jobs, [() for _ in jobs], workers, progress, runs, only=only)


def _completed(
    jobs: Sequence[Job],
    known: Sequence[Sequence[Summary]],
    workers: Workers,
    progress: Progress | None,
    runs: RunStore | None,
    traces: Path | None = None,
    only: Sequence[Set[int]] | None = None,
) -> Iterator[Run]:
    """Yield the run of each job, given what is known of it."""
    check_workers(workers)
    if traces and isinstance(workers, Cluster):
        raise InputError("traces: found beside a cluster; expected workers here to write them")
    for policy in (job.policy for job in jobs if job.policy is not None):
        _check_policy(policy, workers, runs)
    asked = only or [{*range(job.replications)} for job in jobs]
    left_out = [{*range(job.replications)} - those for job, those in zip(jobs, asked, strict=True)]
    there = [
        {*range(n_replications(of_job)), *(runs.numbers(job) if runs else ()), *not_asked}
        for job, of_job, not_asked in zip(jobs, known, left_out, strict=True)
    ]
    missing = [_units(job, numbers, runs, traces) for job, numbers in zip(jobs, there, strict=True)]
    done = _in_order([unit for units in missing for unit in units], workers)
    told = progress or (lambda n: None)
    for job, of_job, not_asked, units in zip(jobs, known, left_out, missing, strict=True):
        found = Summaries()
        found.add(_first(of_job, job.replications))
        n_known = len(found.numbers)
        planned = {number for unit in units for number in unit.piece}
        if runs:
            # Those that are planned may be there by now, but they come from the workers.
            elsewhere = planned | found.numbers | not_asked
            for wanted in _cut(range(job.replications), LOADED_TOGETHER):
                loaded = runs.load(job, wanted)
                found.add(one for number, one in loaded.items() if number not in elsewhere)
        told(len(found.numbers) - n_known)
        # What turns out to be damaged when it is read is done again, after all else.
        damaged = _units(job, planned | found.numbers | not_asked, runs, traces)
        those = chain(islice(done, len(units)), _in_order(damaged, workers))
        for unit, summaries in zip(units + damaged, those, strict=True):
            found.add(summaries)
            told(len(unit.piece))
        yield Run(job, found)


def n_replications(summaries: Iterable[Summary]) -> int:
    """Return how many replications some summaries are of."""
    return sum(one.n_replications for one in summaries)


def _first(summaries: Sequence[Summary], n: int) -> Iterable[Summary]:
    """Return the first n replications, or all of fewer."""
    if n_replications(summaries) <= n:
        return summaries
    return (one for one in one_by_one(summaries) if one.replication < n)


def _check_policy(policy: Policy, workers: Workers, runs: RunStore | None) -> None:
    """Refuse a policy that a store would not know again, or that other processes do not find."""
    if runs:
        raise InputError(
            f"runs: found beside the policy {name_of(policy)}; expected no run store, as it "
            "knows a run by its scenario alone"
        )
    if isinstance(workers, int) and workers > 1 and not _is_found_by_name(policy):
        raise InputError(
            f"workers: found {workers} beside the policy {name_of(policy)}, which other processes "
            "cannot import; expected 1, or a policy in a file of its own"
        )


def _is_found_by_name(policy: Policy) -> bool:
    """Tell whether another process can import a policy: not from a notebook, nor a lambda."""
    main = sys.modules["__main__"]
    try:
        pickle.dumps(policy)
    except (AttributeError, TypeError, pickle.PicklingError):
        return False
    return getattr(policy, "__module__", "") != "__main__" or hasattr(main, "__file__")


UNIT_LENGTHS = ((0, 5), (40, 20), (200, 50))
"""From which replication on how many make a unit of work: more workers than one from the start,
and few files in the end."""


VISITORS_TOGETHER = 30_000
"""Visitors whose replications are summarized at once: enough that a call to NumPy costs little."""
LOADED_TOGETHER = 50
"""Replications read from a store at once."""


class _Unit(NamedTuple):
    """What a worker does at a time; an interrupted batch loses the units in work."""

    job: Job
    piece: range
    runs: RunStore | None
    traces: Path | None
    """Where the traces go, if they are kept."""
    engine: EngineName | None = None
    """The one that runs all units of a study, once that is known."""

    def summaries(self, drawer: Drawer) -> list[Summary]:
        """Simulate the replications, unless another program has just done so.

        A summary may be that of several replications.
        """
        if self.runs is None:
            return self._simulated(drawer)
        with self.runs.alone(self.job, self.piece):
            there = list(self.runs.load(self.job, self.piece).values())
            if len(there) < len(self.piece):
                there = self._simulated(drawer)
                self.save(there)
            return there

    def save(self, summaries: Sequence[Summary]) -> None:
        """Put the summaries into the store, if there is one."""
        if self.runs is not None:
            self.runs.save(self.job, self.piece, [*one_by_one(summaries)])

    def _simulated(self, drawer: Drawer) -> list[Summary]:
        engine = self.engine or self.job.engine
        return simulated(self.job, self.piece, drawer, engine=engine, traces=self.traces)


def simulated(
    job: Job, numbers: range, drawer: Drawer, *, engine: str, traces: Path | None = None
) -> list[Summary]:
    """Simulate some replications of a job; a summary may be that of several."""

    def traced(replication: int) -> Trace:
        trace = simulate(drawer.draw(replication), engine=engine, policy=job.policy)
        keep(trace)
        return trace

    def summarized(piece: range) -> Summary:
        is_compiled = engine == "compiled"
        summary = summarize_unseen(drawer, piece) if is_compiled and not traces else None
        return summary or summarize_all(map(traced, piece), len(piece), compiled=is_compiled)

    with kept_traces(traces, numbers) as keep:
        return [*map(summarized, _cut(numbers, n_together(job.visitors())))]


def n_together(visitors: float) -> int:
    """Return how many replications of about so many visitors are summarized at once."""
    return max(1, int(VISITORS_TOGETHER // max(visitors, 1.0)))


def _cut(numbers: range, length: int) -> list[range]:
    """Cut a range into pieces of at most this length."""
    return [numbers[first : first + length] for first in range(0, len(numbers), length)]


def _units(
    job: Job, there: Container[int], runs: RunStore | None, traces: Path | None
) -> list[_Unit]:
    """Return the replications that are not there, in units whose bounds no job and worker moves."""
    return [
        _Unit(job, range(numbers[0], numbers[-1] + 1), runs, traces)
        for _, unit in groupby(range(job.replications), _unit_of)
        for is_there, run in groupby(unit, lambda number: number in there)
        if not is_there and (numbers := list(run))
    ]


def _with_engines(units: list[_Unit]) -> list[_Unit]:
    """Return the units with the engines that run them, compiled for all workers to load."""
    n = round(sum(len(unit.piece) * unit.job.visitors() for unit in units))
    asked = {(unit.job.engine, unit.job.policy is None): unit.job for unit in units}
    chosen = {
        key: engine_for(job.engine, n, job.drawer().layout, job.policy)
        for key, job in asked.items()
    }
    return [
        unit._replace(engine=chosen[unit.job.engine, unit.job.policy is None]) for unit in units
    ]


def _unit_of(replication: int) -> int:
    """Return the first replication of the unit that this one belongs to."""
    start, length = next(one for one in reversed(UNIT_LENGTHS) if one[0] <= replication)
    return replication - (replication - start) % length


def _in_order(units: list[_Unit], workers: Workers) -> Iterator[list[Summary]]:
    units = _with_engines(units)
    if isinstance(workers, Cluster):
        # Its workers need not see the folder of the store: what they send is saved here.
        away = [unit._replace(runs=None) for unit in units]
        for unit, summaries in zip(units, map_in_order(_summaries, away, workers), strict=True):
            unit.save(summaries)
            yield summaries
    elif workers > 1:
        # Compiled code frees the interpreter's lock: then threads do, and start at once.
        in_threads = all(unit.engine == "compiled" for unit in units)
        yield from map_in_order(_summaries, units, workers, in_threads=in_threads)
    else:
        for _, of_one_job in groupby(units, lambda unit: id(unit.job)):
            drawer: Drawer | None = None
            for unit in of_one_job:
                drawer = drawer or unit.job.drawer(compiled=unit.engine == "compiled")
                yield unit.summaries(drawer)


def _summaries(unit: _Unit) -> list[Summary]:
    return unit.summaries(unit.job.drawer(compiled=unit.engine == "compiled"))
