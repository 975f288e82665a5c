"""The laws of random times: how they are written, their mean and cv, their inverse distribution.

A law is written as a map with its name: {exponential: {mean: 4 min}}. All values are minutes. Sums
are math.fsum's, which are exact before their one rounding and so the same on every machine.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, RootModel, field_validator, model_validator

from mppsim.scenario.durations import Duration
from mppsim.scenario.errors import expected
from mppsim.scenario.histogram import Histogram
from mppsim.scenario.one_key_map import OneKeyMap, Weighted
from mppsim.scenario.quantiles import Array
from mppsim.scenario.smooth_laws import (
    Erlang,
    Exponential,
    Gamma,
    Lognormal,
    Moments,
    Weibull,
    without_null,
)

__all__ = [
    "Constant",
    "Empirical",
    "Erlang",
    "Exponential",
    "Gamma",
    "Law",
    "Lognormal",
    "Mixture",
    "Moments",
    "SimpleLaw",
    "SmoothLaw",
    "Triangular",
    "Uniform",
    "Weibull",
    "Weighted",
]

SmoothLaw = Exponential | Erlang | Gamma | Lognormal | Weibull


class Constant(RootModel[Duration]):
    """A time that never varies."""

    model_config = ConfigDict(frozen=True)

    @property
    def value(self) -> float:
        """Return the minutes."""
        return self.root

    def moments(self) -> Moments:
        return Moments(self.root, 0.0)

    def quantile(self, u: Array) -> Array:
        return np.full_like(np.asarray(u, dtype=np.float64), self.root)

    def tail(self, x: Array, upper: bool) -> Array:
        return np.where((np.asarray(x) < self.root) == upper, 1.0, 0.0)


class Uniform(BaseModel):
    """Every time from `low` to `high` alike."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: Duration
    high: Duration

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _refuse_unless_rising(self.low, self.high)
        return self

    def moments(self) -> Moments:
        mean = 0.5 * (self.low + self.high)
        return Moments(mean, (self.high - self.low) / math.sqrt(12) / mean)

    def quantile(self, u: Array) -> Array:
        return self.low + (self.high - self.low) * np.asarray(u, dtype=np.float64)

    def tail(self, x: Array, upper: bool) -> Array:
        x = np.minimum(np.maximum(x, self.low), self.high)
        return (self.high - x if upper else x - self.low) / (self.high - self.low)


class Triangular(BaseModel):
    """Times from `low` to `high`, most often near `mode`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: Duration
    mode: Duration
    high: Duration

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _refuse_unless_rising(self.low, self.high)
        if not self.low <= self.mode <= self.high:
            raise expected("a mode from low to high", found=f"the mode {self.mode:g} min")
        return self

    def moments(self) -> Moments:
        mean = math.fsum((self.low, self.mode, self.high)) / 3
        width = self.high - self.low
        variance = (width * width - (self.mode - self.low) * (self.high - self.mode)) / 18
        return Moments(mean, math.sqrt(variance) / mean)

    def quantile(self, u: Array) -> Array:
        u = np.asarray(u, dtype=np.float64)
        rise, fall, width = self.mode - self.low, self.high - self.mode, self.high - self.low
        rising = self.low + np.sqrt(u * (width * rise))
        return np.where(u * width < rise, rising, self.high - np.sqrt((1 - u) * (width * fall)))

    def tail(self, x: Array, upper: bool) -> Array:
        x = np.minimum(np.maximum(x, self.low), self.high)
        rise, fall, width = self.mode - self.low, self.high - self.mode, self.high - self.low
        below = (x - self.low) * (x - self.low) / (width * (rise or 1.0))
        above = (self.high - x) * (self.high - x) / (width * (fall or 1.0))
        falling = x >= self.mode
        return np.where(falling, above, 1 - below) if upper else np.where(falling, 1 - above, below)


def _refuse_unless_rising(low: float, high: float) -> None:
    if low >= high:
        raise expected("low below high", found=f"low {low:g} min and high {high:g} min")


def _three_ways(schema: dict[str, Any]) -> None:
    """Say in the JSON schema how samples are written: as a list, a histogram or a CSV file."""
    without_null(schema)
    file_keys = {
        "file": {"type": "string", "description": "a CSV file", "examples": ["times.csv"]},
        "column": {"type": "string", "description": "the column of the CSV file"},
        "unit": {"type": "string", "description": "the unit of its numbers", "examples": ["min"]},
    }
    properties = schema.pop("properties")
    properties["samples"]["minItems"] = 1
    schema["oneOf"] = [
        {"type": "object", "properties": keys, "required": [*keys], "additionalProperties": False}
        for keys in (*({name: inner} for name, inner in properties.items()), file_keys)
    ]
    for moved in ("type", "additionalProperties"):
        del schema[moved]


class Empirical(BaseModel):
    """Times as observed: each sample alike, or evenly within the bins of a histogram."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra=_three_ways)

    samples: tuple[Duration, ...] | None = None
    histogram: Histogram | None = None

    @field_validator("samples")
    @classmethod
    def _sorted(cls, samples: tuple[float, ...] | None) -> tuple[float, ...] | None:
        if samples is not None and not samples:
            raise expected("at least one sample")
        return samples and tuple(sorted(samples))

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.samples is None) == (self.histogram is None):
            found = "neither" if self.samples is None else "both"
            raise expected("exactly one of 'samples' and 'histogram'", found=found)
        return self

    def moments(self) -> Moments:
        if self.histogram is not None:
            return _moments(*self.histogram.moments())
        values = self.samples or ()
        mean = math.fsum(values) / len(values)
        return _moments(mean, math.fsum((x - mean) * (x - mean) for x in values) / len(values))

    def quantile(self, u: Array) -> Array:
        """Return the smallest sample that a share u does not exceed, or the time in its bin."""
        u = np.asarray(u, dtype=np.float64)
        if self.histogram is not None:
            return self.histogram.quantile(u)
        values = np.array(self.samples)
        rank = np.ceil(u * len(values)).astype(np.int64) - 1
        picked: Array = values[np.minimum(np.maximum(rank, 0), len(values) - 1)]
        return picked

    def tail(self, x: Array, upper: bool) -> Array:
        if self.histogram is not None:
            return self.histogram.tail(x, upper)
        values = np.array(self.samples)
        below = np.searchsorted(values, x, side="right")
        return (len(values) - below if upper else below) / len(values)


