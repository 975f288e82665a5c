"""`mppsim compare`: several halls under the same luck, side by side."""

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
from mppsim.report.comparison import JUDGED, Comparison
from mppsim.scenario import load_scenario
from mppsim.study import Job, measures_for, replicate_all, usual_replications

Measures = Annotated[
    list[str] | None,
    typer.Option(
        help='Judge the halls by this, such as "sim p95 wait" or "kept"; may be repeated.'
    ),
]


def compare(
    scenarios: Annotated[
        list[Path], typer.Argument(help="Two or more scenario files, the base first.")
    ],
    replications: Replications = None,
    seed: Seed = 1,
    workers: Workers = None,
    cluster: OnCluster = None,
    engine: Engine = "auto",
    day: OneDay = None,
    measure: Measures = None,
    runs: Runs = None,
    out: Out = None,
    parquet: Parquet = False,
    json_: Json = False,
) -> None:
    """Compare halls that the same visitors come to, and show who waits longer.

    Every visitor comes to all halls at the same minute with the same luck, so that what differs is
    the halls' doing.
    """
    halls = [load_scenario(path) for path in scenarios]
    n = usual_replications(*halls) if replications is None else replications
    jobs = [Job(hall, n, seed, engine, day) for hall in halls]
    asked = measures_for(jobs, measure or ())
    with progress_bar("all halls", n * len(jobs)) as progress:
        done = replicate_all(
            jobs, workers=workers_at(cluster, workers), progress=progress, runs=store_in(runs)
        )
    show(Comparison(done, asked or JUDGED), out=out, parquet=parquet, json=json_)
