"""What the plan promises: a visitor's luck is the visitor's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from support.halls import hall

from mppsim.plan import Drawer, Plan, draw_plan
from mppsim.plan.layout import layout_of
from mppsim.plan.sources import sources_of
from mppsim.scenario import Scenario, load_scenario

pytestmark = pytest.mark.usefixtures("both_ways")
PEKANBARU = Path(__file__).parents[2] / "scenarios" / "pekanbaru"
VISITOR = ["day", "tenant", "service", "ordinal"]
"""Who a visitor is, in whatever hall."""


@pytest.fixture(params=[False, True], ids=["numpy", "compiled"])
def both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a test on both ways to draw."""
    usual = Drawer.__init__.__kwdefaults__
    assert usual is not None
    monkeypatch.setitem(usual, "compiled", request.param)


def people(plan: Plan) -> pd.DataFrame:
    """One row a step, with all that was drawn for it, under the names of visitor and station."""
    layout, frames = plan.layout, []
    for day in plan.days:
        n_steps = np.diff(day.visitors.first_step)
        who = np.repeat(np.arange(len(n_steps)), n_steps)
        service = day.visitors.service[who]
        frames.append(
            pd.DataFrame(
                {
                    "day": day.weekday,
                    "tenant": np.array(layout.tenants)[layout.service_tenant[service]],
                    "service": np.array(layout.services)[service],
                    "ordinal": day.visitors.ordinal[who],
                    "step": np.arange(len(who)) - day.visitors.first_step[who],
                    "station": np.array(layout.stations)[day.steps.station],
                    "visitor_class": np.array(layout.classes)[day.visitors.visitor_class[who]],
                    "party": day.visitors.party[who],
                    "arrival": day.visitors.arrival[who],
                    "service_time": day.steps.service_time,
                    "patience": day.steps.patience,
                }
            )
        )
    return pd.concat(frames).set_index([*VISITOR, "step"]).sort_index()


