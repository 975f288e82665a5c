"""The instant estimate of a hall, against exact values and against its own simulation."""

from __future__ import annotations

from time import process_time
from typing import Any

import pytest
from support.halls import hall
from support.results import nobody_comes, result_of

from mppsim.scenario import Scenario, load_scenario
from mppsim.theory.erlang import WaitingLine
from mppsim.theory.estimate import StationEstimate, estimate

PEKANBARU = "scenarios/pekanbaru/base.yaml"


def waits(scenario: Scenario) -> dict[str, StationEstimate]:
    return {one.station: one for one in estimate(scenario, "mon")}


def steady(spec: dict[str, Any]) -> None:
    """One tenant with 18 visitors an hour over 24 hours, 9 min each, 4 counters; nothing else."""
    spec.update(lunch=None, journey=["tenant"], visitors={"classes": {"old": 0.2, "young": 0.8}})
    spec["days"] = {"mon": {"open": "00:00", "close": "24:00"}}
    spec["arrivals"] = {"profile": {f"{hour:02d}:00": 1 / 24 for hour in range(24)}}
    tax = {"zone": "main", "counters": 4, "visitors_per_day": 18 * 24}
    service = {"service": {"exponential": {"mean": "9 min"}}}
    spec["tenants"] = {"tax": {**tax, "services": {"pay": service}}}


def test_a_day_without_change_is_erlang_c() -> None:
    found, line = waits(hall(steady))["tax"], WaitingLine(0.3, 9, 4)
    assert found.wait == pytest.approx(line.mean_wait, rel=0.02)  # it begins empty at midnight
    assert found.kept == pytest.approx(1 - line.beyond(15), abs=0.005)
    # Classes by Cobham: those served first wait (1 - 0.675) / (1 - 0.135) of the mean.
    assert found.by_class["old"] == pytest.approx(found.wait * 0.3757, rel=0.02)
    assert [hour.wait_pointwise for hour in found.hours] == pytest.approx([line.mean_wait] * 24)


def test_days_that_differ_wait_longer_than_their_mean() -> None:
    even = waits(hall(steady))["tax"].wait
    uneven = waits(hall(steady, lambda spec: spec["arrivals"].update(day_to_day_cv=0.2)))["tax"]
    assert uneven.wait > 1.3 * even


def test_who_stands_at_the_door_waits_for_the_opening() -> None:
    def many_machines(spec: dict[str, Any]) -> None:
        spec["stations"]["kiosk"]["counters"] = 50

    # A tenth come evenly in the 30 min before; 3 % of all come after the last ticket and get none.
    wait = waits(hall(many_machines))["kiosk"].wait
    assert wait == pytest.approx(0.1 * 15 / 0.97, rel=0.02)  # the rest is a line of the opening


def test_an_estimate_is_near_the_simulation_at_every_station() -> None:
    waiting = result_of(replications=40).waiting("station", day="mon")
    for station, about in waits(hall()).items():
        row = waiting.loc[station]
        allowed = 0.35 * row["mean"] + row["mean_half_width"] + 0.3  # small lines, many features
        assert abs(about.wait - row["mean"]) < allowed, station


def test_a_hall_without_visitors_has_no_wait() -> None:
    assert {one.wait for one in estimate(hall(nobody_comes), "mon")} == {0.0}


def test_the_estimate_of_a_hall_takes_milliseconds() -> None:
    scenario = load_scenario(PEKANBARU)
    estimate(scenario, "mon")
    start = process_time()
    estimate(scenario, "mon")
    assert process_time() - start < 0.75  # 0.15 s for 29 stations when nobody else computes
