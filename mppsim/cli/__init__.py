"""The command line: one file a command."""

from mppsim.cli.main import main

__all__ = ["main"]
