"""How compiled code gets its tables: by one address, at which it says where each of them is.

Why this way: numba takes 0.2 microseconds for every array that a function is called with, which for
all tables of a day would be 12, as long as it takes to draw 150 visitors.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array, populate_array
from numba.np.numpy_support import from_dtype

from mppsim.plan.compiled.places import NUMBERS_EACH

_BYTE, _WORD = ir.IntType(8), ir.IntType(64)


def tables_at(kind: Any, **dtypes: Any) -> Any:
    """Return a function that finds the tables of a named tuple at an address, in compiled code.

    `dtypes` has the type of a row of each table, or [type] for a table of two dimensions.
    """
    assert tuple(dtypes) == kind._fields
    arrays = [
        types.Array(from_dtype(np.dtype(one[0])), 2, "C")
        if isinstance(one, list)
        else types.Array(from_dtype(np.dtype(one)), 1, "C")
        for one in dtypes.values()
    ]
    found = types.NamedTuple(arrays, kind)

    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        numbers = builder.inttoptr(arguments[0], _WORD.as_pointer())

        def number(place: int) -> Any:
            return builder.load(builder.gep(numbers, [_WORD(place)], inbounds=True))

        tables = []
        for first, array_type in zip(range(0, 99, NUMBERS_EACH), arrays, strict=False):
            shape = [number(first + 1 + k) for k in range(array_type.ndim)]
            tables.append(_array(context, builder, array_type, number(first), shape))
        return context.make_tuple(builder, found, tables)

    def at(_: Any, address: Any) -> Any:
        return found(types.int64), lower

    return intrinsic(at)


def rows_in(kind: Any, tables: Sequence[int]) -> Any:
    """Return a function that finds the rows of some tables that are arrays of a named tuple.

    For each array, `tables` says in which table it is a row. Compiled code calls it with the
    numbers of these rows and the tables; a row below 0 is an array of length 0.
    """

    def rows_of(_: Any, rows: Any, room: Any) -> Any:
        arrays = [types.Array(room.types[table].dtype, 1, "C") for table in tables]
        found = types.NamedTuple(arrays, kind)

        def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            numbers, columns = make_array(rows)(context, builder, arguments[0]).data, []
            for place, (table, array_type) in enumerate(zip(tables, arrays, strict=True)):
                whole = builder.extract_value(arguments[1], table)
                whole = make_array(room.types[table])(context, builder, whole)
                row = builder.load(builder.gep(numbers, [_WORD(place)], inbounds=True))
                row = builder.sext(row, _WORD)
                _, length = cgutils.unpack_tuple(builder, whole.shape, 2)
                stride, _ = cgutils.unpack_tuple(builder, whole.strides, 2)
                address = builder.add(builder.ptrtoint(whole.data, _WORD), builder.mul(row, stride))
                is_there = builder.icmp_signed(">=", row, _WORD(0))
                shape = [builder.select(is_there, length, _WORD(0))]
                columns.append(_array(context, builder, array_type, address, shape))
            return context.make_tuple(builder, found, columns)

        return found(rows, room), lower

    return intrinsic(rows_of)


def _array(context: Any, builder: Any, array_type: Any, address: Any, shape: list[Any]) -> Any:
    """Return the array of this shape that stands at an address."""
    array = make_array(array_type)(context, builder)
    itemsize = _WORD(context.get_abi_sizeof(context.get_data_type(array_type.dtype)))
    strides = [itemsize]
    if array_type.ndim > 1:
        strides = [builder.mul(itemsize, shape[1]), itemsize]
    populate_array(
        array,
        data=builder.inttoptr(address, array.data.type),
        shape=cgutils.pack_array(builder, shape),
        strides=cgutils.pack_array(builder, strides),
        itemsize=itemsize,
        meminfo=None,
    )
    return array._getvalue()


def _fetch(_: Any, table: Any, row: Any) -> Any:
    """Let the processor fetch a row of a table that will soon be read."""

    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array = make_array(table)(context, builder, arguments[0])
        stride, *_ = cgutils.unpack_tuple(builder, array.strides, table.ndim)
        address = builder.add(
            builder.ptrtoint(array.data, _WORD), builder.mul(arguments[1], stride)
        )
        place = builder.inttoptr(address, _BYTE.as_pointer())
        number = ir.IntType(32)
        does = ir.FunctionType(ir.VoidType(), [_BYTE.as_pointer(), number, number, number])
        prefetch = cgutils.get_or_insert_function(builder.module, does, "llvm.prefetch.p0i8")
        builder.call(prefetch, [place, number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(table, row), lower


fetch: Any = intrinsic(_fetch)
