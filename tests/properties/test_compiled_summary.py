"""Compiled code makes every summary that NumPy makes, to the last bit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from support.hand_made import one_station
from support.random_days import random_line, random_plan
from support.same_plans import assert_same
from test_all_features import CHOICES, FEATURES, spec_with
from test_random_halls import SEEDS, specs

from benchmarks.workloads import workload
from mppsim.engine import Trace, simulate
from mppsim.measure import summarize, summarize_all
from mppsim.measure.compiled.day_tables import in_turn
from mppsim.plan import Drawer
from mppsim.scenario import Scenario, load_scenario, parse_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED = [*SCENARIOS.glob("pekanbaru/*.yaml"), *SCENARIOS.glob("teaching/*.yaml")]
RANDOM_PLANS = 800


def assert_summarized_alike(*traces: Trace) -> None:
    assert_same(summarize(*traces), summarize_all(traces, compiled=True), "summary")


def traces_of(scenario: Scenario, *, seed: int, n: int = 3) -> list[Trace]:
    drawer = Drawer(scenario, seed=seed, compiled=True)
    return [simulate(drawer.draw(number), engine="compiled") for number in range(n)]


@pytest.mark.parametrize("first", range(0, RANDOM_PLANS, 400))
def test_days_with_any_features_and_many_ties_are_summarized_alike(first: int) -> None:
    for seed in range(first, first + 400):
        assert_summarized_alike(simulate(random_plan(seed), engine="compiled"))


@pytest.mark.parametrize("opening", [0.0, 7.0, 12.5])
def test_days_in_turn_are_summarized_alike(opening: float) -> None:
    taken = 0
    for seed in range(200):
        plan = random_line(seed)
        (day,) = plan.days
        alone = np.broadcast_to(np.int32(1), len(day.visitors.party))
        visitors = replace(day.visitors, party=alone)
        day = replace(day, visitors=visitors, opening=opening)
        trace = simulate(replace(plan, days=(day,)), engine="compiled")
        assert_summarized_alike(trace)
        taken += in_turn(day, trace.days[0])
    assert taken > 50


@given(specs(), SEEDS)
def test_a_random_hall_is_summarized_alike(spec: dict[str, Any], seed: int) -> None:
    assert_summarized_alike(*traces_of(parse_scenario(spec), seed=seed))


@given(CHOICES, SEEDS)
def test_a_hall_of_any_features_is_summarized_alike(chosen: list[str], seed: int) -> None:
    assert_summarized_alike(*traces_of(parse_scenario(spec_with(chosen)), seed=seed))


@pytest.mark.parametrize("feature", FEATURES)
def test_each_feature_alone_is_summarized_alike(feature: str) -> None:
    assert_summarized_alike(*traces_of(parse_scenario(spec_with([feature])), seed=7, n=6))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_halls_are_summarized_alike(path: Path) -> None:
    assert_summarized_alike(*traces_of(load_scenario(path), seed=2))


@pytest.mark.parametrize("name", ["hall", "queue length=0.02", "busy", "busy visitors=9"])
def test_days_with_many_events_between_two_points_are_summarized_alike(name: str) -> None:
    assert_summarized_alike(*traces_of(workload(name).scenario, seed=3))


def test_traces_of_the_simpy_engine_are_summarized_alike() -> None:
    for seed in range(100):
        assert_summarized_alike(simulate(random_plan(seed), engine="simpy"))


def test_a_summary_stays_as_it_is_when_the_next_one_is_made() -> None:
    first, second = traces_of(load_scenario(SHIPPED[0]), seed=4, n=2)
    kept = summarize_all([first], compiled=True)
    summarize_all([second], compiled=True)
    assert_same(summarize(first), kept, "summary")


def test_days_of_other_hours_are_refused() -> None:
    trace = simulate(one_station([0, 1], [1, 1]))
    (day,) = trace.plan.days
    later = replace(trace.plan, days=(replace(day, closing=day.closing + 60),))
    with pytest.raises(ValueError, match="days of other hours"):
        summarize_all([trace, replace(trace, plan=later)], compiled=True)


def test_a_party_of_millions_is_refused() -> None:
    trace = simulate(one_station([0, 0, 1], [1, 1, 1]))
    (day,) = trace.plan.days
    parties = np.full(len(day.visitors.arrival), 2**22, np.int32)
    crowded = replace(day, visitors=replace(day.visitors, party=parties))
    with pytest.raises(OverflowError, match="too large a party"):
        summarize_all([replace(trace, plan=replace(trace.plan, days=(crowded,)))], compiled=True)


def test_a_line_of_more_than_16_bits_is_counted_alike() -> None:
    n = 70_000
    trace = simulate(one_station([0.0] * n, [1.0] * n, closing=10.0), engine="compiled")
    assert_summarized_alike(trace)
    assert summarize(trace).over_time.queue.max() == n - 1
