"""Tables that have been computed once: a report reads the same ones many times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class KnownTables:
    """The tables of one result, by what they are called; whoever asks gets a copy."""

    _tables: dict[tuple[str, ...], pd.DataFrame] = field(default_factory=dict)

    def get(self, make: Callable[[], pd.DataFrame], *key: str | None) -> pd.DataFrame:
        """Return the table of this key, made if it is not known yet."""
        name = tuple(map(str, key))
        if name not in self._tables:
            self._tables[name] = make()
        return self._tables[name].copy()
