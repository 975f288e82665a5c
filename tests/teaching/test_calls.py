"""Calls in vain: dead tickets and missed calls cost the counter, and so those who wait."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.hand_made import one_station

from mppsim import draw_plan, load_scenario, run, simulate
from mppsim.engine import DayTrace, Outcome
from mppsim.engine.trace import VainCall
from mppsim.plan import Plan
from mppsim.plan.plan import NO_LIMIT, Recalling

TEACHING = Path(__file__).parents[2] / "scenarios" / "teaching"
INF, N = np.inf, np.nan


def with_calls(plan: Plan, misses: list[bool] | None = None, **rules: Any) -> Plan:
    """Return the plan at a station that calls numbers; `misses` says who misses the call."""
    day = plan.days[0]
    if misses:
        day = replace(day, steps=replace(day.steps, misses=np.array(misses)))
    return replace(plan, layout=replace(plan.layout, **rules), days=(day,))


def facts_of(plan: Plan) -> DayTrace:
    return simulate(plan, engine="simpy").days[0]


def test_a_dead_ticket_keeps_the_others_waiting_by_exactly_its_call() -> None:
    plan = one_station([0, 1, 2, 3], [10, 1, 2, 3], patience=[INF, 5, INF, INF])
    calling = with_calls(plan, dead_calls={0: 0.5})
    without, facts = facts_of(plan), facts_of(calling)
    np.testing.assert_equal(without.started, [0, N, 10, 12])
    np.testing.assert_equal(facts.started, [0, N, 10.5, 12.5])
    assert facts.vain_calls == [VainCall(0, 10.0, 10.5, 1)]
    assert facts.outcome[1] == Outcome.RENEGED
    assert facts.left[1] == 6  # the moment he gave up, not that of the call


def test_a_dead_ticket_is_in_no_line_that_others_look_at() -> None:
    plan = one_station([0, 1, 7], [10, 1, 2], patience=[INF, 5, INF], balk_above=0)
    facts = facts_of(with_calls(plan, dead_calls={0: 0.5}))
    assert facts.outcome.tolist() == [Outcome.SERVED, Outcome.RENEGED, Outcome.SERVED]


def test_closing_clears_dead_tickets_away() -> None:
    plan = one_station([0, 1, 2], [10, 1, 2], patience=[INF, 3, INF], closing=5, serve_all=False)
    facts = facts_of(with_calls(plan, dead_calls={0: 0.5}))
    assert facts.outcome.tolist() == [Outcome.SERVED, Outcome.RENEGED, Outcome.DISMISSED]
    assert facts.vain_calls == []


@pytest.mark.parametrize(
    ("after", "started"),
    [(2, [0, 13.5, 10.5, 11.5, 14.5]), (NO_LIMIT, [0, 14.5, 10.5, 11.5, 13.5])],
)
def test_who_misses_the_call_is_called_again_after_some_others(
    after: int, started: list[float]
) -> None:
    plan = one_station([0, 1, 2, 3, 4], [10, 1, 1, 2, 1])
    facts = facts_of(
        with_calls(plan, [False, True, *[False] * 3], recalls={0: Recalling(0.5, after)})
    )
    assert facts.started.tolist() == started
    assert facts.vain_calls == [VainCall(0, 10.0, 10.5, 1)]


def test_who_finds_a_free_counter_cannot_miss_a_call() -> None:
    plan = one_station([0, 5], [1, 1])
    facts = facts_of(with_calls(plan, [True, True], recalls={0: Recalling(0.5, 1)}))
    assert facts.started.tolist() == [0, 5]


def test_each_number_that_nobody_answers_is_called_once_for_its_time() -> None:
    scenario = load_scenario(TEACHING / "calls.yaml")
    n_dead = n_missed = 0
    for replication in range(20):
        plan = draw_plan(scenario, replication=replication)
        day, facts = plan.days[0], simulate(plan).days[0]
        gone = np.flatnonzero(facts.outcome == Outcome.RENEGED)
        waited = (facts.started > facts.joined) & (facts.outcome == Outcome.SERVED)
        missed = np.flatnonzero(day.steps.misses & waited)
        calls = [(call.step, call.end - call.begin) for call in facts.vain_calls]
        third, half = round(2**20 / 3) / 2**20, 0.5
        dead = sorted(step for step, length in calls if length == third)
        assert dead == gone.tolist()
        again = {step for step, length in calls if length == half}
        assert set(missed.tolist()) <= again <= {*missed.tolist(), *gone.tolist()}
        assert len(again) + len(dead) == len(calls)
        n_dead, n_missed = n_dead + len(dead), n_missed + len(again)
    assert min(n_dead, n_missed) > 50


def test_the_share_of_missed_calls_is_as_written() -> None:
    plans = [draw_plan(load_scenario(TEACHING / "calls.yaml"), replication=k) for k in range(100)]
    misses = np.concatenate([plan.days[0].steps.misses for plan in plans])
    # Binomial with n of about 6,000: a standard error of 0.004.
    assert abs(misses.mean() - 0.1) < 4 * np.sqrt(0.09 / len(misses))


def test_the_minutes_lost_to_calls_are_reported() -> None:
    result = run(TEACHING / "calls.yaml", replications=3)
    lost = result.counters()["called_in_vain"].iloc[0]
    days = [simulate(draw_plan(result.scenario, replication=k)).days[0] for k in range(3)]
    calls = [call for day in days for call in day.vain_calls]
    assert lost == pytest.approx(sum(call.end - call.begin for call in calls) / 3)
