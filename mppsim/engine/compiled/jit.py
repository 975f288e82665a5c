"""How the functions of the compiled engine are compiled.

Why this way: see `kernel.py`. `InnerLibrary` uses what is private to numba, so it is for versions
that it was tested with; with others, inner functions are compiled in the usual way, which gives the
same code and takes twice as long.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder

COMPILES = not numba.config.DISABLE_JIT  # type: ignore[attr-defined]  # numba reads it at import
"""False where all is to run as plain Python, to look for a mistake."""
TESTED = "0.68."
Function = TypeVar("Function", bound=Callable[..., Any])


class InnerLibrary(JITCodeLibrary):
    """The code of one inner function: to be inlined, so never optimized nor run by itself."""

    def _optimize_final_module(self) -> None: ...

    def _finalize_final_module(self) -> None:
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        return 0

    def set_env(self, *_: object) -> None: ...

    @property
    def codegen(self) -> Any:
        return self


class InnerCompiler(CompilerBase):
    """The usual steps of compiling, into such a library."""

    def define_pipelines(self) -> list[Any]:
        codegen = self.state.targetctx.codegen()
        self.state.library = InnerLibrary(codegen, self.state.func_id.func_qualname)
        return [DefaultPassBuilder.define_nopython_pipeline(self.state)]


INNER: dict[str, Any] = {
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
    **({"pipeline_class": InnerCompiler} if numba.__version__.startswith(TESTED) else {}),
}


def inner(function: Function) -> Function:
    """Compile a function that only compiled ones call, and that becomes a part of them."""
    return cast(Function, numba.njit(forceinline=True, **INNER)(function))


def apart(function: Function) -> Function:
    """Compile a function that is called now and then: it stays one, out of the way of the rest."""
    return cast(Function, numba.njit(**INNER)(function))
