"""`mppsim sweep`: many variants of one hall, from a study file."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Group
from rich.table import Table
from rich.text import Text

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
from mppsim.cli.output import show_answer
from mppsim.cli.progress import progress_bar
from mppsim.report.cells import labels

if TYPE_CHECKING:
    from mppsim.report.sweep import SweepResult

_MOST_ROWS = 40
_MOST_COLUMNS = 3
_PATH_WIDTH, _MEASURE_WIDTH = 18, 14


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
    from mppsim.report.sweep import SweepResult
    from mppsim.study.study_file import load_study
    from mppsim.study.sweep import do_sweep, n_replications

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
    title = Text.assemble((asked.job.scenario.name, "bold"), f": {len(done.points)} variants")
    show_answer(Group(title, _table(result)), out)


def _write(result: SweepResult, out: Path, parquet: bool) -> None:
    from mppsim.report.sweep import SENSITIVE

    result.to_html(out / "report.html")
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
    from mppsim.report.sweep_page import sweep_sheet

    sheet = sweep_sheet(result, most_rows=_MOST_ROWS, most_columns=_MOST_COLUMNS)
    caption = "more in the tables (--out FOLDER)" if sheet.note else None
    table = Table(box=None, pad_edge=False, caption=caption)
    for number, column in enumerate(sheet.columns):
        is_factor = number < len(result.paths)
        title = _broken(column) if is_factor else textwrap.fill(column, _MEASURE_WIDTH)
        table.add_column(title, justify="right", overflow="fold", no_wrap=not is_factor)
    for row in sheet.groups[0].rows:
        table.add_row(*labels(row))
    return table


def _broken(path: str) -> str:
    """Return a path in lines that end after a dot."""
    lines = textwrap.wrap(path.replace(".", ". "), _PATH_WIDTH, break_long_words=False)
    return "\n".join(line.replace(". ", ".") for line in lines)
