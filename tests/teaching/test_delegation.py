"""A study delegation: at the desk and in the seats, and among no tenant's visitors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.invariants import assert_possible

from mppsim import Scenario, draw_plan, load_scenario, run, simulate
from mppsim.engine import Trace
from mppsim.measure import summarize
from mppsim.scenario import parse_scenario
from mppsim.theory.offered_load import offered_load

TEACHING = Path(__file__).parents[2] / "scenarios" / "teaching"


@pytest.fixture(scope="module")
def hall() -> Scenario:
    return load_scenario(TEACHING / "delegation.yaml")


@pytest.fixture(scope="module")
def weeks(hall: Scenario) -> list[Trace]:
    return [simulate(draw_plan(hall, seed=1, replication=k)) for k in range(20)]


def test_the_group_comes_when_it_is_written_and_sits_for_an_hour(weeks: list[Trace]) -> None:
    students = 0
    for week in weeks:
        groups = week.visitors[week.visitors["party"] == 40]
        assert groups["tenant"].isna().all()
        assert groups["arrived"][groups["day"] == "tue"].between(540, 600).tolist() == [True]
        students += (groups["day"] == "thu").sum()
        steps = week.steps[week.steps["tenant"].isna()]
        assert (steps["ended"] - steps["started"] == 10).all()
        assert (groups["left"].to_numpy() == steps["ended"].to_numpy() + 60).all()
        for day, facts in zip(week.plan.days, week.days, strict=True):
            assert_possible(week.plan.layout, day, facts)
    assert 4 <= students <= 16  # binomial, 20 weeks at 1/2: within 2.7 standard deviations


def test_the_group_moves_nobody_but_by_the_time_of_the_desk(
    hall: Scenario, weeks: list[Trace]
) -> None:
    alone = parse_scenario(hall.model_dump(mode="json") | {"delegations": {}})
    for number, week in enumerate(weeks):
        without = simulate(draw_plan(alone, seed=1, replication=number))
        visitors = week.visitors[week.visitors["tenant"].notna()].reset_index(drop=True)
        columns = ["day", "service", "ordinal", "arrived"]
        assert visitors[columns].equals(without.visitors[columns])
        with_desk, alone_desk = (summarize(one).counters for one in (week, without))
        received = (week.visitors["party"] == 40).sum()
        more = (with_desk.busy + with_desk.overtime - alone_desk.busy - alone_desk.overtime)[:, 0]
        assert more.sum() == 10 * received


def test_the_group_takes_seats_and_stands_in_no_table_of_visitors(
    hall: Scenario, weeks: list[Trace]
) -> None:
    for week in weeks:
        summary = summarize(week)
        assert summary.over_time.largest_crowd[0, 0] >= 40
        assert summary.over_time.largest_crowd[1, 0] < 40
        of_tenants = int(week.visitors["tenant"].notna().sum())
        assert len(summary.journeys.outcome) == of_tenants
        assert len(summary.visits.outcome) == int(week.steps["tenant"].notna().sum())
    result = run(hall, replications=2, seed=1)
    assert result.outcomes("station")["offered"].sum() > 0
    np.testing.assert_allclose(result.waiting("all")["n"], result.waiting()["n"].sum())


def test_the_offered_load_holds_the_reception(hall: Scenario) -> None:
    desk = {day: offered_load(hall, day)[0] for day in ("tue", "wed", "thu")}
    work = [[hour.work for hour in desk[day].hours] for day in ("tue", "wed", "thu")]
    more = np.array([work[0], work[2]]) - work[1]
    np.testing.assert_allclose(more, [[0, 10, 0, 0], [0, 0, 5, 0]], atol=1e-9)
