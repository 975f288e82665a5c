"""How functions are compiled: those that only other compiled functions call, and those of Python.

Why this way: numba makes machine code of each function that only others call, which nobody runs,
and of those for Python too, which is then made once more to be kept. What is `Unused` leaves that
out: compiling then takes a fifth less, or half where functions are many. It uses what is private to
numba, so that only the version serves that it was written for.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

import llvmlite.binding as llvm
import numba
from llvmlite import ir
from numba import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.cpu import CPUTargetOptions

from mppsim.plan.machine_code import Code, target_machine

ENTRY = "mppsim.called_by_python"
_OBJECT, _WORD, _STATUS = ir.IntType(8).as_pointer(), ir.IntType(64), ir.IntType(32)
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
    compiled = compiled_by_numba(function, **_compiled_by(OuterCompiler))
    arguments = (types.int64,) * len(signature(function).parameters)
    compiled.compile(arguments)
    (result,) = compiled.overloads.values()
    found: Any = result.signature.return_type
    results = () if found == types.none else getattr(found, "types", (found,))
    assert all(one in {types.int64, types.uint64} for one in results), found
    module = llvm.parse_assembly(result.library.get_llvm_str())
    for_python = called_by_python(result.fndesc.llvm_func_name, len(arguments), len(results))
    module.link_in(llvm.parse_assembly(str(for_python)))
    return Code(ENTRY, target_machine().emit_object(module))


def compiled_by_numba(function: Callable[..., Any], **options: Any) -> Any:
    """Return what numba compiles, and runs, when such a function is called."""
    return numba.njit(**_known({**_ALWAYS, "_nrt": PRIVATE["_nrt"]}), **options)(function)


def called_by_python(symbol: str, n_arguments: int, n_results: int) -> ir.Module:
    """Return what Python calls in place of a function; other threads run until it returns.

    It is what the C interface of Python names METH_FASTCALL: a function of an object, an array of
    arguments, and how many they are. numba calls with where results and errors go.
    """
    module = ir.Module()
    module.triple = llvm.get_default_triple()

    def named(name: str, returned: ir.Type, *taken: ir.Type, more: bool = False) -> ir.Function:
        return ir.Function(module, ir.FunctionType(returned, taken, var_arg=more), name)

    entry = named(ENTRY, _OBJECT, _OBJECT, _OBJECT.as_pointer(), _WORD)
    builder = ir.IRBuilder(entry.append_basic_block())
    is_right = builder.icmp_signed("==", entry.args[2], _WORD(n_arguments))
    with builder.if_then(builder.not_(is_right)):
        builder.call(named("PyErr_BadArgument", _STATUS), [])
        builder.ret(_OBJECT(None))
    to_number, numbers = named("PyLong_AsLongLong", _WORD, _OBJECT), []
    for place in range(n_arguments):
        argument = builder.load(builder.gep(entry.args[1], [_WORD(place)]))
        numbers.append(builder.call(to_number, [argument]))
    error = builder.call(named("PyErr_Occurred", _OBJECT), [])
    with builder.if_then(builder.icmp_unsigned("!=", error, _OBJECT(None))):
        builder.ret(_OBJECT(None))
    found, problem = builder.alloca(_WORD, max(n_results, 1)), builder.alloca(_OBJECT)
    called = named(symbol, _STATUS, found.type, problem.type, *[_WORD] * n_arguments)
    thread = builder.call(named("PyEval_SaveThread", _OBJECT), [])
    builder.call(called, [found, problem, *numbers])
    builder.call(named("PyEval_RestoreThread", ir.VoidType(), _OBJECT), [thread])
    results = [builder.load(builder.gep(found, [_WORD(place)])) for place in range(n_results)]
    text = bytearray(b"L" * n_results + b"\0")
    written = ir.GlobalVariable(module, ir.ArrayType(ir.IntType(8), len(text)), "written")
    written.initializer, written.linkage = ir.Constant(written.value_type, text), "private"
    put_together = named("Py_BuildValue", _OBJECT, _OBJECT, more=True)
    builder.ret(builder.call(put_together, [builder.bitcast(written, _OBJECT), *results]))
    return module


def _compiled_by(compiler: type[CompilerBase]) -> dict[str, Any]:
    return {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "pipeline_class": compiler}


def _known(options: dict[str, Any]) -> dict[str, Any]:
    """Return those of the options that this numba knows."""
    return {
        name: value
        for name, value in options.items()
        if name not in PRIVATE or hasattr(CPUTargetOptions, name)
    }
