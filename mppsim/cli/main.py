"""The program `mppsim`: its commands, and what it says when something is wrong."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import mppsim
from mppsim.cli.attribute import attribute
from mppsim.cli.check import check
from mppsim.cli.compare import compare
from mppsim.cli.headroom import headroom
from mppsim.cli.run import run
from mppsim.cli.runs import runs
from mppsim.cli.schema import schema
from mppsim.cli.size import size
from mppsim.cli.sweep import sweep
from mppsim.scenario.errors import InputError

BAD_INPUT = 2

app = typer.Typer(
    name="mppsim",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
for command in (run, compare, sweep, size, headroom, attribute, check, schema):
    app.command()(command)
app.add_typer(runs, name="runs")


def main() -> None:
    """Run the program; a mistake in the input is a readable line, and the exit code 2."""
    try:
        app()
    except (InputError, OSError) as error:
        print(_line(error), file=sys.stderr)
        sys.exit(BAD_INPUT)


def _line(error: Exception) -> str:
    if not isinstance(error, OSError) or error.filename is None:
        return str(error)
    return f"{error.filename}: found that it cannot be used ({error.strerror}); expected another"


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"mppsim {mppsim.__version__}")
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    """Simulate the visitors of a public service hall, and read how long they wait."""
