"""Counters that alone serve somebody, against the work that comes for them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from mppsim.cli.main import app
from mppsim.scenario import parse_scenario
from mppsim.theory.offered_load import offered_load
from mppsim.theory.specialists import too_much_for_specialists

HALL: dict[str, Any] = {
    "name": "One for permits, two for questions",
    "days": {"mon": {"open": "08:00", "close": "13:00"}},
    "arrivals": {"profile": {"08:00": 1.0}},
    "visitors": {"classes": {"priority": 0.25, "regular": 0.75}},
    "zones": {"main": {"seats": 9}},
    "tenants": {
        "tax": {
            "zone": "main",
            "counters": {"ani": {}, "budi": {"serves": ["ask"]}, "citra": {"serves": ["ask"]}},
            "visitors_per_day": 100,
            "services": {
                "permit": {"share": 0.5, "service": {"constant": "8 min"}},
                "ask": {"share": 0.5, "service": {"constant": "2 min"}},
            },
        }
    },
}


def with_crew(counters: dict[str, Any]) -> Any:
    spec = copy.deepcopy(HALL)
    spec["tenants"]["tax"]["counters"] = counters
    return parse_scenario(spec)


def test_the_only_counter_for_permits_has_too_many_though_the_station_has_time() -> None:
    hall = parse_scenario(HALL)
    (station,) = offered_load(hall, "mon")
    assert station.ratio == 500 / 900
    (few,) = too_much_for_specialists(hall, "mon")
    assert (few.counters, few.visitors) == (("tax ani",), ("tax/permit",))
    assert (few.work, few.on_duty) == (50 * 8, 300)


def test_a_class_that_one_counter_serves_counts_with_its_share() -> None:
    crew = {name: {"serves": ["regular"]} for name in ("budi", "citra")}
    hall = with_crew({"ani": {"serves": ["priority"], "shifts": ["08:00-10:00"]}, **crew})
    (few,) = too_much_for_specialists(hall, "mon")
    assert few.visitors == ("priority at tax",)
    assert few.work == pytest.approx(500 / 4) and few.on_duty == 120


def test_a_second_counter_for_permits_is_enough_and_a_whole_crew_is_no_specialist() -> None:
    two = {"ani": {}, "budi": {"serves": ["ask", "permit"]}, "citra": {"serves": ["ask"]}}
    assert too_much_for_specialists(with_crew(two), "mon") == []
    alone = with_crew({"ani": {}})
    assert offered_load(alone, "mon")[0].ratio > 1
    assert too_much_for_specialists(alone, "mon") == []


def test_check_says_so_in_words_and_in_json(tmp_path: Path) -> None:
    path = tmp_path / "hall.yaml"
    path.write_text(json.dumps(HALL), encoding="utf-8")
    words = CliRunner().invoke(app, ["check", str(path)])
    assert words.exit_code == 1
    assert "tax ani cannot keep up with tax/permit" in " ".join(words.stdout.split())
    (station,) = json.loads(CliRunner().invoke(app, ["check", str(path), "--json"]).stdout)
    assert [few["work"] for few in station["too_much_for"]] == [400]
