"""Functions as compiled code: made once, all that a hall needs, and loaded from then on.

Three processes beside this one compile at once, so that this one never imports numba. Only where
they cannot, it compiles for itself.

Why this way: the first start takes half the time on two processors, later ones a tenth of what
numba's own cache takes. That cache looks for changes only in the file of a function, not in those
of its parts. So the folder is named after the content of all files that parts come from.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import cache, cached_property, lru_cache
from hashlib import blake2b
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar, cast

from mppsim.plan import machine_code

Function = TypeVar("Function", bound=Callable[..., Any])

AT_ONCE = (
    ("mppsim.plan.compiled.rows:draw_rows", "mppsim.measure.compiled.playing:play_at"),
    (
        "mppsim.plan.compiled.visits:draw_visits",
        "mppsim.plan.compiled.luck:draw_luck",
        "mppsim.plan.compiled.looking:find",
        "mppsim.measure.compiled.measuring:measure_at",
        "mppsim.engine.compiled.returning:come_back_at",
    ),
)
"""The functions that every run needs, as module:name; a process for each row, which takes about as
long as the engine's. A fourth one would take a second to start."""
_ALONE = RLock()
_DONE: set[tuple[str | None, str]] = set()
"""Folders, as the environment names them, and functions that are kept there if they can be."""


