"""Rosters of shifts: the cheapest cover, what is needed, and what is refused."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.halls import hall

import mppsim
from mppsim.scenario import Scenario, ScenarioError, duty_spans
from mppsim.scenario.errors import InputError
from mppsim.study.ladders import with_crews
from mppsim.study.shift_cover import cheapest_cover, load_shifts, roster_ladders

SHIFTS = Path("docs/shifts.yaml")


def morning_rush() -> Scenario:
    def change(spec: dict[str, Any]) -> None:
        spec.update(lunch=None, journey=["tenant"], visitors={}, stations={})
        spec["days"] = {"mon": {"open": "08:00", "close": "15:00"}}
        law = {"service": {"exponential": {"mean": "6 min"}}}
        bank = {"zone": "main", "counters": 1, "visitors_per_day": 90, "services": {"pay": law}}
        spec["tenants"] = {"bank": bank}

    return hall(change)


def test_the_union_airways_roster_costs_what_the_textbook_says() -> None:
    """Hillier and Lieberman, section 3.4, Union Airways: 48, 31, 39, 43, 15 agents, 30,610 USD."""
    needs = [48, 79, 65, 87, 64, 73, 82, 43, 52, 15]
    on_duty = [(0, 3), (1, 4), (3, 6), (5, 8), (8, 9)]
    covers = np.array([[first <= n <= last for first, last in on_duty] for n in range(10)], float)
    assert cheapest_cover(needs, covers, [170, 160, 175, 180, 195]) == [48, 31, 39, 43, 15]


def test_each_roster_costs_more_and_leaves_no_half_hour_alone() -> None:
    ladder = roster_ladders(morning_rush(), ["bank"], load_shifts(SHIFTS))["bank"]
    costs = [rung.cost for rung in ladder.rungs]
    assert costs == sorted(set(costs))
    assert len(costs) >= 4
    spans = duty_spans(with_crews(morning_rush(), {"bank": ladder.rungs[0].crew}), "mon", "bank")
    for start in range(480, 900, 30):
        assert any(span.start <= start < span.end for one in spans for span in one)


def test_rosters_that_only_grow_grow_by_one_officer() -> None:
    ladder = roster_ladders(morning_rush(), ["bank"], load_shifts(SHIFTS))["bank"]
    crews = [rung.crew for rung in ladder.rungs]
    steps = [
        len({*more} - {*fewer})
        for fewer, more in pairwise(crews)
        if isinstance(fewer, dict) and isinstance(more, dict) and {*fewer} <= {*more}
    ]
    assert len(steps) >= 3
    assert set(steps) == {1}


def test_a_rush_in_the_morning_is_met_in_the_morning(tmp_path: Path) -> None:
    base = tmp_path / "base.yaml"
    base.write_text(OFFICE)
    sizing = mppsim.size(base, target="P(wait <= 15 min) >= 0.8", shifts=SHIFTS, most=60)
    assert sizing.is_met
    counters = sizing.rosters().set_index("time")["counters"]
    assert counters[540.0] > counters[840.0] >= 1
    sizing.to_yaml(tmp_path / "sized.yaml")
    written = mppsim.load_scenario(tmp_path / "sized.yaml").tenants["bank"].counters
    assert written == sizing.hall.tenants["bank"].counters


OFFICE = """
name: A morning
days: {mon: {open: "08:00", close: "15:00"}}
arrivals: {profile: {"08:00": 0.8, "11:00": 0.2}}
zones: {main: {seats: 9}}
tenants:
  bank:
    zone: main
    counters: 1
    visitors_per_day: 60
    services: {pay: {service: {exponential: {mean: 8 min}}}}
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('shifts: {early: {hours: ["08:00-12:00"], cost: 4}}', "found none from 12:00 to 12:30"),
        ("shifts: {}", "shifts.yaml:1: shifts: found an empty map; expected a map with at least"),
        ('shifts: {a: {hours: ["8-12"], cost: 4}}', "expected a span of the day"),
        ('shifts: {a: {hours: ["08:00-12:00"], cost: 0}}', "cost: found 0; expected a number of"),
        ('shifts: {a: {hour: ["08:00-12:00"], cost: 1}}', "did you mean 'hours'"),
        ("", "found an empty file; expected a file of shifts in YAML"),
        ("# none", "found no keys, only comments; expected shifts"),
    ],
)
def test_shifts_that_cannot_be_worked_are_refused(
    text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shifts.yaml").write_text(text)
    with pytest.raises(InputError, match=message.replace("(", r"\(")) as refused:
        mppsim.size(morning_rush(), target="mean wait <= 9 min", shifts="shifts.yaml")
    assert isinstance(refused.value, ScenarioError) or "shifts" in str(refused.value)


def test_prices_beside_shifts_are_refused() -> None:
    with pytest.raises(InputError, match="shifts, which have costs of their own"):
        mppsim.size(morning_rush(), target="mean wait <= 9 min", shifts=SHIFTS, prices={"bank": 2})
