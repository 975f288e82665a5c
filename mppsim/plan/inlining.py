"""How functions are compiled: those that only other compiled functions call, and those of Python.

Why this way: numba makes machine code of each function that only others call, which nobody runs,
and of those for Python too, which is then made once more to be kept. What is `Unused` leaves that
out: compiling then takes a fifth less, or half where functions are many. It uses what is private to
numba, so it is for versions that it was tested with; with others, functions are compiled in the
usual way, which gives the same code.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

import llvmlite.binding as llvm
import numba
from numba import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.cpu import CPUTargetOptions

from mppsim.plan.machine_code import Code, target_machine

TESTED = "0.68."
_ALWAYS = {"nogil": True, "error_model": "numpy"}
PRIVATE = {"_nrt": False, "forceinline": True}
"""Options that numba does not document: without them all is right, but ten times as slow.

Nothing that is compiled makes an array, so that no references need to be counted."""


class UnusedLibrary(JITCodeLibrary):
    """The code of a function for Python, of which machine code is made elsewhere."""

    def _finalize_final_module(self) -> None:
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        self._ensure_finalized()
        return 0

    def set_env(self, *_: object) -> None: ...

    @property
    def codegen(self) -> Any:
        return self


class InnerLibrary(UnusedLibrary):
    """The code of one inner function: to be inlined, so never optimized by itself."""

    def _optimize_final_module(self) -> None: ...


class OuterCompiler(CompilerBase):
    """The usual steps of compiling, into such a library."""

    library = UnusedLibrary

    def define_pipelines(self) -> list[Any]:
        codegen = self.state.targetctx.codegen()
        self.state.library = self.library(codegen, self.state.func_id.func_qualname)
        return [DefaultPassBuilder.define_nopython_pipeline(self.state)]


class InnerCompiler(OuterCompiler):
    """The same for an inner function."""

    library = InnerLibrary


def inner(function: Callable[..., Any], options: dict[str, Any]) -> Any:
    """Return what numba puts in the place of a function that other compiled ones call."""
    return numba.njit(**_known(options), **_compiled_by(InnerCompiler))(function)


def machine_code(function: Callable[..., Any]) -> Code:
    """Compile a function of whole numbers for Python."""
    options = _known({**_ALWAYS, "_nrt": PRIVATE["_nrt"]})
    compiled = numba.njit(**options, **_compiled_by(OuterCompiler))(function)
    n_arguments = len(signature(function).parameters)
    compiled.compile((types.int64,) * n_arguments)
    (result,) = compiled.overloads.values()
    found: Any = result.signature.return_type
    results = () if found == types.none else getattr(found, "types", (found,))
    assert all(one in {types.int64, types.uint64} for one in results), found
    module = llvm.parse_assembly(result.library.get_llvm_str())
    binary = target_machine().emit_object(module)
    return Code(result.fndesc.llvm_func_name, n_arguments, len(results), binary)


def _compiled_by(compiler: type[CompilerBase]) -> dict[str, Any]:
    private = {"pipeline_class": compiler} if numba.__version__.startswith(TESTED) else {}
    return {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, **private}


def _known(options: dict[str, Any]) -> dict[str, Any]:
    """Return those of the options that this numba knows."""
    return {
        name: value
        for name, value in options.items()
        if name not in PRIVATE or hasattr(CPUTargetOptions, name)
    }
