"""How functions are compiled that only other compiled functions call.

Why this way: numba makes machine code of each of them that nobody runs. `InnerLibrary` leaves that
out: compiling then takes a fifth less, or half where functions are many. It uses what is private to
numba, so it is for versions that it was tested with; with others, inner functions are compiled in
the usual way, which gives the same code.
"""

from __future__ import annotations

from typing import Any

import numba
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder

TESTED = "0.68."


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
"""Options for such functions."""
