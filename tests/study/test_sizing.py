"""Sizes of halls, against Erlang's formulas and by hand."""

from __future__ import annotations

from functools import partial
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


def steady(rates: float | list[float], service: float, patience: float | None = None) -> Scenario:
    """Tenants that share nothing, for 15 hours: visitors a minute of each, minutes of service."""
    each = rates if isinstance(rates, list) else [rates]

    def change(spec: dict[str, Any]) -> None:
        spec.update(lunch=None, journey=["tenant"], visitors={}, stations={})
        spec["days"] = {"mon": {"open": "00:00", "close": "15:00"}}
        spec["arrivals"] = {"profile": {"00:00": 1}}
        law = {"service": {"exponential": {"mean": f"{service} min"}}}
        tax: dict[str, Any] = {"zone": "main", "counters": 1, "services": {"pay": law}}
        if patience:
            tax["patience"] = {"exponential": {"mean": f"{patience} min"}}
        spec["tenants"] = {
            f"tax{number or ''}": {**tax, "visitors_per_day": rate * 900}
            for number, rate in enumerate(each)
        }

    return hall(change)


def test_sizes_are_those_of_the_staffing_table_of_erlang_c() -> None:
    """Services of 9 min, 85 % within 15 min: a tenant a load, all sized at once."""
    table = {1.7: 3, 2.7: 4, 4.9: 6, 5.9: 7, 7.9: 9, 9.7: 11}
    for load, counters in table.items():
        rate = load / 9
        assert fewest_counters(partial(WaitingLine, rate, 9), time=15, share=0.85) == counters
        # The answer is clear of the zone of indifference, 2 % above the bound.
        assert WaitingLine(rate, 9, counters).beyond(15) < 0.11
        assert WaitingLine(rate, 9, counters - 1).beyond(15) > 0.45
    sizing = mppsim.size(
        steady([load / 9 for load in table], 9), target="P(wait <= 15 min) >= 0.85"
    )
    assert sizing.is_met
    assert sizing.counters()["needed"].tolist() == [*table.values()]


def test_sizes_are_those_of_the_staffing_table_of_erlang_a() -> None:
    """Services of 9 min, patience 20 min, 80 % of all served within 10 min."""
    table = {0.75: 2, 2.25: 3, 3.25: 4, 4.5: 5}
    for load, counters in table.items():
        served = [
            served_within(ImpatientLine(load / 9, 9, c, 20), 10) for c in (counters - 1, counters)
        ]
        assert served[0] < 0.71
        assert served[1] > 0.86  # clear of the zone again
    sizing = mppsim.size(
        steady([load / 9 for load in table], 9, 20), target="P(wait <= 10 min) >= 0.8"
    )
    assert sizing.counters()["needed"].tolist() == [*table.values()]


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


def test_threads_of_compiled_code_find_what_one_worker_on_simpy_finds() -> None:
    size = partial(mppsim.size, hall(without_days_off), most=30)
    slow, fast = size(engine="simpy"), size(engine="compiled", workers=2)
    assert shown(fast) == shown(slow)
    assert fast.bounds().equals(slow.bounds())


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
