"""Traces that are kept: those of the replications, whole, and without effect on any number."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from support.halls import hall

import mppsim
from mppsim.engine.trace_tables import Names
from mppsim.study import traces


def test_kept_traces_are_those_of_the_run_and_change_nothing(tmp_path: Path) -> None:
    kept = mppsim.run(hall(), replications=7, keep_traces=tmp_path, runs=tmp_path / "runs")
    assert kept.waiting().equals(mppsim.run(hall(), replications=7).waiting())
    steps = pd.read_parquet(tmp_path / "steps")
    assert sorted(set(steps["replication"])) == list(range(7))
    trace = mppsim.simulate(mppsim.draw_plan(hall(), replication=4))
    own = steps[steps["replication"] == 4].drop(columns="replication").reset_index(drop=True)
    pd.testing.assert_frame_equal(own, trace.steps, check_dtype=False)
    assert not (tmp_path / "runs").exists()
    assert not list(tmp_path.rglob("*.tmp"))


def test_files_of_an_earlier_run_make_room(tmp_path: Path) -> None:
    for n in (11, 7, 12):
        mppsim.run(hall(), replications=n, keep_traces=tmp_path)
        (tmp_path / "visitors" / "000003.parquet").write_text("of a unit that was cut otherwise")
    names = ["000000.parquet", "000005.parquet", "000010.parquet"]
    mppsim.run(hall(), replications=12, keep_traces=tmp_path)
    assert sorted(path.name for path in (tmp_path / "visitors").iterdir()) == names
    visitors = pd.read_parquet(tmp_path / "visitors")
    assert not visitors.duplicated(["replication", "day", "visitor"]).any()
    assert sorted(set(visitors["replication"])) == list(range(12))


def test_files_have_the_same_bytes_whoever_writes_them_and_however(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    those = hall()  # two of whose services have the same name
    for workers in (1, 2):
        folder = tmp_path / str(workers)
        mppsim.run(those, replications=7, workers=workers, engine="compiled", keep_traces=folder)
    one, two = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.parquet")}
        for folder in (tmp_path / "1", tmp_path / "2")
    )
    assert len(one) == 4
    assert one == two
    together = pd.read_parquet(tmp_path / "1" / "steps")
    monkeypatch.setattr(traces, "_ROWS_TOGETHER", 100)
    mppsim.run(those, replications=7, keep_traces=tmp_path / "groups")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "groups" / "steps"), together)


def test_a_name_of_several_services_is_written_once() -> None:
    column = traces.arrow_array(Names(np.array([2, 0, -1, 1]), ("pay", "ask", "pay")))
    assert column.dictionary.to_pylist() == ["pay", "ask"]
    assert column.to_pylist() == ["pay", "pay", None, "ask"]
