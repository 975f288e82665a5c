"""Rosters of shifts that cover what is needed in each half hour, for the least money.

What is needed follows the load that is being served (`modified_offered_load`) by the rule of
Jennings, Mandelbaum, Massey and Whitt (1996), Server staffing to meet time-varying demand,
Management Science 42, 1383-1394: load + beta sqrt(load), here with rising beta. The cheapest shifts
that cover it are a set covering problem (Dantzig 1954), solved to optimality by scipy's milp. Where
the next cover has several officers more, they come one at a time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import Field, ValidationError

from mppsim.scenario import Scenario
from mppsim.scenario.crews import NamedCounter
from mppsim.scenario.days import Weekday
from mppsim.scenario.durations import ClockSpan, clock_text
from mppsim.scenario.errors import InputError, ScenarioError
from mppsim.scenario.files import read_text
from mppsim.scenario.parts import Identifier, Model, Number
from mppsim.scenario.refusals import findings_of
from mppsim.scenario.tree import locate, plain
from mppsim.scenario.yaml_files import parse_yaml
from mppsim.study.ladders import Ladder, Rung
from mppsim.theory.offered_load import StationLoad, offered_load
from mppsim.theory.time_varying import busy_if_unlimited

KIND = "a file of shifts in YAML"
HALF_HOUR = 30.0
_BETAS = tuple(np.arange(-0.5, 3.01, 0.25))
_NEXT_TO_NOBODY = 0.02
"""Load, in Erlang, below which a half hour needs no counter."""


class Shift(Model):
    """Working hours of one officer on a day, and what they cost."""

    hours: Annotated[tuple[ClockSpan, ...], Field(min_length=1)]
    cost: Annotated[Number, Field(gt=0)]


class Shifts(Model):
    """The shifts that may be worked."""

    shifts: Annotated[dict[Identifier, Shift], Field(min_length=1)]


def load_shifts(path: str | Path) -> Shifts:
    """Read a file of shifts; raises ScenarioError with file, line and path."""
    tree = parse_yaml(read_text(Path(path), KIND), str(path), "shifts")
    data = plain(tree)
    try:
        return Shifts.model_validate(data)
    except ValidationError as error:
        findings = findings_of(error, data, Shifts.model_json_schema())
        raise ScenarioError(*(locate(tree, finding) for finding in findings)) from None


def roster_ladders(hall: Scenario, stations: Sequence[str], shifts: Shifts) -> dict[str, Ladder]:
    """Return rosters for each station, from the cheapest, each covering more than the one before.

    One roster holds for all days; it is made for the day with the most visitors at the station.
    Raises InputError where no shift covers a half hour in which visitors are there.
    """
    days = {
        weekday: {load.station: load for load in offered_load(hall, weekday, piece=HALF_HOUR)}
        for weekday in hall.days
    }
    found = {}
    for station in stations:
        weekday = max(days, key=lambda day: days[day][station].visitors)
        rungs = [*_rungs(hall, weekday, days[weekday][station], shifts)]
        found[station] = Ladder(station, tuple(rungs), None)
    return found


def cheapest_cover(needs: Sequence[int], covers: np.ndarray, costs: Sequence[float]) -> list[int]:
    """Return how often each shift is worked so that every half hour has what it needs.

    `covers`: shape (half hours, shifts), 1 where a shift is on duty for all of it.
    """
    from scipy.optimize import LinearConstraint, milp

    solved = milp(
        np.array(costs, np.float64),
        constraints=LinearConstraint(covers, lb=np.array(needs, np.float64)),
        integrality=np.ones(len(costs), np.int64),
    )
    if solved.x is None:
        raise ValueError("covers: found a half hour without any shift; expected one for each need")
    return [round(number) for number in solved.x]


def _rungs(hall: Scenario, weekday: Weekday, load: StationLoad, shifts: Shifts) -> list[Rung]:
    day = hall.days[weekday]
    halves = [(hour.start, hour.end) for hour in load.hours]
    open_halves = [
        not any(pause.start < end and start < pause.end for pause in day.breaks)
        for start, end in halves
    ]
    covers = np.array(
        [
            [
                any(span.start <= start and end <= span.end for span in shift.hours)
                for shift in shifts.shifts.values()
            ]
            for start, end in halves
        ],
        np.float64,
    )
    rosters: list[list[int]] = []
    costs = np.array([shift.cost for shift in shifts.shifts.values()])
    for beta in _BETAS:
        needs = [n * on for n, on in zip(_needs(load, beta), open_halves, strict=True)]
        _refuse_uncovered(load.station, halves, needs, covers)
        numbers = cheapest_cover(needs, covers, costs.tolist())
        if costs @ numbers > (costs @ rosters[-1] if rosters else 0):
            rosters += [*_between(rosters[-1], numbers, needs, covers)] if rosters else []
            rosters.append(numbers)
    rosters = rosters or [[1] + [0] * (len(costs) - 1)]
    return [_rung(shifts, numbers, round(float(costs @ numbers), 9)) for numbers in rosters]


def _between(
    fewer: Sequence[int], more: Sequence[int], needs: Sequence[int], covers: np.ndarray
) -> Iterator[list[int]]:
    """Yield rosters from the one to the other, an officer at a time where the most is missing.

    None where a shift is worked by fewer in the dearer one.
    """
    left = np.array(more) - fewer
    if (left < 0).any():
        return
    numbers = np.array(fewer)
    while left.sum() > 1:
        missing = np.maximum(np.array(needs) - covers @ numbers, 0)
        best = int(np.argmax(np.where(left > 0, missing @ covers, -1)))
        numbers[best] += 1
        left[best] -= 1
        yield [int(n) for n in numbers]


def _needs(load: StationLoad, beta: float) -> list[int]:
    service = sum(hour.work for hour in load.hours) / load.visitors if load.visitors else 1.0
    needs, busy = [], 0.0
    for hour in load.hours:
        mean, busy = busy_if_unlimited(busy, hour.load / service, service, hour.end - hour.start)
        enough = max(1, math.ceil(mean + beta * math.sqrt(mean)))
        needs.append(0 if mean < _NEXT_TO_NOBODY else enough)
    return needs


def _rung(shifts: Shifts, numbers: Sequence[int], cost: float) -> Rung:
    crew = {
        f"{name}-{number}": NamedCounter().model_copy(update={"shifts": shift.hours})
        for (name, shift), n in zip(shifts.shifts.items(), numbers, strict=True)
        for number in range(1, n + 1)
    }
    label = ", ".join(
        f"{n} {name}" for name, n in zip(shifts.shifts, numbers, strict=True) if n > 0
    )
    return Rung(crew, cost, label)


def _refuse_uncovered(
    station: str,
    halves: Sequence[tuple[float, float]],
    needs: Sequence[int],
    covers: np.ndarray,
) -> None:
    for (start, end), need, row in zip(halves, needs, covers, strict=True):
        if need > 0 and not row.any():
            raise InputError(
                f"shifts: found none from {clock_text(start)} to {clock_text(end)}, when visitors "
                f"are at {station}; expected one for every half hour"
            )
