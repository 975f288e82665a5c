"""Memory for the columns of a day, which is used again once nobody has it any more.

Why this way: the system clears the memory that it gives, page by page as each is first written to.
For the columns of a day that takes longer than the day's simulation.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

KEPT = 2**25
"""Free bytes that are kept at most, of each size."""
LOADED = 64
"""Bytes that a processor loads at once: each piece of memory begins where they do."""

_free: defaultdict[int, list[tuple[Bytes, dict[str, Any]]]] = defaultdict(list)
"""By size, each with what NumPy asks of who has it, which takes long to find out."""


def borrowed(n_bytes: int) -> Bytes:
    """Return so many bytes with any content; their memory goes back when no array has it."""
    size = 1 << max(12, (n_bytes - 1).bit_length())
    try:
        memory, interface = _free[size].pop()
    except IndexError:
        memory, interface = _new(size)
    return np.asarray(_Loan(memory, interface))[:n_bytes]


def _new(size: int) -> tuple[Bytes, dict[str, Any]]:
    memory = np.empty(size + LOADED, np.uint8)
    memory = memory[-memory.ctypes.data % LOADED :][:size]
    return memory, memory.__array_interface__


class _Loan:
    """What arrays hold that stand in a piece of memory; it ends with the last of them."""

    __slots__ = ("__array_interface__", "_memory")

    def __init__(self, memory: Bytes, interface: dict[str, Any]) -> None:
        self._memory, self.__array_interface__ = memory, interface

    def __del__(self) -> None:
        free = _free[self._memory.size]
        if (len(free) + 1) * self._memory.size <= KEPT:
            free.append((self._memory, self.__array_interface__))
