"""Compile functions with numba when they are first called, and keep the machine code for next time.

numba itself is imported only where a function is to be compiled: that takes a third of a second.

Why this way: numba looks for changes only in the file of a function that it has kept, not in those
of the parts that were put into it. So the folder is named after the content of all files that parts
come from.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from hashlib import blake2b
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

_ALWAYS = {"nogil": True, "error_model": "numpy"}
_PRIVATE = {"_nrt": False, "forceinline": True}
"""Options that numba does not document: without them all is right, but ten times as slow.

Nothing that is compiled makes an array, so that no references need to be counted."""


def why_not() -> str | None:
    """Return why nothing can be compiled here; None where it can."""
    return _why_not(find_spec, os.environ.get("NUMBA_CACHE_DIR"))


def runs_plain() -> bool:
    """Tell whether numba was asked to leave the functions as they are, to look for a mistake."""
    return os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")


def kernel(function: Function) -> Function:
    """Compile a function that Python calls: it counts no references and lets other threads run."""
    numba = import_module("numba")
    kept_elsewhere = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(_folder() / _content())
    try:
        compiled: Function = numba.njit(cache=True, **_ALWAYS, **_known("_nrt"))(function)
    finally:
        numba.config.CACHE_DIR = kept_elsewhere
    return compiled


def part(function: Function) -> Function:
    """Compile a function that only compiled functions call: it is put in the place of each call."""
    numba = import_module("numba")
    from mppsim.plan.inlining import INNER

    compiled: Function = numba.njit(**_ALWAYS, **INNER, **_known(*_PRIVATE))(function)
    return compiled


def is_kept(compiled: Any) -> bool:
    """Tell whether a kernel has been compiled before, in this process or another."""
    return bool(compiled.signatures or compiled._cache._cache_file._load_index())


@contextmanager
def announced(what: str) -> Iterator[None]:
    """Say it once on standard error if anything is to be compiled in the body, which takes time."""
    from numba.core import event

    class Announcement(event.Listener):
        said = False

        def on_start(self, event: Any) -> None:
            if not self.said:
                print(f"compiling {what}, this once ..", file=sys.stderr, flush=True)
            self.said = True

        def on_end(self, event: Any) -> None:
            pass

    with event.install_listener("numba:compile", Announcement()):
        yield


def _folder() -> Path:
    import platformdirs

    named = os.environ.get("NUMBA_CACHE_DIR")
    return Path(named) if named else platformdirs.user_cache_path("mppsim")


@lru_cache  # before every replication it is asked again
def _why_not(find: Callable[[str], object], cache_dir: str | None) -> str | None:
    for name in ("numba", "platformdirs"):
        if find(name) is None:
            return f"{name} is not installed; pip install 'mppsim[fast]' does it"
    folder = _folder()
    with suppress(OSError):  # what cannot be made cannot be written either
        folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        return f"compiled code cannot be kept in {folder}; NUMBA_CACHE_DIR can name another folder"
    return None


@lru_cache
def _content() -> str:
    """Return a name for what the files say that compiled functions come from."""
    return content_of(Path(__file__).parents[1])


def content_of(package: Path) -> str:
    """Return such a name for a folder of the package."""
    of_parts = (
        package.glob(pattern) for pattern in ("plan/*.py", "engine/*.py", "*/compiled/*.py")
    )
    texts = (file.read_bytes() for file in sorted(chain.from_iterable(of_parts)))
    return blake2b(b"".join(texts), digest_size=8).hexdigest()


def _known(*private: str) -> dict[str, bool]:
    """Return those of the options that this numba knows."""
    from numba.core.cpu import CPUTargetOptions

    return {name: _PRIVATE[name] for name in private if hasattr(CPUTargetOptions, name)}
