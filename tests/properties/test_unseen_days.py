"""Days that nobody looks at have the summary, to the last bit, of days that somebody does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from support.halls import hall
from support.same_plans import assert_same
from test_all_features import CHOICES, FEATURES, spec_with
from test_compiled_summary import SHIPPED
from test_random_halls import SEEDS, specs

from benchmarks.workloads import workload
from mppsim.engine import simulate
from mppsim.measure import summarize_all, summarize_unseen
from mppsim.measure.compiled import unseen
from mppsim.plan import Drawer
from mppsim.scenario import Scenario, load_scenario, parse_scenario


def is_the_same_unseen(scenario: Scenario, *, seed: int, numbers: range = range(4)) -> bool:
    """Compare summaries of seen and unseen days, if the hall's days need not be seen."""
    drawer = Drawer(scenario, seed=seed, compiled=True)
    summary = summarize_unseen(drawer, numbers)
    if summary is not None:
        traces = [simulate(drawer.draw(number), engine="compiled") for number in numbers]
        assert_same(summarize_all(traces, compiled=True), summary, "summary")
    return summary is not None


@settings(max_examples=40)  # half a second each
@given(CHOICES, SEEDS)
def test_days_with_many_features_can_go_unseen(features: list[str], seed: int) -> None:
    is_the_same_unseen(parse_scenario(spec_with(features)), seed=seed)


@settings(max_examples=40)  # half a second each
@given(specs(), SEEDS)
def test_days_of_a_random_hall_can_go_unseen(spec: dict[str, Any], seed: int) -> None:
    is_the_same_unseen(parse_scenario(spec), seed=seed)


@pytest.mark.parametrize("feature", FEATURES)
def test_days_with_any_feature_but_a_replay_can_go_unseen(feature: str) -> None:
    scenario = parse_scenario(spec_with([feature]))
    can = is_the_same_unseen(scenario, seed=7, numbers=range(3, 9))
    assert can == (feature != "a replay")


def test_days_with_all_other_features_at_once_can_go_unseen() -> None:
    scenario = parse_scenario(spec_with([name for name in FEATURES if name != "a replay"]))
    assert is_the_same_unseen(scenario, seed=1, numbers=range(40))


def test_some_shipped_halls_can_go_unseen() -> None:
    assert any(is_the_same_unseen(load_scenario(path), seed=2) for path in SHIPPED)


def test_days_with_more_visitors_than_any_before_are_the_same_unseen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(unseen, "SPARE", 1)
    for load in ("hall", "features"):
        assert is_the_same_unseen(workload(load).scenario, seed=3, numbers=range(30))


def test_days_with_more_outages_than_any_before_are_the_same_unseen() -> None:
    laws = {"between": {"exponential": {"mean": "20 min"}}, "lasts": {"constant": "1 min"}}
    outages = {"network": {"at": "hall", **laws}, "server": {"at": ["bank"], **laws}}
    often = hall(lambda spec: spec.update(outages=outages))
    assert is_the_same_unseen(often, seed=3, numbers=range(9))


def test_two_halls_by_turns_are_the_same_unseen() -> None:
    for seed in range(3):
        assert is_the_same_unseen(hall(), seed=seed)
        assert is_the_same_unseen(workload("hall").scenario, seed=seed, numbers=range(3))


def with_promises_and_a_short_friday(spec: dict[str, Any]) -> None:
    spec["days"]["fri"] = {"open": "08:00", "close": "11:30"}
    spec["promise"] = {"wait": "15 min", "service": "10 min", "visit": "60 min", "share": 0.9}


@pytest.mark.parametrize("spare", [unseen.SPARE, 1])
def test_usual_days_go_on_end_but_for_those_that_need_more_room(
    monkeypatch: pytest.MonkeyPatch, spare: float
) -> None:
    by_python = []
    play_day = unseen._Stage._play_day

    def counted(stage: Any, *day: Any) -> None:
        by_python.append(day)
        play_day(stage, *day)

    monkeypatch.setattr(unseen, "SPARE", spare)
    monkeypatch.setattr(unseen._Stage, "_play_day", counted)
    week = hall(with_promises_and_a_short_friday)
    for scenario in (workload("hall").scenario, week):
        assert is_the_same_unseen(scenario, seed=5, numbers=range(2, 42))
    assert 0 < len(by_python) < 30  # of 120 days
