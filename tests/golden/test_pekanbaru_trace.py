"""The week of MPP Pekanbaru, frozen: a feature that its file does not use must not move anybody."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

import mppsim

BASE = Path(__file__).parents[2] / "scenarios" / "pekanbaru" / "base.yaml"
STEPS = (
    *("day", "visitor", "step", "tenant", "service", "station", "visitor_class"),
    *("joined", "started", "ended", "counter", "outcome"),
)
VISITORS = (
    *("day", "visitor", "tenant", "service", "ordinal", "visitor_class", "party"),
    *("arrived", "left", "outcome"),
)
FROZEN = "59379b7ddecc2d3494523543e19879485be4f170145c3a82bd5196e8dad3d6a9"


def test_the_week_of_pekanbaru_has_not_moved_by_a_tick() -> None:
    trace = mppsim.simulate(mppsim.draw_plan(BASE, seed=1))
    tables = _text(trace.steps, STEPS) + _text(trace.visitors, VISITORS)
    assert hashlib.sha256(tables.encode()).hexdigest() == FROZEN


def _text(table: pd.DataFrame, columns: tuple[str, ...]) -> str:
    """Return these columns as text; times in full, as they are read back to the last bit."""
    return table[list(columns)].to_csv(index=False, lineterminator="\n")
