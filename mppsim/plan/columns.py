"""Columns of tables that may be left out: then they say that nobody uses them."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Mapping
from dataclasses import field, fields
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

Table = TypeVar("Table")
Function = TypeVar("Function", bound=Callable[..., Any])

_LENGTHS_KEPT = 4096
_REMEMBERED = 64
_LEFT_OUT = np.zeros(0)
_DTYPES = {int: "i4", float: "f8", bool: "?"}


def column(like: str, value: float) -> Any:
    """Return a field for a column as long as another one; left out, it has this value."""
    metadata = {"like": like, "value": value, "dtype": _DTYPES[type(value)]}
    return field(default_factory=lambda: _LEFT_OUT, metadata=metadata)


def fill_columns(table: Any, *, shared: bool = False) -> None:
    """Give the columns of a table that were left out the length and value that they stand for.

    `shared`: they are views of columns that many tables share, which nobody can write to.
    """
    filled: dict[tuple[str, float, str], NDArray[Any]] = {}
    # mypy doubts that a type can be hashed.
    for name, like, value, dtype in _may_be_left_out(cast(Hashable, type(table))):
        if not len(getattr(table, name)):
            n, alike = len(getattr(table, like)), (like, value, dtype)
            if not shared:
                filled[alike] = np.full(n, value, dtype)
            elif alike not in filled:
                # In lengths of powers of two, so that few are kept.
                filled[alike] = _all_alike(value, dtype, n.bit_length())[:n]
            object.__setattr__(table, name, filled[alike])


def is_left_out(column: NDArray[Any]) -> bool:
    """Tell whether a column was left out and shares its values: then nobody can write to it."""
    return not column.flags.writeable


class Outline(Generic[Table]):
    """A kind of table, and the columns of it that have one value, the same in every such table."""

    def __init__(
        self, kind: type[Table], alike: Mapping[str, float], drawn: Container[str]
    ) -> None:
        """Take columns that are `alike`, and all that may be left out and are not `drawn`."""
        self._kind = kind
        left_out = {
            name: (value, dtype)
            for name, _, value, dtype in _may_be_left_out(cast(Hashable, kind))
            if name not in drawn
        }
        self._alike = left_out | {n: (value, _DTYPES[type(value)]) for n, value in alike.items()}
        self._of_length: dict[int, dict[str, NDArray[Any]]] = {}

    def table(self, n: int, columns: Mapping[str, NDArray[Any]]) -> Table:
        """Return a table of n rows, of these columns and those that are alike."""
        alike = self._of_length.get(n)
        if alike is None:
            alike = {
                name: _all_alike(*one, n.bit_length())[:n] for name, one in self._alike.items()
            }
            if len(self._of_length) < _LENGTHS_KEPT:
                self._of_length[n] = alike
        # Without the constructor: it would take longer than to draw fifty visitors.
        table = object.__new__(self._kind)
        values = vars(table)
        values.update(alike)
        values.update(columns)
        return table


@lru_cache
def _may_be_left_out(table: Any) -> list[tuple[str, str, float, str]]:
    """Return the columns that a kind of table may do without, each with what it is like."""
    return [
        (one.name, *(one.metadata[key] for key in ("like", "value", "dtype")))
        for one in fields(table)
        if "like" in one.metadata
    ]


@lru_cache(maxsize=256)
def _all_alike(value: float, dtype: str, bits: int) -> NDArray[Any]:
    column = np.full(1 << bits, value, dtype)
    column.setflags(write=False)
    return column


def by_identity(function: Function) -> Function:
    """Let a function remember what it returned for the same objects, without a look at them."""
    known: dict[tuple[int, ...], tuple[Any, tuple[Any, ...]]] = {}

    def remembered(*things: Any) -> Any:
        found = known.get(tuple(map(id, things)))
        if found is None:
            if len(known) >= _REMEMBERED:
                known.clear()
            # With the things themselves, so that no others get their identity.
            found = known[tuple(map(id, things))] = (function(*things), things)
        return found[0]

    return cast(Function, remembered)
