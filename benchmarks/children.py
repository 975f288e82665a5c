"""Start programs, each in a process of its own, and read what they print."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec

from benchmarks.one_run import PROGRAMS

_NEEDS = {"mppsim, compiled": "numba", "Ciw": "ciw", "salabim": "salabim", "Cimba": "cimba"}


@dataclass(frozen=True)
class Child:
    """What one run took and showed."""

    cpu_seconds: float
    first_day_seconds: float
    """Until the first day is there, imports not counted."""
    peak_megabytes: float
    visitors: int
    measures: list[dict[str, float]]
    """By day."""

    @property
    def nanoseconds(self) -> float:
        """CPU time a visitor."""
        return self.cpu_seconds / self.visitors * 1e9


def programs() -> list[str]:
    """Return the programs that can run here."""
    return [name for name in PROGRAMS if name not in _NEEDS or find_spec(_NEEDS[name])]


def start(program: str, n_days: int, seed: int, *workloads: str) -> Child:
    """Run a program; raises CalledProcessError where it fails."""
    words = [sys.executable, "-m", "benchmarks.one_run", program, str(n_days), str(seed)]
    done = subprocess.run([*words, *workloads], check=True, stdout=subprocess.PIPE, text=True)
    return Child(**json.loads(done.stdout))
