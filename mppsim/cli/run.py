"""`mppsim run`: simulate one hall and show how long its visitors wait."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mppsim.cli.options import (
    Engine,
    Json,
    OnCluster,
    OneDay,
    Out,
    Parquet,
    Replications,
    Runs,
    Seed,
    Workers,
    store_in,
    workers_at,
)
from mppsim.cli.output import show
from mppsim.cli.progress import progress_bar
from mppsim.measure.targets import parse_precision
from mppsim.report.result import Result
from mppsim.scenario import load_scenario
from mppsim.scenario.errors import InputError
from mppsim.study import Job, replicate_until, usual_replications, with_more
from mppsim.study.until import MOST_REPLICATIONS

TARGET_NOT_MET = 1

Until = Annotated[
    list[str] | None,
    typer.Option(help='Go on until this is known so well, such as "sim mean wait within 1 min".'),
]
Most = Annotated[int, typer.Option(help="With --until: the most replications.")]
More = Annotated[
    int | None, typer.Option(help="With --runs: so many replications more than are there.")
]

KeepTraces = Annotated[
    Path | None,
    typer.Option(
        file_okay=False, help="Folder for all visits and steps, as Parquet; uses no run store."
    ),
]


def run(
    scenario: Annotated[Path, typer.Argument(help="A scenario file.")],
    replications: Replications = None,
    more: More = None,
    until: Until = None,
    most: Most = MOST_REPLICATIONS,
    seed: Seed = 1,
    workers: Workers = None,
    cluster: OnCluster = None,
    engine: Engine = "auto",
    day: OneDay = None,
    runs: Runs = None,
    keep_traces: KeepTraces = None,
    out: Out = None,
    parquet: Parquet = False,
    json_: Json = False,
) -> None:
    """Simulate a hall and show how long its visitors wait, with intervals.

    Exit code 1 if --most replications did not make the numbers as sharp as --until asks for.
    """
    hall, store = load_scenario(scenario), store_in(runs)
    precisions = [parse_precision(text) for text in until or ()]
    n = usual_replications(hall) if replications is None else replications
    job = Job(hall, n, seed, engine, day)
    if more is not None:
        if replications is not None:
            raise InputError("--more: found beside --replications; expected one of them")
        job = with_more(job, more, store)
    with progress_bar(hall.name, job.replications) as progress:
        done = replicate_until(
            job,
            precisions,
            most=most,
            workers=workers_at(cluster, workers),
            progress=progress,
            look=progress.look,
            runs=store,
            traces=keep_traces,
        )
    show(Result(done.run, done.standings), out=out, parquet=parquet, json=json_)
    if not done.is_reached:
        raise typer.Exit(TARGET_NOT_MET)
