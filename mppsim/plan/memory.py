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

_free: defaultdict[int, list[Bytes]] = defaultdict(list)
"""By size."""


def borrowed(n_bytes: int) -> Bytes:
    """Return so many bytes with any content; their memory goes back when no array has it."""
    size = 1 << max(12, (n_bytes - 1).bit_length())
    try:
        memory = _free[size].pop()
    except IndexError:
        memory = np.empty(size, np.uint8)
    return np.asarray(_Loan(memory))[:n_bytes]


class _Loan:
    """What arrays hold that stand in a piece of memory; it ends with the last of them."""

    def __init__(self, memory: Bytes) -> None:
        self._memory = memory
        self.__array_interface__: dict[str, Any] = memory.__array_interface__

    def __del__(self) -> None:
        free = _free[self._memory.size]
        if (len(free) + 1) * self._memory.size <= KEPT:
            free.append(self._memory)
