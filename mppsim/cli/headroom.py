"""`mppsim headroom`: how much demand may grow before a promise breaks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mppsim.cli.options import (
    Engine,
    Json,
    OnCluster,
    OneDay,
    Runs,
    Seed,
    Workers,
    store_in,
    workers_at,
)
from mppsim.cli.output import show_answer
from mppsim.cli.progress import progress_bar
from mppsim.measure.targets import parse_goal
from mppsim.scenario import load_scenario
from mppsim.scenario.errors import InputError
from mppsim.study import Job

TARGET_NOT_MET = 1


def headroom(
    scenario: Annotated[Path, typer.Argument(help="A scenario file.")],
    target: Annotated[
        list[str] | None,
        typer.Option(help="A bound, as for `size`; without, what the hall promises."),
    ] = None,
    alone: Annotated[
        list[str] | None, typer.Option(help="A tenant whose demand grows alone, too.")
    ] = None,
    growth: Annotated[
        float | None, typer.Option(help="Growth of demand a year, such as 0.05, to tell years.")
    ] = None,
    year: Annotated[int | None, typer.Option(help="The year of the demand in the file.")] = None,
    replications: Annotated[
        int, typer.Option("--replications", "-n", help="Weeks to simulate at each level of demand.")
    ] = 40,
    seed: Seed = 1,
    workers: Workers = None,
    cluster: OnCluster = None,
    engine: Engine = "auto",
    day: OneDay = None,
    runs: Runs = None,
    out: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="Folder for the report, the table, the picture."),
    ] = None,
    json_: Json = False,
) -> None:
    """Tell how much demand may grow before a promise breaks, and where it breaks first.

    Exit code 1 if one is broken now.
    """
    from mppsim.report.headroom import Headroom, headroom_text
    from mppsim.study.headroom import find_headroom

    if (growth is None) != (year is None):
        raise InputError("growth and year: found one of them; expected both, or neither")
    if growth is not None and not 0 < growth < 1:
        raise InputError(f"growth: found {growth:g}; expected a share a year, such as 0.05")
    hall = load_scenario(scenario)
    with progress_bar(hall.name, None) as progress:
        study = find_headroom(
            hall,
            [parse_goal(text) for text in target or ()],
            alone=alone or (),
            job=Job(hall, replications, seed, engine, day),
            workers=workers_at(cluster, workers),
            progress=progress,
            runs=store_in(runs),
        )
    answer = Headroom(study, growth, year or 0)
    if out is not None:
        answer.to_html(out / "report.html")
        answer.to_csv(out)
        answer.plot().savefig(out / "headroom.svg")
    if json_:
        print(answer.to_json())
    else:
        show_answer(headroom_text(answer), out)
    if answer.first.level < 1:
        raise typer.Exit(TARGET_NOT_MET)