def _moments(mean: float, variance: float) -> Moments:
    return Moments(mean, math.sqrt(variance) / mean if mean > 0 else 0.0)


SimpleLaw = Constant | SmoothLaw | Uniform | Triangular | Empirical
_SIMPLE = tuple((model.__name__.lower(), model) for model in SimpleLaw.__args__)
Component = Annotated[Weighted, OneKeyMap(_SIMPLE, weighted=True)]


class Mixture(RootModel[tuple[Component, ...]]):
    """Times from one of several laws, each with its weight."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="after")
    def _weights_add_up(self) -> Self:
        total = math.fsum(part.weight for part in self.root)
        if abs(total - 1) > 1e-6:
            found = f"weights that add up to {total:.6g}"
            raise expected("weights that add up to 1", found=found)
        return self

    @property
    def components(self) -> tuple[tuple[float, SimpleLaw], ...]:
        """Return each law with its weight; the weights add up to 1, to rounding."""
        total = math.fsum(part.weight for part in self.root)
        return tuple((part.weight / total, part.law) for part in self.root)

    def moments(self) -> Moments:
        """Return the moments by the law of total variance."""
        parts = [(weight, law.moments()) for weight, law in self.components]
        mean = math.fsum(weight * part.mean for weight, part in parts)
        within = (weight * (part.mean * part.cv) * (part.mean * part.cv) for weight, part in parts)
        between = (weight * (part.mean - mean) * (part.mean - mean) for weight, part in parts)
        return _moments(mean, math.fsum((*within, *between)))

    def quantile(self, u: Array) -> Array:
        """Return the minutes at each u in (0, 1), by bisection over the floats themselves.

        The bit patterns of floats of at least 0 are ordered as the floats: at most 64 halvings.
        """
        u = np.asarray(u, dtype=np.float64)
        parts = [law.quantile(u) for weight, law in self.components if weight > 0]
        # The search is for the smallest x with tail(x) >= u; the largest part's quantile is one.
        high = np.asarray(np.max(parts, axis=0) * (1 + 1e-9)).view(np.int64)
        low = np.asarray(np.min(parts, axis=0) * (1 - 1e-9)).view(np.int64) - 1
        while np.any(high - low > 1):
            middle = low + (high - low) // 2
            x = np.maximum(middle, 0).view(np.float64)
            reached = np.where(u > 0.5, self.tail(x, True) <= 1 - u, self.tail(x, False) >= u)
            inside = high - low > 1
            high = np.where(inside & reached, middle, high)
            low = np.where(inside & ~reached, middle, low)
        found: Array = high.view(np.float64)
        return found

    def tail(self, x: Array, upper: bool) -> Array:
        """Return the probability of at most x minutes, or of more where `upper`."""
        total = np.zeros_like(np.asarray(x, dtype=np.float64))
        for weight, law in self.components:
            total = total + weight * law.tail(x, upper)
        return total


Law = Annotated[SimpleLaw | Mixture, OneKeyMap((*_SIMPLE, ("mixture", Mixture)))]
"""Any law, written as a map with its name: {exponential: {mean: 4 min}}."""
