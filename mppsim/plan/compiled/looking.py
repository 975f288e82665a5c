"""Look where columns stand in memory, in compiled code; see `addresses`."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from mppsim.plan.compiled.addresses import DATA, DTYPE, FIRST, FLAGS, READY, WRITEABLE

_WORD = ir.IntType(64)


def find(columns: int, n: int, wanted: int, begins: int, addresses: int, second_row: int) -> int:
    """Note the addresses of the n arrays of a tuple; tell whether each was of its kind."""
    are_right = True
    for k in range(n):
        array = word_at(columns + FIRST + 8 * k)
        place, dtype = addresses + 8 * word_at(wanted + 16 * k), word_at(wanted + 16 * k + 8)
        flags = word_at(array + FLAGS)
        are_right = are_right and word_at(array + DTYPE) == dtype and flags & READY == READY
        set_word(place, word_at(array + DATA) + word_at(begins + 8 * k))
        if second_row:
            set_word(place + second_row, -1 if flags & WRITEABLE else 0)
    return int(are_right)


def _word_at(_: Any, address: Any) -> Any:
    def lower(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        return builder.load(builder.inttoptr(arguments[0], _WORD.as_pointer()))

    return types.int64(types.int64), lower


def _set_word(_: Any, address: Any, value: Any) -> Any:
    def lower(context: Any, builder: Any, __: Any, arguments: Any) -> Any:
        builder.store(arguments[1], builder.inttoptr(arguments[0], _WORD.as_pointer()))
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), lower


word_at: Any = intrinsic(_word_at)
set_word: Any = intrinsic(_set_word)
