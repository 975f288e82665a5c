"""Measures and targets as people write them: `P(wait <= 15 min) >= 0.9`.

    precision = measure "within" (duration | share | number | percent of the estimate)
    goal      = measure ("<=" | ">=") (duration | share | number)
    measure   = [place] ("mean" what | "p90" what | "P(" what "<=" limit ")" | "kept")
    what      = "wait" | "visit" | "standing"
    place     = tenant | tenant/service | station | zone | "hall"

Without a place a measure is meant for each tenant (`standing`: for each zone); `hall` takes all
tenants together. P(wait <= 15 min) is the share served within it of all who came to the counter,
joined or not; `kept` the same within what is promised. A visit lasts from coming to leaving, served
to the end. `standing` is the largest number of persons without a seat on a day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pydantic_core import PydanticCustomError

from mppsim.scenario.durations import parse_duration
from mppsim.scenario.errors import InputError, nearest_name, quoted

HALL = "hall"
"""The place that takes all tenants together."""
MEASURE_WORDS = (
    "mean wait, p90 wait, P(wait <= 15 min) or kept, with a place in front of it or none, and "
    "visit or standing in place of wait"
)
What = Literal["wait", "visit", "standing"]
Statistic = Literal["mean", "quantile", "share", "kept"]

_OF = r"(wait|visit|standing)"
_MEASURE = re.compile(
    rf"(?:(?P<place>\S+)\s+)?(?:(?P<kept>kept)|(?P<mean>mean)\s+{_OF}"
    rf"|p(?P<level>[0-9]+(?:\.[0-9]+)?)\s+{_OF}|P\(\s*{_OF}\s*<=\s*(?P<limit>[^()]+?)\s*\))"
)
_SHAPES = ("mean wait", "mean visit", "p90 wait", "p95 wait", "P(wait <= 15 min)", "kept")


@dataclass(frozen=True)
class Measure:
    """A number that a run estimates: what, where, and which number of its distribution."""

    text: str
    """As it was written."""
    place: str | None
    statistic: Statistic
    what: What
    level: float = 0.0
    """The probability of a quantile, or the limit of a share in minutes or persons."""

    @property
    def is_share(self) -> bool:
        """Whether it lies between 0 and 1."""
        return self.statistic in ("share", "kept")


@dataclass(frozen=True)
class Precision:
    """How well a measure must be known: the half-width of its 95 % interval is at most `amount`."""

    text: str
    measure: Measure
    amount: float
    is_relative: bool
    """Whether `amount` is a part of the estimate."""

    def allowed(self, value: float) -> float:
        """Return the largest half-width for an estimate of this value."""
        return self.amount * abs(value) if self.is_relative else self.amount


@dataclass(frozen=True)
class Goal:
    """A bound that a measure must keep."""

    text: str
    measure: Measure
    at_most: bool
    """Whether the limit is the largest value allowed, and not the least."""
    limit: float

    def is_met_by(self, value: float) -> bool:
        """Tell whether a value keeps the bound."""
        return value <= self.limit if self.at_most else value >= self.limit


def parse_measure(text: str) -> Measure:
    """Return the measure that a text names; raises InputError for every other text."""
    match = _MEASURE.fullmatch(text.strip())
    if match is None:
        words = re.sub(r"^\S+\s+(?=mean|p[0-9]|P\(|kept)", "", text.strip())
        raise _refused("measure", text, MEASURE_WORDS, nearest_name(words, _SHAPES))
    named = [group for group in match.groups() if group in ("wait", "visit", "standing")]
    if match["kept"]:
        return Measure(text.strip(), match["place"], "kept", "wait")
    return Measure(text.strip(), match["place"], *_statistic(match, named[-1], text))


def parse_precision(text: str) -> Precision:
    """Return how well which measure must be known; raises InputError."""
    left, within, right = text.rpartition(" within ")
    if not within:
        raise _refused("precision", text, "a measure within an amount: 'mean wait within 1 min'")
    measure = parse_measure(left)
    percent = re.fullmatch(r"\s*([0-9.]+)\s*%\s*", right)
    amount = _number(percent[1], text) / 100 if percent else _amount(measure, right, text)
    if amount <= 0:
        raise _refused("precision", text, "an amount of more than 0")
    return Precision(text.strip(), measure, amount, percent is not None)


def parse_goal(text: str) -> Goal:
    """Return the bound that a text sets; raises InputError."""
    match = re.fullmatch(r"(.*\S)\s*(<=|>=)\s*([^()<>=]+)", text.strip())
    if match is None:
        raise _refused("target", text, "a measure and its bound: 'P(wait <= 15 min) >= 0.9'")
    measure = parse_measure(match[1])
    percent = re.fullmatch(r"([0-9.]+)\s*%", match[3]) if measure.is_share else None
    limit = _number(percent[1], text) / 100 if percent else _amount(measure, match[3], text)
    return Goal(text.strip(), measure, match[2] == "<=", limit)


def _statistic(match: re.Match[str], what: str, text: str) -> tuple[Statistic, What, float]:
    of: What = "wait" if what == "wait" else "visit" if what == "visit" else "standing"
    if match["mean"]:
        return "mean", of, 0.0
    if match["level"]:
        level = float(match["level"]) / 100
        if not 0 < level < 1:
            raise _refused("measure", text, "a quantile between p0 and p100, such as p95")
        return "quantile", of, level
    return "share", of, _in_units(of, match["limit"], text)


def _amount(measure: Measure, amount: str, text: str) -> float:
    """Return an amount in the unit of the measure: minutes, persons, or a share."""
    if not measure.is_share:
        return _in_units(measure.what, amount, text)
    share = _number(amount, text)
    if not 0 <= share <= 1:
        raise _refused("target", text, "a share from 0 to 1, such as 0.9 or 90 %")
    return share


def _in_units(what: What, amount: str, text: str) -> float:
    if what == "standing":
        return _number(amount, text)
    try:
        return parse_duration(amount)
    except PydanticCustomError as error:
        context = error.context or {}
        raise _refused("target", text, context["expectation"], context["nearest"]) from None


def _number(amount: str, text: str) -> float:
    try:
        number = float(amount)
    except ValueError:
        raise _refused("target", text, "a number where a duration cannot be", None) from None
    if not 0 <= number < float("inf"):
        raise _refused("target", text, "a number of at least 0")
    return number


def _refused(name: str, text: str, expectation: str, nearest: str | None = None) -> InputError:
    near = f"; did you mean {quoted(nearest)}?" if nearest else ""
    return InputError(f"{name}: found {quoted(text)}; expected {expectation}{near}")
