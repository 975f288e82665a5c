"""Days on which all are served in turn: the recursion gives the trace of the SimPy engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from support.hand_made import one_station
from support.random_days import random_line
from support.same_traces import differing_between_engines

from mppsim.engine import simulate
from mppsim.plan import Plan
from mppsim.plan.plan import Outage
from mppsim.plan.rules import StationRule


def goes_in_turn(plan: Plan) -> bool:
    """Tell whether the compiled engine went the short way, on which some columns are one."""
    (facts,) = simulate(plan, engine="compiled").days
    return facts.released is facts.ended


@pytest.mark.parametrize("first", [0, 300])
def test_engines_agree_on_lines_of_one_station_with_many_ties(first: int) -> None:
    taken = 0
    for seed in range(first, first + 300):
        plan = random_line(seed)
        assert not differing_between_engines(plan), f"random_line({seed})"
        taken += goes_in_turn(plan)
    assert taken > 100


def test_a_line_goes_in_turn() -> None:
    assert goes_in_turn(one_station([0, 1, 1], [5, 4, 3]))
    assert goes_in_turn(one_station([0, 1], [5, 4], counters=[[(0, 99)], [(2, 99)]], closing=50))


def with_rule(plan: Plan, rule: StationRule) -> Plan:
    return replace(plan, layout=replace(plan.layout, station_rules=(rule,)))


@pytest.mark.parametrize(
    "plan",
    [
        lambda: one_station([0, 1], [5, 4], patience=[9, 9]),
        lambda: one_station([0, 1], [5, 4], classes=[0, 1]),
        lambda: one_station([0, 1], [5, 4], balk_above=1),
        lambda: one_station([0, 1], [5, 4], closing=1),
        lambda: one_station([0, 1], [5, 4], closing=9, serve_all=False),
        lambda: one_station([0, 1], [5, 4], capacity=1),
        lambda: one_station([0, 1], [5, 4], counters=[[(0, 3), (4, 99)]]),
        lambda: one_station([0, 1], [5, 4], counters=[[]]),
        lambda: one_station([0, 1], [5, 4], outages=[Outage(2, 3, (0,), restarts=False)]),
        lambda: with_rule(one_station([0, 1], [5, 4]), StationRule(shifted_breaks=True)),
        lambda: one_station([1, 0], [5, 4]),
        lambda: one_station([], []),
    ],
)
def test_a_line_with_anything_more_does_not(plan: Callable[[], Plan]) -> None:
    assert not goes_in_turn(plan())
    assert not differing_between_engines(plan())


def test_of_counters_that_are_free_at_once_the_lowest_serves_first() -> None:
    counters = [[(0, 99)], [(0, 99)]]
    plan = one_station([0, 0, 1, 2, 9], [4, 4, 1, 1, 1], counters=counters, closing=50)
    (facts,) = simulate(plan, engine="compiled").days
    assert goes_in_turn(plan)
    assert facts.counter.tolist() == [0, 1, 0, 1, 0]
    assert np.array_equal(facts.started, [0, 0, 4, 4, 9])
