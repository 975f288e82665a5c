"""Who waits longer, visitor by visitor, and whether a hall is better."""

from __future__ import annotations

import pandas as pd
import pytest
from support.halls import hall
from support.results import Spec, comparison_of, health_moves_in, named, result_of
from support.traced import row

import mppsim
from mppsim.report import Result


def one_counter_fewer(spec: Spec) -> None:
    spec["tenants"]["tax"]["counters"] = 2


OTHER = result_of(one_counter_fewer, named("Two counters at tax"))


def visitors(result: Result) -> pd.DataFrame:
    """Return wait and outcome of every visitor, from the traces themselves."""
    tables = []
    for replication in range(result.replications):
        trace = mppsim.simulate(mppsim.draw_plan(result.scenario, replication=replication))
        steps = trace.steps.assign(line_left=lambda t: t["started"].fillna(t["ended"]))
        wait = (
            (steps["line_left"] - steps["joined"]).groupby([steps["day"], steps["visitor"]]).sum()
        )
        table = trace.visitors.set_index(["day", "visitor"]).assign(
            wait=wait, replication=replication
        )
        tables.append(table.reset_index())
    key = ["replication", "day", "tenant", "service", "ordinal"]
    return pd.concat(tables).set_index(key)[["wait", "outcome", "arrived"]]


def test_it_is_what_the_traces_say_of_each_visitor() -> None:
    both = visitors(result_of()).add_suffix("_before").join(visitors(OTHER), how="inner")
    tax = both.xs("tax", level="tenant")
    served = tax[(tax["outcome_before"] == "served") & (tax["outcome"] == "served")]
    change = served["wait"] - served["wait_before"]
    found = row(comparison_of(result_of(), OTHER).who_waits("tenant").set_index("tenant"), "tax")
    assert found["n"] == len(tax)
    assert found["longer"] == (change > 1).mean() > 0
    assert found["shorter"] == (change < -1).mean()
    assert found["change"] == pytest.approx(change.mean(), rel=1e-12)  # rounding only
    lost = (tax["outcome_before"] == "served") & (tax["outcome"] != "served")
    assert found["lost"] == lost.mean() > 0


def test_groups_add_up_to_all_visitors_of_both_halls() -> None:
    comparison = comparison_of(result_of(), OTHER)
    everybody = comparison.who_waits("all")["n"].sum()
    for by in ("tenant", "hour", "tenant and hour"):
        assert comparison.who_waits(by)["n"].sum() == everybody
    assert comparison.who_waits().columns[1:3].tolist() == ["tenant", "hour"]


def test_visitors_of_new_tenants_are_no_visitors_of_the_base() -> None:
    comparison = comparison_of(result_of(), result_of(health_moves_in))
    assert set(comparison.who_waits("tenant")["tenant"]) == {"tax", "bank", "post"}


def test_nothing_changes_for_anybody_in_the_same_hall() -> None:
    same = comparison_of(result_of(), result_of()).who_waits("all").to_dict("records")[0]
    assert [same[name] for name in ("longer", "shorter", "change", "lost", "gained")] == [0] * 5


def test_less_waiting_and_more_promises_kept_are_better() -> None:
    more = hall(lambda spec: spec["tenants"]["bank"].update(counters=2))
    comparison = mppsim.compare([hall(), more], replications=12)
    told = comparison.judge("bank mean wait", "bank kept", "post mean wait").set_index("measure")
    assert told["verdict"].tolist() == ["better", "better", "unchanged"]
    shorter, kept_more = told["difference"].tolist()[:2]
    assert shorter < 0 < kept_more
    worse = mppsim.compare([more, hall()], replications=12).judge("bank mean wait")
    assert worse["verdict"].tolist() == ["worse"]
    assert (told["joint_half_width"] >= told["half_width"]).all()


def test_what_cannot_be_judged_is_refused() -> None:
    with pytest.raises(ValueError, match="did you mean 'bank'"):
        mppsim.compare([hall(), hall()], replications=2, measures=["bnak mean wait"])
    with pytest.raises(ValueError, match="by: found 'day'; expected one of tenant, hour"):
        comparison_of(result_of(), OTHER).who_waits("day")
