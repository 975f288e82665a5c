"""What the processor does in one instruction, and numba in several."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

_REAL, _WHOLE = ir.DoubleType(), ir.IntType(64)


def _nearest_to(_: Any, number: Any) -> Any:
    """Return the whole number nearest to a number, of two the even one."""

    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        does = ir.FunctionType(_WHOLE, [_REAL])
        nearest = cgutils.get_or_insert_function(builder.module, does, "llvm.lrint.i64.f64")
        return builder.call(nearest, arguments)

    return types.int64(types.float64), lower


nearest: Any = intrinsic(_nearest_to)
