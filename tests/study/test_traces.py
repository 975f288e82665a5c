"""Traces that are kept: those of the replications, whole, and without effect on any number."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from support.halls import hall

import mppsim


def test_kept_traces_are_those_of_the_run_and_change_nothing(tmp_path: Path) -> None:
    kept = mppsim.run(hall(), replications=7, keep_traces=tmp_path, runs=tmp_path / "runs")
    assert kept.waiting().equals(mppsim.run(hall(), replications=7).waiting())
    steps = pd.read_parquet(tmp_path / "steps")
    assert sorted(set(steps["replication"])) == list(range(7))
    trace = mppsim.simulate(mppsim.draw_plan(hall(), replication=4))
    own = steps[steps["replication"] == 4].drop(columns="replication").reset_index(drop=True)
    pd.testing.assert_frame_equal(own, trace.steps, check_dtype=False)
    visitors = pd.read_parquet(tmp_path / "visitors" / "000004.parquet")
    assert len(visitors) == len(trace.visitors)
    assert not (tmp_path / "runs").exists()
    assert not list(tmp_path.rglob("*.tmp"))
