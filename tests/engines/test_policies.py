"""Policies in Python: whom they are shown, that they decide, and where they are refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.halls import hall
from support.hand_made import one_station
from support.random_days import random_plan
from support.same_traces import differing_cells

from mppsim import Call, Policy, Waiting, compare, run, simulate
from mppsim.engine.simulate import engine_for
from mppsim.plan import Plan
from mppsim.plan.rules import StationRule
from mppsim.scenario.errors import InputError


def first(call: Call) -> Waiting:
    return call.waiting[0]


def last(call: Call) -> Waiting:
    return call.waiting[-1]


def largest_party(call: Call) -> Waiting:
    return max(call.waiting, key=lambda one: one.party)


def under_fifo(plan: Plan) -> Plan:
    rules = plan.layout.station_rules or (StationRule(),) * len(plan.layout.stations)
    fifo = tuple(replace(rule, discipline="fifo") for rule in rules)
    return replace(plan, layout=replace(plan.layout, station_rules=fifo))


@pytest.mark.parametrize("seed", range(40))
def test_calling_the_first_who_waits_is_fifo_whatever_else_the_hall_has(seed: int) -> None:
    plan = random_plan(seed)
    assert differing_cells(simulate(plan, policy=first), simulate(under_fifo(plan))) == {}


def test_a_policy_decides_who_is_called() -> None:
    plan = one_station([0, 1, 2, 3], [5, 5, 5, 5], parties=[1, 2, 4, 3])
    assert simulate(plan, policy=largest_party).days[0].started.tolist() == [0, 15, 5, 10]
    assert simulate(plan, policy=last).days[0].started.tolist() == [0, 15, 10, 5]


def test_a_policy_sees_all_who_wait_and_nothing_else() -> None:
    plan, calls = one_station([0, 1, 2], [5, 5, 5], classes=[0, 1, 0], parties=[1, 2, 4]), []

    def noted(call: Call) -> Waiting:
        calls.append(call)
        return call.waiting[1 % len(call.waiting)]

    simulate(plan, policy=noted)
    second = Waiting(1, "tenant0", "service", "tenant0", "class1", 2, 1.0, 1.0, booked=False)
    third = Waiting(2, "tenant0", "service", "tenant0", "class0", 4, 2.0, 2.0, booked=False)
    assert calls == [
        Call("mon", 5.0, "tenant0", "tenant0 1", (second, third)),
        Call("mon", 10.0, "tenant0", "tenant0 1", (second,)),
    ]


def test_a_number_that_nobody_answers_is_seen_like_the_others() -> None:
    plan, seen = one_station([0, 1, 2], [5, 5, 5], patience=[9, 1, 9]), []
    plan = replace(plan, layout=replace(plan.layout, dead_calls={0: 0.5}))

    def noted(call: Call) -> Waiting:
        seen.append([one.visitor for one in call.waiting])
        return call.waiting[0]

    facts = simulate(plan, policy=noted).days[0]
    assert seen == [[1, 2], [2]] and facts.started[2] == 5.5


def test_the_compiled_engine_refuses_a_policy_by_name_and_auto_takes_simpy() -> None:
    with pytest.raises(InputError, match="found compiled beside the policy first; expected simpy"):
        simulate(one_station([0], [1]), engine="compiled", policy=first)
    assert engine_for("auto", 10**9, one_station([0], [1]).layout, first) == "simpy"


def test_a_policy_must_call_somebody_who_waits() -> None:
    nobody = Waiting(9, "bank", "pay", "bank", "regular", 1, 0.0, 0.0, booked=False)
    with pytest.raises(InputError, match=r"policy <lambda>: found .*expected one of call.waiting"):
        simulate(one_station([0, 0], [1, 1]), policy=lambda call: nobody)


def test_two_policies_for_one_hall_are_compared_under_the_same_luck() -> None:
    both = compare([hall(), hall()], policies=[None, last], replications=3)
    assert both.results[1].scenario.name.endswith(", called by last")
    without, under = (result.waiting() for result in both.results)
    again = run(hall(), policy=last, replications=3)
    assert again.waiting().equals(under) and not under.equals(without)
    assert ", policy=last)" in again.to_json()


def test_a_policy_runs_on_several_workers_if_they_can_import_it() -> None:
    here = run(hall(), policy=last, replications=10)
    assert run(hall(), policy=last, replications=10, workers=2).to_json() == here.to_json()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({"workers": 2}, "workers: found 2 beside the policy <lambda>, which other processes"),
        ({"runs": "runs"}, "runs: found beside the policy <lambda>; expected no run store"),
        ({"policy": 3}, "policy: found 3; expected a function of a Call"),
        ({"engine": "compiled"}, "engine: found compiled beside the policy <lambda>"),
    ],
)
def test_a_run_refuses_what_a_policy_cannot_have(arguments: dict[str, object], why: str) -> None:
    policy: Policy = lambda call: call.waiting[0]  # noqa: E731  # a lambda is what is refused
    with pytest.raises(InputError, match=why):
        run(hall(), **{"policy": policy, **arguments})  # type: ignore[arg-type]  # of each its own


def test_there_must_be_a_policy_for_each_hall() -> None:
    with pytest.raises(InputError, match="policies: found 1; expected 2, one for each hall"):
        compare([hall(), hall()], policies=[last])
