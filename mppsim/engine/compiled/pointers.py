"""How compiled code reaches the tables of a hall: by their addresses.

`hall.lines[line].length` means the same here as in Python. To numba, a hall is one pointer to a
column of addresses, a table is a pointer, and a row of records too. Whole numbers are int64 and
other numbers float64 wherever they are computed with, whatever a table keeps them in. Loads and
stores say which field they touch, so that LLVM knows that they leave all others as they are.
"""

from __future__ import annotations

import operator
from collections.abc import Container, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.core.typing.templates import AttributeTemplate, signature
from numba.extending import (
    infer_getattr,
    intrinsic,
    lower_builtin,
    lower_getattr_generic,
    lower_setattr_generic,
    models,
    register_model,
    type_callable,
)

from mppsim.engine.compiled.plain import KNOWN
from mppsim.engine.compiled.tables import LEFT_OUT, TABLES

BYTE = ir.IntType(8)
ADDRESS = BYTE.as_pointer()
WORD = ir.IntType(64)


class HallType(types.Type):
    """A pointer to the addresses of some tables, in the order in which they are named."""

    def __init__(
        self,
        name: str,
        tables: Mapping[str, np.dtype[Any]],
        left_out: Container[str],
        known: Mapping[str, float | range],
    ) -> None:
        super().__init__(f"mppsim.{name}")
        self.tables, self.left_out, self.known = tables, left_out, known


class TableType(types.Type):
    """A pointer to the first row of a table."""

    def __init__(self, hall: HallType, table: str) -> None:
        super().__init__(f"{hall.name}, table {table}")
        self.table, self.known = table, hall.known
        self.dtype = hall.tables[table]
        self.n_tables, self.may_be_left_out = len(hall.tables), table in hall.left_out
        self.row = RowType(self) if self.dtype.names else number_type(self.dtype)


class RowType(types.Type):
    """A pointer to a record."""

    def __init__(self, table: TableType) -> None:
        super().__init__(f"{table.name}, row")
        self.dtype, self.table, self.known = table.dtype, table.table, table.known


for pointer in (HallType, TableType, RowType):
    register_model(pointer)(models.OpaqueModel)


def number_type(dtype: np.dtype[Any]) -> types.Type:
    """Return the type of a number when it is computed with."""
    return types.float64 if dtype.kind == "f" else types.int64


def tables_at(
    name: str,
    tables: Mapping[str, np.dtype[Any]],
    left_out: Container[str] = (),
    known: Mapping[str, float | range] = MappingProxyType({}),
) -> Any:
    """Return a function for compiled code: it returns the tables whose addresses stand at one.

    `known`: fields, as table.field, and tables, with what they say in all rows: a number, which is
    neither loaded nor stored, or one of a range of numbers.
    """
    pointer = HallType(name, tables, left_out, known)

    def to_pointer(_: Any, builder: Any, __: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], ADDRESS)

    def at(_: Any, address: Any) -> Any:
        return pointer(types.int64), to_pointer

    return intrinsic(at)


hall_at = tables_at("Hall", TABLES, LEFT_OUT)
plain_hall_at = tables_at("PlainHall", TABLES, LEFT_OUT, KNOWN)


@infer_getattr
class HallAttributes(AttributeTemplate):
    """The tables of a hall."""

    key = HallType

    def generic_resolve(self, hall: Any, name: str) -> types.Type | None:
        return TableType(hall, name) if name in hall.tables else None


@lower_getattr_generic(HallType)
def table_of(_: Any, builder: Any, typed: Any, hall: Any, name: str) -> Any:
    """Load the address of a table; of one that may be left out, find where its address stands."""
    addresses = builder.bitcast(hall, ADDRESS.as_pointer())
    place = builder.gep(addresses, [WORD(list(typed.tables).index(name))], inbounds=True)
    may_be_left_out = name in typed.left_out
    return builder.bitcast(place, ADDRESS) if may_be_left_out else _load_for_ever(builder, place)


def _load_for_ever(builder: Any, place: Any) -> Any:
    """Load what stays the same all day."""
    value = builder.load(place)
    value.set_metadata("invariant.load", builder.module.add_metadata([]))
    return value


@type_callable(operator.getitem)
def type_of_row(_: Any) -> Any:
    def typed(table: Any, index: Any) -> Any:
        if isinstance(table, TableType) and isinstance(index, types.Integer):
            return signature(table.row, table, types.int64)
        return None

    return typed


