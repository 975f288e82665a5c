"""A histogram of times as a planner writes it: {"0-5 min": 12, "5-10 min": 30}."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import Annotated, Any, NamedTuple

import numpy as np
from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from mppsim.scenario.durations import UNITS, parse_duration
from mppsim.scenario.errors import expected, quoted, shown
from mppsim.scenario.quantiles import Array

BIN_WORDS = "a bin such as '0-5 min'"
_NUMBER = r"[0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]+)?"
_BIN = re.compile(rf"\s*({_NUMBER})\s*([a-z]*)\s*-\s*({_NUMBER})\s*([a-z]+)\s*")
_UNIT = "|".join(UNITS)


class Bin(NamedTuple):
    """The times from low to high minutes, and how many of them were seen."""

    low: float
    high: float
    seen: float


class Bins(NamedTuple):
    """The bins of a histogram, in order, without overlap; times lie evenly within a bin."""

    bins: tuple[Bin, ...]

    def moments(self) -> tuple[float, float]:
        """Return mean and variance."""
        total = math.fsum(part.seen for part in self.bins)
        middles = [(part.seen / total, 0.5 * (part.low + part.high)) for part in self.bins]
        mean = math.fsum(share * middle for share, middle in middles)
        between = [share * (middle - mean) * (middle - mean) for share, middle in middles]
        widths = [(part.seen / total, part.high - part.low) for part in self.bins]
        return mean, math.fsum((*between, *(share * (w * w) / 12 for share, w in widths)))

    def quantile(self, u: Array) -> Array:
        """Return the time at each u in (0, 1)."""
        low, high, count, before, reached = self.columns()
        rank = np.asarray(u, dtype=np.float64) * reached[-1]
        row = np.minimum(np.searchsorted(reached, rank), len(count) - 1)
        time: Array = low[row] + (high - low)[row] * ((rank - before[row]) / count[row])
        return np.asarray(np.minimum(time, high[row]))

    def tail(self, x: Array, upper: bool) -> Array:
        """Return the probability of at most x minutes, or of more where `upper`."""
        low, high, count, before, reached = self.columns()
        x = np.maximum(np.asarray(x, dtype=np.float64), low[0])
        row = np.searchsorted(low, x, side="right") - 1
        within = np.minimum((x - low[row]) / (high - low)[row], 1.0)
        total: float = reached[-1]
        if upper:
            above: Array = (total - before[row] - count[row]) + count[row] * (1 - within)
            return above / total
        below: Array = (before[row] + count[row] * within) / total
        return below

    def columns(self) -> tuple[Array, Array, Array, Array, Array]:
        """Return the bins that were seen: low, high, number seen, and before and up to them."""
        rows = [part for part in self.bins if part.seen > 0]
        low, high, count = np.array(rows, dtype=np.float64).T
        reached = np.add.accumulate(count)
        return low, high, count, np.concatenate(([0.0], reached[:-1])), reached


def parse_histogram(written: object) -> Bins:
    """Return the bins, sorted, of a map from '0-5 min' to a count."""
    if isinstance(written, Bins):
        return written
    if not isinstance(written, dict) or not written:
        raise expected(f"a map from bins to counts, such as {{'0-5 min': 12}}: {BIN_WORDS}")
    bins = tuple(sorted(_parse_bin(name, count) for name, count in written.items()))
    for first, second in pairwise(bins):
        if second.low < first.high:
            found = f"the bins {_bin_text(first)} and {_bin_text(second)}"
            raise expected("bins that do not overlap", found=found)
    if not any(part.seen for part in bins):
        raise expected("at least one count above 0", found="no count above 0")
    return Bins(bins)


def _parse_bin(name: object, count: object) -> Bin:
    match = _BIN.fullmatch(name) if isinstance(name, str) else None
    if match is None:
        raise expected(BIN_WORDS, found=f"the bin {shown(name)}")
    low_number, low_unit, high_number, unit = match.groups()
    low = parse_duration(f"{low_number} {low_unit or unit}")
    high = parse_duration(f"{high_number} {unit}")
    if low >= high:
        raise expected("a bin that ends above its start", found=f"the bin {quoted(match[0])}")
    if isinstance(count, bool) or not isinstance(count, int | float) or not 0 <= count < math.inf:
        found = f"{shown(count)} in the bin {quoted(match[0])}"
        raise expected("a count of at least 0", found=found)
    return Bin(low, high, float(count))


def _bin_text(part: Bin) -> str:
    return f"{part.low!r}-{part.high!r} min"


def _written(histogram: Bins) -> dict[str, float]:
    return {_bin_text(part): part.seen for part in histogram.bins}


_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "how many times lie in each bin",
    "propertyNames": {
        "type": "string",
        "pattern": rf"^\s*{_NUMBER}\s*({_UNIT})?\s*-\s*{_NUMBER}\s*({_UNIT})\s*$",
        "description": BIN_WORDS,
    },
    "additionalProperties": {"type": "number", "minimum": 0},
    "minProperties": 1,
    "examples": [{"0-5 min": 12, "5-10 min": 30}],
}

Histogram = Annotated[
    Bins,
    PlainValidator(parse_histogram),
    PlainSerializer(_written, return_type=dict[str, float]),
    WithJsonSchema(_SCHEMA),
]