def test_nine_added_tenants_leave_every_other_visitor_unchanged() -> None:
    base, wing = (load_scenario(PEKANBARU / name) for name in ("base.yaml", "south-wing.yaml"))
    assert len(wing.tenants) == len(base.tenants) + 9
    for replication in range(3):
        before = people(draw_plan(base, seed=5, replication=replication))
        after = people(draw_plan(wing, seed=5, replication=replication))
        pd.testing.assert_frame_equal(before, after.loc[before.index], check_exact=True)
        new = after.index.difference(before.index).get_level_values("tenant").unique()
        assert set(new) <= set(wing.tenants) - set(base.tenants)


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "a tenant left out": lambda spec: spec["tenants"].pop("post"),
    "a counter more": lambda spec: spec["tenants"]["tax"].update(counters=4),
    "a day left out": lambda spec: spec["days"].pop("fri"),
    "tenants in another order": lambda spec: spec.update(
        tenants=dict(reversed(spec["tenants"].items()))
    ),
    "more demand": lambda spec: spec["tenants"]["tax"].update(visitors_per_day=75),
    "shorter lunch": lambda spec: spec.update(lunch={"start": "12:00", "length": "30 min"}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_visitors_who_come_to_both_halls_are_the_same(change: str) -> None:
    before = people(draw_plan(hall(), seed=1))
    after = people(draw_plan(hall(CHANGES[change]), seed=1))
    both = before.index.intersection(after.index)
    assert len(both) > 100
    pd.testing.assert_frame_equal(before.loc[both], after.loc[both], check_exact=True)
    if change == "more demand":
        assert len(both) == len(before) < len(after), "nobody is lost, some are added"


def test_a_new_first_step_leaves_later_services_unchanged() -> None:
    def add_desk(spec: dict[str, Any]) -> None:
        spec["stations"]["desk"] = spec["stations"]["kiosk"] | {"counters": 1}
        spec["journey"] = ["desk", "kiosk", "tenant"]

    before = people(draw_plan(hall())).reset_index().set_index([*VISITOR, "station"])
    after = people(draw_plan(hall(add_desk))).reset_index().set_index([*VISITOR, "station"])
    assert before["service_time"].equals(after["service_time"].loc[before.index])


def test_a_longer_mean_moves_services_up_and_nothing_else() -> None:
    def slower(spec: dict[str, Any]) -> None:
        law = {"lognormal": {"mean": "6.3 min", "cv": 0.8}}
        spec["tenants"]["tax"]["services"]["pay"]["service"] = law

    before, after = people(draw_plan(hall())), people(draw_plan(hall(slower)))
    rows = before.reset_index()
    paying = ((rows["station"] == "tax") & (rows["service"] == "pay")).to_numpy()
    drop = "service_time"
    assert before.drop(columns=drop).equals(after.drop(columns=drop))
    assert before.loc[~paying, drop].equals(after.loc[~paying, drop])
    ratio = after.loc[paying, drop] / before.loc[paying, drop]
    assert np.abs(ratio - 1.05).max() < 1e-4  # the grid of 2**-20 minute on short services


def test_replication_137_alone_is_the_138th_of_many() -> None:
    drawer = Drawer(hall(), seed=9)
    in_turn = [drawer.draw(replication) for replication in (0, 1, 137)]
    pd.testing.assert_frame_equal(
        people(in_turn[-1]), people(draw_plan(hall(), seed=9, replication=137)), check_exact=True
    )


def test_one_day_alone_is_that_day_of_the_week() -> None:
    week, friday = people(draw_plan(hall())), people(draw_plan(hall(), day="fri"))
    pd.testing.assert_frame_equal(week.loc[["fri"]], friday, check_exact=True)


def test_every_time_is_on_the_grid_and_every_service_takes_time() -> None:
    drawn = people(draw_plan(hall()))
    for column in ("arrival", "service_time", "patience"):
        ticks = drawn[column] * 2**20
        assert (ticks == ticks.round()).all()
    assert drawn["service_time"].min() >= 2.0**-20


def test_a_service_takes_at_least_one_step_of_the_clock() -> None:
    instant = hall(lambda spec: spec["stations"]["kiosk"].update(service={"constant": "0 min"}))
    drawn = people(draw_plan(instant)).reset_index()
    assert set(drawn[drawn["station"] == "kiosk"]["service_time"]) == {2.0**-20}


def test_two_visits_to_one_station_are_drawn_apart() -> None:
    def twice(spec: dict[str, Any]) -> None:
        spec["stations"]["desk"] = spec["stations"]["cashier"]
        spec["journey"] = ["desk", "tenant", "desk"]

    desk = people(draw_plan(hall(twice))).query("station == 'desk'")["service_time"]
    first, second = desk.groupby(VISITOR).first(), desk.groupby(VISITOR).last()
    assert (first != second).all()
    assert abs(np.corrcoef(first, second)[0, 1]) < 4 / np.sqrt(len(first))


def test_class_and_party_are_drawn_apart() -> None:
    half = {"first": 0.5, "last": 0.5}
    even = hall(lambda spec: spec["visitors"].update(classes=half, party={1: 0.5, 2: 0.5}))
    drawer = Drawer(even)
    days = [drawer.draw(replication).days[0].visitors for replication in range(20)]
    ranks = np.concatenate([day.visitor_class for day in days])
    parties = np.concatenate([day.party for day in days])
    assert abs(np.corrcoef(ranks, parties)[0, 1]) < 4 / np.sqrt(len(ranks))


def test_sources_stand_in_the_order_of_their_names_wherever_they_are_written() -> None:
    scenario = hall()
    names = [source.name for source in sources_of(scenario, layout_of(scenario), seed=1)]
    assert names == ["bank/pay", "post/send", "tax/ask", "tax/pay"]


def test_arrivals_follow_the_profile_and_the_early_share() -> None:
    scenario: Scenario = hall()
    drawer = Drawer(scenario, seed=2, day="mon")
    days = [drawer.draw(replication).days[0] for replication in range(150)]
    come = np.concatenate([day.visitors.arrival for day in days]) / 60
    shares = np.histogram(come, [7.5, 8, 9, 12, 15])[0] / len(come)
    expected = np.array([0.1, 0.9 * 0.5, 0.9 * 0.3, 0.9 * 0.2])
    # Multinomial with n of about 15,000: a standard error of at most 0.004.
    assert np.abs(shares - expected).max() < 0.016
    within_hour = np.mod(come[(come >= 8) & (come < 9)], 1)
    assert abs(within_hour.mean() - 0.5) < 4 * np.sqrt(1 / 12 / len(within_hour))


def test_busy_days_are_busy_for_all_tenants() -> None:
    drawer, counts = Drawer(hall(lambda spec: spec["arrivals"].update(day_to_day_cv=0.3))), []
    for replication in range(400):
        day = drawer.draw(replication).days[0]
        counts.append(np.bincount(day.visitors.service, minlength=4))
    table = np.array(counts, float)
    mean = table.mean(axis=0)
    # Gamma-Poisson: variance = mean + (0.3 mean)^2; 400 days know it to about 7 % each way.
    excess = table.sum(axis=1).var() / (mean.sum() + (0.3 * mean.sum()) ** 2)
    assert 0.7 < excess < 1.3
    assert np.corrcoef(table[:, 0], table[:, 2])[0, 1] > 0.25
