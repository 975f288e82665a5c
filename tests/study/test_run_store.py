"""The run store: what is there is not simulated again, and whatever happens to it, nothing lies."""

from __future__ import annotations

import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.halls import hall

import mppsim
from mppsim.scenario.errors import InputError
from mppsim.study import Job, RunStore, replicate, replicate_each, replications
from mppsim.study.run_key import run_key
from mppsim.study.stored import bytes_of, summaries_of
from mppsim.study.stored_runs import leftovers, stored_runs

ROOT = Path(__file__).parents[2]
JOB = Job(hall(), 7, seed=2**64 - 1)


@pytest.fixture(scope="module")
def undisturbed() -> bytes:
    return as_bytes(JOB)


def as_bytes(job: Job, folder: Path | None = None) -> bytes:
    store = None if folder is None else RunStore(folder)
    return mppsim.Result(replicate(job, runs=store)).to_json().encode()


def units(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*.parquet"))


def test_a_repeated_question_is_answered_without_simulating(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, undisturbed: bytes
) -> None:
    assert as_bytes(JOB, tmp_path) == undisturbed
    monkeypatch.setattr(replications, "simulate", pytest.fail)
    assert as_bytes(JOB, tmp_path) == undisturbed
    assert as_bytes(dataclasses.replace(JOB, replications=3), tmp_path) != undisturbed


def test_what_comes_into_the_store_after_the_beginning_is_there_once(
    tmp_path: Path, undisturbed: bytes
) -> None:
    store = RunStore(tmp_path)
    for run in replicate_each([JOB, JOB], runs=store):
        assert mppsim.Result(run).to_json().encode() == undisturbed
    known = replicate(dataclasses.replace(JOB, replications=2)).summaries
    run = replicate(JOB, runs=store, known=known)
    assert mppsim.Result(run).to_json().encode() == undisturbed


def test_every_field_of_a_summary_comes_back_as_it_was() -> None:
    summaries = replicate(JOB).summaries
    for before, after in zip(summaries, summaries_of(bytes_of(summaries)), strict=True):
        assert leaves(after) == leaves(before)
    assert len(leaves(summaries[0])) > 30


def leaves(value: Any, path: str = "") -> dict[str, object]:
    if dataclasses.is_dataclass(value):
        parts = [
            (f"{path}.{field.name}", getattr(value, field.name))
            for field in dataclasses.fields(value)
        ]
        return {name: leaf for inner, part in parts for name, leaf in leaves(part, inner).items()}
    is_array = isinstance(value, np.ndarray)
    return {path: (value.dtype, value.shape, value.tobytes()) if is_array else value}


def test_more_replications_simulate_only_those_that_are_missing(tmp_path: Path) -> None:
    as_bytes(JOB, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in units(tmp_path)}
    done: list[int] = []
    longer = mppsim.run(JOB.scenario, more=5, seed=JOB.seed, runs=tmp_path, progress=done.append)
    assert longer.to_json().encode() == as_bytes(dataclasses.replace(JOB, replications=12))
    assert sum(done) == 12
    assert {path: path.stat().st_mtime_ns for path in before} == before


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1},
        {"day": "fri"},
        {"scenario": hall(lambda spec: spec["tenants"]["tax"].update(counters=4))},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_question_has_another_key(change: dict[str, Any]) -> None:
    assert run_key(dataclasses.replace(JOB, **change)) != run_key(JOB)
    same = dataclasses.replace(JOB, engine="simpy", replications=99)
    assert run_key(same) == run_key(JOB)  # engines agree, and more replications are the same run


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)


def of_another_seed(path: Path) -> None:
    other = path.parents[1] / "other"
    as_bytes(Job(hall(), 7, seed=3), other)
    shutil.copy(units(other)[0], path)
    shutil.rmtree(other)


def no_parquet(path: Path) -> None:
    path.write_text("day,wait\nmon,3\n")


@pytest.mark.parametrize("damage", [truncated, emptied, flipped, of_another_seed, no_parquet])
def test_a_damaged_or_foreign_file_is_named_and_done_again(
    damage: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, undisturbed: bytes
) -> None:
    as_bytes(JOB, tmp_path)
    victim = units(tmp_path)[0]
    damage(victim)
    assert as_bytes(JOB, tmp_path) == undisturbed
    (message,) = caplog.messages
    assert message.startswith(f"{victim}: found a damaged file, or one of another run")
    caplog.clear()
    assert as_bytes(JOB, tmp_path) == undisturbed  # and now it is whole again
    assert not caplog.messages


def test_a_manifest_that_cannot_be_read_hides_no_run(tmp_path: Path, undisturbed: bytes) -> None:
    as_bytes(JOB, tmp_path)
    next(tmp_path.glob("*/run.json")).write_text("{")
    assert as_bytes(JOB, tmp_path) == undisturbed
    (run,) = stored_runs(RunStore(tmp_path))
    assert run.manifest == {}
    assert run.replications == 7


def test_nothing_but_runs_and_their_leftovers_is_ever_pruned(tmp_path: Path) -> None:
    as_bytes(JOB, tmp_path)
    ours = next(tmp_path.glob("*/run.json")).parent
    left = [ours / ".000000-000004.lock", ours / ".x.parquet.1-2.tmp", ours / "y.parquet.unusable"]
    others = [tmp_path / "app" / name for name in ("run.json", "uv.lock", "old.tmp", ".a.lock")]
    others += [ours / "note.tmp", tmp_path / "b.unusable"]
    for path in (*left, *others):
        path.parent.mkdir(exist_ok=True)
        path.touch()
        os.utime(path, (0, 0))
    assert set(leftovers(RunStore(tmp_path))) == set(left)
    assert [run.folder for run in stored_runs(RunStore(tmp_path))] == [ours]


def started(folder: Path, replications: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "mppsim", "run", "scenarios/pekanbaru/base.yaml", "--json"]
    options = ["-n", str(replications), "--day", "fri", "--runs", str(folder), "--workers", "1"]
    options += ["--engine", "simpy"]  # slow enough to be killed in the middle
    return subprocess.Popen(
        [*command, *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_batch_killed_at_once_loses_the_unit_in_work_and_gives_the_same_bytes(
    tmp_path: Path,
) -> None:
    victim = started(tmp_path, 30)
    while len(units(tmp_path)) < 2:
        assert victim.poll() is None, "it ended before it could be killed"
        time.sleep(0.02)
    victim.send_signal(signal.SIGKILL)
    victim.communicate()
    survived = {path: path.stat().st_mtime_ns for path in units(tmp_path)}
    assert 2 <= len(survived) < 6
    resumed = started(tmp_path, 30).communicate()[0]
    assert {path: path.stat().st_mtime_ns for path in survived} == survived
    assert resumed == started(tmp_path / "undisturbed", 30).communicate()[0]


def test_two_programs_at_once_share_the_work(tmp_path: Path) -> None:
    both = [started(tmp_path, 15), started(tmp_path, 15)]
    one, two = (program.communicate()[0] for program in both)
    assert one == two
    assert len(one) > 1000
    assert [path.name[:6] for path in units(tmp_path)] == ["000000", "000005", "000010"]
    assert not [path for path in tmp_path.glob("*/.*") if path.suffix == ".tmp"]


def test_to_extend_a_run_takes_a_store() -> None:
    with pytest.raises(InputError, match="more: found no run store"):
        mppsim.run(hall(), more=5)
    with pytest.raises(InputError, match="more: found 0; expected at least 1"):
        mppsim.run(hall(), more=0, runs="nowhere")
