"""What a report says, before it becomes HTML: headline, key numbers, and sections of parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from mppsim.report.cells import Sheet

if TYPE_CHECKING:
    from mppsim.report.drawing import Chart


@dataclass(frozen=True)
class KeyNumber:
    """A number to see first."""

    label: str
    value: str
    remark: str = ""


@dataclass(frozen=True)
class Terms:
    """Words and what they mean, or items and their values."""

    pairs: tuple[tuple[str, str], ...]
    is_code: bool = False
    """Whether the values are for machines: hashes, versions, commands."""


@dataclass(frozen=True)
class Listing:
    """Lines under a small heading, such as the sources of a scenario."""

    heading: str
    lines: tuple[str, ...]


Part: TypeAlias = "Sheet | Chart | Terms | Listing"


@dataclass(frozen=True)
class Section:
    """A part of the page with its own heading, to which the contents lead."""

    anchor: str
    title: str
    text: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Page:
    """A whole report."""

    title: str
    subtitle: str
    headlines: tuple[str, ...]
    findings: tuple[str, ...]
    key_numbers: tuple[KeyNumber, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Glance:
    """What a notebook shows of a result: the headlines and a table for each."""

    title: str
    headlines: tuple[str, ...]
    sheets: tuple[Sheet, ...]
