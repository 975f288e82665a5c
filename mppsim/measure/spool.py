"""Lists that are too long for the memory: what does not fit goes to a temporary file."""

from __future__ import annotations

import pickle
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from threading import Lock
from typing import Any, Generic, TypeVar

import numpy as np

Item = TypeVar("Item")
IN_MEMORY = 32 * 2**20
"""Bytes that a list keeps in memory before it goes on in a file."""


class Spool(Generic[Item]):
    """A list that only grows; an item from the file is read anew each time it is asked for."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._left = in_memory
        self._items: list[Item] = []
        self._places: list[int] = []
        self._lock = Lock()

    def append(self, item: Item) -> None:
        """Add an item at the end."""
        self._left -= bytes_of(item)
        if self._left >= 0 and not self._places:
            self._items.append(item)
            return
        with self._lock:
            if not self._places:
                self._file = tempfile.TemporaryFile(prefix="mppsim-")  # noqa: SIM115  # it stays open
                weakref.finalize(self, self._file.close)
            self._places.append(self._file.seek(0, 2))
            pickle.dump(item, self._file, pickle.HIGHEST_PROTOCOL)

    @property
    def n_in_memory(self) -> int:
        """How many items are in memory: the first ones."""
        return len(self._items)

    def __len__(self) -> int:
        return len(self._items) + len(self._places)

    def __getitem__(self, number: int) -> Item:
        if number < len(self._items):
            return self._items[number]
        with self._lock:
            self._file.seek(self._places[number - len(self._items)])
            item: Item = pickle.load(self._file)
            return item

    def __iter__(self) -> Iterator[Item]:
        return (self[number] for number in range(len(self)))


def bytes_of(item: Any) -> int:
    """Return the bytes of all arrays in nested dataclasses and sequences."""
    if isinstance(item, np.ndarray):
        return item.nbytes
    if is_dataclass(item):
        return sum(bytes_of(getattr(item, field.name)) for field in fields(item))
    return sum(map(bytes_of, item)) if isinstance(item, list | tuple) else 0
