"""The run store: a folder that remembers replications, so that none is simulated twice.

    runs/1f3a.../run.json                       what was asked, of which version
    runs/1f3a.../000020-000039-9b0c....parquet  the summaries of replications 20 to 39

The folder of a run is named by all that its numbers depend on, and a file by what it must hold: a
digest of its bytes, and of the run and the replications that it belongs to. A file is written
beside its place, then moved there in one step: whoever dies while writing leaves one nobody reads.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mppsim.measure import Summary
from mppsim.study.run_key import question, run_key, software
from mppsim.study.whole_files import put

if TYPE_CHECKING:
    from mppsim.study.replications import Job

MANIFEST = "run.json"
UNUSABLE = ".unusable"
"""End of the name of a file that was found damaged, and set aside."""
_UNIT = re.compile(r"([0-9]{6,})-([0-9]{6,})-[0-9a-f]{16}\.parquet")
_log = logging.getLogger("mppsim")


@dataclass(frozen=True)
class RunStore:
    """A folder of runs; any number of programs may use it at once."""

    folder: Path

    def load(self, job: Job, wanted: range) -> dict[int, Summary]:
        """Return those of the wanted replications that are there, by number.

        A file that cannot be read, or belongs to another run, is named in the log and set aside.
        """
        key, found = run_key(job), dict[int, Summary]()
        for piece, path in units_of(self._folder(key)):
            if set(piece) & set(wanted) - set(found):
                found |= dict(zip(piece, _read(path, key, piece), strict=False))
        if found:
            with suppress(OSError):  # a store that may only be read
                (self._folder(key) / MANIFEST).touch()
        return {number: found[number] for number in wanted if number in found}

    def save(self, job: Job, piece: range, summaries: Sequence[Summary]) -> None:
        """Write one unit of work, and the manifest of its run if there is none yet."""
        from mppsim.study.stored import bytes_of

        key = run_key(job)
        folder = self._folder(key)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / MANIFEST).exists():
            put(folder / MANIFEST, json.dumps(_manifest(job), indent=2).encode())
        content = bytes_of(summaries)
        put(folder / _name(key, piece, content), content)

    @contextmanager
    def alone(self, job: Job, piece: range) -> Iterator[None]:
        """Let one program at a time work on a unit; the lock of one that dies is free at once."""
        from filelock import FileLock

        folder = self._folder(run_key(job))
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f".{piece.start:06d}-{piece.stop - 1:06d}.lock"
        with FileLock(path):
            yield
        # At worst two programs now do the same unit, and write the same bytes.
        with suppress(OSError):
            path.unlink()

    def numbers(self, job: Job) -> set[int]:
        """Return which replications are there, by the names of the files."""
        return {number for piece, _ in units_of(self._folder(run_key(job))) for number in piece}

    def _folder(self, key: str) -> Path:
        return self.folder / key[:16]


def units_of(folder: Path) -> list[tuple[range, Path]]:
    """Return the units in the folder of a run, by their names, in order."""
    if not folder.is_dir():
        return []
    names = ((_UNIT.fullmatch(path.name), path) for path in folder.iterdir())
    units = [(range(int(name[1]), int(name[2]) + 1), path) for name, path in names if name]
    return sorted(units, key=lambda unit: unit[0].start)


def _read(path: Path, key: str, piece: range) -> tuple[Summary, ...]:
    from mppsim.study.stored import summaries_of

    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ()  # another program found it damaged before us
    if path.name == _name(key, piece, content):
        return summaries_of(content)
    _log.warning(
        "%s: found a damaged file, or one of another run; its replications are simulated again",
        path,
    )
    with suppress(FileNotFoundError):
        path.replace(path.with_name(path.name + UNUSABLE))
    return ()


def _name(key: str, piece: range, content: bytes) -> str:
    what = f"{key} {piece.start} {piece.stop} ".encode()
    digest = hashlib.sha256(what + content).hexdigest()[:16]
    return f"{piece.start:06d}-{piece.stop - 1:06d}-{digest}.parquet"


def _manifest(job: Job) -> dict[str, Any]:
    return {
        **question(job),
        "software": software(),
        "name": job.scenario.name,
        "file": job.scenario._path,
        "scenario": job.scenario.model_dump(mode="json", by_alias=True),
    }
