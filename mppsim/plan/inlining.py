"""How functions are compiled: those that only other compiled functions call, and those of Python.

Why this way: numba makes machine code of each function that only others call, which nobody runs,
and of those for Python too, which is then made once more to be kept. What is `Unused` leaves that
out: compiling then takes a fifth less, or half where functions are many. Linked once, without steps
for what no function has, and with operators on numbers looked up among numbers first, it takes a
fifth less again, for the same code. It uses what is private to numba, so that only the version
serves that it was written for.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

import llvmlite.binding as llvm
import numba
from llvmlite import ir
from numba import types
from numba.core import typed_passes, untyped_passes
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.targetconfig import TargetConfig
from numba.core.typing.templates import CallableTemplate, ConcreteTemplate

from mppsim.plan.machine_code import BY_CODE, Code, target_machine

ENTRY = "mppsim.called_by_python"
_OBJECT, _WORD, _STATUS = ir.IntType(8).as_pointer(), ir.IntType(64), ir.IntType(32)
_jit: Any = numba.njit
_NOT_CALLED = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_FOR_PYTHON = {"nogil": True, "error_model": "numpy", "_nrt": False}
"""Nothing that is compiled makes an array, so that no references need to be counted."""


_FOR_OTHERS = {
    untyped_passes.WithLifting,
    untyped_passes.InlineClosureLikes,
    untyped_passes.RewriteSemanticConstants,
    untyped_passes.DeadBranchPrune,
    untyped_passes.RewriteDynamicRaises,
    untyped_passes.MakeFunctionToJitFunction,
    untyped_passes.InlineInlinables,
    untyped_passes.FindLiterallyCalls,
    untyped_passes.LiteralUnroll,
    untyped_passes.LiteralPropagationSubPipelinePass,
    typed_passes.InlineOverloads,
    typed_passes.NopythonRewrites,
    typed_passes.NoPythonSupportedFeatureValidation,
    typed_passes.AnnotateTypes,
    typed_passes.DumpParforDiagnostics,
}
"""Steps for closures, whole arrays and other things that no compiled function has."""


class LinkingLibrary(JITCodeLibrary):
    """The code of a function for Python, with that of all inner ones below it."""

    def add_linking_library(self, library: Any) -> None:
        library._ensure_finalized()
        new = [library, *library._linking_libraries]
        # LLVM links what something calls already: so each comes after all that call it.
        before = (one for one in self._linking_libraries if one not in new)
        self._linking_libraries = [*before, *new]


class UnusedLibrary(LinkingLibrary):
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
    """The code of one inner function: to be inlined, so neither linked nor optimized by itself."""

    def finalize(self) -> None:
        for function in self.get_defined_functions():
            function.linkage = llvm.Linkage.linkonce_odr
        self._shared_module = self._final_module
        self._finalized = True


class LinkingCompiler(CompilerBase):
    """The usual steps of compiling, but for those in vain, into such a library."""

    library = LinkingLibrary

    def define_pipelines(self) -> list[Any]:
        codegen = self.state.targetctx.codegen()
        self.state.library = self.library(codegen, self.state.func_id.func_qualname)
        steps = DefaultPassBuilder.define_nopython_pipeline(self.state)
        steps.passes[:] = (step for step in steps.passes if step[0] not in _FOR_OTHERS)
        return [steps]


class OuterCompiler(LinkingCompiler):
    """The same for a function whose machine code is made elsewhere."""

    library = UnusedLibrary


class InnerCompiler(LinkingCompiler):
    """The same for an inner function."""

    library = InnerLibrary


def inner(function: Callable[..., Any], options: dict[str, Any]) -> Any:
    """Return what numba puts in the place of a function that other compiled ones call."""
    return _jit(**options, **_NOT_CALLED, pipeline_class=InnerCompiler)(function)


def machine_code(function: Callable[..., Any]) -> Code:
    """Compile a function of whole numbers for Python."""
    compiled = _jit(**_FOR_PYTHON, **_NOT_CALLED, pipeline_class=OuterCompiler)(function)
    arguments = (types.int64,) * len(signature(function).parameters)
    compiled.compile(arguments)
    (result,) = compiled.overloads.values()
    found: Any = result.signature.return_type
    results = () if found == types.none else getattr(found, "types", (found,))
    assert all(one in {types.int64, types.uint64} for one in results), found
    module = llvm.parse_assembly(result.library.get_llvm_str())
    module.get_function(result.fndesc.llvm_func_name).name = BY_CODE
    for_python = called_by_python(BY_CODE, len(arguments), len(results))
    module.link_in(llvm.parse_assembly(str(for_python)))
    return Code(ENTRY, target_machine().emit_object(module))


def compiled_by_numba(function: Callable[..., Any]) -> Any:
    """Return what numba compiles, and runs, when such a function is called."""
    return _jit(**_FOR_PYTHON, pipeline_class=LinkingCompiler)(function)


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


def _hash(options: TargetConfig) -> int:
    return len(options._values)


def _are_equal(options: TargetConfig, others: object) -> bool:
    return isinstance(others, TargetConfig) and options._values == others._values


# numba looks up options at every operator, and takes as long for that as for all the rest there.
_options: Any = TargetConfig
_options.__hash__, _options.__eq__ = _hash, _are_equal
# It tries what is for one target before what is for all, such as sets and texts.
ConcreteTemplate.metadata = CallableTemplate.metadata = {"target": "cpu"}
