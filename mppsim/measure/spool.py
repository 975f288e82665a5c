"""Lists that are too long for the memory: what does not fit goes to a temporary file.

Why this way: whoever looks through a list needs some columns of its items only. So arrays lie in
the file as they are, and an item from it is mapped: what is not looked at is not read.
"""

from __future__ import annotations

import mmap
import pickle
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from threading import Lock
from typing import IO, Any, Generic, NamedTuple, TypeVar

import numpy as np

Item = TypeVar("Item")
IN_MEMORY = 8 * 2**20
"""Bytes that a list keeps in memory before it goes on in a file."""
_ALIGNED = 64
"""Bytes; arrays in the file begin at a multiple of it, as they do in memory."""


class Spool(Generic[Item]):
    """A list that only grows; an item from the file is mapped anew each time it is asked for."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._left = in_memory
        self._items: list[Item] = []
        self._places: list[_Place] = []
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
            self._places.append(_put(item, self._file))

    def __len__(self) -> int:
        return len(self._items) + len(self._places)

    def __getitem__(self, number: int) -> Item:
        if number < len(self._items):
            return self._items[number]
        place = self._places[number - len(self._items)]
        item: Item = pickle.loads(place.head, buffers=place.arrays(self._file))
        return item

    def __iter__(self) -> Iterator[Item]:
        return (self[number] for number in range(len(self)))


class _Place(NamedTuple):
    """Where the arrays of an item are in a file."""

    head: bytes
    """The item without its arrays."""
    begin: int
    spans: list[slice]
    """Of each array, from `begin` on."""

    def arrays(self, file: IO[bytes]) -> Iterator[memoryview]:
        """Return the bytes of each array."""
        size = max((span.stop for span in self.spans), default=0)
        access = mmap.ACCESS_READ
        area = mmap.mmap(file.fileno(), size, access=access, offset=self.begin) if size else b""
        whole = memoryview(area)
        return (whole[span] for span in self.spans)


def _put(item: Any, file: IO[bytes]) -> _Place:
    """Write the arrays of an item at the end of a file, where a map can begin."""
    arrays: list[pickle.PickleBuffer] = []
    head = pickle.dumps(item, pickle.HIGHEST_PROTOCOL, buffer_callback=arrays.append)
    end = begin = _round_up(file.seek(0, 2), mmap.ALLOCATIONGRANULARITY)
    spans = []
    for array in arrays:
        file.seek(end)
        n_bytes = file.write(array.raw())
        spans.append(slice(end - begin, end - begin + n_bytes))
        end = _round_up(end + n_bytes, _ALIGNED)
    file.flush()
    return _Place(head, begin, spans)


def _round_up(number: int, unit: int) -> int:
    return -(-number // unit) * unit


def bytes_of(item: Any) -> int:
    """Return the bytes of all arrays in nested dataclasses and sequences."""
    if isinstance(item, np.ndarray):
        return item.nbytes
    if is_dataclass(item):
        return sum(bytes_of(getattr(item, field.name)) for field in fields(item))
    return sum(map(bytes_of, item)) if isinstance(item, list | tuple) else 0