class Kernel:
    """One of these functions: it is loaded, or compiled, when it is first called."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, *numbers: int) -> Any:
        """Call it with whole numbers; other threads run meanwhile."""
        return self._loaded.by_python(*numbers)

    @property
    def address(self) -> int:
        """Where compiled code finds it, which frees no lock; 0 where that is not known."""
        return self._loaded.address

    @cached_property
    def _loaded(self) -> machine_code.Loaded:
        with _ALONE:
            compile_now(self.name)
            file = _file(self.name)
            code = machine_code.kept(file)
            if code is not None:
                return machine_code.load(code)
            code = _compiled(self.name)
            if machine_code.keep({file: code}):
                return machine_code.load(code)
            # Nobody has tried whether that can be loaded here: numba alone knows how to run it.
            from mppsim.plan.inlining import compiled_by_numba

            return machine_code.Loaded(compiled_by_numba(_function(self.name)), address=0)


class Part:
    """A function that compiled ones call: numba compiles it there, Python runs it as it is."""

    def __init__(self, function: Callable[..., Any], options: dict[str, Any]) -> None:
        self.py_func, self._options = function, options

    @classmethod
    def of(cls, function: Function, **options: Any) -> Function:
        """Return a function as a part, unless all is to run as plain Python."""
        return function if runs_plain() else cast(Function, cls(function, options))

    def __call__(self, *arguments: Any) -> Any:
        """Run it as plain Python."""
        return self.py_func(*arguments)

    @cached_property
    def _compiled(self) -> Any:
        from mppsim.plan.inlining import inner

        return inner(self.py_func, self._options)

    @property
    def _numba_type_(self) -> Any:
        """What numba asks for where a compiled function names something."""
        return self._compiled._numba_type_


def part(function: Function) -> Function:
    """Compile a function that only compiled functions call: it is put in the place of each call."""
    return Part.of(function, nogil=True, error_model="numpy", _nrt=False, forceinline=True)


def why_not() -> str | None:
    """Return why nothing can be compiled here; None where it can."""
    return _why_not(find_spec, _folder_named())


def runs_plain() -> bool:
    """Tell whether numba was asked to leave the functions as they are, to look for a mistake."""
    return os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")


def is_compiled(*names: str) -> bool:
    """Tell whether these and what every run needs were compiled before, by any process."""
    needed = _with_folder(names)
    if runs_plain() or needed <= _DONE:  # before every replication it is asked again
        return True
    if not any(_missing(names)):
        _DONE.update(needed)
    return needed <= _DONE


def compile_now(*names: str) -> None:
    """Compile these and what every run needs, and say on standard error that it takes a while."""
    with _ALONE:
        if is_compiled(*names):
            return
        print("compiling the fast engine, this once (some 15 seconds) ..", file=sys.stderr)
        with suppress(OSError):  # where no process can, each function is compiled when it is called
            _compile_beside(names)
        _DONE.update(_with_folder(names))


def _compile_beside(names: Collection[str]) -> None:
    """Compile in processes beside this one, unless another program does so just now."""
    from filelock import FileLock

    folder = _folder() / _content()
    folder.mkdir(parents=True, exist_ok=True)
    words = [*machine_code.another_python(), "-c", _COMPILE]
    beside: list[subprocess.Popen[bytes]] = []
    with FileLock(folder / ".lock"):
        try:
            beside.extend(
                subprocess.Popen(
                    [*words, *row],
                    env=machine_code.same_modules(),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
                for row in filter(None, _missing(names))
            )
            for process in beside:
                process.wait()
        finally:
            for process in beside:
                process.kill()
                process.wait()


def compile_here(names: list[str]) -> None:
    """Compile some of the functions in this process, which does nothing else, and keep them."""
    gc.disable()  # nothing that is made is thrown away before the end: a tenth less time
    machine_code.keep({_file(name): _compiled(name) for name in names})


_COMPILE = "import sys; from mppsim.plan.compiling import compile_here; compile_here(sys.argv[1:])"


def _compiled(name: str) -> machine_code.Code:
    from mppsim.plan.inlining import machine_code as compiled

    return compiled(_function(name))


def _function(name: str) -> Callable[..., Any]:
    module, function = name.split(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found


def _with_folder(names: Collection[str]) -> set[tuple[str | None, str]]:
    folder = _folder_named()
    return {(folder, name) for name in chain(names, *AT_ONCE)}


def _missing(names: Collection[str]) -> list[list[str]]:
    """Return what is not there yet of these, and of what every run needs, row by row."""
    needed = {*chain.from_iterable(AT_ONCE)}
    rows = [*((name,) for name in names if name not in needed), *AT_ONCE]
    return [[name for name in row if not _file(name).exists()] for row in rows]


def _file(name: str) -> Path:
    return _folder() / _content() / f"{name.rpartition(':')[2]}.code"


def _folder_named() -> str | None:
    return os.environ.get("NUMBA_CACHE_DIR")


def _folder() -> Path:
    import platformdirs

    named = _folder_named()
    return Path(named) if named else platformdirs.user_cache_path("mppsim")


@lru_cache  # before every replication it is asked again
def _why_not(find: Callable[[str], object], cache_dir: str | None) -> str | None:
    for name in ("numba", "platformdirs"):
        if find(name) is None:
            return f"{name} is not installed; pip install 'mppsim[fast]' does it"
    if not version("numba").startswith(machine_code.NUMBA):
        there, expected = version("numba"), machine_code.NUMBA.rstrip(".")
        return f"numba is {there}, not {expected}; pip install 'mppsim[fast]' installs that"
    folder = _folder()
    with suppress(OSError):  # what cannot be made cannot be written either
        folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        return f"compiled code cannot be kept in {folder}; NUMBA_CACHE_DIR can name another folder"
    return None


@cache
def _content() -> str:
    """Return a name for what compiled functions come from, and what they are made for."""
    here = content_of(Path(__file__).parents[1])
    return blake2b(f"{here} {machine_code.made_for()}".encode(), digest_size=8).hexdigest()


def content_of(package: Path) -> str:
    """Return a name for what the files of the package say that compiled functions come from."""
    of_parts = (
        package.glob(pattern) for pattern in ("plan/*.py", "engine/*.py", "*/compiled/*.py")
    )
    texts = (file.read_bytes() for file in sorted(chain.from_iterable(of_parts)))
    return blake2b(b"".join(texts), digest_size=8).hexdigest()
