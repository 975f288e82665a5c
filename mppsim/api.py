"""What a program may call: the names of the package; a scenario is a Scenario, a path or a map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mppsim import plan as _plan
from mppsim import study
from mppsim.engine import Call, Policy, Waiting, simulate
from mppsim.engine.policy import name_of
from mppsim.measure.targets import parse_goal, parse_precision
from mppsim.plan import Plan
from mppsim.report.comparison import JUDGED, Comparison
from mppsim.report.result import Result
from mppsim.scenario import Scenario, load_scenario
from mppsim.scenario.days import Weekday
from mppsim.scenario.errors import InputError
from mppsim.study.replications import Progress
from mppsim.study.until import MOST_REPLICATIONS
from mppsim.theory import estimate as _estimate
from mppsim.theory.offered_load import StationLoad, offered_load

if TYPE_CHECKING:
    import pandas as pd

    from mppsim.report.attribution import Attribution
    from mppsim.report.headroom import Headroom
    from mppsim.report.sizing import Sizing
    from mppsim.report.sweep import SweepResult
    from mppsim.study.designs import DesignName
    from mppsim.study.factors import Value

__all__ = [
    "Call",
    "Policy",
    "Waiting",
    "attribute",
    "check",
    "compare",
    "draw_plan",
    "estimate",
    "headroom",
    "load_scenario",
    "run",
    "simulate",
    "size",
    "sweep",
]

ScenarioSource = str | Path | Mapping[str, Any] | Scenario


def draw_plan(
    scenario: ScenarioSource, *, seed: int = 1, replication: int = 0, day: Weekday | None = None
) -> Plan:
    """Draw all luck of one replication: every day of the scenario, or only the weekday `day`.

    Raises ScenarioError for a scenario that cannot be used, and ValueError for a seed outside 0 to
    2**64 - 1, a negative replication, or a day on which the hall is closed.
    """
    return _plan.draw_plan(load_scenario(scenario), seed=seed, replication=replication, day=day)


def run(
    scenario: ScenarioSource,
    *,
    replications: int | None = None,
    seed: int = 1,
    workers: int = 1,
    cluster: str | None = None,
    engine: str = "auto",
    day: Weekday | None = None,
    policy: Policy | None = None,
    until: str | Sequence[str] = (),
    most: int = MOST_REPLICATIONS,
    more: int | None = None,
    runs: str | Path | None = None,
    keep_traces: str | Path | None = None,
    progress: Progress | None = None,
) -> Result:
    """Simulate a hall and return what its visitors met.

    A replication is one pass over the days of the scenario, or the weekday `day` alone; there are
    20 unless said, and only one where the scenario is a replay, always the same. The result depends
    on the scenario, `replications`, `seed` and `day`, and on nothing else. `progress` is called
    with the number of replications just done.

    `until` says how well what must be known, such as 'sim mean wait within 1 min': then
    `replications` are only the first, and at most `most` are done. `runs` is the folder of a run
    store: what it has is not simulated again, and `more` adds to it. `keep_traces` is a folder for
    what happened to each visitor, as Parquet; then everything is simulated.

    `policy` says whom a free counter calls, in place of all disciplines; it runs on SimPy.
    `cluster` is the address of a Dask scheduler (tcp://host:8786) whose workers do it instead of
    `workers` processes here. A script that asks for more than one worker here needs the usual
    `if __name__ == "__main__":`.
    Raises ScenarioError and ValueError as draw_plan.
    """
    hall = load_scenario(scenario)
    n = study.usual_replications(hall) if replications is None else replications
    job, store = study.Job(_called_by(hall, policy), n, seed, engine, day, policy), _store(runs)
    if more is not None:
        job = study.with_more(job, more, store)
    precisions = [parse_precision(text) for text in ([until] if isinstance(until, str) else until)]
    known = study.replicate_until(
        job,
        precisions,
        most=most,
        workers=_workers(workers, cluster),
        progress=progress,
        runs=store,
        traces=None if keep_traces is None else Path(keep_traces),
    )
    return Result(known.run, known.standings)


def compare(
    scenarios: Sequence[ScenarioSource],
    *,
    replications: int | None = None,
    seed: int = 1,
    workers: int = 1,
    cluster: str | None = None,
    engine: str = "auto",
    day: Weekday | None = None,
    policies: Sequence[Policy | None] = (),
    measures: Sequence[str] = (),
    runs: str | Path | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Simulate several halls under the same luck; the first is the base of all differences.

    A visitor who comes to two of the halls comes to both at the same minute, with the same service
    times and patience. `policies`: one for each hall, or None. `measures` are what the halls are
    judged by, such as 'sim p95 wait'; unless said the mean wait, its p90 and the promises kept.
    Arguments and errors as for run; ValueError for fewer than two scenarios.
    """
    halls = [load_scenario(scenario) for scenario in scenarios]
    n = study.usual_replications(*halls) if replications is None else replications
    if policies and len(policies) != len(halls):
        raise InputError(
            f"policies: found {len(policies)}; expected {len(halls)}, one for each hall"
        )
    jobs = [
        study.Job(_called_by(hall, policy), n, seed, engine, day, policy)
        for hall, policy in zip(halls, policies or [None] * len(halls), strict=True)
    ]
    asked = study.measures_for(jobs, measures) or JUDGED
    return Comparison(
        study.replicate_all(
            jobs, workers=_workers(workers, cluster), progress=progress, runs=_store(runs)
        ),
        asked,
    )


def check(scenario: ScenarioSource) -> tuple[StationLoad, ...]:
    """Return the offered load of each station and day by hour, without simulating anything."""
    hall = load_scenario(scenario)
    return tuple(load for weekday in hall.days for load in offered_load(hall, weekday))


def estimate(scenario: ScenarioSource) -> pd.DataFrame:
    """Return about how long visitors wait at each station on each day, by formulas, in no time.

    One row a day and station: visitors, wait (the mean), promised and kept (the share who wait no
    longer), and wait_<class> for each class of visitors. Minutes. It has no interval: how far the
    formulas are off shows only beside a simulation, as in the report of a run.
    """
    import pandas as pd

    hall = load_scenario(scenario)
    rows = [
        {
            "weekday": one.weekday,
            "station": one.station,
            "visitors": one.visitors,
            "wait": one.wait,
            "promised": one.promised,
            "kept": one.kept,
            **{f"wait_{name}": wait for name, wait in one.by_class.items()},
        }
        for weekday in hall.days
        for one in _estimate.estimate(hall, weekday)
    ]
    return pd.DataFrame(rows)


def size(
    scenario: ScenarioSource,
    *,
    target: str | Sequence[str] = (),
    prices: Mapping[str, float] | None = None,
    shifts: str | Path | None = None,
    confidence: float = 0.95,
    indifference: float = 0.02,
    most: int = 500,
    seed: int = 1,
    workers: int = 1,
    cluster: str | None = None,
    engine: str = "auto",
    day: Weekday | None = None,
    runs: str | Path | None = None,
    progress: Progress | None = None,
) -> Sizing:
    """Find the cheapest counters and seats with which a hall keeps its targets.

    `target`: bounds such as 'P(wait <= 15 min) >= 0.9', meant for every tenant and shared station
    unless a place stands in front; 'P(standing <= 10) >= 0.95' for the seats of zones. Without a
    target it is what the hall promises. `prices` of a counter, by station; 1 unless said. `shifts`:
    a file of shifts with costs, from which rosters are made instead. `most`
    replications of one hall are done at most. Raises ScenarioError and InputError, a ValueError,
    for targets that no number of counters answers.
    """
    from mppsim.report.sizing import Sizing
    from mppsim.study.shift_cover import load_shifts
    from mppsim.study.sizing import SizingRules, size_hall

    hall = load_scenario(scenario)
    targets = [target] if isinstance(target, str) else target
    return Sizing(
        size_hall(
            hall,
            [parse_goal(text) for text in targets],
            prices=prices or {},
            shifts=None if shifts is None else load_shifts(shifts),
            rules=SizingRules(confidence, indifference, most),
            job=study.Job(hall, 1, seed, engine, day),
            workers=_workers(workers, cluster),
            progress=progress,
            runs=_store(runs),
        )
    )


def sweep(
    scenario: ScenarioSource,
    vary: Mapping[str, Sequence[Value] | Mapping[str, Value]],
    *,
    design: DesignName = "grid",
    samples: int = 16,
    measures: Sequence[str] = ("hall mean wait", "hall p90 wait", "hall kept"),
    replications: int | None = None,
    seed: int = 1,
    workers: int = 1,
    cluster: str | None = None,
    engine: str = "auto",
    day: Weekday | None = None,
    runs: str | Path | None = None,
    progress: Progress | None = None,
) -> SweepResult:
    """Simulate many variants of a hall under the same luck, and measure each.

    `vary` says what changes: by path in the scenario file a list of values, or a range such as
    {'low': 1, 'high': 4}; 'arrivals.demand' is so many times the visitors of every day. `design`
    is grid (every combination), one_at_a_time, latin_hypercube, morris or sobol; the last three
    draw `samples` points, walks or base points. Raises ScenarioError and InputError, a ValueError.
    """
    from mppsim.report.sweep import SweepResult
    from mppsim.study.factors import ranges_of
    from mppsim.study.sweep import do_sweep, sweep_of

    hall = load_scenario(scenario)
    n = study.usual_replications(hall) if replications is None else replications
    asked = sweep_of(
        study.Job(hall, n, seed, engine, day), ranges_of(vary), measures, design, samples
    )
    done = do_sweep(asked, workers=_workers(workers, cluster), progress=progress, runs=_store(runs))
    return SweepResult(done)


def _called_by(hall: Scenario, policy: Policy | None) -> Scenario:
    """Return a hall with a name that tells by what policy its visitors are called."""
    if policy is None:
        return hall
    return hall.model_copy(update={"name": f"{hall.name}, called by {name_of(policy)}"})


def _workers(workers: int, cluster: str | None) -> int | study.Cluster:
    return workers if cluster is None else study.Cluster(cluster)


def _store(folder: str | Path | None) -> study.RunStore | None:
    return None if folder is None else study.RunStore(Path(folder))


def headroom(
    scenario: ScenarioSource,
    *,
    target: str | Sequence[str] = (),
    alone: Sequence[str] = (),
    growth: float | None = None,
    year: int = 0,
    replications: int = 40,
    seed: int = 1,
    workers: int = 1,
    cluster: str | None = None,
    engine: str = "auto",
    day: Weekday | None = None,
    runs: str | Path | None = None,
    progress: Progress | None = None,
) -> Headroom:
    """Find how much demand may grow before each bound breaks, with intervals.

    `target` as for size. All tenants grow together, and each of `alone` also by itself. With
    `growth` a year (0.05) and the `year` of the scenario's demand the years are told too. Raises
    ScenarioError and InputError, a ValueError.
    """
    from mppsim.report.headroom import Headroom
    from mppsim.study.headroom import find_headroom

    hall = load_scenario(scenario)
    job = study.Job(hall, replications, seed, engine, day)
    goals = [parse_goal(text) for text in ([target] if isinstance(target, str) else target)]
    found = find_headroom(
        hall,
        goals,
        alone=alone,
        job=job,
        workers=_workers(workers, cluster),
        progress=progress,
        runs=_store(runs),
    )
    return Headroom(found, growth, year)


def attribute(
    base: ScenarioSource,
    plan: ScenarioSource,
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    remedies: Sequence[ScenarioSource] = (),
    replications: int = 20,
    seed: int = 1,
    workers: int = 1,
    cluster: str | None = None,
    engine: str = "auto",
    day: Weekday | None = None,
    runs: str | Path | None = None,
    progress: Progress | None = None,
) -> Attribution:
    """Find what each new tenant of a plan, or each group of them, adds to the others; what helps.

    Every set of at most six groups is simulated; of more, those of orders drawn at random.
    `remedies` are halls that are ranked beside the usual ones: lunch in more sittings, a counter
    more, appointments. Raises ScenarioError and InputError, a ValueError.
    """
    from mppsim.report.attribution import Attribution
    from mppsim.study.attribution import attribute_waits
    from mppsim.study.remedies import Remedy, try_remedies, usual_remedies

    hall = load_scenario(plan)
    job = study.Job(hall, replications, seed, engine, day)
    those, store = _workers(workers, cluster), _store(runs)
    found = attribute_waits(
        load_scenario(base),
        hall,
        groups=groups or {},
        job=job,
        workers=those,
        progress=progress,
        runs=store,
    )
    own = [Remedy(one.name, one) for one in map(load_scenario, remedies)]
    tried = try_remedies(
        [*own, *usual_remedies(hall)], job=job, workers=those, progress=progress, runs=store
    )
    return Attribution(found, tried)
