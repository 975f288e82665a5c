"""What new tenants add to the others, and what remedies save."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from support.halls import hall

import mppsim
from mppsim.report.attribution import Attribution, attribution_text, mean_of
from mppsim.report.cells import records
from mppsim.scenario import Scenario
from mppsim.scenario.errors import InputError
from mppsim.study import Job, attribution
from mppsim.study.remedies import Remedy, try_remedies, usual_remedies


def with_new(*names: str) -> Scenario:
    """A kiosk with one machine for tax and bank; new tenants bring it 50, 80, .. visitors each."""

    def change(spec: dict[str, Any]) -> None:
        spec["days"].pop("fri")
        spec["visitors"] = {}
        spec["stations"]["kiosk"].update(counters=1, service={"exponential": {"mean": "1.5 min"}})
        del spec["tenants"]["post"]
        law = {"service": {"exponential": {"mean": "3 min"}}}
        for number, name in enumerate(names):
            place = {"zone": "main", "counters": 2, "visitors_per_day": 50 + 30 * number}
            spec["tenants"][name] = {**place, "services": {"ask": law}}

    return hall(change)


@cache
def answer() -> Attribution:
    return mppsim.attribute(with_new(), with_new("care", "police", "court"), replications=10)


def test_shapley_shares_add_up_in_every_replication() -> None:
    study = answer().study
    shares = [study.shapley(group) for group in study.groups]
    together = study.together()
    assert np.allclose(sum(one.hours for one in shares), together.hours, atol=1e-9)
    assert np.allclose(sum(one.seats for one in shares), together.seats, atol=1e-9)


def test_tenants_that_are_alike_have_equal_shares() -> None:
    """By theory: Shapley's axiom of symmetry. Their luck differs, so only the means are equal."""
    twins = with_new("care", "police")
    alike = twins.tenants["care"]
    police = alike.model_copy(update={"name": twins.tenants["police"].name})
    plan = twins.model_copy(update={"tenants": {**twins.tenants, "police": police}})
    study = mppsim.attribute(with_new(), plan, replications=40).study
    one, other = (study.shapley(group).hours for group in ("care", "police"))
    difference, half_width = mean_of(one - other, 0.999)  # a fixed seed; wrong once in 1000
    assert abs(difference) < half_width
    assert half_width < one.mean() / 2  # and sharp enough to say something


def test_one_tenant_alone_adds_its_visitors_waiting_exactly_as_a_comparison_does() -> None:
    base, plan = with_new(), with_new("care")
    together = mppsim.attribute(base, plan, replications=3).study.together()
    hours = []
    for hall_ in (base, plan):
        steps = [mppsim.simulate(mppsim.draw_plan(hall_, replication=n)).steps for n in range(3)]
        ours = [those[those["tenant"].isin([*base.tenants])] for those in steps]
        lines = [(one["started"] - one["joined"]).sum() for one in ours]
        hours.append(np.array(lines) / 60)
    assert np.allclose(together.hours, hours[1] - hours[0])


def test_shapley_is_the_mean_over_all_orders() -> None:
    """By hand: six orders of three groups; police comes first, second and third in two of each."""
    study = answer().study
    hours = {names: burden.hours for names, burden in study.burdens.items()}
    before = [set(), set(), {"care"}, {"court"}, {"care", "court"}, {"care", "court"}]
    added = [hours[frozenset({*b, "police"})] - hours[frozenset(b)] for b in before]
    assert np.allclose(study.shapley("police").hours, np.mean(added, axis=0))


def test_those_who_bring_more_visitors_to_the_kiosk_add_more_waiting() -> None:
    rows = {row["group"]: row for row in records(answer().burdens()).values()}
    assert rows["court"]["shapley"] > rows["police"]["shapley"] > rows["care"]["shapley"] > 0
    # A line gets longer the faster the more crowded it is: the last to come adds most.
    assert rows["court"]["last"] > rows["court"]["first"]
    assert [*rows][-1] == "together"


def test_new_tenants_with_counters_and_a_way_of_their_own_add_nothing() -> None:
    def apart(spec: dict[str, Any]) -> None:
        spec["tenants"]["post"]["journey"] = ["tenant"]

    def without_post(spec: dict[str, Any]) -> None:
        del spec["tenants"]["post"]

    found = mppsim.attribute(hall(without_post), hall(apart), replications=3)
    assert not found.study.together().hours.any()


def test_a_remedy_is_ranked_by_what_it_saves() -> None:
    saved = {row["remedy"]: row for row in records(answer().remedies()).values()}
    assert next(iter(saved)) == "one counter more: kiosk"
    assert saved["one counter more: kiosk"]["verdict"] == "saves"
    assert saved["lunch in 3 sittings instead of 2"]["saved_half_width"] > 0
    assert any(name.startswith("half of the visitors by appointment: ") for name in saved)


def test_a_remedy_that_changes_nothing_saves_exactly_nothing() -> None:
    plan = with_new("care")
    tried = try_remedies([Remedy("none", plan)], job=Job(plan, 3))
    assert not tried[0].saved.any()


def test_usual_remedies_are_those_that_a_hall_leaves_room_for() -> None:
    def few(spec: dict[str, Any]) -> None:
        spec["lunch"] = None
        for tenant in spec["tenants"].values():
            tenant["counters"] = {"desk": {}}

    found = [remedy.name for remedy in usual_remedies(hall(few))]
    assert "one counter more: kiosk" in found
    assert not [name for name in found if "lunch" in name or name.endswith("more: tax")]


def test_the_answer_fits_into_80_columns_and_has_a_picture(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from rich.console import Console

    Console(width=80).print(attribution_text(answer()))
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    assert "most comes from court" in " ".join(text.split())
    assert answer().plot().axes or answer().plot().subfigs


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ({"a": ["care"]}, "found police, court in no group"),
        ({"a": ["care", "police"], "b": ["police", "court"]}, "found police in no group, or in"),
        ({"a": ["caer", "police", "court"]}, "did you mean 'care'"),
    ],
)
def test_groups_that_do_not_hold_each_new_tenant_once_are_refused(
    groups: dict[str, list[str]], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        mppsim.attribute(with_new(), with_new("care", "police", "court"), groups=groups)


def test_a_remedy_that_changes_who_comes_is_refused() -> None:
    with pytest.raises(InputError, match="remedy: found other tenants in 'fewer'; expected those"):
        try_remedies([Remedy("fewer", with_new())], job=Job(with_new("care"), 2))


def test_shares_over_drawn_orders_are_those_over_all_orders(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    exact = answer().study
    monkeypatch.setattr(attribution, "MOST_GROUPS", 2)
    drawn = mppsim.attribute(with_new(), with_new("care", "police", "court"), replications=10).study
    assert drawn.orders
    shares = [drawn.shapley(group) for group in drawn.groups]
    assert np.allclose(sum(one.hours for one in shares), exact.together().hours)
    assert np.allclose(sum(one.seats for one in shares), exact.together().seats)
    for group, share in zip(drawn.groups, shares, strict=True):
        assert np.array_equal(drawn.last(group).hours, exact.last(group).hours)
        apart, half_width = mean_of(share.hours - exact.shapley(group).hours, 0.999)  # fixed seed
        assert 0 < abs(apart) < half_width


def test_a_plan_without_new_tenants_is_refused() -> None:
    with pytest.raises(InputError, match="found no tenant that the base does not have"):
        mppsim.attribute(with_new(), with_new())
