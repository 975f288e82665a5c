"""Tickets: quotas, the machine that starts before the doors open, the last ticket."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from support.hand_made import several_stations

from mppsim import draw_plan, load_scenario, simulate
from mppsim.engine import Outcome
from mppsim.plan.plan import NO_LIMIT, Door

TEACHING = Path(__file__).parents[2] / "scenarios" / "teaching"


@pytest.fixture(scope="module")
def mornings() -> pd.DataFrame:
    scenario = load_scenario(TEACHING / "tickets.yaml")
    days = [
        simulate(draw_plan(scenario, seed=1, replication=k)).visitors.assign(replication=k)
        for k in range(5)
    ]
    return pd.concat(days)


def test_tickets_go_to_the_first_to_come_until_the_tenants_or_the_services_are_gone(
    mornings: pd.DataFrame,
) -> None:
    for _, day in mornings.groupby("replication"):
        tickets, copies = 30, 6
        columns = (day[name].tolist() for name in ("arrived", "service", "outcome"))
        for arrived, service, outcome in zip(*columns, strict=True):
            copy = service == "copy"
            gets = arrived < 660 and tickets > 0 and (not copy or copies > 0)
            assert (outcome != "refused") == gets
            tickets, copies = tickets - gets, copies - (gets and copy)
        assert copies == 0


def test_who_comes_before_the_machine_starts_waits_for_it_and_leaves_without_a_ticket(
    mornings: pd.DataFrame,
) -> None:
    before = mornings["arrived"] < 450
    refused = mornings[mornings["outcome"] == "refused"]
    assert before.sum() > 80
    assert {True, False} == {*(refused["arrived"] < 450)}
    assert (refused["left"] == np.maximum(refused["arrived"], 450)).all()


def test_tickets_from_a_time_on_hand_trace() -> None:
    """Two tickets from minute 5: the first to come have them, and wait from then on."""
    plan = several_stations(
        [1, 2, 3, 6], [[(0, 4.0)]] * 4, counters=[[[(7, 99)]]], closing=99, door=door(2, 5.0)
    )
    facts = simulate(plan).days[0]
    np.testing.assert_equal(facts.joined, [5, 5, np.nan, np.nan])
    np.testing.assert_equal(facts.started, [7, 11, np.nan, np.nan])
    assert facts.left.tolist() == [11, 15, 5, 6]
    assert facts.outcome.tolist() == [Outcome.SERVED] * 2 + [Outcome.REFUSED] * 2


def door(tickets: int, tickets_from: float) -> Door:
    return Door(
        tickets=np.array([tickets], np.int32),
        service_tickets=np.array([NO_LIMIT], np.int32),
        tickets_from=np.array([tickets_from]),
        last_ticket=np.array([99.0]),
    )
