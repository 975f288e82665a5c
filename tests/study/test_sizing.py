"""Sizes of halls, against Erlang's formulas and by hand."""

from __future__ import annotations

from io import StringIO
from typing import Any

import numpy as np
import pytest
from rich.console import Console
from support.halls import hall

import mppsim
from mppsim.measure.targets import parse_goal
from mppsim.report.sizing import Sizing
from mppsim.report.sizing_text import sizing_text
from mppsim.scenario import Scenario
from mppsim.scenario.errors import InputError
from mppsim.study.seats import days_needed, seats_needed
from mppsim.theory.erlang import ImpatientLine, WaitingLine, fewest_counters


def steady(rate: float, service: float, patience: float | None = None) -> Scenario:
    """A tenant and nothing else for 15 hours: visitors a minute, minutes of service."""

    def change(spec: dict[str, Any]) -> None:
        spec.update(lunch=None, journey=["tenant"], visitors={}, stations={})
        spec["days"] = {"mon": {"open": "00:00", "close": "15:00"}}
        spec["arrivals"] = {"profile": {"00:00": 1}}
        tax = {"zone": "main", "counters": 1, "visitors_per_day": rate * 900}
        law = {"service": {"exponential": {"mean": f"{service} min"}}}
        spec["tenants"] = {"tax": {**tax, "services": {"pay": law}}}
        if patience:
            spec["tenants"]["tax"]["patience"] = {"exponential": {"mean": f"{patience} min"}}

    return hall(change)


@pytest.mark.parametrize(("rate", "counters"), [(0.2, 3), (0.5, 6)])
def test_the_smallest_size_is_that_of_erlang_c(rate: float, counters: int) -> None:
    """9 min, 85 % within 15 min; Erlang C: 0.94 in both, and with one counter less below 0.8."""
    lines = [WaitingLine(rate, 9, c) for c in (counters, counters - 1)]
    assert lines[0].beyond(15) < 0.07
    assert lines[1].beyond(15) > 0.2  # so the answer is clear of the zone of indifference
    sizing = mppsim.size(steady(rate, 9), target="tax P(wait <= 15 min) >= 0.85")
    assert sizing.is_met
    assert sizing.counters().loc["tax", "needed"] == counters
    assert fewest_counters(lambda c: WaitingLine(rate, 9, c), time=15, share=0.85) == counters


def test_the_smallest_size_is_that_of_erlang_a() -> None:
    """0.5 a minute, 9 min, patience 20 min: four of five are served within 10 min by 5 counters."""
    served = [served_within(ImpatientLine(0.5, 9, c, 20), 10) for c in (4, 5)]
    assert served == pytest.approx([0.724, 0.88], abs=0.03)
    sizing = mppsim.size(steady(0.5, 9, 20), target="P(wait <= 10 min) >= 0.8")
    assert sizing.counters().loc["tax", "needed"] == 5
    found = sizing.bounds().iloc[0]
    assert found["value"] == pytest.approx(served[1], abs=0.015)  # it begins empty at midnight
    assert found["one_less"] == pytest.approx(served[0], abs=0.03)


def served_within(line: ImpatientLine, time: float) -> float:
    """All, less those in line for longer, less those who gave up before (by their hazard)."""
    times = np.linspace(0, time, 2001)
    in_line = np.array([line.beyond(t) for t in times])
    return 1 - line.beyond(time) - float(np.trapezoid(in_line, times)) / line.patience


def test_what_a_hall_promises_is_its_target_and_the_rest_stays() -> None:
    sizing = mppsim.size(hall(without_days_off), most=30)
    assert [*sizing.counters().index] == ["tax", "bank", "post"]
    assert [*sizing.bounds()["place"]] == ["tax/pay", "tax/ask", "bank/pay", "post/send"]
    assert shown(sizing).count(sizing.bounds()["bound"].iloc[0]) == 1


def test_bounds_that_differ_stand_in_a_column_of_their_own() -> None:
    targets = ["tax P(wait <= 90 min) >= 0.5", "bank P(wait <= 80 min) >= 0.6"]
    text = shown(mppsim.size(hall(without_days_off), target=targets, most=30))
    assert "P(wait <= 90 min) >= 0.5" in text
    assert "P(wait <= 80 min) >= 0.6" in text


