"""How compiled code calls compiled code that was made apart from it: by its address."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

_WORD, _STATUS, _PROBLEM = ir.IntType(64), ir.IntType(32), ir.IntType(8).as_pointer()


def calling(n_results: int) -> Any:
    """Return a function for compiled code: it calls what stands at an address with whole numbers.

    It takes the address and a tuple of the arguments, and returns a tuple of so many results.
    """

    def call(_: Any, address: Any, arguments: Any) -> Any:
        results = types.UniTuple(types.int64, n_results)

        def lower(context: Any, builder: Any, __: Any, values: Any) -> Any:
            # numba calls with where results and errors go.
            found = cgutils.alloca_once(builder, _WORD, _WORD(n_results))
            problem = cgutils.alloca_once(builder, _PROBLEM)
            taken = cgutils.unpack_tuple(builder, values[1])
            takes = [found.type, problem.type, *(_WORD for _ in taken)]
            called = ir.FunctionType(_STATUS, takes).as_pointer()
            builder.call(builder.inttoptr(values[0], called), [found, problem, *taken])
            each = [builder.load(builder.gep(found, [_WORD(k)])) for k in range(n_results)]
            return context.make_tuple(builder, results, each)

        return results(types.int64, arguments), lower

    return intrinsic(call)
