"""The digital channel: visits that need not be made any more."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mppsim import draw_plan, load_scenario, run
from mppsim.plan import Plan
from mppsim.scenario import Scenario, parse_scenario
from mppsim.theory.offered_load import offered_load

TEACHING = Path(__file__).parents[2] / "scenarios" / "teaching"


@pytest.fixture(scope="module")
def digital() -> Scenario:
    return load_scenario(TEACHING / "digital.yaml")


def people(plan: Plan) -> pd.DataFrame:
    """One row a visitor, with all that was drawn; every visit has one step."""
    day = plan.days[0]
    names = ("service", "ordinal", "arrival", "visitor_class", "party")
    columns = {name: getattr(day.visitors, name) for name in names}
    columns |= {name: getattr(day.steps, name) for name in ("service_time", "patience")}
    return pd.DataFrame(columns).set_index(["service", "ordinal"]).sort_index()


def test_a_part_done_online_leaves_every_other_visitor_unchanged(digital: Scenario) -> None:
    spec = digital.model_dump(mode="json")
    spec["tenants"]["licenses"]["services"]["renewal"]["digital"] = None
    before = parse_scenario(spec)
    n_before = n_online = 0
    for replication in range(50):
        all_, those = (people(draw_plan(one, replication=replication)) for one in (before, digital))
        pd.testing.assert_frame_equal(all_.loc[those.index], those, check_exact=True)
        online = draw_plan(digital, replication=replication).days[0].channels[0].online
        assert len(all_) - len(those) == online
        n_before, n_online = n_before + len(all_.loc[0]), n_online + online
    share = n_online / n_before
    assert abs(share - 0.2) < 4 * np.sqrt(0.2 * 0.8 / n_before)  # binomial


def test_a_larger_part_online_takes_away_more_and_brings_nobody_back(digital: Scenario) -> None:
    spec = digital.model_dump(mode="json")
    spec["tenants"]["licenses"]["services"]["renewal"]["digital"]["share"] = 0.5
    few, more = people(draw_plan(parse_scenario(spec))), people(draw_plan(digital))
    assert set(few.index) < set(more.index)


def test_load_and_report_count_who_still_comes(digital: Scenario) -> None:
    load = offered_load(digital, "mon")[0]
    assert load.visitors == pytest.approx(90 * (0.7 * 0.8 + 0.3))
    result = run(digital, replications=20)
    assert result.channels()["online"].tolist() == pytest.approx([90 * 0.7 * 0.2], rel=0.25)
