"""Those who give up: another tenant, or another day."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.invariants import assert_possible

from mppsim import draw_plan, load_scenario, simulate
from mppsim.engine import Trace
from mppsim.scenario import parse_scenario
from mppsim.scenario.blocking import moves

FILE = Path(__file__).parents[2] / "scenarios" / "teaching" / "second-try.yaml"


@pytest.fixture(scope="module")
def traces() -> list[Trace]:
    return [simulate(draw_plan(load_scenario(FILE), replication=k)) for k in range(10)]


def test_all_who_give_up_at_the_tax_office_go_to_the_bank_at_that_moment(
    traces: list[Trace],
) -> None:
    tried = 0
    for trace in traces:
        for _, visit in trace.steps.groupby(["day", "visitor"]):
            stations, outcomes = visit["station"].tolist(), visit["outcome"].tolist()
            if stations[0] == "tax" and outcomes[0] != "served":
                assert stations == ["tax", "bank"] and visit["service"].tolist()[1] == "pay"
                bank = visit.iloc[1]
                came = bank["ended"] if outcomes[1] == "balked" else bank["joined"]
                assert came == visit["ended"].iloc[0]
                tried += 1
            else:
                assert len(stations) == 1
    assert tried > 20


def test_who_gives_up_at_the_bank_comes_back_once_and_the_days_balance(
    traces: list[Trace],
) -> None:
    back = 0
    for trace in traces:
        for day, facts in zip(trace.plan.days, trace.days, strict=True):
            assert_possible(trace.plan.layout, day, facts)
        visitors = trace.visitors
        gone = visitors.query("day == 'thu' and outcome == 'postponed'")
        returned = visitors.query("day == 'fri' and first_day == 'thu'")
        assert set(gone["tenant"]) <= {"bank"}, "who tried two tenants leaves for good"
        assert sorted(gone["ordinal"]) == sorted(returned["ordinal"])
        assert "postponed" not in set(returned["outcome"])
        back += len(returned)
    assert back > 10


def test_those_who_try_another_tenant_may_go_back_and_forth_only_once() -> None:
    spec = load_scenario(FILE).model_dump(mode="json", exclude_none=True)
    spec["tenants"]["bank"]["gives_up"] = {"goes_to": "tax"}
    spec["tenants"]["tax"]["then"] = {"bank/account": 0.5}
    circular = parse_scenario(spec)
    assert {("tax", "bank"), ("tax", "tax")} <= set(moves(circular))
    steps = simulate(draw_plan(circular)).steps
    assert steps.groupby(["day", "visitor"]).size().max() <= 4
