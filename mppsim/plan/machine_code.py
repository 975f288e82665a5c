"""Machine code of functions in files: kept when it is compiled, loaded from then on without numba.

Why this way: to import numba and to let it load what its own cache holds takes 0.7 s; llvmlite,
which numba stands on, loads the same code in 0.05 s. What it cannot load ends the program: so every
file is tried in a program of its own before it is kept, and is used only as it was written, on the
processor and with the versions that it was made for.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from ctypes import CFUNCTYPE, c_int32, c_int64, c_void_p
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

_DIGEST = 16
_ERROR = (c_int64 * 1)()
_LOADED: list[Any] = []
"""What owns the code: it stays where it is until the program ends."""


class Code(NamedTuple):
    """The machine code of a function of whole numbers (int64), and how to call it."""

    symbol: str
    n_arguments: int
    n_results: int
    binary: bytes


def load(code: Code) -> Callable[..., Any]:
    """Return the function: it frees the interpreter's lock, and returns a number or a tuple."""
    import llvmlite.binding as llvm

    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target_machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code.binary))
    engine.finalize_object()
    _LOADED.append(engine)
    # As numba calls: the results go to an address, an error to another one.
    kind = CFUNCTYPE(c_int32, c_void_p, c_void_p, *[c_int64] * code.n_arguments)
    run, results = kind(engine.get_function_address(code.symbol)), c_int64 * code.n_results
    is_one = code.n_results == 1

    def call(*numbers: int) -> Any:
        found = results()
        if run(found, _ERROR, *numbers):
            raise RuntimeError(f"{code.symbol}: found an error; expected none in compiled code")
        return found[0] if is_one else tuple(found)

    return call


def keep(codes: Mapping[Path, Code]) -> bool:
    """Keep each in its file, all at once or none; tell whether another program can load them."""
    new = {Path(f"{file}.{os.getpid()}"): file for file in codes}
    try:
        for written, file in new.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            *head, binary = codes[file]
            body = json.dumps(head).encode() + b"\n" + binary
            written.write_bytes(_digest(body) + body)
        words = [sys.executable, "-P", __file__, *map(str, new)]
        subprocess.run(words, check=True, capture_output=True, env=same_modules())
        for written, file in new.items():
            written.replace(file)
    except (OSError, subprocess.SubprocessError):
        return False
    finally:
        for written in new:
            with suppress(OSError):
                written.unlink(missing_ok=True)
    return True


def kept(file: Path) -> Code | None:
    """Return what is kept in a file; None if there is none, or if it is damaged."""
    try:
        whole = file.read_bytes()
    except OSError:
        return None
    digest, body = whole[:_DIGEST], whole[_DIGEST:]
    if digest != _digest(body):
        return None
    head, binary = body.split(b"\n", 1)
    symbol, n_arguments, n_results = json.loads(head)
    return Code(symbol, n_arguments, n_results, binary)


def same_modules() -> dict[str, str]:
    """Return the environment in which another program finds the modules that this one finds."""
    found = [folder or str(Path.cwd()) for folder in sys.path]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(found)}


@cache
def target_machine() -> Any:
    """Return what llvmlite knows this processor by, for code that stays in memory."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        reloc="static" if target.name.startswith("x86") else "default",
        codemodel="jitdefault",
        jit=True,
    )


@cache
def made_for() -> str:
    """Return what machine code depends on, beside what it was compiled from."""
    import llvmlite.binding as llvm

    settings = sorted(
        f"{name}={value}"
        for name, value in os.environ.items()
        if name.startswith("NUMBA_") and name != "NUMBA_CACHE_DIR"
    )
    processor = (llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten())
    versions = (version("numba"), version("llvmlite"))
    return " ".join((llvm.get_default_triple(), *processor, *versions, *settings))


def _try(file: Path) -> None:
    """Load what is kept in a file; end this program where that cannot be done."""
    code = kept(file)
    assert code is not None
    load(code)
    # LLVM tells of a name that it does not find only when something else is loaded after it.
    import llvmlite.binding as llvm

    _LOADED[-1].add_object_file(llvm.ObjectFileRef.from_data(code.binary))


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=_DIGEST).digest()


if __name__ == "__main__":
    for name in sys.argv[1:]:
        _try(Path(name))
