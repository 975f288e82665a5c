"""The smooth laws: a scale in minutes times a standard form.

So a longer mean moves every draw up in proportion, and laws of one shape share one table.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from functools import lru_cache
from typing import Annotated, Any, NamedTuple, Self

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, model_validator

from mppsim.scenario.durations import Duration
from mppsim.scenario.errors import expected
from mppsim.scenario.quantiles import Array, Standard, exp, log1p, log_gamma

LEAST_CV = 0.01
LARGEST_CV = 10.0
_NEVER_VARIES = "for a time that hardly varies use 'constant'"


class Moments(NamedTuple):
    """The mean of a law in minutes, and its standard deviation as a share of the mean."""

    mean: float
    cv: float


def _positive(minutes: float) -> float:
    if minutes <= 0:
        raise expected("a duration of more than 0 min")
    return minutes


def _usable_cv(cv: float) -> float:
    if cv <= 0:
        raise expected(f"a cv above 0 ({_NEVER_VARIES})")
    if cv > LARGEST_CV:
        raise expected(f"a cv of at most {LARGEST_CV:g} (a cv of 80 % is written 0.8)")
    return cv


def _not_tiny_cv(cv: float) -> float:
    if 0 < cv < LEAST_CV:
        raise expected(f"a cv of at least {LEAST_CV:g} ({_NEVER_VARIES})")
    return _usable_cv(cv)


def _cv_bounds(**bounds: float) -> Any:
    return Field(allow_inf_nan=False, json_schema_extra={**bounds, "maximum": LARGEST_CV})


PositiveDuration = Annotated[Duration, AfterValidator(_positive)]
Cv = Annotated[float, Strict(), AfterValidator(_usable_cv), _cv_bounds(exclusiveMinimum=0)]
CoarseCv = Annotated[float, Strict(), AfterValidator(_not_tiny_cv), _cv_bounds(minimum=LEAST_CV)]
Phases = Annotated[int, Strict(), Field(ge=1, le=10_000)]
WeibullShape = Annotated[float, Strict(), Field(ge=0.2, le=200)]


def _two_keys(schema: dict[str, Any]) -> None:
    """Say in the JSON schema that exactly one of the two optional keys is written."""
    schema["minProperties"] = schema["maxProperties"] = 2
    without_null(schema)


def without_null(schema: dict[str, Any]) -> None:
    for name, inner in schema["properties"].items():
        if "anyOf" in inner:
            schema["properties"][name] = inner["anyOf"][0]


class _Smooth(BaseModel):
    """A law that is a scale, in minutes, times a standard form."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @property
    @abstractmethod
    def standard(self) -> Standard:
        """Return the standard form."""

    @property
    @abstractmethod
    def scale(self) -> float:
        """Return the minutes by which the standard form is multiplied."""

    def quantile(self, u: Array) -> Array:
        """Return the minutes at each u in (0, 1)."""
        u = np.asarray(u, dtype=np.float64)
        upper = u > 0.5
        values = np.empty_like(u)
        values[~upper] = self.standard.quantile(u[~upper], upper=False)
        values[upper] = self.standard.quantile(1 - u[upper], upper=True)
        return self.scale * values

    def tail(self, x: Array, upper: bool) -> Array:
        """Return the probability of at most x minutes, or of more where `upper`."""
        x = np.maximum(np.asarray(x, dtype=np.float64), 0.0)
        return self.standard.tail(x / self.scale, upper)


class Exponential(_Smooth):
    """Times without memory."""

    mean: PositiveDuration

    @property
    def standard(self) -> Standard:
        return Standard("exponential", 1.0)

    @property
    def scale(self) -> float:
        return self.mean

    def moments(self) -> Moments:
        return Moments(self.mean, 1.0)


class Erlang(_Smooth):
    """The sum of equal exponential phases."""

    mean: PositiveDuration
    phases: Phases

    @property
    def standard(self) -> Standard:
        return Standard("gamma", float(self.phases))

    @property
    def scale(self) -> float:
        return self.mean / self.phases

    def moments(self) -> Moments:
        return Moments(self.mean, 1 / math.sqrt(self.phases))


class Gamma(_Smooth):
    """The gamma law."""

    mean: PositiveDuration
    cv: CoarseCv

    @property
    def standard(self) -> Standard:
        return Standard("gamma", 1 / (self.cv * self.cv))

    @property
    def scale(self) -> float:
        return self.mean * (self.cv * self.cv)

    def moments(self) -> Moments:
        return Moments(self.mean, self.cv)


class Lognormal(_Smooth):
    """Times whose logarithm is normal; mean and cv are those of the times themselves."""

    model_config = ConfigDict(json_schema_extra=_two_keys)

    mean: PositiveDuration | None = None
    median: PositiveDuration | None = None
    cv: Cv

    @model_validator(mode="after")
    def _one_location(self) -> Self:
        if (self.mean is None) == (self.median is None):
            found = "neither" if self.mean is None else "both"
            raise expected("exactly one of 'mean' and 'median'", found=found)
        return self

    @property
    def standard(self) -> Standard:
        return Standard("lognormal", math.sqrt(log1p(np.asarray(self.cv * self.cv))))

    @property
    def scale(self) -> float:
        if self.median is not None:
            return self.median
        assert self.mean is not None  # the validator has seen to it
        return self.mean / math.sqrt(1 + self.cv * self.cv)

    def moments(self) -> Moments:
        if self.mean is not None:
            return Moments(self.mean, self.cv)
        return Moments(self.scale * math.sqrt(1 + self.cv * self.cv), self.cv)


class Weibull(_Smooth):
    """The Weibull law, by its cv or by its shape."""

    model_config = ConfigDict(json_schema_extra=_two_keys)

    mean: PositiveDuration
    cv: CoarseCv | None = None
    shape: WeibullShape | None = None

    @model_validator(mode="after")
    def _one_spread(self) -> Self:
        if (self.cv is None) == (self.shape is None):
            found = "neither" if self.cv is None else "both"
            raise expected("exactly one of 'cv' and 'shape'", found=found)
        return self

    @property
    def standard(self) -> Standard:
        if self.shape is not None:
            return Standard("weibull", self.shape)
        assert self.cv is not None  # the validator has seen to it
        return Standard("weibull", _weibull_shape(self.cv))

    @property
    def scale(self) -> float:
        return self.mean / float(exp(log_gamma(1 + 1 / self.standard.shape)))

    def moments(self) -> Moments:
        if self.cv is not None:
            return Moments(self.mean, self.cv)
        log_square = _log_second_moment(np.asarray(1 / self.standard.shape))
        return Moments(self.mean, math.sqrt(exp(log_square) - 1))


@lru_cache(maxsize=4096)
def _weibull_shape(cv: float) -> float:
    """Solve 1 + cv**2 = gamma(1 + 2/k) / gamma(1 + 1/k)**2 for k, to 1e-9 or better."""
    target = log1p(np.asarray(cv * cv))
    low, high = 0.005, 5.0
    for _ in range(9):
        inverses = low + (high - low) * (np.arange(65) / 64)
        above = int(np.argmax(_log_second_moment(inverses[1:]) >= target)) + 1
        low, high = float(inverses[above - 1]), float(inverses[above])
    return 2 / (low + high)


def _log_second_moment(inverse_shape: Array) -> Array:
    return log_gamma(1 + 2 * inverse_shape) - 2 * log_gamma(1 + inverse_shape)
