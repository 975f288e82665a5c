"""Tables for readers, as such: cells of rounded numbers, and the rows they come from.

A sheet is drawn by the terminal and by the HTML page alike. `narrow` leaves out what 80 columns
have no room for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mppsim.report import wording

if TYPE_CHECKING:
    import pandas as pd

Records = dict[Any, dict[str, Any]]
"""The rows of a data frame, by label."""


@dataclass(frozen=True)
class Cell:
    """A number or a word, with the half-width of its interval where it has one."""

    text: str
    half_width: str = ""
    tone: str = ""
    """'bad', 'good' or 'new' where it should catch the eye."""
    wraps: bool = False
    """Whether it may take several lines."""


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Group:
    """Rows under a heading of their own, or under none."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Sheet:
    """A table for readers; the first column names the row."""

    caption: str
    columns: tuple[str, ...]
    groups: tuple[Group, ...]
    note: str = ""

    @property
    def has_rows(self) -> bool:
        """Whether there is anything to show."""
        return any(group.rows for group in self.groups)


def records(frame: pd.DataFrame) -> Records:
    """Return the rows of a data frame by label, in its order."""
    columns = [str(column) for column in frame.columns]
    rows = zip(*(frame[column].tolist() for column in frame.columns), strict=True)
    return {
        label: dict(zip(columns, row, strict=True))
        for label, row in zip(frame.index.tolist(), rows, strict=True)
    }


@dataclass(frozen=True)
class Differences:
    """The rows of `Pair.differences`: by group, and for groups together."""

    by_group: Records
    both: dict[str, Any]
    """All visits to groups that both halls have."""
    everybody: dict[str, Any]
    """All visits of the one hall against all visits of the other."""

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Differences:
        """Read them by place: a tenant may be called 'all' or 'both' too."""
        both, everybody = (records(frame.iloc[[place]]) for place in (-2, -1))
        return cls(records(frame.iloc[:-2]), *both.values(), *everybody.values())


def one_group(rows: Iterable[Row]) -> tuple[Group, ...]:
    """Return the rows as the only group."""
    return (Group("", tuple(rows)),)


def minutes_cell(row: dict[str, Any], name: str, *, narrow: bool = False) -> Cell:
    """Return minutes with one decimal, without decimals from 100 on."""
    return _estimate_cell(row, name, 0 if abs(row[name]) >= 99.95 else 1, narrow)


def number_cell(row: dict[str, Any], name: str, *, narrow: bool = False) -> Cell:
    """Return a count: small means with one decimal."""
    value = row[name]
    whole = isinstance(value, int) or abs(value) >= 99.95
    return _estimate_cell(row, name, 0 if whole else 1, narrow)


def percent_cell(row: dict[str, Any], name: str, *, narrow: bool = False, tone: str = "") -> Cell:
    """Return a share as a percentage."""
    plus_minus = "" if narrow else wording.half_width(row[f"{name}_half_width"] * 100)
    return Cell(wording.percent(row[name]), plus_minus, tone)


def kept_cell(row: dict[str, Any], *, narrow: bool = False) -> Cell:
    """Return the share of promises kept, marked where many are broken."""
    return percent_cell(row, "kept", narrow=narrow, tone="bad" if row["kept"] < 0.8 else "")


def _estimate_cell(row: dict[str, Any], name: str, decimals: int, narrow: bool) -> Cell:
    interval = math.nan if narrow else row.get(f"{name}_half_width", math.nan)
    if row[name] == 0 and not interval > 0:
        return Cell("0")
    return Cell(wording.number(row[name], decimals), wording.half_width(interval, decimals))


def labels(cells: Sequence[Cell]) -> list[str]:
    """Return the cells as plain text."""
    return [f"{cell.text} {cell.half_width}".rstrip() for cell in cells]
