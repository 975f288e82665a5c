"""Measures against the tables that show the same numbers."""

from __future__ import annotations

import numpy as np
import pytest
from support.results import result_of

from mppsim.measure.estimates import Measured, estimate
from mppsim.measure.targets import parse_measure
from mppsim.scenario.errors import InputError


def measured(text: str) -> Measured:
    return estimate(result_of(replications=12).run.observations, parse_measure(text))


@pytest.mark.parametrize(
    ("text", "by", "row", "column"),
    [
        ("tax mean wait", "tenant", "tax", "mean"),
        ("hall p90 wait", "all", "all", "p90"),
        ("tax/pay p95 wait", "service", "tax/pay", "p95"),
        ("kiosk mean wait", "station", "kiosk", "mean"),
        ("bank kept", "tenant", "bank", "kept"),
        ("bank P(wait <= 15 min)", "tenant", "bank", "kept"),  # the promise of the hall is 15 min
    ],
)
def test_a_measure_of_waits_is_the_number_of_the_table(
    text: str, by: str, row: str, column: str
) -> None:
    expected = result_of(replications=12).waiting(by).to_dict("index")[row]
    found = measured(text)
    assert found.places == (row if row != "all" else "hall",)
    assert found.linear.value[0] == expected[column]
    assert found.linear.half_width()[0] == expected[f"{column}_half_width"]


def test_without_a_place_a_measure_is_meant_for_each_tenant() -> None:
    found = measured("mean visit")
    assert found.places == ("tax", "bank", "post")
    expected = result_of(replications=12).sojourn()["mean"].to_numpy()
    assert (found.linear.value == expected).all()
    assert (measured("P(visit <= 10 h)").linear.value < 1).all()  # who balked is not served in time


def test_standing_is_a_number_a_day_of_each_zone() -> None:
    summaries = result_of(replications=12).run.observations.summaries
    crowd = np.concatenate([one.over_time.largest_crowd for one in summaries])
    standing = (crowd - 20).clip(0)  # 20 seats
    assert measured("mean standing").linear.value[0] == standing.mean()
    assert measured("main P(standing <= 3)").linear.value[0] == (standing <= 3).mean()
    assert measured("p90 standing").linear.value[0] == pytest.approx(np.quantile(standing, 0.9))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tex mean wait", "found 'tex'; expected one of tax, .*; did you mean 'tax'?"),
        ("kiosk mean visit", "found 'kiosk'; expected one of tax"),
        ("tax mean standing", "found 'tax'; expected one of main"),
    ],
)
def test_a_place_that_the_hall_does_not_have_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        measured(text)
