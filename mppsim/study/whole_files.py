"""Files that are there whole or not at all, whatever happens while they are written."""

from __future__ import annotations

import os
import threading
from pathlib import Path


def put(path: Path, content: bytes | memoryview) -> None:
    """Write a file, and move it to its place in one step."""
    beside = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
