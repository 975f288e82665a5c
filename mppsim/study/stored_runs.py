"""What is in a run store, run by run, and what may go."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mppsim.scenario.errors import InputError, nearest_name
from mppsim.study.run_key import software
from mppsim.study.run_store import MANIFEST, UNUSABLE, RunStore, units_of

_KEY = re.compile(r"[0-9a-f]{16}")
ABANDONED = 3600.0
"""Seconds after which a file that is still being written has been left behind."""


@dataclass(frozen=True)
class StoredRun:
    """One run in a store."""

    folder: Path
    manifest: dict[str, Any]
    """Empty where it cannot be read."""
    replications: int
    size: int
    """Bytes of all its files."""
    last_used: float
    """Seconds since 1970."""

    @property
    def key(self) -> str:
        """What the run is called by."""
        return self.folder.name

    @property
    def is_current(self) -> bool:
        """Whether this version of mppsim would ask for it."""
        return self.manifest.get("software") == software()


def stored_runs(store: RunStore) -> list[StoredRun]:
    """Return the runs in a store, the last used first; raises InputError where it is not there."""
    if not store.folder.is_dir():
        raise InputError(f"runs: found no folder {store.folder}; expected that of a run store")
    found = [_stored(folder) for folder in store.folder.iterdir() if _is_run(folder)]
    return sorted(found, key=lambda run: (-run.last_used, run.key))


def named_run(store: RunStore, key: str) -> StoredRun:
    """Return the run whose key begins so; raises InputError where that is none or several."""
    runs = {run.key: run for run in stored_runs(store)}
    matching = [run for name, run in runs.items() if name.startswith(key) and key]
    if len(matching) != 1:
        near = nearest_name(key, runs)
        hint = f"; did you mean {near}?" if near and not matching else ""
        count = len(matching) or "no"
        raise InputError(f"runs: found {count} runs {key!r}; expected the key of one run{hint}")
    return matching[0]


def leftovers(store: RunStore) -> Iterator[Path]:
    """Yield the files that were set aside, or left behind by a program that died."""
    for path in store.folder.glob("*/*"):
        if _KEY.fullmatch(path.parent.name) and path.is_file():
            is_ours = path.name.startswith(".") and path.suffix in (".tmp", ".lock")
            is_old = time.time() - path.stat().st_mtime > ABANDONED
            if path.name.endswith(UNUSABLE) or (is_ours and is_old):
                yield path


def remove(run: StoredRun) -> None:
    """Remove a run from its store."""
    shutil.rmtree(run.folder)


def _is_run(folder: Path) -> bool:
    # A folder that is not ours must not be taken for one, as `prune` removes runs.
    if not (_KEY.fullmatch(folder.name) and folder.is_dir()):
        return False
    return (folder / MANIFEST).is_file() or bool(units_of(folder))


def _stored(folder: Path) -> StoredRun:
    files = [path for path in folder.iterdir() if path.is_file()]
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        manifest = {}
    return StoredRun(
        folder,
        manifest if isinstance(manifest, dict) else {},
        len({number for piece, _ in units_of(folder) for number in piece}),
        sum(path.stat().st_size for path in files),
        max((path.stat().st_mtime for path in files), default=0.0),
    )
