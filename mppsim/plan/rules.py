"""By which rules the counters of a hall work, as an engine needs to know them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

DisciplineName = Literal["priority", "fifo", "ratio", "aging", "longest_queue", "longest_wait"]


class Target(NamedTuple):
    """Visitors at a station whom a counter serves: all, or (not -1) of one service or class."""

    station: int
    service: int = -1
    visitor_class: int = -1


@dataclass(frozen=True)
class CounterRule:
    """What is particular to one counter."""

    speed: float = 1.0
    serves: tuple[tuple[Target, ...], ...] = ()
    """Most preferred first, equals side by side; empty: everybody at its own station."""


@dataclass(frozen=True)
class StationRule:
    """By which rules the counters of one station work."""

    shifted_breaks: bool = False
    """Whether a break that begins late keeps its length; else it ends as planned."""
    shift_end: Literal["finish", "resume", "restart"] = "finish"
    stop_taking: float = 0.0
    """Minutes before the end of a shift in which nobody is called."""
    discipline: DisciplineName = "priority"
    amount: float = 0.0
    """Visitors of later classes for each earlier one, or minutes of waiting that lift a class."""
    lines: Literal["one", "shortest", "random"] = "one"
