"""Factors: any value of a scenario file, by its path, and the values that a study gives it.

A path is written with dots, `tenants.sim.counters`; `*` stands for every key of a map:
`tenants.*.services.*.service.lognormal.cv`. `arrivals.demand` is so many times the visitors of
every day, which no key of a file says.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import PydanticCustomError

from mppsim.scenario import Scenario, parse_scenario
from mppsim.scenario.durations import DURATION_WORDS, duration_text, parse_duration
from mppsim.scenario.errors import Problem, ScenarioError, listed, nearest_name, quoted, shown
from mppsim.theory.offered_load import busier

Value = bool | int | float | str
SPLIT = "."
EVERY = "*"
DEMAND, MOST_DEMAND = "arrivals.demand", 100


@dataclass(frozen=True)
class Range:
    """All values from the one to the other: numbers, or durations such as '8 min'."""

    low: int | float | str
    high: int | float | str


@dataclass(frozen=True)
class Factor:
    """A value of the scenario and what a study makes of it: a few values, or a range."""

    path: str
    values: tuple[Value, ...] | Range

    def at(self, share: float) -> Value:
        """Return the value at this share of the way, 0 to 1: whole where both ends are."""
        if not isinstance(self.values, Range):
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        low, high = self.values.low, self.values.high
        if isinstance(low, int) and isinstance(high, int):
            return min(low + int(share * (high - low + 1)), high)
        if isinstance(low, str) or isinstance(high, str):
            start, end = parse_duration(low), parse_duration(high)
            return duration_text(round(start + share * (end - start), 6))
        return low + share * (high - low)

    @property
    def levels(self) -> tuple[Value, ...]:
        """The values, or both ends of the range."""
        return self.values if isinstance(self.values, tuple) else (self.at(0.0), self.at(1.0))


def ranges_of(
    vary: Mapping[str, Sequence[Value] | Mapping[str, Value]],
) -> dict[str, Sequence[Value] | Range]:
    """Return what a program varies, with maps of low and high as ranges; raises ScenarioError."""
    ranges: dict[str, Sequence[Value] | Range] = {}
    for path, values in vary.items():
        is_range = isinstance(values, Mapping) and {*values} == {"low", "high"}
        if isinstance(values, str) or not (is_range or isinstance(values, Sequence)):
            raise _refusal(path, f"found {shown(values)}", "a list, or a map of low and high")
        ranges[path] = Range(**values) if isinstance(values, Mapping) else values
    return ranges


def factors_of(vary: Mapping[str, Sequence[Value] | Range], base: Scenario) -> tuple[Factor, ...]:
    """Return the factors of a study; raises ScenarioError with all that is wrong with them.

    Each value is tried by itself, so that it can be refused where it is written.
    """
    if not vary:
        raise ScenarioError(Problem("found nothing to vary", "one path or more", path="vary"))
    data = base.model_dump(mode="json", by_alias=True)
    problems: list[Problem] = []
    factors = [
        Factor(path, values if isinstance(values, Range) else tuple(values))
        for path, values in vary.items()
    ]
    for factor in factors:
        try:
            _check(factor, data)
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(*problems)
    return tuple(factors)


def scenario_at(base: Scenario, point: Mapping[str, Value]) -> Scenario:
    """Return the scenario with these values at these paths; raises ScenarioError."""
    return _changed(base.model_dump(mode="json", by_alias=True), point)


def numeric(value: Value) -> float | str:
    """Return a value as a table holds it: durations in minutes, words as they are."""
    if not isinstance(value, str):
        return float(value)
    try:
        return parse_duration(value)
    except PydanticCustomError:
        return value


def _changed(data: dict[str, Any], point: Mapping[str, Value]) -> Scenario:
    changed, times = copy.deepcopy(data), 1.0
    for path, value in point.items():
        if path != DEMAND:
            _put(changed, path, value)
        elif isinstance(value, str) or not 0 <= value <= MOST_DEMAND:
            expectation = f"a number from 0 to {MOST_DEMAND}"
            raise ScenarioError(Problem(f"found {shown(value)}", expectation, path=path))
        else:
            times = float(value)
    scenario = parse_scenario(changed)
    return busier(scenario, times) if times != 1 else scenario


def _check(factor: Factor, data: dict[str, Any]) -> None:
    if isinstance(factor.values, Range):
        _check_range(factor, factor.values)
    elif not factor.values:
        raise _refusal(factor.path, "found an empty list", "one value or more")
    for value in factor.levels:
        try:
            _changed(data, {factor.path: value})
        except ScenarioError as error:
            raise ScenarioError(
                *(_told(problem, factor, value) for problem in error.problems)
            ) from None


def _check_range(factor: Factor, ends: Range) -> None:
    texts = [isinstance(end, str) for end in (ends.low, ends.high)]
    if any(type(end) not in (int, float, str) for end in (ends.low, ends.high)):
        found = f"found a range from {shown(ends.low)} to {shown(ends.high)}"
        raise _refusal(factor.path, found, f"numbers, or {DURATION_WORDS}")
    try:
        numbers = [parse_duration(end) if any(texts) else end for end in (ends.low, ends.high)]
    except PydanticCustomError as error:
        found = f"found {shown(ends.low)} to {shown(ends.high)}"
        expectation = (error.context or {}).get("expectation", DURATION_WORDS)
        raise _refusal(factor.path, found, f"numbers, or {expectation}") from None
    if not float(numbers[0]) < float(numbers[1]):
        found = f"found a range from {shown(ends.low)} to {shown(ends.high)}"
        raise _refusal(factor.path, found, "a range that rises")


def _told(problem: Problem, factor: Factor, value: Value) -> Problem:
    """Return what the scenario refuses, as a problem of the factor."""
    if problem.path == f"vary.{factor.path}":
        return problem
    where = "" if problem.path == factor.path else f" ({problem.path}: {problem.found})"
    found = f"found {shown(value)}{where}"
    return Problem(found, problem.expected, problem.nearest, path=f"vary.{factor.path}")


def _put(data: dict[str, Any], path: str, value: Value) -> None:
    """Write a value at each place that the path names; raises ScenarioError where there is none."""
    keys = path.split(SPLIT)
    for around in _maps(data, keys[:-1], path):
        for key in _matching(around, keys[-1], path):
            around[key] = value


def _maps(data: Any, keys: Sequence[str], path: str) -> Iterator[dict[str, Any]]:
    if not isinstance(data, dict):
        raise _refusal(path, f"found {shown(data)} before the end of the path", "a map there")
    if not keys:
        yield data
        return
    for key in _matching(data, keys[0], path):
        yield from _maps(data[key], keys[1:], path)


def _matching(around: dict[str, Any], key: str, path: str) -> list[str]:
    if key == EVERY and around:
        return list(around)
    if key not in around:
        found, near = f"unknown key {quoted(key)}", nearest_name(key, around)
        raise _refusal(path, found, f"one of {listed(around)}", near)
    return [key]


def _refusal(path: str, found: str, expected: str, nearest: str | None = None) -> ScenarioError:
    return ScenarioError(Problem(found, expected, nearest, path=f"vary.{path}"))
