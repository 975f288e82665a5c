"""Outages, by the calendar and at random."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from support.traced import row

from mppsim import Scenario, draw_plan, load_scenario, run, simulate
from mppsim.plan import Plan
from mppsim.scenario import parse_scenario
from mppsim.theory.offered_load import offered_load

TEACHING = Path(__file__).parents[2] / "scenarios" / "teaching"


@pytest.fixture(scope="module")
def hall() -> Scenario:
    return load_scenario(TEACHING / "outages.yaml")


def plans(hall: Scenario, **changes: object) -> list[Plan]:
    changed = parse_scenario(hall.model_dump(mode="json") | changes)
    return [draw_plan(changed, seed=1, replication=k) for k in range(20)]


def test_the_network_strikes_on_monday_alone_and_nobody_starts_in_it(hall: Scenario) -> None:
    for plan in plans(hall):
        monday, tuesday = simulate(plan).steps.groupby("day", sort=False)
        struck = {"license", "passport"}
        steps = monday[1][monday[1]["tenant"].isin(struck)]
        assert not steps["started"].between(600, 630, inclusive="left").any()
        assert {one.stations for one in plan.days[1].outages} <= {(1,)}
        assert tuesday[0] == "tue"


def test_an_outage_moves_no_visitor_of_another_station(hall: Scenario) -> None:
    for struck, calm in zip(plans(hall), plans(hall, outages={}), strict=True):
        first, second = simulate(struck).steps, simulate(calm).steps
        bank = first["tenant"] == "bank"
        pd.testing.assert_frame_equal(first[bank], second[bank])
        for one, other in zip(struck.days, calm.days, strict=True):
            assert np.array_equal(one.steps.service_time, other.steps.service_time)
            assert np.array_equal(one.visitors.arrival, other.visitors.arrival)


def test_an_outage_added_leaves_the_others_where_they_were(hall: Scenario) -> None:
    power = {"at": "hall", "between": {"constant": "50 min"}, "lasts": {"constant": "10 min"}}
    written = hall.model_dump(mode="json")["outages"]
    for before, after in zip(
        plans(hall), plans(hall, outages=written | {"power": power}), strict=True
    ):
        old = {(one.begin, one.stations) for one in before.days[0].outages}
        new = {(one.begin, one.end, len(one.stations)) for one in after.days[0].outages}
        assert old <= {(one.begin, one.stations) for one in after.days[0].outages}
        assert {(begin, end) for begin, end, n in new if n == 3} == {
            (480 + 50 + 60 * k, 540 + 60 * k) for k in range(4)
        }


def test_the_server_fails_as_often_as_written(hall: Scenario) -> None:
    days = [day for k in range(20) for day in draw_plan(hall, seed=1, replication=k).days]
    failures = [one for day in days for one in day.outages if one.stations == (1,)]
    # 40 days of 4 h with a failure every 190 min: 50.5, and its standard deviation is about 7.
    assert 30 < len(failures) < 72
    lengths = np.array([one.end - one.begin for one in failures])
    assert 8 < lengths.mean() < 12.5  # a cv of 0.5 over some 50 failures: 10 within 3.5 errors
    assert all(one.restarts for one in failures)


def test_time_in_outages_is_told_apart(hall: Scenario) -> None:
    counters = run(hall, replications=3, seed=1).counters()
    assert row(counters, "license 1")["out"] == 15  # 30 min on one of two days
    assert row(counters, "passport 2")["out"] > 15
    assert row(counters, "bank 1")["out"] == row(counters, "bank 1")["blocked"] == 0


def test_the_offered_load_counts_planned_outages_as_off_duty(hall: Scenario) -> None:
    monday, tuesday = ({s.station: s for s in offered_load(hall, day)} for day in ("mon", "tue"))
    hours = [round(hour.on_duty, 9) for hour in monday["license"].hours]
    assert hours == [60, 60, 30, 60]
    assert tuesday["bank"].hours[2].on_duty == 60
    assert tuesday["passport"].hours[0].on_duty == pytest.approx(120 * 180 / 190)
