"""`mppsim runs`: what a run store holds, and how to make it smaller."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from mppsim.cli.options import Json
from mppsim.scenario.errors import InputError
from mppsim.study.run_store import RunStore
from mppsim.study.stored_runs import StoredRun, leftovers, named_run, remove, stored_runs

SECONDS_A_DAY = 86_400

runs = typer.Typer(no_args_is_help=True, help="Look into a run store, and make it smaller.")

Folder = Annotated[
    Path,
    typer.Option("--runs", file_okay=False, envvar="MPPSIM_RUNS", help="Folder of the run store."),
]
DEFAULT_FOLDER = Path("runs")


@runs.command("list")
def list_(folder: Folder = DEFAULT_FOLDER, json_: Json = False) -> None:
    """List the runs, the last used first."""
    found = stored_runs(RunStore(folder))
    if json_:
        print(json.dumps([_about(run) for run in found], indent=2))
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("key", no_wrap=True)
    table.add_column("scenario", max_width=30, no_wrap=True, overflow="ellipsis")
    for name in ("seed", "day", "replications", "MB"):
        table.add_column(name, justify="right", no_wrap=True)
    for run in found:
        about = _about(run)
        style = "" if run.is_current else "dim"
        values = (run.key[:8], about["scenario"], about["seed"], about["day"] or "all")
        table.add_row(
            *map(str, values), f"{run.replications:,}", f"{run.size / 1e6:.1f}", style=style
        )
    console = Console()
    console.print(table)
    total = sum(run.size for run in found) / 1e6
    old = sum(not run.is_current for run in found)
    counted = f"{len(found)} run{'' if len(found) == 1 else 's'}"
    console.print(f"{counted}, {total:.1f} MB; {old} of another version of mppsim.")


@runs.command()
def show(
    key: Annotated[str, typer.Argument(help="The key of a run, or how it begins.")],
    folder: Folder = DEFAULT_FOLDER,
) -> None:
    """Show as JSON what a run was asked, and the scenario as it was."""
    run = named_run(RunStore(folder), key)
    print(json.dumps({**_about(run), **run.manifest}, indent=2, ensure_ascii=False))


@runs.command()
def prune(
    keys: Annotated[list[str] | None, typer.Argument(help="Keys of runs to remove.")] = None,
    unused: Annotated[
        float | None, typer.Option(help="Remove runs that were not used for so many days.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    folder: Folder = DEFAULT_FOLDER,
) -> None:
    """Remove runs of other versions of mppsim, which answer nothing any more, and leftovers.

    With keys or --unused: only these runs, of whatever version.
    """
    if unused is not None and unused < 0:
        raise InputError(f"--unused: found {unused:g}; expected a number of days of at least 0")
    store = RunStore(folder)
    going = [named_run(store, key) for key in keys or ()]
    if unused is not None:
        limit = time.time() - unused * SECONDS_A_DAY
        going += [run for run in stored_runs(store) if run.last_used <= limit and run not in going]
    elif not keys:
        going = [run for run in stored_runs(store) if not run.is_current]
    gone = {run.folder for run in going}
    files = [path for path in leftovers(store) if path.parent not in gone]
    if not dry_run:
        for path in files:
            path.unlink(missing_ok=True)
        for run in going:
            remove(run)
    total = (sum(run.size for run in going)) / 1e6
    verb = "Would remove" if dry_run else "Removed"
    print(f"{verb} {len(going)} runs ({total:.1f} MB) and {len(files)} leftover files.")
    for run in going:
        print(f"  {run.key} {_about(run)['scenario']}")


def _about(run: StoredRun) -> dict[str, str | int | None]:
    manifest = run.manifest
    return {
        "key": run.key,
        "scenario": str(manifest.get("name", "(its manifest cannot be read)")),
        "file": manifest.get("file"),
        "seed": manifest.get("seed"),
        "day": manifest.get("day"),
        "replications": run.replications,
        "bytes": run.size,
        "last_used": datetime.fromtimestamp(run.last_used, UTC).isoformat(timespec="seconds"),
        "version": "this" if run.is_current else "another",
    }
