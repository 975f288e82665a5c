"""The workloads in mppsim: draw the plan, simulate it, summarize the trace."""

from __future__ import annotations

from functools import partial

import numpy as np

from benchmarks.days import Day, Program
from benchmarks.workloads import Hall, Workload
from mppsim.engine import Outcome
from mppsim.measure import Summary
from mppsim.plan.clock import TICKS_PER_MINUTE
from mppsim.study import Job
from mppsim.study.replications import simulated


def run(
    workload: Workload, n_days: int, seed: int, *, engine: str
) -> list[tuple[Workload, Summary]]:
    """Plan, simulate and summarize the days, as every study does."""
    job = Job(workload.scenario, n_days, seed)
    drawer = job.drawer(compiled=engine == "compiled")
    done = simulated(job, range(n_days), drawer, engine=engine)
    return [(workload, summary) for summary in done]


def days(done: list[tuple[Workload, Summary]]) -> list[Day]:
    """Return what happened."""
    return [
        _day(workload, summary, day)
        for workload, summary in done
        for day in range(len(summary.opening))
    ]


def _day(workload: Workload, summary: Summary, day: int) -> Day:
    visits = summary.visits
    joined = (visits.day == day) & (visits.wait >= 0)
    names = ["desk", "kiosk", "cashier"] if isinstance(workload.numbers, Hall) else []
    rest = "tenant" if names else "line"
    waits = {
        name: visits.wait[joined & (visits.station == number)] / TICKS_PER_MINUTE
        for number, name in enumerate(names)
    }
    waits[rest] = visits.wait[joined & (visits.station >= len(names))] / TICKS_PER_MINUTE
    of_day = summary.journeys.day == day
    gave_up = np.count_nonzero(summary.journeys.outcome[of_day] == Outcome.RENEGED)
    return Day(int(of_day.sum()), waits, int(gave_up))


SIMPY_ENGINE = Program(partial(run, engine="simpy"), days)
COMPILED_ENGINE = Program(partial(run, engine="compiled"), days)
