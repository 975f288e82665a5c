"""Where many columns stand in memory, found by compiled code at once.

Why this way: to ask an array where it stands takes Python a third of a microsecond, and a day has
fifty columns: as long as it takes to simulate sixty visitors. Compiled code looks itself, at what
NumPy's header `ndarraytypes.h` says that stands at the place of an array (PyArrayObject_fields).
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.compiling import Kernel

Column = NDArray[Any]
find = Kernel("mppsim.plan.compiled.looking:find")


class Finder:
    """Finds where columns stand that come in an order, as addresses in a table of them."""

    def __init__(self, dtypes: Mapping[str, np.dtype[Any]], places: Mapping[str, int]) -> None:
        """Take which columns come, of which kind, and the place of the address of each."""
        self._dtypes = list(dtypes.values())
        self._wanted = np.array([(places[name], id(dtypes[name])) for name in dtypes], np.int64)
        self._at = address_of(self._wanted)

    def note(
        self, columns: tuple[Column, ...], begins: NDArray[np.int64], addresses: NDArray[np.int64]
    ) -> tuple[Column, ...]:
        """Note where columns stand, `begins` bytes after the first; return those that were found.

        These are of the right kind, and so they may be copies, to be kept as long as the addresses.
        `addresses` may have a second row: it says -1, but 0 for who cannot be written to.
        """
        second_row = 8 * addresses.shape[-1] * (addresses.ndim - 1)
        to = address_of(begins), address_of(addresses), second_row
        if not find(id(columns), len(columns), self._at, *to):
            columns = tuple(
                np.require(column, dtype, ["C", "A"])
                for column, dtype in zip(columns, self._dtypes, strict=True)
            )
            find(id(columns), len(columns), self._at, *to)
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
