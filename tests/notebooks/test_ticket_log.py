"""The log behind a notebook is what its program makes."""

from __future__ import annotations

import runpy
from pathlib import Path

DATA = Path(__file__).parents[2] / "notebooks" / "data"


def test_the_ticket_log_is_what_its_program_makes() -> None:
    made = runpy.run_path(str(DATA / "make_ticket_log.py"))["log"]()
    kept = (DATA / "ticket-log.csv").read_text(encoding="utf-8")
    assert made.to_csv(index=False, lineterminator="\n") == kept
