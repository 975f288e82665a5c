"""The options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from mppsim.engine.simulate import EngineName
from mppsim.scenario.days import Weekday
from mppsim.scenario.errors import InputError
from mppsim.study import Cluster, RunStore

Replications = Annotated[
    int | None,
    typer.Option(
        "--replications", "-n", help="How many weeks to simulate; 20 unless said, 1 in a replay."
    ),
]
Seed = Annotated[int, typer.Option(help="The same seed gives the same numbers.")]
Workers = Annotated[
    int | None,
    typer.Option(help="Processes to use; all cores unless said. Changes no number."),
]
OnCluster = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS",
        help="Have the workers of a Dask scheduler do it: tcp://host:8786. Changes no number.",
    ),
]
Engine = Annotated[
    EngineName,
    typer.Option(help="auto: compiled, where that is installed and saves time. Changes no number."),
]
OneDay = Annotated[
    Weekday | None, typer.Option(help="One weekday alone, instead of the whole week.")
]
Out = Annotated[
    Path | None,
    typer.Option(file_okay=False, help="Folder for the HTML report and the tables (CSV)."),
]
Parquet = Annotated[bool, typer.Option("--parquet", help="With --out: tables as Parquet too.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, and nothing else.")]


Runs = Annotated[
    Path | None,
    typer.Option(
        "--runs",
        file_okay=False,
        envvar="MPPSIM_RUNS",
        help="Folder of a run store: what it has is not simulated again.",
    ),
]


def store_in(folder: Path | None) -> RunStore | None:
    """Return the run store in a folder, if one was named."""
    return None if folder is None else RunStore(folder)


def workers_or_cores(workers: int | None) -> int:
    """Return the number of workers asked for, or one for each core."""
    return os.cpu_count() or 1 if workers is None else workers


def workers_at(cluster: str | None, workers: int | None) -> int | Cluster:
    """Return the cluster if one was named, else workers here; raises InputError for both."""
    if cluster is None:
        return workers_or_cores(workers)
    if workers is not None:
        raise InputError("--cluster: found beside --workers; expected one of them")
    return Cluster(cluster)
