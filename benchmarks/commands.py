"""What whole commands take on the clock, and how much memory: start, long runs, sizing."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.workloads import ALL_FEATURES, HALL_DAY

N_DAYS = 10_000


@dataclass(frozen=True)
class Whole:
    """A command from its start to its end."""

    title: str
    seconds: float
    peak_megabytes: float
    """Of the program and no other that it starts."""


def whole_commands(share: float) -> list[Whole]:
    """Return what some commands take; `share` shortens the long ones."""
    with TemporaryDirectory() as there:
        folder = Path(there)
        many = str(round(N_DAYS * share))
        run = ["run", str(HALL_DAY), "--engine", "compiled"]
        fresh = {"NUMBA_CACHE_DIR": str(folder / "cache")}
        traces = str(folder / "traces")
        tenants = "P(wait <= 30 min) >= 0.8"
        return [
            _whole("one day, SimPy engine", "run", str(HALL_DAY), "-n", "1", "--engine", "simpy"),
            _whole("one day, compiled, the first time", *run, "-n", "1", **fresh),
            _whole("one day, compiled, from then on", *run, "-n", "1", **fresh),
            _whole("all features, from then on", "run", str(ALL_FEATURES), *run[2:], "-n", "1"),
            _whole(f"{many} days, 1 worker", *run, "-n", many, "--workers", "1"),
            _whole(f"{many} days, 2 workers", *run, "-n", many, "--workers", "2"),
            _whole(f"{many} days, traces kept", *run, "-n", many, "--keep-traces", traces),
            _whole("size the hall", "size", str(HALL_DAY), "--target", tenants, "--workers", "2"),
        ]


def starts(n_rounds: int) -> dict[str, float]:
    """Return seconds on the clock, medians of rounds: how long it takes until anything runs."""
    one_day = ["-m", "mppsim", "run", str(HALL_DAY), "-n", "1", "--engine"]
    rounds: dict[str, list[float]] = {}
    for _ in range(n_rounds):
        with TemporaryDirectory() as folder:
            for title, words in {
                "python": ["-c", ""],
                "import mppsim": ["-c", "import mppsim"],
                "one day, SimPy": [*one_day, "simpy"],
                "one day, compiled, the first time": [*one_day, "compiled"],
                "one day, compiled, from then on": [*one_day, "compiled"],
            }.items():
                done = _run(title, *words, NUMBA_CACHE_DIR=folder)
                rounds.setdefault(title, []).append(done.seconds)
    return {title: statistics.median(seconds) for title, seconds in rounds.items()}


def _whole(title: str, *words: str, **variables: str) -> Whole:
    print(f"whole command: {title}", file=sys.stderr, flush=True)
    return _run(title, "-m", "mppsim", *words, **variables)


def _run(title: str, *words: str, **variables: str) -> Whole:
    begun = time.perf_counter()
    program = subprocess.Popen(
        [sys.executable, *words],
        env=os.environ | variables,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(program.pid, 0)
    program.returncode = os.waitstatus_to_exitcode(status)
    if program.returncode:
        raise subprocess.CalledProcessError(program.returncode, program.args)
    return Whole(title, time.perf_counter() - begun, used.ru_maxrss / 1024)


if __name__ == "__main__":
    for title, seconds in starts(int(sys.argv[1])).items():
        print(f"{seconds:8.2f} s  {title}")
