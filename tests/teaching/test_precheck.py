"""A check of the papers online: fewer come again, and nothing else is moved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.invariants import assert_possible

from mppsim import draw_plan, load_scenario, simulate
from mppsim.plan import Drawer, Plan
from mppsim.scenario import parse_scenario
from mppsim.theory.offered_load import offered_load

FILE = Path(__file__).parents[2] / "scenarios" / "teaching" / "precheck.yaml"


def with_precheck(precheck: dict[str, float] | None) -> Any:
    spec = load_scenario(FILE).model_dump(mode="json", exclude_none=True)
    spec["tenants"]["license"]["incomplete"]["precheck"] = precheck
    return parse_scenario(spec)


def who_comes_again(plan: Plan) -> list[set[int]]:
    """Return, by day, the arrivals of those who lack a paper; they are on the grid, so exact."""
    found = []
    for day in plan.days:
        visitor = np.searchsorted(day.visitors.first_step, np.flatnonzero(day.steps.back), "right")
        found.append(set(day.visitors.arrival[visitor - 1].tolist()))
    return found


def test_those_who_come_again_are_some_of_those_who_would_without_it() -> None:
    with_it, without = (draw_plan(hall) for hall in (load_scenario(FILE), with_precheck(None)))
    for some, all_ in zip(who_comes_again(with_it), who_comes_again(without), strict=True):
        assert some < all_
    for one, other in zip(with_it.days, without.days, strict=True):
        assert np.array_equal(one.visitors.arrival, other.visitors.arrival)


def test_eighteen_in_a_hundred_come_again() -> None:
    drawer = Drawer(load_scenario(FILE), seed=2)
    plans = [drawer.draw(k) for k in range(50)]
    again = sum(len(those) for plan in plans for those in who_comes_again(plan))
    n = sum(len(day.visitors.arrival) for plan in plans for day in plan.days)
    assert abs(again / n - 0.18) < 4 * np.sqrt(0.18 * 0.82 / n)  # binomial


def test_a_check_that_all_use_and_that_finds_all_leaves_no_paper_out() -> None:
    spec = load_scenario(FILE).model_dump(mode="json", exclude_none=True)
    spec["tenants"]["license"]["incomplete"] = "none"
    never, checked = (
        simulate(draw_plan(hall)) for hall in (parse_scenario(spec), with_precheck({"share": 1.0}))
    )
    assert never.steps.equals(checked.steps)
    for day, facts in zip(checked.plan.days, checked.days, strict=True):
        assert_possible(checked.plan.layout, day, facts)


def test_check_counts_the_visits_that_are_left() -> None:
    (load,) = offered_load(load_scenario(FILE), "mon")
    assert load.visitors == pytest.approx(118)
    assert sum(hour.work for hour in load.hours) == pytest.approx(100 * 8 * (1 + 0.18 / 2))
