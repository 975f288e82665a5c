"""The program `mppsim`: its commands, and what it says when something is wrong."""

from __future__ import annotations

import sys

import typer
from rich.console import Console

from mppsim.cli.check import check
from mppsim.cli.compare import compare
from mppsim.cli.run import run
from mppsim.cli.schema import schema
from mppsim.scenario import ScenarioError
from mppsim.scenario.errors import InputError

DONE, TARGET_NOT_MET, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130

app = typer.Typer(
    name="mppsim",
    help="Simulate the visitors of a public service hall, and read how long they wait.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
for command in (run, compare, check, schema):
    app.command()(command)


def main() -> None:
    """Run the program; a mistake in the input is one readable line, and the exit code 2."""
    try:
        app()
    except (ScenarioError, InputError, OSError) as error:
        print(error, file=sys.stderr)
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        Console(stderr=True).print("Interrupted; nothing was written.")
        sys.exit(INTERRUPTED)
