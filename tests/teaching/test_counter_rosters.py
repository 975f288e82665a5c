"""Rosters of the teaching scenario: who is on duty when, by plan and by luck."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mppsim import draw_plan, load_scenario, simulate
from mppsim.measure import summarize
from mppsim.plan import Drawer, Plan
from mppsim.scenario import Scenario, duty_spans, parse_scenario
from mppsim.scenario.durations import Span, span_text
from mppsim.theory.offered_load import offered_load

FILE = Path(__file__).parents[2] / "scenarios" / "teaching" / "rosters.yaml"


@pytest.fixture(scope="module")
def hall() -> Scenario:
    return load_scenario(FILE)


@pytest.fixture(scope="module")
def plans(hall: Scenario) -> list[Plan]:
    drawer = Drawer(hall, seed=1)
    return [drawer.draw(replication) for replication in range(400)]


def written(spans: tuple[Span, ...]) -> str:
    return " ".join(map(span_text, spans))


def test_counts_over_time_are_shifts_of_numbered_counters(hall: Scenario) -> None:
    assert [written(own) for own in duty_spans(hall, "mon", "information")] == [
        "08:00-15:00",
        "08:00-15:00",
        "10:00-12:00",
    ]


def test_shifts_differ_by_kind_of_day_and_end_with_the_day(hall: Scenario) -> None:
    assert [written(own) for own in duty_spans(hall, "mon", "permits")] == [
        "08:00-12:00",
        "08:00-12:00 13:00-15:00",
    ]
    assert [written(own) for own in duty_spans(hall, "fri", "permits")] == [
        "08:00-11:00",
        "08:00-12:00 13:00-14:00",
    ]


def test_named_counters_keep_their_names(hall: Scenario, plans: list[Plan]) -> None:
    assert plans[0].layout.counters[3:] == ("sim 1", "sim 2", "permits ani", "permits budi")


def test_sim_opens_half_an_hour_late_every_day(plans: list[Plan]) -> None:
    assert {plan.days[0].duty[3][0] for plan in plans} == {Span(510.0, 720.0)}


def test_budi_is_away_on_one_day_in_ten_and_ani_never(plans: list[Plan]) -> None:
    away = np.array([[not day.duty[6] for day in plan.days] for plan in plans])
    assert away.mean() == pytest.approx(0.1, abs=0.04)  # 800 days: 4 standard errors of 0.0106
    assert all(day.duty[5] for plan in plans for day in plan.days)


def test_more_absence_adds_days_away_and_moves_nothing_else(hall: Scenario) -> None:
    data = hall.model_dump(mode="json")
    data["tenants"]["permits"]["counters"]["budi"]["absence"] = 0.5
    changed = parse_scenario(data)
    for replication in range(40):
        before, after = (draw_plan(one, replication=replication) for one in (hall, changed))
        for day, other in zip(before.days, after.days, strict=True):
            assert day.duty[:6] == other.duty[:6]
            assert day.duty[6] or not other.duty[6]
            assert np.array_equal(day.steps.service_time, other.steps.service_time)


def test_a_service_at_ani_s_noon_goes_on_with_budi_or_at_one(hall: Scenario) -> None:
    broken = 0
    for replication in range(12):
        trace = simulate(draw_plan(hall, replication=replication))
        for facts in trace.days:
            broken += len({piece.step for piece in facts.pieces})
            assert {piece.counter for piece in facts.pieces} <= {5, 6}
        overtime = summarize(trace).counters.overtime[:, 5]
        assert (overtime == 0).all()  # she never stays on
    assert broken > 5


def test_lunch_of_sim_has_its_full_length_after_a_late_begin(hall: Scenario) -> None:
    late = 0
    for replication in range(12):
        for facts in simulate(draw_plan(hall, replication=replication)).days:
            for counter in (3, 4):
                morning, *afternoon = facts.duty[counter]
                late += morning.end > 720
                for span in afternoon[:1]:
                    assert span.start == morning.end + 45
    assert late > 5


def test_offered_load_counts_absence_lateness_and_speed(hall: Scenario) -> None:
    loads = {load.station: load for load in offered_load(hall, "mon")}
    assert loads["sim"].hours[0].on_duty == pytest.approx(60)  # two counters from 08:30 on
    assert loads["permits"].hours[0].on_duty == pytest.approx(60 * 1.25 + 60 * 0.9)
    assert loads["information"].hours[2].on_duty == 180
