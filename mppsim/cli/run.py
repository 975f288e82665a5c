"""`mppsim run`: simulate one hall and show how long its visitors wait."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mppsim.cli.options import (
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
from mppsim.study import Job, replicate, usual_replications


def run(
    scenario: Annotated[Path, typer.Argument(help="A scenario file.")],
    replications: Replications = None,
    seed: Seed = 1,
    workers: Workers = None,
    engine: Engine = "auto",
    day: OneDay = None,
    out: Out = None,
    parquet: Parquet = False,
    json_: Json = False,
) -> None:
    """Simulate a hall and show how long its visitors wait, with intervals."""
    hall = load_scenario(scenario)
    n = usual_replications(hall) if replications is None else replications
    job = Job(hall, n, seed, engine, day)
    with progress_bar(hall.name, n) as progress:
        done = replicate(job, workers=workers_or_cores(workers), progress=progress)
    show(Result(done), out=out, parquet=parquet, json=json_)
