"""What a run is known by: all that its numbers depend on, and nothing else."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import mppsim

if TYPE_CHECKING:
    from mppsim.study.replications import Job

PACKAGES = ("scenario", "plan", "engine", "measure")
"""Whose code makes the numbers of a summary."""


def run_key(job: Job) -> str:
    """Return 64 hex digits that are the same for equal questions, on any engine and machine."""
    text = json.dumps({**question(job), "software": software()}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def question(job: Job) -> dict[str, str | int | None]:
    """Return what was asked, but for the number of replications."""
    return {"scenario_sha256": job.scenario.digest(), "seed": job.seed, "day": job.day}


@cache
def software() -> dict[str, str]:
    """Return the versions that numbers may depend on; `code` changes with every line of ours."""
    root, code = Path(mppsim.__file__).parent, hashlib.sha256()
    for package in PACKAGES:
        for path in sorted((root / package).glob("**/*.py")):
            code.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    libraries = {name: version(name) for name in ("numpy", "scipy")}
    return {"mppsim": mppsim.__version__, "code": code.hexdigest()[:16], **libraries}
