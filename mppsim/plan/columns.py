"""Columns of a plan's tables that may be left out: then they say that nobody uses them."""

from __future__ import annotations

from dataclasses import field, fields
from typing import Any

import numpy as np


def column(like: str, value: float) -> Any:
    """Return a field for a column as long as another one; left out, it has this value."""
    return field(default_factory=lambda: np.zeros(0), metadata={"like": like, "value": value})


def fill_columns(table: Any) -> None:
    """Give the columns of a table that were left out the length and value that they stand for."""
    for name in fields(table):
        if "like" in name.metadata and not len(getattr(table, name.name)):
            n, value = len(getattr(table, name.metadata["like"])), name.metadata["value"]
            dtype = np.int32 if type(value) is int else None
            object.__setattr__(table, name.name, np.full(n, value, dtype))
