"""Days that differ: closed ones, rushes of single tenants, hours of Ramadan."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.traced import row

from mppsim import Scenario, draw_plan, load_scenario, run
from mppsim.plan import Plan
from mppsim.scenario import parse_scenario
from mppsim.theory.offered_load import offered_load

TEACHING = Path(__file__).parents[2] / "scenarios" / "teaching"


@pytest.fixture(scope="module")
def hall() -> Scenario:
    return load_scenario(TEACHING / "surges.yaml")


def plans(hall: Scenario) -> list[Plan]:
    return [draw_plan(hall, seed=1, replication=k) for k in range(40)]


def test_a_closed_day_is_left_out_and_its_reason_is_kept(hall: Scenario) -> None:
    assert list(hall.days) == ["tue", "wed", "thu", "fri"]
    assert hall.closed == {"mon": "Idul Fitri"}
    assert parse_scenario(hall.model_dump(mode="json")).digest() == hall.digest()
    with pytest.raises(ValueError, match="closed"):
        draw_plan(hall, day="mon")


def test_an_overlay_closes_a_day_and_opens_it_again(tmp_path: Path) -> None:
    file = tmp_path / "overlay.yaml"
    base = f"extends: {TEACHING / 'outages.yaml'}\n"
    file.write_text(base + "days: {mon: {closed: true}}\n")
    assert list(load_scenario(file).days) == ["tue"]
    file.write_text(f"extends: {TEACHING / 'surges.yaml'}\ndays: {{mon: {{closed: false}}}}\n")
    assert list(load_scenario(file).days) == ["mon", "tue", "wed", "thu", "fri"]


def test_the_rush_is_of_one_tenant_and_moves_nobody_of_the_other(hall: Scenario) -> None:
    spec = hall.model_dump(mode="json")
    for place in (spec["day_types"]["after_holiday"], spec["days"]["tue"]):
        place["tenants"] = {}
    usual, rush = plans(parse_scenario(spec)), plans(hall)
    skck = [day.visitors.service == 0 for day in (plan.days[0] for plan in rush)]
    # Poisson with mean 15 x 1.45 x 12 over 40 days: the standard error is 1 % of the mean.
    assert np.mean([mine.sum() for mine in skck]) == pytest.approx(15 * 1.45 * 12, rel=0.04)
    for one, other in zip(rush, usual, strict=True):
        mine, theirs = (plan.days[0].visitors for plan in (one, other))
        bank = mine.arrival[mine.service == 1]
        assert np.array_equal(bank, theirs.arrival[theirs.service == 1])
        assert np.isin(theirs.arrival, mine.arrival).all()
        for later, unmoved in zip(one.days[1:], other.days[1:], strict=True):
            assert np.array_equal(later.visitors.arrival, unmoved.visitors.arrival)


def test_the_offered_load_knows_the_rush(hall: Scenario) -> None:
    skck, bank = offered_load(hall, "tue")
    assert skck.visitors == pytest.approx(15 * 1.45 * 12)
    assert bank.visitors == pytest.approx(40 * 1.45)


def test_each_kind_of_day_is_told_by_itself(hall: Scenario) -> None:
    waiting = run(hall, replications=5, seed=1).waiting("kind")
    assert waiting.index.tolist() == ["after_holiday", "ramadan"]
    assert row(waiting, "after_holiday")["mean"] > 5 * row(waiting, "ramadan")["mean"]
    assert {span.end for spans in draw_plan(hall).days[1].duty for span in spans} == {720, 840}
