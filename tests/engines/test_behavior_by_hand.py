"""Who leaves at the sight of a line, and how far one patience goes: days followed by hand."""

from __future__ import annotations

import numpy as np
from support.changed_plans import changed
from support.engines import simulate
from support.hand_made import FOREVER, one_station, several_stations

from mppsim.engine import DayTrace, Outcome
from mppsim.plan import Plan

ALWAYS = [(0.0, FOREVER)]


def run(plan: Plan) -> DayTrace:
    return simulate(plan).days[0]


def outcomes(facts: DayTrace) -> list[str]:
    return [Outcome(code).name.lower() for code in facts.outcome]


def test_announced_wait_counts_those_ahead_and_the_counters_on_duty() -> None:
    # Mean service 4. Announced to the visitors at 0, 1, 2, 3: 0, 0, 4 and, with one counter, 8;
    # at 3.5 the second counter is on duty and takes one, so 1 waits: 4 / 2; at 4.5 one more: 4.
    plan = one_station([0, 1, 2, 3, 4.5, 5], [10] * 6, counters=[ALWAYS, [(4.0, FOREVER)]])
    plan = changed(plan, layout={"balk_wait": [5.0], "mean_service": [4.0]})
    facts = run(plan)
    assert outcomes(facts) == ["served", "served", "served", "balked", "served", "served"]
    tight = run(changed(plan, layout={"balk_wait": [3.0]}))
    assert outcomes(tight) == ["served", "served", "balked", "balked", "served", "served"]
    assert np.isnan(tight.joined[2]) and tight.ended[2] == 2


def test_nobody_balks_at_a_wait_while_no_counter_is_on_duty() -> None:
    plan = one_station([0, 1, 2, 6], [3] * 4, counters=[[(5.0, FOREVER)]])
    facts = run(changed(plan, layout={"balk_wait": [3.0], "mean_service": [3.0]}))
    assert outcomes(facts) == ["served", "served", "served", "balked"]


def test_share_that_balks_steps_up_with_the_line() -> None:
    # Waiting ahead: 0, 0, 1, 1, 2, 2, .. ; a share of 0.3 leaves above 0 and of 0.6 above 1.
    plan = one_station([0, 1, 2, 3, 4, 5, 6], [100] * 7)
    plan = changed(
        plan,
        layout={"balk_shares": (((0, 0.3), (1, 0.6)),)},
        visitors={"balking": [0.01, 0.01, 0.2, 0.4, 0.5, 0.7, 0.59]},
    )
    balked = [outcome == "balked" for outcome in outcomes(run(plan))]
    assert balked == [False, False, True, False, True, False, True]


def test_patience_for_the_whole_visit_is_spent_in_all_lines() -> None:
    # Visitor 1 waits 4 at the first station; of 6 minutes 2 are left, 1 of them at the second.
    plan = several_stations(
        [0, 1, 1.5],
        [[(0, 5), (1, 4)], [(0, 3), (1, 1)], [(0, 1), (1, 1)]],
        counters=[[ALWAYS], [ALWAYS]],
        patience=[[6, 6]] * 3,
    )
    apart, shared = run(plan), run(changed(plan, layout={"patience_shared": [True, True]}))
    assert outcomes(apart) == ["served"] * 4 + ["reneged", "not_reached"]
    assert outcomes(shared) == outcomes(apart)
    assert shared.started[3] == 9 and shared.joined[3] == 8
    slow = changed(plan, steps={"service_time": [5.0, 7.0, 3.0, 1.0, 1.0, 1.0]})
    assert outcomes(run(slow))[3] == "served"  # it begins at 12, a wait of 4 of a new patience
    facts = run(changed(slow, layout={"patience_shared": [True, True]}))
    assert outcomes(facts)[3] == "reneged" and facts.ended[3] == 8 + 2


def test_one_patience_passes_by_stations_that_have_their_own() -> None:
    plan = several_stations(
        [0, 1],
        [[(0, 5), (1, 9)], [(0, 3), (1, 1)]],
        counters=[[ALWAYS], [ALWAYS]],
        patience=[[6, 6], [6, 7]],
    )
    facts = run(changed(plan, layout={"patience_shared": [True, False]}))
    assert outcomes(facts) == ["served"] * 4
