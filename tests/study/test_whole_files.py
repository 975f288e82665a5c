"""Files that several write at once are whole."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mppsim.study.whole_files import put


def test_two_threads_that_write_the_same_file_do_not_meet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = threading.Barrier(2, timeout=20)
    monkeypatch.setattr(os, "fsync", lambda number: both.wait())  # each has begun, none has moved
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(put, [tmp_path / "run.json"] * 2, [b"same"] * 2))
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"same"]
