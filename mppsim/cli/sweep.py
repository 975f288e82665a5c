"""`mppsim sweep`: many variants of one hall, from a study file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from mppsim.cli.options import (
    Engine,
    Json,
    OnCluster,
    Out,
    Parquet,
    Runs,
    Workers,
    store_in,
    workers_at,
)
from mppsim.cli.progress import progress_bar
from mppsim.measure.estimates import Measured
from mppsim.report import wording
from mppsim.report.sweep import SENSITIVE, SweepResult, label
from mppsim.study.factors import numeric
from mppsim.study.study_file import load_study
from mppsim.study.sweep import do_sweep, n_replications

_MOST_ROWS = 40
_MOST_COLUMNS = 3


def sweep(
    study: Annotated[Path, typer.Argument(help="A study file.")],
    workers: Workers = None,
    cluster: OnCluster = None,
    engine: Engine = "auto",
    runs: Runs = None,
    out: Out = None,
    parquet: Parquet = False,
    json_: Json = False,
) -> None:
    """Simulate many variants of one hall under the same luck, as a study file says.

    With --runs a study that was interrupted goes on where it was.
    """
    asked = load_study(study, engine=engine)
    with progress_bar(asked.job.scenario.name, n_replications(asked)) as progress:
        done = do_sweep(
            asked, workers=workers_at(cluster, workers), progress=progress, runs=store_in(runs)
        )
    result = SweepResult(done)
    if out is not None:
        _write(result, out, parquet)
    if json_:
        print(result.to_json())
        return
    console = Console()
    console.print(f"[bold]{asked.job.scenario.name}[/bold]: {len(done.points)} variants")
    console.print(_table(result))
    if out is not None:
        console.print(f"Tables and figures: {out}", soft_wrap=True)


def _write(result: SweepResult, out: Path, parquet: bool) -> None:
    result.to_csv(out)
    if parquet:
        result.to_parquet(out)
    design = result.swept.sweep.design
    for number, one in enumerate(result.swept.base, start=1):
        text = one.measure.text
        if design != "one_at_a_time":
            result.plot.heat_map(text).savefig(out / f"map-{number}.png", dpi=150)
        if design in ("one_at_a_time", *SENSITIVE):
            result.plot.tornado(text).savefig(out / f"tornado-{number}.png", dpi=150)


def _table(result: SweepResult) -> Table:
    """Return the variants, one a row, with the first few measures."""
    swept = result.swept
    measured = [
        (number, place, one.title(place))
        for number, one in enumerate(swept.base)
        for place in one.places
    ]
    shown = measured[:_MOST_COLUMNS]
    table = Table(box=None, pad_edge=False)
    for path in result.paths:
        table.add_column(path, justify="right", overflow="fold")
    for _, _, title in shown:
        table.add_column(title, justify="right", no_wrap=True)
    rows = list(zip(swept.points, swept.cells, strict=True))
    for point, cells in rows[:_MOST_ROWS]:
        factors = [label(numeric(point[path])) if path in point else "" for path in result.paths]
        numbers = [_cell(cells[number].measured, place) for number, place, _ in shown]
        table.add_row(*factors, *numbers)
    if len(measured) > _MOST_COLUMNS or len(rows) > _MOST_ROWS:
        table.caption = "more in the tables (--out FOLDER)"
    return table


def _cell(measured: Measured, place: str) -> str:
    value, half_width = measured.at(place)
    if measured.measure.is_share:
        return wording.percent_within(value, half_width)
    return f"{wording.number(value, 1)} {wording.half_width(half_width, 1)}".rstrip()
