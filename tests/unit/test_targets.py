"""Measures and targets: what is read, and what is refused in which words."""

from __future__ import annotations

import pytest

from mppsim.measure.targets import Measure, parse_goal, parse_measure, parse_precision
from mppsim.scenario.errors import InputError


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("mean wait", (None, "mean", "wait", 0.0)),
        ("sim mean wait", ("sim", "mean", "wait", 0.0)),
        ("sim/new p95 visit", ("sim/new", "quantile", "visit", 0.95)),
        ("hall P(wait <= 900 s)", ("hall", "share", "wait", 15.0)),
        ("P( wait<=15 min )", (None, "share", "wait", 15.0)),
        ("main P(standing <= 10)", ("main", "share", "standing", 10.0)),
        ("kept", (None, "kept", "wait", 0.0)),
        ("mean mean wait", ("mean", "mean", "wait", 0.0)),  # a tenant may be called so
    ],
)
def test_a_measure_is_read_in_its_parts(text: str, parts: tuple[object, ...]) -> None:
    assert parse_measure(text) == Measure(text, *parts)  # type: ignore[arg-type]  # parts in order


def test_an_amount_is_in_the_unit_of_its_measure_or_a_part_of_it() -> None:
    assert parse_precision("sim mean wait within 90 s").allowed(8.0) == 1.5
    assert parse_precision("sim mean wait within 5 %").allowed(8.0) == pytest.approx(0.4)
    assert parse_precision("kept within 0.02").allowed(0.9) == 0.02
    assert parse_precision("main mean standing within 2").allowed(30) == 2


def test_a_goal_is_met_at_its_limit() -> None:
    goal = parse_goal("P(wait <= 15 min) >= 0.9")
    assert goal.measure.level == 15
    assert goal.is_met_by(0.9)
    assert not goal.is_met_by(0.899)
    assert parse_goal("sim p90 wait <= 20 min").is_met_by(20)
    assert parse_goal("kept >= 90 %").limit == 0.9


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sim meen wait within 1 min", "did you mean 'mean wait'"),
        ("mean wait", "expected a measure within an amount"),
        ("mean wait within 1", "expected a duration with its unit"),
        ("mean wait within -1 min", "expected a duration of at least 0"),
        ("mean wait within 0 min", "expected an amount of more than 0"),
        ("kept within 2 min", "expected a number where a duration cannot be"),
        ("kept within 1.5", "expected a share from 0 to 1"),
        ("p100 wait within 1 min", "expected a quantile between p0 and p100"),
        ("P(wait <= 15) within 0.01", "expected a duration with its unit"),
        ("mean wait within 1 mn", "did you mean '1 min'"),
        ("", "expected a measure within"),
        ("mean wait within . %", "expected a number"),
    ],
)
def test_a_text_that_is_no_precision_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_precision(text)


@pytest.mark.parametrize("text", ["P(wait <= 15 min)", "kept > 0.9", "mean wait >= 0.9", "x >= 1"])
def test_a_text_that_is_no_goal_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="expected"):
        parse_goal(text)
