"""Machine code of functions in files: kept when it is compiled, loaded from then on without numba.

Why this way: to import numba and to let it load what its own cache holds takes 0.7 s; llvmlite,
which numba stands on, loads the same code in 0.05 s. What it cannot load ends the program: so every
file is tried in a program of its own before it is kept, and is used only as it was written, on the
processor and with the versions that it was made for.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from ctypes import PYFUNCTYPE, Structure, addressof, c_char_p, c_int, c_void_p, py_object, pythonapi
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

NUMBA = "0.68."
"""The version of numba by which code is made; what is private to it changes with each."""
BY_CODE = "mppsim.called_by_code"
"""What compiled code calls, as numba does: with where results and errors go."""
_DIGEST = 16
_LOADED: list[Any] = []
"""What owns the code: it stays where it is until the program ends."""


class Code(NamedTuple):
    """The machine code of a function that Python calls with whole numbers."""

    symbol: str
    binary: bytes


class _Method(Structure):
    """What Python's C interface calls PyMethodDef."""

    _fields_ = (("name", c_char_p), ("run", c_void_p), ("flags", c_int), ("says", c_char_p))


_FASTCALL = 0x80


class Loaded(NamedTuple):
    """A function in memory."""

    by_python: Callable[..., Any]
    """It frees the interpreter's lock, and returns a number or a tuple."""
    address: int
    """Where compiled code finds it."""


def load(code: Code) -> Loaded:
    """Load a function; it stays in memory until the program ends."""
    import llvmlite.binding as llvm

    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target_machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code.binary))
    engine.finalize_object()
    address = engine.get_function_address(code.symbol)
    method = _Method(code.symbol.encode(), address, _FASTCALL, None)
    _LOADED.append((engine, method))
    # Called in a tenth of the time that ctypes takes for a call.
    as_function = PYFUNCTYPE(py_object, c_void_p, c_void_p, c_void_p)(
        ("PyCFunction_NewEx", pythonapi)
    )
    function: Callable[..., Any] = as_function(addressof(method), None, None)
    return Loaded(function, engine.get_function_address(BY_CODE))


def keep(codes: Mapping[Path, Code]) -> bool:
    """Keep each in its file, all at once or none; tell whether another program can load them."""
    new = {Path(f"{file}.{os.getpid()}"): file for file in codes}
    try:
        for written, file in new.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            body = b"\n".join((codes[file].symbol.encode(), codes[file].binary))
            written.write_bytes(_digest(body) + body)
        words = [*another_python(), __file__, *map(str, new)]
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
    symbol, binary = body.split(b"\n", 1)
    return Code(symbol.decode(), binary)


def another_python() -> list[str]:
    """Return the words that start Python once more; raise OSError where this is another program."""
    if not sys.executable or hasattr(sys, "frozen"):
        raise FileNotFoundError("python")
    return [sys.executable, "-P"]


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

    _LOADED[-1][0].add_object_file(llvm.ObjectFileRef.from_data(code.binary))


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=_DIGEST).digest()


if __name__ == "__main__":
    for name in sys.argv[1:]:
        _try(Path(name))
