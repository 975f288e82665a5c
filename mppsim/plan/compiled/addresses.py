"""Where many columns stand in memory, found by compiled code at once.

Why this way: to ask an array where it stands takes Python a third of a microsecond, and a day has
fifty columns: as long as it takes to simulate sixty visitors. Compiled code looks itself, at what
NumPy's header `ndarraytypes.h` says that stands at the place of an array (PyArrayObject_fields).
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.compiling import Kernel

Column = NDArray[Any]
find = Kernel("mppsim.plan.compiled.looking:find")


class Finder:
    """Finds where columns stand that come in an order, as addresses in a table of them."""

    def __init__(
        self, dtypes: Mapping[str, np.dtype[Any]], tables: Iterable[str], *, two_rows: bool = False
    ) -> None:
        """Take which columns come, of which kind, and the names of all tables.

        `two_rows`: a second row of addresses says -1, but 0 for who cannot be written to.
        """
        places = {name: place for place, name in enumerate(tables)}
        self._dtypes = list(dtypes.values())
        self._wanted = np.array([(places[name], id(dtypes[name])) for name in dtypes], np.int64)
        self._to_second_row = 8 * len(places) if two_rows else 0
        self._nowhere = np.zeros(len(dtypes), np.int64)
        self._at, self._at_nowhere = address_of(self._wanted), address_of(self._nowhere)

    def note(
        self, columns: tuple[Column, ...], addresses: int, begins: int | None = None
    ) -> tuple[Column, ...]:
        """Note where columns stand in the table at `addresses`; return those that were found.

        They are of the right kind, and so they may be copies, to be kept as long as the addresses.
        At `begins` it says how many bytes after the first of a column its address is.
        """
        to = self._at, self._at_nowhere if begins is None else begins, addresses
        if not find(id(columns), len(columns), *to, self._to_second_row):
            columns = tuple(
                np.require(column, dtype, ["C", "A"])
                for column, dtype in zip(columns, self._dtypes, strict=True)
            )
            find(id(columns), len(columns), *to, self._to_second_row)
        return columns


def address_of(table: Any) -> int:
    """Return where a table stands in memory."""
    if table.flags.writeable:  # four times as fast as the other way
        return ctypes.addressof(_NOTHING.from_buffer(table))
    address: int = table.ctypes.data
    return address


_NOTHING = ctypes.c_char * 0


class _Array(ctypes.Structure):
    """What stands at the place of an array."""

    _fields_ = (
        ("head", ctypes.c_char * object.__basicsize__),
        ("data", ctypes.c_void_p),
        ("nd", ctypes.c_int),
        ("dimensions", ctypes.c_void_p),
        ("strides", ctypes.c_void_p),
        ("base", ctypes.c_void_p),
        ("descr", ctypes.c_void_p),
        ("flags", ctypes.c_int),
    )


FIRST = tuple.__basicsize__
DATA, DTYPE, FLAGS = _Array.data.offset, _Array.descr.offset, _Array.flags.offset
READY, WRITEABLE = 0x101, 0x400
"""Flags of arrays: of one piece and aligned; may be written to."""
