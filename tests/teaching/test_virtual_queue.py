"""Waiting elsewhere: fewer seats, some who do not come, calls in vain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.invariants import assert_possible

from mppsim import draw_plan, load_scenario, run, simulate
from mppsim.engine import Outcome
from mppsim.measure import summarize
from mppsim.plan import Drawer
from mppsim.scenario import Scenario, parse_scenario

FILE = Path(__file__).parents[2] / "scenarios" / "teaching" / "virtual-queue.yaml"


def with_queue(**changes: Any) -> Scenario:
    spec = load_scenario(FILE).model_dump(mode="json", exclude_none=True)
    spec["tenants"]["licenses"]["virtual_queue"].update(changes)
    return parse_scenario(spec)


def test_if_all_come_back_at_once_nobody_waits_longer_and_fewer_seats_are_wanted() -> None:
    at_once = {"return_time": {"constant": "0 s"}, "no_show": 0.0}
    for seed in range(5):
        with_it, without = (
            simulate(draw_plan(with_queue(share=share, **at_once), seed=seed))
            for share in (0.4, 0.0)
        )
        assert with_it.steps.equals(without.steps)
        seats = [summarize(trace).over_time.persons.astype(int) for trace in (with_it, without)]
        assert (seats[0] <= seats[1]).all() and seats[0].sum() < seats[1].sum()


def test_four_in_ten_would_wait_elsewhere_and_a_larger_share_adds_to_them() -> None:
    few, many = (
        [~np.isnan(Drawer(hall).draw(k).days[0].steps.remote) for k in range(30)]
        for hall in (load_scenario(FILE), with_queue(share=0.7))
    )
    assert all((one <= other).all() for one, other in zip(few, many, strict=True))
    n = sum(len(day) for day in few)
    assert abs(np.concatenate(few).mean() - 0.4) < 4 * np.sqrt(0.4 * 0.6 / n)  # binomial


def test_one_in_twenty_of_those_who_go_does_not_come_back() -> None:
    gone = absent = 0
    for replication in range(40):
        trace = simulate(draw_plan(load_scenario(FILE), replication=replication))
        for day, facts in zip(trace.plan.days, trace.days, strict=True):
            assert_possible(trace.plan.layout, day, facts)
            went = ~np.isnan(facts.returned) & (facts.outcome != Outcome.UNSERVED)
            gone += int(went.sum())
            absent += int((facts.outcome == Outcome.NO_SHOW).sum())
    assert abs(absent / gone - 0.05) < 4 * np.sqrt(0.05 * 0.95 / gone)  # binomial


def test_the_report_tells_who_waited_elsewhere() -> None:
    result = run(load_scenario(FILE), replications=5)
    (row,) = result.channels().to_dict("records")
    traces = [simulate(draw_plan(load_scenario(FILE), replication=k)) for k in range(5)]
    days = [facts for trace in traces for facts in trace.days]
    assert row["elsewhere"] == sum((~np.isnan(facts.returned)).sum() for facts in days) / 5
    until = [np.fmin(f.returned, np.fmin(f.started, f.ended)) - f.joined for f in days]
    minutes = [m[~np.isnan(f.returned)] for m, f in zip(until, days, strict=True)]
    assert row["elsewhere_minutes"] == pytest.approx(np.concatenate(minutes).mean())
    assert result.counters()["called_in_vain"].sum() > 0


def test_who_waits_elsewhere_has_no_slot_no_end_of_patience_and_misses_no_other_call() -> None:
    spec = load_scenario(FILE).model_dump(mode="json", exclude_none=True)
    spec["visitors"]["patience"] = {"constant": "20 min"}
    spec["recall"] = {"missed": 0.5, "call_time": "20 s"}
    slots = {"every": "10 min", "from": "08:00", "to": "12:00", "share": 0.5}
    spec["tenants"]["licenses"]["services"]["license"]["appointments"] = slots
    steps = draw_plan(parse_scenario(spec)).days[0].steps
    elsewhere, booked = ~np.isnan(steps.remote), steps.not_before > -np.inf
    assert elsewhere.any() and booked.any() and not (elsewhere & booked).any()
    assert np.isinf(steps.patience[elsewhere]).all() and (steps.patience[~elsewhere] == 20).all()
    assert steps.misses[~elsewhere].any() and not steps.misses[elsewhere].any()


def test_those_who_come_back_are_not_the_quicker_or_the_slower_ones() -> None:
    drawer = Drawer(with_queue(no_show=0.5), seed=3)
    minutes = np.concatenate([drawer.draw(k).days[0].steps.remote for k in range(30)])
    minutes = minutes[np.isfinite(minutes)]
    assert abs(minutes.mean() - 7.5) < 4 * 5 / np.sqrt(12 * len(minutes))  # uniform, 5 to 10
