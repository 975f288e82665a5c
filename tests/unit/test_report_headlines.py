"""Headlines: each rule, and that the numbers in a sentence are those of the tables."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from support.results import (
    Spec,
    comparison_of,
    health_moves_in,
    named,
    nobody_comes,
    nothing_promised,
    plenty_promised,
    result_of,
    too_many_come,
)

import mppsim
from mppsim.report.headlines import (
    pair_findings,
    pair_headline,
    result_findings,
    result_headline,
)
from mppsim.report.visitors import visitors_a_day

GATE = Path(__file__).parents[2] / "scenarios" / "teaching" / "gate.yaml"


def test_the_headline_names_the_tenant_that_keeps_its_promise_least() -> None:
    result = result_of()
    waiting = result.waiting()
    least = waiting["kept"].idxmin()
    share = f"{100 * waiting['kept'].min():.0f} %"
    assert f"kept least at {least}: served within 15 min are {share}" in result_headline(result)


def test_a_hall_that_keeps_all_promises_is_told_so() -> None:
    headline = result_headline(result_of(plenty_promised))
    assert headline.startswith("Every tenant serves at least 95 % of its visitors")


def test_an_overloaded_tenant_comes_before_all_promises() -> None:
    result = result_of(too_many_come)
    assert result_headline(result).startswith("tax cannot keep up on a Monday")
    assert any(text.startswith("What breaks is tax") for text in result_findings(result))


def test_without_promises_the_longest_waits_are_the_news() -> None:
    result = result_of(nothing_promised)
    longest = result.waiting()["p90"].idxmax()
    assert result_headline(result).startswith(f"Waits are longest at {longest}: ")


def test_a_hall_without_visitors_has_a_headline_too() -> None:
    result = result_of(nobody_comes)
    assert result_headline(result) == "Nobody joined a line at any tenant."
    assert "No visitors came." in result_findings(result)


def test_one_replication_gives_no_intervals() -> None:
    assert "±" not in result_headline(result_of(replications=1))


def test_the_headline_of_a_comparison_counts_visitors_and_new_tenants() -> None:
    before, after = result_of(), result_of(health_moves_in)
    more = round(visitors_a_day(after).came[0] - visitors_a_day(before).came[0])
    headline = pair_headline(comparison_of(before, after).pairs[0])
    assert headline.startswith(f"{more} more visitors a day and one new tenant: ")


def test_the_headline_of_a_comparison_gives_the_paired_interval() -> None:
    pair = comparison_of(result_of(), result_of(too_many_come)).pairs[0]
    row = pair.differences().loc["both"]
    low, high = row["mean_difference"] + np.array([-1, 1]) * row["mean_difference_half_width"]
    assert row["verdict"] == "longer"
    assert f"longer (95 % interval {low:.1f} to {high:.1f})" in pair_headline(pair)


def test_the_new_tenant_is_found_among_the_findings() -> None:
    pair = comparison_of(result_of(), result_of(health_moves_in)).pairs[0]
    assert any("new tenants, waits are longest at Health" in text for text in pair_findings(pair))


def test_equal_halls_are_said_to_be_unchanged() -> None:
    pair = comparison_of(result_of(), result_of(named("The same"))).pairs[0]
    assert pair_headline(pair).endswith("the mean wait is unchanged.")


@pytest.mark.parametrize("change", [nobody_comes, too_many_come, nothing_promised])
def test_visitors_by_ending_add_up_to_all_who_came(change: Callable[[Spec], object]) -> None:
    visitors = visitors_a_day(result_of(change))
    total = sum(number for number, _ in visitors.ended.values())
    assert total == pytest.approx(visitors.came[0], abs=1e-9)  # sums of multiples of 1/6


def test_who_waits_outside_a_full_hall_is_no_footnote() -> None:
    result = mppsim.run(GATE, replications=3)
    waited = f"{100 * result.gate()['waited'].loc['all']:.0f} %"
    said = [text for text in result_findings(result) if text.startswith("The hall is full")]
    assert len(said) == 1 and waited in said[0]
    assert not any("full" in text for text in result_findings(result_of()))
