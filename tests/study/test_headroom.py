"""Headroom against Erlang's formulas, and what is said about it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from support.halls import hall

import mppsim
from mppsim.report.cells import records
from mppsim.report.headroom import Headroom, headroom_text
from mppsim.scenario import Scenario
from mppsim.scenario.errors import InputError
from mppsim.study.headroom import _crossing, first_year
from mppsim.theory.erlang import WaitingLine

TARGET = "tax P(wait <= 15 min) >= 0.85"


def office(visitors: float, *, post: float = 0) -> Scenario:
    """A tax office with 4 counters of 9 min for 15 hours, and a post office that is hardly used."""

    def change(spec: dict[str, Any]) -> None:
        spec.update(lunch=None, journey=["tenant"], visitors={}, stations={})
        spec["days"] = {"mon": {"open": "00:00", "close": "15:00"}}
        spec["arrivals"] = {"profile": {"00:00": 1}}
        law = {"service": {"exponential": {"mean": "9 min"}}}
        place = {"zone": "main", "counters": 4, "services": {"pay": law}}
        spec["tenants"] = {"tax": {**place, "visitors_per_day": visitors}}
        spec["tenants"]["post"] = {**place, "visitors_per_day": post}

    return hall(change)


def growths(answer: Headroom) -> dict[tuple[str, str], dict[str, Any]]:
    rows = records(answer.growth())
    return {(row["who_grows"], row["place"]): row for row in rows.values()}


def test_the_headroom_of_a_steady_line_is_that_of_erlang_c() -> None:
    """By bisection of Erlang C; 15 hours that begin empty carry a little more."""
    low, high = 0.2, 0.44
    for _ in range(40):
        middle = (low + high) / 2
        beyond = WaitingLine(middle, 9, 4).beyond(15)
        low, high = (middle, high) if beyond < 0.15 else (low, middle)
    answer = mppsim.headroom(office(0.25 * 900), target=TARGET, replications=30)
    found = growths(answer)["hall", "tax"]
    assert found["growth_low"] - 0.02 <= low / 0.25 - 1 <= found["growth_high"] + 0.02
    assert found["growth_high"] - found["growth_low"] < 0.25  # narrow enough to say something


def test_a_hall_that_breaks_its_bound_has_negative_headroom() -> None:
    answer = mppsim.headroom(office(0.45 * 900), target=TARGET, replications=10)
    assert -0.5 < growths(answer)["hall", "tax"]["growth"] < -0.1
    assert answer.headline.startswith("There is no room left: tax breaks its bound")


def test_a_tenant_that_grows_alone_leaves_the_others_their_headroom() -> None:
    quiet = office(0.3 * 900, post=20)
    answer = mppsim.headroom(
        quiet, target="P(wait <= 15 min) >= 0.85", alone=["post"], replications=10
    )
    found = growths(answer)
    assert found["hall", "tax"]["growth"] < 1
    assert math.isinf(found["post", "tax"]["growth"])
    assert "at tax" in answer.headline


def test_intervals_hold_the_crossing_as_often_as_they_say() -> None:
    """Lines through 1.5 with noise that all levels of a replication share; 400 studies."""
    levels, luck = [1.0, 1.25, 1.5, 1.75, 2.0], np.random.default_rng(5)
    held = 0
    for _ in range(400):
        noise = luck.standard_normal(20) * 0.3
        left = 1.5 - np.array(levels)[:, None] + noise
        _, low, high = _crossing(levels, left, 0.95)
        held += low <= 1.5 <= high
    assert 0.93 <= held / 400 <= 0.97


def test_the_year_is_the_first_in_which_demand_is_above() -> None:
    assert first_year(1.1, 0.05, 2026) == 2028  # 1.05 in 2027, 1.1025 in 2028
    assert first_year(1.05**2, 0.05, 2026) == 2029  # just enough in 2028
    assert first_year(0.9, 0.05, 2026) == 2026
    assert first_year(math.inf, 0.05, 2026) == math.inf


def test_years_and_intervals_are_shown_in_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.console import Console

    answer = mppsim.headroom(
        office(0.3 * 900, post=20), target=TARGET, replications=10, growth=0.05, year=2026
    )
    Console(width=80).print(headroom_text(answer))
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    year = growths(answer)["hall", "tax"]["year"]
    assert f"At 5.0 % a year that is {year:.0f}" in " ".join(text.split())


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"replications": 5}, "expected at least 10"),
        ({"alone": ["tex"]}, "did you mean 'tax'"),
        ({"target": "tex mean wait <= 3 min"}, "did you mean 'tax'"),
    ],
)
def test_what_cannot_be_asked_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        mppsim.headroom(hall(), **wrong)