@lower_builtin(operator.getitem, TableType, types.Integer)
def row_of(_: Any, builder: Any, typed: Any, arguments: Any) -> Any:
    """Return a pointer to a row of records, or the number that a row is."""
    typed_table = typed.args[0]
    dtype = typed_table.dtype
    if typed_table.table in typed_table.known:
        return _constant(dtype, typed_table.known[typed_table.table])
    place = _row(builder, typed_table, *arguments)
    return place if dtype.names else _load(builder, dtype, place, typed_table.name)


@type_callable(operator.setitem)
def type_of_changed_row(_: Any) -> Any:
    def typed(table: Any, index: Any, value: Any) -> Any:
        if isinstance(table, TableType) and not table.dtype.names:
            return signature(types.none, table, types.int64, table.row)
        return None

    return typed


@lower_builtin(operator.setitem, TableType, types.Integer, types.Any)
def change_row(context: Any, builder: Any, typed: Any, arguments: Any) -> Any:
    """Store a number in a table."""
    table, index, value = arguments
    typed_table = typed.args[0]
    if typed_table.table not in typed_table.known:
        place = _row(builder, typed_table, table, index)
        _store(builder, typed_table.dtype, place, value, typed_table.name)
    return context.get_dummy_value()


@infer_getattr
class RowAttributes(AttributeTemplate):
    """The fields of a record."""

    key = RowType

    def generic_resolve(self, row: Any, name: str) -> types.Type | None:
        return number_type(row.dtype[name]) if name in row.dtype.names else None


@lower_getattr_generic(RowType)
def field_of(_: Any, builder: Any, row_type: Any, row: Any, name: str) -> Any:
    """Load a field of a record."""
    dtype, offset = row_type.dtype.fields[name]
    what = f"{row_type.table}.{name}"
    known = row_type.known.get(what)
    if known is not None and not isinstance(known, range):
        return _constant(dtype, known)
    place = builder.gep(row, [WORD(offset)], inbounds=True)
    return _load(builder, dtype, place, row_type.name + name, known)


@lower_setattr_generic(RowType)
def change_field(_: Any, builder: Any, typed: Any, arguments: Any, name: str) -> None:
    """Store a number in a field of a record."""
    row, value = arguments
    row_type = typed.args[0]
    if f"{row_type.table}.{name}" in row_type.known:
        return
    dtype, offset = row_type.dtype.fields[name]
    _store(
        builder,
        dtype,
        builder.gep(row, [WORD(offset)], inbounds=True),
        value,
        typed.args[0].name + name,
    )


def _row(builder: Any, typed: Any, table: Any, index: Any) -> Any:
    if typed.may_be_left_out:
        place = builder.bitcast(table, ADDRESS.as_pointer())
        rows = builder.bitcast(builder.gep(place, [WORD(typed.n_tables)]), WORD.as_pointer())
        index = builder.and_(index, _load_for_ever(builder, rows))
        table = _load_for_ever(builder, place)
    dtype = typed.dtype
    return builder.gep(table, [builder.mul(index, WORD(dtype.itemsize))], inbounds=True)


def _stored(dtype: np.dtype[Any]) -> ir.Type:
    return ir.DoubleType() if dtype.kind == "f" else ir.IntType(8 * dtype.itemsize)


def _constant(dtype: np.dtype[Any], value: float) -> ir.Constant:
    return ir.DoubleType()(float(value)) if dtype.kind == "f" else WORD(int(value))


def _touches(builder: Any, access: Any, what: str) -> None:
    """Say that a load or a store touches this alone; two things never stand in the same place."""
    module = builder.module
    root = module.add_metadata(["mppsim"])
    kind = module.add_metadata([what, root, WORD(0)])
    access.set_metadata("tbaa", module.add_metadata([kind, kind, WORD(0)]))


def _load(
    builder: Any, dtype: np.dtype[Any], place: Any, what: str, among: range | None = None
) -> Any:
    value = builder.load(builder.bitcast(place, _stored(dtype).as_pointer()), align=dtype.alignment)
    _touches(builder, value, what)
    if among is not None:
        bounds = [_stored(dtype)(among.start), _stored(dtype)(among.stop)]
        value.set_metadata("range", builder.module.add_metadata(bounds))
    if dtype.kind == "f" or dtype.itemsize == 8:
        return value
    return builder.sext(value, WORD) if dtype.kind == "i" else builder.zext(value, WORD)


def _store(builder: Any, dtype: np.dtype[Any], place: Any, value: Any, what: str) -> None:
    if dtype.kind != "f" and dtype.itemsize < 8:
        value = builder.trunc(value, _stored(dtype))
    stored = builder.store(
        value, builder.bitcast(place, _stored(dtype).as_pointer()), align=dtype.alignment
    )
    _touches(builder, stored, what)
