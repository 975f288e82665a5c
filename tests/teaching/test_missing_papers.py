"""Incomplete papers: fetched on the same day, or brought on the next one."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.invariants import assert_possible

from mppsim import draw_plan, load_scenario, simulate
from mppsim.engine import Outcome, Trace
from mppsim.plan import Drawer, Plan
from mppsim.plan.clock import TICK
from mppsim.plan.plan import AWAY
from mppsim.report.headlines import result_findings
from mppsim.report.result import Result
from mppsim.scenario import Scenario, parse_scenario
from mppsim.study import Job, replicate
from mppsim.theory.offered_load import offered_load

FILE = Path(__file__).parents[2] / "scenarios" / "teaching" / "missing-papers.yaml"
KIOSK, LICENSE, PASSPORT = range(3)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(FILE)


@pytest.fixture(scope="module")
def traces(scenario: Scenario) -> list[Trace]:
    return [simulate(draw_plan(scenario, seed=1, replication=k)) for k in range(8)]


def with_share(scenario: Scenario, share: float) -> Scenario:
    spec: dict[str, Any] = scenario.model_dump(mode="json", exclude_none=True)
    for tenant in spec["tenants"].values():
        tenant["incomplete"]["share"] = share
    return parse_scenario(spec)


def test_each_has_at_most_one_rework_and_the_visit_ratio_is_one_plus_the_share(
    scenario: Scenario,
) -> None:
    drawer = Drawer(scenario, seed=5)
    counts = np.concatenate([_licenses(drawer.draw(k)) for k in range(60)])
    assert set(counts) == {1, 2}
    # Binomial with a share of 0.2 among some 7,000 visitors.
    assert abs(counts.mean() - 1.2) < 4 * np.sqrt(0.2 * 0.8 / len(counts))


def _licenses(plan: Plan) -> Any:
    found = []
    for day in plan.days:
        visitor = np.repeat(np.arange(len(day.visitors.arrival)), np.diff(day.visitors.first_step))
        found.append(np.bincount(visitor, day.steps.station == LICENSE))
    counts = np.concatenate(found)
    return counts[counts > 0]


def test_a_larger_share_adds_reworks_and_moves_nothing_else(scenario: Scenario) -> None:
    few, many = (draw_plan(with_share(scenario, share), seed=3) for share in (0.0, 0.2))
    for before, after in zip(few.days, many.days, strict=True):
        new = after.visitors.returns < 0
        assert np.array_equal(before.visitors.arrival, after.visitors.arrival[new])
    one, other = few.days[0], many.days[0]  # nobody returns to the first day
    second = (other.steps.back > 0) | (other.steps.station == AWAY)
    first = other.steps.place < 0
    full = one.steps.service_time
    assert first.sum() > 5
    assert np.array_equal(other.steps.service_time[~second & ~first], full[~first[~second]])
    half = full[first[~second]] / 2
    assert np.abs(other.steps.service_time[first] - half).max() <= TICK  # each is on the grid


def test_the_second_service_takes_a_time_of_its_own(scenario: Scenario) -> None:
    steps = draw_plan(scenario, seed=6).days[0].steps
    second = np.flatnonzero(steps.back)
    first = second - 2  # then he fetches the paper
    assert len(second) > 3 and (steps.station[first] == LICENSE).all()
    assert (np.abs(2 * steps.service_time[first] - steps.service_time[second]) > 0.01).all()


def test_who_fetched_a_paper_is_called_next(traces: list[Trace]) -> None:
    for trace in traces:
        for day, facts in zip(trace.plan.days, trace.days, strict=True):
            assert_possible(trace.plan.layout, day, facts)
            for step in np.flatnonzero((day.steps.back > 0) & (facts.outcome == Outcome.SERVED)):
                here = (day.steps.station == LICENSE) & (facts.joined > facts.joined[step])
                others = facts.started[here & (day.steps.back == 0)]
                assert not (others < facts.started[step]).any()


def test_everybody_who_needs_another_day_comes_on_the_next_one_and_only_they(
    traces: list[Trace],
) -> None:
    for trace in traces:
        visitors = trace.visitors
        who = ["tenant", "service", "ordinal"]
        for today, next_day in (("mon", "tue"), ("tue", "wed")):
            gone = visitors.query(f"day == '{today}' and outcome == 'postponed'")[who]
            back = visitors.query(f"day == '{next_day}' and first_day == '{today}'")
            assert set(gone["tenant"]) <= {"passport"}
            assert sorted(gone["ordinal"]) == sorted(back["ordinal"]) and len(back) > 0
            assert set(back["tenant"]) == {"passport"}
            assert "postponed" not in set(back["outcome"]), "the second visit is the last"
            stations = trace.steps.merge(back[["day", "visitor"]], on=["day", "visitor"]).groupby(
                "visitor"
            )["station"]
            assert {tuple(names) for _, names in stations} <= {("kiosk", "passport")}


def test_returns_are_reported_and_the_flow_balances(scenario: Scenario) -> None:
    result = Result(replicate(Job(scenario, replications=10)))
    table = result.outcomes()
    row: Any = table.loc["passport"]
    journeys = [summary.journeys for summary in result.run.summaries]
    postponed = sum((j.outcome == Outcome.POSTPONED).sum() for j in journeys)
    assert row["postponed"] == pytest.approx(postponed / 30) and row["postponed"] > 5
    assert 0 < row["carried_over"] < row["postponed"] / 2
    assert row["offered"] == row["served"], "found incomplete, they were served all the same"
    assert "went home to come back on another day" in " ".join(result_findings(result))


def test_offered_load_counts_second_visits(scenario: Scenario) -> None:
    loads = {load.station: load for load in offered_load(scenario, "tue")}
    assert loads["license"].visitors == pytest.approx(48)
    assert sum(hour.work for hour in loads["license"].hours) == pytest.approx(40 * 9 * 1.1)
    assert loads["kiosk"].visitors == pytest.approx(40 + 48)


def test_who_has_booked_comes_back_without_the_slot(scenario: Scenario) -> None:
    spec: dict[str, Any] = scenario.model_dump(mode="json", exclude_none=True)
    slots = {"every": "15 min", "from": "08:00", "to": "12:00", "share": 0.6, "no_show": 0.3}
    for tenant in spec["tenants"].values():
        for service in tenant["services"].values():
            service |= {"appointments": slots, "digital": {"share": 0.2}}
    plan = draw_plan(parse_scenario(spec), seed=4)
    for before, day in pairwise(plan.days):
        who = day.visitors.returns[day.visitors.returns >= 0]
        back = np.flatnonzero(day.visitors.returns >= 0)
        for name in ("service", "ordinal", "visitor_class", "party"):
            assert np.array_equal(
                getattr(before.visitors, name)[who], getattr(day.visitors, name)[back]
            )
        assert (before.visitors.booking[who] >= 0).any(), "a test of nobody"
        assert (day.visitors.booking[back] < 0).all()
    assert not plan.days[0].steps.ahead[plan.days[0].steps.back > 0].any()


def test_who_stood_there_at_the_opening_comes_back_and_no_delegation_in_his_place(
    scenario: Scenario,
) -> None:
    spec: dict[str, Any] = scenario.model_dump(mode="json", exclude_none=True)
    spec["tenants"]["license"]["incomplete"] = {"share": 1.0, "on": "another_day"}
    school = {"persons": 9, "station": "kiosk", "zone": "hall", "days": {"mon": ["09:00"] * 3}}
    times = {"service": {"constant": "1 min"}, "stays": {"constant": "1 h"}}
    spec |= {"backlog": {"license": 5}, "delegations": {"school": school | times}}
    monday, tuesday, _ = draw_plan(parse_scenario(spec), seed=1).days
    back = tuesday.visitors.returns[tuesday.visitors.returns >= 0]
    from_backlog = back[monday.visitors.ordinal[back] < 0]
    assert len(from_backlog) == 5 and len(set(from_backlog)) == 5
    assert (monday.visitors.stay_zone[from_backlog] < 0).all()
