"""The compiled engine gives the trace of the SimPy engine, bit for bit, ties included."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.hand_made import one_station
from support.random_days import random_plan
from support.same_traces import differing_between_engines

from mppsim import load_scenario
from mppsim.engine import Outcome, simulate
from mppsim.engine.compiled.tables import UnsupportedPlanError
from mppsim.plan import draw_plan

SCENARIOS = Path(__file__).parents[2] / "scenarios"
RANDOM_PLANS = 4000


@pytest.mark.parametrize("first", range(0, RANDOM_PLANS, 400))
def test_engines_agree_on_days_with_any_features_and_many_ties(first: int) -> None:
    for seed in range(first, first + 400):
        assert not differing_between_engines(random_plan(seed)), f"random_plan({seed})"


def test_random_plans_meet_all_that_can_happen() -> None:
    met: set[Outcome] = set()
    vain_calls = pieces = duty = 0
    for seed in range(150):
        for facts in simulate(random_plan(seed), engine="compiled").days:
            met |= {Outcome(code) for code in np.unique(facts.outcome)}
            met |= {Outcome(code) for code in np.unique(facts.visitor_outcome)}
            vain_calls += len(facts.vain_calls)
            pieces += len(facts.pieces)
            duty += len(facts.duty)
    assert met == set(Outcome)
    assert min(vain_calls, pieces, duty) > 50


@pytest.mark.parametrize(
    "path", sorted((SCENARIOS / "teaching").glob("*.yaml")), ids=lambda p: p.stem
)
def test_engines_agree_on_the_teaching_halls(path: Path) -> None:
    assert not differing_between_engines(draw_plan(load_scenario(path), seed=3))


@given(st.integers(2**8, 2**12))
@settings(max_examples=5)
def test_engines_agree_on_services_that_fall_between_two_ticks(n: int) -> None:
    assert not differing_between_engines(one_station([0, 1], [10 / n, 1]))


def test_a_plan_with_arrivals_between_two_ticks_is_refused_by_name() -> None:
    with pytest.raises(UnsupportedPlanError, match="a time that lies between two ticks"):
        simulate(one_station([0.1], [1]), engine="compiled")


def test_a_plan_with_equal_bookings_is_refused_by_name() -> None:
    plan = one_station([0, 1], [1, 1])
    (day,) = plan.days
    twice = replace(day, visitors=replace(day.visitors, booking=np.array([3, 3], np.int32)))
    with pytest.raises(UnsupportedPlanError, match="two bookings with the same number"):
        simulate(replace(plan, days=(twice,)), engine="compiled")
