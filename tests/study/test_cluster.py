"""A cluster gives the bytes of a local run, whoever dies, and is refused where it cannot help."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from support.halls import hall
from support.studies import STUDIES

import mppsim
from mppsim.scenario.errors import InputError
from mppsim.study import executors, replications

ROOT = Path(__file__).parents[2]
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a program of Dask on the loopback; it ends with the test."""
    programs: list[subprocess.Popen[bytes]] = []

    def started(program: str, *arguments: str, code: Path = ROOT) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{program}", *arguments]
        with (tmp_path / f"{program}-{len(programs)}.log").open("wb") as log:
            programs.append(
                subprocess.Popen(
                    [*command, "--host", "127.0.0.1", "--no-dashboard"],
                    cwd=tmp_path,
                    env={**os.environ, "PYTHONPATH": str(code)},
                    stdout=log,
                    stderr=log,
                )
            )
        return programs[-1]

    yield started
    for program in programs:
        program.kill()
        program.wait()


@pytest.fixture
def address(start: Start, tmp_path: Path) -> str:
    file = tmp_path / "scheduler.json"
    scheduler = start("dask_scheduler", "--port", "0", "--scheduler-file", str(file))
    while not file.exists() or not file.read_text():
        assert scheduler.poll() is None, "the scheduler ended"
        time.sleep(0.05)
    return str(json.loads(file.read_text())["address"])


def worker(start: Start, address: str, code: Path = ROOT) -> subprocess.Popen[bytes]:
    return start("dask_worker", address, "--no-nanny", "--nthreads", "1", code=code)


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "PATIENCE", 30.0)  # a busy machine starts workers slowly


def test_a_worker_that_is_killed_costs_no_byte(
    start: Start, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers, done = [worker(start, address) for _ in range(2)], list[int]()

    def kill_one(n: int) -> None:
        done.append(n)
        if len(done) == 3:  # both have work by now, and more is to come
            workers[0].send_signal(signal.SIGKILL)

    asked = partial(mppsim.run, hall(), replications=60, seed=4, engine="simpy")
    far = asked(cluster=address, runs=tmp_path / "runs", progress=kill_one)
    assert workers[0].wait(10) == -signal.SIGKILL
    assert len(done) > 6
    assert far.to_json() == asked().to_json()
    monkeypatch.setattr(replications, "simulate", pytest.fail)  # what came back is in the store
    assert asked(runs=tmp_path / "runs").to_json() == far.to_json()


@pytest.mark.parametrize("name", STUDIES)
def test_sizes_headroom_and_attribution_move_no_byte(name: str, start: Start, address: str) -> None:
    worker(start, address)
    assert STUDIES[name](cluster=address).to_json() == STUDIES[name]().to_json()


def test_a_worker_with_another_version_is_refused(
    start: Start, address: str, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "mppsim", tmp_path / "other" / "mppsim")
    (tmp_path / "other" / "mppsim" / "plan" / "more.py").touch()
    worker(start, address, code=tmp_path / "other")
    with pytest.raises(InputError, match=r"worker tcp://.*: found code \w+; expected code \w+ as"):
        mppsim.compare([hall(), hall()], replications=2, cluster=address)


def test_a_scheduler_without_workers_is_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "PATIENCE", 2.0)
    with pytest.raises(InputError, match=f"found no workers at {address}; expected one or more"):
        mppsim.run(hall(), replications=2, cluster=address)


def test_where_no_scheduler_answers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "PATIENCE", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = "tcp://127.0.0.1:{1}".format(*silent.getsockname())
        for _ in range(2):  # one that takes the call and says nothing, then nobody
            with pytest.raises(InputError, match=f"no Dask scheduler that answers at {address}"):
                mppsim.run(hall(), replications=1, cluster=address)
            silent.close()


@pytest.mark.parametrize("address", ["", "host:8786", "tcp://host", "tcp://:8786", "tcp://h:99999"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InputError, match=f"cluster: found '{address}'; expected the address"):
        executors.Cluster(address)


def test_without_dask_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'mppsim\[cluster\]'"):
        mppsim.run(hall(), replications=1, cluster="tcp://127.0.0.1:8786")
