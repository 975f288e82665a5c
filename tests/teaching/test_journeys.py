"""Visits to several tenants, with walks and delays, from the teaching scenario."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from support.invariants import assert_possible

from mppsim import draw_plan, load_scenario, simulate
from mppsim.engine import Trace
from mppsim.plan import Drawer
from mppsim.plan.plan import AWAY
from mppsim.theory.offered_load import offered_load

FILE = Path(__file__).parents[2] / "scenarios" / "teaching" / "journeys.yaml"
INFORMATION, STAMP, BUSINESS, TAX, LABOR = range(5)
WALK = np.array([[0, 2], [2, 0], [1, 3]])
ZONE = {INFORMATION: 0, STAMP: 1, BUSINESS: 0, TAX: 1, LABOR: 0}


@pytest.fixture(scope="module")
def trace() -> Trace:
    return simulate(draw_plan(load_scenario(FILE), seed=1), engine="simpy")


def test_everybody_visits_all_three_tenants_in_an_order_of_his_own(trace: Trace) -> None:
    steps = trace.steps[trace.steps["station"].isin(["business", "tax", "labor"])]
    orders = steps.sort_values("joined").groupby("visitor")["station"].agg(tuple)
    assert {tuple(sorted(order)) for order in orders} == {("business", "labor", "tax")}
    assert len(set(orders)) > 3
    assert_possible(trace.plan.layout, trace.plan.days[0], trace.days[0])


def test_sojourn_is_waits_services_delays_and_walks(trace: Trace) -> None:
    (plan,), (facts,) = trace.plan.days, trace.days
    for visitor, first in enumerate(plan.visitors.first_step[:-1]):
        steps = np.arange(first, plan.visitors.first_step[visitor + 1])
        away = plan.steps.station[steps] == AWAY
        at = steps[~away]
        at = at[np.argsort(facts.joined[at])]
        zones = [-1, *(ZONE[station] for station in plan.steps.station[at].tolist())]
        walks = sum(WALK[zone, there] for zone, there in pairwise(zones))
        spent = (facts.ended - facts.joined)[at].sum() + plan.steps.service_time[steps[away]].sum()
        assert facts.left[visitor] - plan.visitors.arrival[visitor] == spent + walks


def test_next_is_where_the_fewest_are_waiting(trace: Trace) -> None:
    facts, station = trace.days[0], trace.plan.days[0].steps.station
    steps = trace.steps[trace.steps["station"].isin(["business", "labor"])]
    # Who comes from the information desk or the form to these two, next door, chooses on joining.
    left = np.where(np.isnan(facts.started), facts.ended, facts.started)
    checked = 0
    for _, visit in steps.groupby("visitor"):
        first = visit.sort_values("joined").iloc[0]
        now = first["joined"]
        ends = trace.steps[trace.steps["visitor"] == first["visitor"]]
        if (ends["joined"] < now).any():
            continue  # tax came first, or the information desk
        moment = now - 1  # the walk from the door
        waiting = [
            ((station == k) & (facts.joined < moment) & (left > moment)).sum()
            for k in (BUSINESS, LABOR)
        ]
        if waiting[0] != waiting[1]:
            assert first["station"] == ("business", "labor")[int(np.argmin(waiting))]
            checked += 1
    assert checked > 5


def test_shares_of_journeys_are_those_of_the_file() -> None:
    drawer = Drawer(load_scenario(FILE), seed=3)
    days = [drawer.draw(replication).days[0] for replication in range(40)]
    n = sum(len(day.visitors.arrival) for day in days)
    visits = np.sum([np.bincount(day.steps.station + 1, minlength=6) for day in days], axis=0)
    for station, share in ((INFORMATION, 0.4), (STAMP, 0.3), (TAX, 1.0), (AWAY, 1.3)):
        # Binomial, or a sure thing: 4 standard errors.
        assert abs(visits[station + 1] / n - share) < 4 * np.sqrt(0.25 / n)


def test_offered_load_counts_every_tenant_of_a_journey() -> None:
    loads = {load.station: load for load in offered_load(load_scenario(FILE), "mon")}
    expected = {"information": 28, "stamp": 21, "business": 70, "tax": 70, "labor": 70}
    assert {name: load.visitors for name, load in loads.items()} == pytest.approx(expected)