def shown(sizing: Sizing) -> str:
    console = Console(width=120, file=StringIO(), record=True)
    console.print(sizing_text(sizing))
    return console.export_text()


def without_days_off(spec: dict[str, Any]) -> None:
    spec["days"].pop("fri")
    spec["lunch"] = None
    spec["tenants"]["tax"].update(visitors_per_day=15, counters=1)
    spec["tenants"]["bank"]["visitors_per_day"] = 10


def test_what_no_counter_helps_is_said() -> None:
    def doors(spec: dict[str, Any]) -> None:
        without_days_off(spec)
        spec["arrivals"]["early"] = {"share": 0.5, "within": "2 h"}

    sizing = mppsim.size(hall(doors), target="kiosk P(wait <= 15 min) >= 0.9", most=30)
    assert not sizing.is_met
    assert [*sizing.bounds()["verdict"]] == ["out of reach"]
    assert sizing.counters().loc["kiosk", "needed"] == 2


def test_the_sized_hall_can_be_written_as_an_overlay(tmp_path: Any) -> None:
    base = tmp_path / "base.yaml"
    base.write_text(BASE)
    sizing = mppsim.size(base, target=["P(wait <= 15 min) >= 0.8", "P(standing <= 1) >= 0.8"])
    sizing.to_yaml(tmp_path / "sized.yaml")
    sized = mppsim.load_scenario(tmp_path / "sized.yaml")
    assert sized.tenants["bank"].counters == sizing.counters().loc["bank", "needed"] == 3
    assert sized.zones["main"].seats == sizing.seats().loc["main", "needed"]
    assert sized.zones == sizing.hall.zones


BASE = """
name: A bank
days: {mon: {open: "08:00", close: "12:00"}}
arrivals: {profile: {"08:00": 1}}
zones: {main: {seats: 1}}
tenants:
  bank:
    zone: main
    counters: 1
    visitors_per_day: 60
    services: {pay: {service: {exponential: {mean: 8 min}}}}
"""


def test_seats_suffice_with_the_confidence_that_is_asked_for() -> None:
    """Of 60 days, 59 with at most 10 persons: the lower limit of 59/60 at 95 % is 0.923."""
    crowd = np.full((60, 1), 10.0)
    crowd[7] = 30
    assert seats_needed(crowd, [parse_goal("P(standing <= 2) >= 0.92")], 0.95) == 8
    assert seats_needed(crowd, [parse_goal("P(standing <= 2) >= 0.93")], 0.95) == 28
    assert seats_needed(crowd, [parse_goal("P(standing <= 2) >= 0.99")], 0.95) is None
    assert days_needed(parse_goal("P(standing <= 2) >= 0.95"), 0.95) == 59
    assert seats_needed(crowd, [parse_goal("mean standing <= 3")], 0.95) == 8


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("tex P(wait <= 15 min) >= 0.9", "did you mean 'tax'"),
        ("P(wait <= 15 min) <= 0.9", "a wish for long waits"),
        ("P(wait <= 15 min) >= 1", "which no number of days can show"),
        ("mean wait <= 0 min", "expected a time of more than 0"),
        ("hall P(wait <= 15 min) >= 0.9", "no single station answers for"),
        ("mean visit <= 60 min", "a whole visit"),
        ("P(standing <= 3) <= 0.9", "many standing visitors"),
        ("mine mean standing <= 3", "did you mean 'main'"),
    ],
)
def test_a_target_that_cannot_be_sized_for_is_refused(target: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        mppsim.size(hall(), target=target)


def test_rules_and_prices_out_of_range_are_refused() -> None:
    for wrong in ({"confidence": 1.5}, {"indifference": 0.0}, {"most": 3}, {"prices": {"tax": 0}}):
        with pytest.raises(InputError, match="expected"):
            mppsim.size(hall(), **wrong)
    with pytest.raises(InputError, match="promises no wait"):
        mppsim.size(hall(lambda spec: spec.pop("promise")))
