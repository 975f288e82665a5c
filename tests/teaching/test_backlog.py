"""The morning after: those who stand in the lines when the hall opens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from support.halls import hall

import mppsim
from mppsim.scenario import Scenario, load_scenario, parse_scenario
from mppsim.scenario.backlog import backlog_by_service
from mppsim.theory.offered_load import offered_load

MORNING = Path(__file__).parents[2] / "scenarios" / "teaching" / "backlog.yaml"
WHO = ["day", "tenant", "service", "ordinal"]


def morning(**changes: Any) -> Scenario:
    return parse_scenario(load_scenario(MORNING).model_dump(mode="json") | changes)


def test_the_first_of_today_waits_until_the_backlog_is_served() -> None:
    steps = mppsim.simulate(mppsim.draw_plan(MORNING)).steps
    tax = steps[steps["tenant"] == "tax"]
    backlog, first = tax.iloc[:12], tax.iloc[12]
    assert backlog["joined"].eq(480).all()
    assert backlog["started"].tolist() == [480 + 5 * k for k in range(12)]
    assert backlog["service"].value_counts().to_dict() == {"pay": 9, "ask": 3}
    assert first["started"] == 480 + 12 * 5


def test_a_backlog_moves_no_other_visitor() -> None:
    with_it, without = morning(), morning(backlog={})
    before, after = (mppsim.draw_plan(one, seed=3).days[0].visitors for one in (without, with_it))
    today = after.ordinal >= 0
    assert (~today).sum() == 12
    for name in ("arrival", "service", "ordinal", "visitor_class", "party"):
        assert np.array_equal(getattr(before, name), getattr(after, name)[today])


def test_a_longer_backlog_keeps_those_who_were_in_it() -> None:
    def backlog(number: int) -> pd.DataFrame:
        visitors = mppsim.simulate(mppsim.draw_plan(morning(backlog={"bank": number}))).visitors
        those = visitors[visitors["ordinal"] < 0].set_index(WHO)
        return those[["visitor_class", "party", "arrived"]].sort_index()

    longer = backlog(9)
    assert len(longer) == 9
    pd.testing.assert_frame_equal(backlog(4), longer.loc[backlog(4).index])


def test_the_backlog_takes_no_tickets_and_does_not_mind_the_line() -> None:
    spec = load_scenario(MORNING).model_dump(mode="json")
    spec["tenants"]["tax"] |= {"quota": 3, "balk": {"above": 2}}
    visitors = mppsim.simulate(mppsim.draw_plan(parse_scenario(spec))).visitors
    tax = visitors[visitors["tenant"] == "tax"]
    assert tax[tax["ordinal"] < 0]["outcome"].eq("served").all()
    got_in = tax[(tax["ordinal"] >= 0) & (tax["outcome"] != "refused")]
    assert len(got_in) == 3


def test_those_at_the_door_early_stand_behind_the_backlog() -> None:
    spec = load_scenario(MORNING).model_dump(mode="json")
    spec["arrivals"]["early"] = {"share": 0.5, "within": "30 min"}
    steps = mppsim.simulate(mppsim.draw_plan(parse_scenario(spec))).steps
    tax = steps[steps["tenant"] == "tax"]
    assert tax.iloc[:12]["joined"].eq(450).all()
    assert tax["joined"].iloc[12] < 480
    assert tax["started"].iloc[12] == 480 + 12 * 5


def test_the_visit_goes_on_from_the_tenant_and_never_back_to_the_kiosk() -> None:
    def left_over(spec: dict[str, Any]) -> None:
        spec["backlog"] = {"tax/pay": 30}
        spec["journey"] = ["kiosk", "tenant", "cashier"]

    steps = mppsim.simulate(mppsim.draw_plan(hall(left_over), day="mon")).steps
    first = steps[steps["visitor"] < 30]
    assert set(first[first["step"] == 0]["station"]) == {"tax"}
    assert "kiosk" not in set(first["station"])
    assert "cashier" in set(first["station"])


def test_a_day_may_have_a_backlog_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "left.csv").write_text("tenant;service;visitors\ntax;ask;2\nbank;;1\n", "utf-8")
    (tmp_path / "hall.yaml").write_text(
        f"extends: {MORNING}\n"
        "backlog: left.csv\n"
        "days: {tue: {open: '08:00', close: '15:00', backlog: {tax: 1}}}\n",
        "utf-8",
    )
    spec = load_scenario(tmp_path / "hall.yaml")
    # The file's own map is merged into the base's by key, as everywhere.
    assert backlog_by_service(spec, "tue") == {("tax", "pay"): 1}
    assert backlog_by_service(spec, "mon") == {("tax", "ask"): 2, ("bank", "pay"): 1}


@pytest.mark.parametrize(("number", "parts"), [(1, (1, 0)), (2, (2, 0)), (3, (2, 1)), (7, (5, 2))])
def test_a_backlog_of_a_tenant_is_divided_by_the_shares(
    number: int, parts: tuple[int, int]
) -> None:
    divided = backlog_by_service(morning(backlog={"tax": number}), "mon")
    assert (divided.get(("tax", "pay"), 0), divided.get(("tax", "ask"), 0)) == parts


def test_the_offered_load_has_the_backlog_in_its_first_hour() -> None:
    loads = (offered_load(one, "mon") for one in (morning(backlog={}), morning()))
    (before, after) = (next(load for load in one if load.station == "tax") for one in loads)
    assert after.hours[0].work == pytest.approx(before.hours[0].work + 12 * 5)
    assert after.hours[1:] == before.hours[1:]
