"""Tables over the clock: lines, seats, counters, overrun."""

from __future__ import annotations

import numpy as np
import pytest
from support.traced import PASSPORTS, PERMITS, Day, Visit, observed, row, served

from mppsim.measure import (
    Observations,
    counters,
    overrun,
    queue,
    queue_summary,
    seats,
    seats_summary,
)


def waiting_from_nine(n: int, *, wait: float = 10.0, party: int = 1) -> list[Visit]:
    """Return n visitors to the first tenant who all wait from 9:00 on."""
    return [Visit(540.0, [served(PERMITS, 540.0, wait, 5.0)], party=party) for _ in range(n)]


@pytest.fixture(scope="module")
def observations() -> Observations:
    """Twenty weeks of a busy and a calm day, with 0 to 19 and always 2 visitors in line at 9:00."""
    return observed(
        *([Day(waiting_from_nine(n)), Day(waiting_from_nine(2), "calm", "tue")] for n in range(20))
    )


def test_the_band_holds_the_middle_nine_tenths_of_the_days(observations: Observations) -> None:
    table = queue(observations).loc["permits"].set_index(["kind", "clock"])
    busy = row(table, ("busy", "09:00"))
    assert busy["mean"] == 9.5
    assert busy["low"] == pytest.approx(np.quantile(range(20), 0.05))
    assert busy["high"] == pytest.approx(np.quantile(range(20), 0.95))
    assert row(table, ("calm", "09:05"))[["mean", "low", "high"]].tolist() == [2, 2, 2]
    assert row(table, ("all", "09:00"))["mean"] == 5.75
    assert row(table, ("all", "09:10"))["mean"] == 0


def test_the_clock_runs_from_before_opening_to_after_closing(observations: Observations) -> None:
    clock = queue(observations)["clock"]
    assert (clock.iloc[0], clock.iloc[-1]) == ("06:00", "19:00")
    assert len(queue(observations)) == 3 * 3 * 157  # stations, kinds and 'all', points


def test_who_finds_no_seat_stands(observations: Observations) -> None:
    table = seats(observations).loc["hall"].set_index(["kind", "clock"])
    busy = row(table, ("busy", "09:00"))
    assert busy["in_use_mean"] == np.minimum(range(20), 4).mean()
    assert busy["standing_mean"] == np.maximum(np.arange(20) - 4, 0).mean()
    assert busy["in_use_mean"] + busy["standing_mean"] == pytest.approx(busy["persons_mean"])
    assert busy["in_use_high"] == 4


def test_seats_for_19_of_20_days_are_a_quantile_of_days(observations: Observations) -> None:
    those = row(seats_summary(observations, day="busy"), "hall")
    assert those["n"] == 20
    assert those["largest_crowd"] == 9.5
    assert those["seats_for_19_of_20_days"] == pytest.approx(np.quantile(range(20), 0.95))
    assert those["days_standing"] == 0.75
    assert those["largest_standing"] == np.maximum(np.arange(20) - 4, 0).mean()
    assert seats_summary(observations).loc["annex", "largest_crowd"] == 0


def test_the_average_line_is_over_opening_hours_only() -> None:
    visits = [
        Visit(470.0, [served(PERMITS, 470.0, 20.0, 5.0)]),
        Visit(890.0, [served(PERMITS, 890.0, 30.0, 5.0)]),
    ]
    those = row(queue_summary(observed([Day(visits)])), "permits")
    assert those["mean_open_hours"] == 20.0 / 420.0
    assert those["longest"] == 1


def test_utilization_is_the_ratio_over_days_and_overtime_is_beside_it() -> None:
    short = Day(
        [Visit(500.0, [served(PASSPORTS, 500.0, 0.0, 60.0, counter=3)])],
        closing=600.0,
        duty=[[(480.0, 600.0)]] * 4,
    )
    long = Day([Visit(890.0, [served(PASSPORTS, 890.0, 0.0, 30.0, counter=3)])], weekday="tue")
    table = counters(observed([short, long]))
    those = row(table, "passports 1")
    assert those["on_duty"] == (120 + 420) / 2
    assert those["utilization"] == 70 / 540
    assert those["overtime"] == 10
    assert table["counter"].tolist() == ["desk 1", "permits 1", "permits 2", "passports 1"]


def test_overrun_is_given_by_kind_and_over_all() -> None:
    late = Day([Visit(890.0, [served(PERMITS, 890.0, 0.0, 30.0)])])
    table = overrun(observed([late, Day([], "calm", "tue")]))
    assert table["overrun"].to_dict() == {"busy": 20.0, "calm": 0.0, "all": 10.0}
