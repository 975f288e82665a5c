"""`mppsim run`: simulate one hall and show how long its visitors wait."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mppsim.cli.options import (
    DEFAULT_REPLICATIONS,
    Engine,
    Json,
    OneDay,
    Out,
    Parquet,
    Replications,
    Seed,
    Workers,
    workers_or_cores,
)
from mppsim.cli.output import show
from mppsim.cli.progress import progress_bar
from mppsim.report.result import Result
from mppsim.scenario import load_scenario
from mppsim.study import Job, replicate


def run(
    scenario: Annotated[Path, typer.Argument(help="A scenario file.")],
    replications: Replications = DEFAULT_REPLICATIONS,
    seed: Seed = 1,
    workers: Workers = None,
    engine: Engine = "auto",
    day: OneDay = None,
    out: Out = None,
    parquet: Parquet = False,
    json_: Json = False,
) -> None:
    """Simulate a hall and show how long its visitors wait, with intervals."""
    job = Job(load_scenario(scenario), replications, seed, engine, day)
    with progress_bar(job.scenario.name, replications) as progress:
        done = replicate(job, workers=workers_or_cores(workers), progress=progress)
    show(Result(done), out=out, parquet=parquet, json=json_)
