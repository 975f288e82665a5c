"""Compiled code draws every plan that NumPy draws, to the last bit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from support.halls import hall
from support.same_plans import assert_drawn_alike, assert_same
from test_all_features import CHOICES, FEATURES, spec_with
from test_random_halls import SEEDS, specs

from mppsim.plan import Drawer, compiling
from mppsim.scenario import load_scenario, parse_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED = [path for folder in ("pekanbaru", "teaching") for path in (SCENARIOS / folder).glob("*")]
ODD_LAWS: dict[str, Any] = {
    "mixture": {
        "mixture": [
            {"weight": 0.4, "exponential": {"mean": "3 min"}},
            {"weight": 0.1, "constant": "20 min"},
            {"weight": 0.5, "triangular": {"low": "1 min", "mode": "2 min", "high": "9 min"}},
        ]
    },
    "samples": {"empirical": {"samples": ["1 min", "2 min", "2.5 min", "7 min"]}},
    "histogram": {"empirical": {"histogram": {"0-5 min": 12, "5-6 min": 0, "6-10 min": 30}}},
    "weibull": {"weibull": {"mean": "5 min", "cv": 1.3}},
    "uniform": {"uniform": {"low": "0 min", "high": "1 min"}},
}


@given(specs(), SEEDS)
def test_a_random_hall_is_drawn_alike(spec: dict[str, Any], seed: int) -> None:
    assert_drawn_alike(parse_scenario(spec), seed=seed, replications=range(2))


@given(CHOICES, SEEDS)
def test_a_hall_of_any_features_is_drawn_alike(chosen: list[str], seed: int) -> None:
    assert_drawn_alike(parse_scenario(spec_with(chosen)), seed=seed, replications=range(2))


@pytest.mark.parametrize("feature", FEATURES)
def test_each_feature_alone_is_drawn_alike(feature: str) -> None:
    assert_drawn_alike(parse_scenario(spec_with([feature])), seed=7, replications=range(6))


@pytest.mark.parametrize(
    "path", [path for path in SHIPPED if path.suffix == ".yaml"], ids=lambda path: path.stem
)
def test_shipped_halls_are_drawn_alike(path: Path) -> None:
    assert_drawn_alike(load_scenario(path), seed=2, replications=range(3))


@pytest.mark.parametrize("law", ODD_LAWS)
def test_services_patience_and_lateness_of_any_law_are_drawn_alike(law: str) -> None:
    def change(spec: dict[str, Any]) -> None:
        spec["visitors"]["patience"] = ODD_LAWS[law]
        spec["tenants"]["bank"]["services"]["pay"] |= {
            "service": ODD_LAWS[law],
            "appointments": {
                "every": "10 min",
                "from": "08:00",
                "to": "14:00",
                "share": 0.6,
                "punctuality": {"law": ODD_LAWS[law], "early": "4 min"},
            },
        }

    assert_drawn_alike(hall(change), seed=3, replications=range(8))


def test_ways_onward_from_a_place_that_a_share_passes_are_drawn_alike() -> None:
    def change(spec: dict[str, Any]) -> None:
        spec["tenants"]["tax"]["journey"] = ["kiosk", {"bank": 0.5}, "tenant"]
        spec["tenants"]["bank"]["then"] = {"cashier": 0.4, "post": 0.3}

    assert_drawn_alike(hall(change), seed=5, replications=range(4))


def test_more_visitors_than_the_scratch_first_holds_are_drawn_alike() -> None:
    busy = hall(lambda spec: spec["tenants"]["tax"].update(visitors_per_day=30_000))
    assert_drawn_alike(busy, seed=4, replications=range(1))


@pytest.mark.parametrize("compiled", [False, True], ids=["numpy", "compiled"])
def test_threads_draw_from_one_drawer_what_one_thread_draws(compiled: bool) -> None:
    scenario = parse_scenario(spec_with(["shifts, speed and absence", "missed calls"]))
    drawer, alone = Drawer(scenario, compiled=compiled), Drawer(scenario)
    with ThreadPoolExecutor(4) as pool:
        for replication, plan in enumerate(pool.map(drawer.draw, range(24))):
            for day, other in zip(alone.draw(replication).days, plan.days, strict=True):
                assert_same(day, other, f"replication {replication}")


def test_a_scenario_is_prepared_once_for_all_who_draw_it_under_one_seed() -> None:
    scenario = hall()
    one, other, later = (Drawer(scenario, seed=seed) for seed in (1, 1, 2))
    assert one.layout is other.layout
    assert one.layout is not Drawer(hall()).layout
    for day, same, different in zip(*(it.draw(0).days for it in (one, other, later)), strict=True):
        assert_same(day, same, day.weekday)
        assert not np.array_equal(day.visitors.arrival, different.visitors.arrival)
    assert len(Drawer(scenario, day="fri").draw(0).days) == 1


def test_a_plan_stays_as_it_is_when_the_next_one_is_drawn() -> None:
    drawer, kept = Drawer(hall(), compiled=True), Drawer(hall()).draw(0)
    first = drawer.draw(0)
    drawer.draw(1)
    for day, other in zip(kept.days, first.days, strict=True):
        assert_same(day, other, day.weekday)


def test_without_numba_a_drawer_draws_with_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "find_spec", lambda name: None)
    assert "pip install 'mppsim[fast]'" in (compiling.why_not() or "")
    assert_drawn_alike(hall(), seed=1, replications=range(1))


def test_a_folder_that_cannot_be_written_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file" / "folder"))
    assert str(tmp_path / "file" / "folder") in (compiling.why_not() or "")
