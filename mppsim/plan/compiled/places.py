"""Where the tables are that compiled code gets; `pointers` finds them there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.compiled.addresses import address_of

Tables = TypeVar("Tables", bound=Iterable[NDArray[Any]])

NUMBERS_EACH = 3
"""Of a table: its address, and its shape in one or two dimensions."""


class Place(Generic[Tables]):
    """Where the tables of a named tuple are: at `address`, for as long as this lives."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        found = [(address_of(table), *table.shape, 0)[:NUMBERS_EACH] for table in tables]
        self._numbers = np.array(found, np.int64)
        self.address = address_of(self._numbers)
