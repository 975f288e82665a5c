"""Skills, disciplines and separate lines of the teaching scenario, recounted from its trace."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from support.invariants import assert_possible

from mppsim import draw_plan, load_scenario, simulate
from mppsim.engine import Trace
from mppsim.theory.offered_load import offered_load

FILE = Path(__file__).parents[2] / "scenarios" / "teaching" / "skills.yaml"


@pytest.fixture(scope="module")
def traces() -> list[Trace]:
    return [simulate(draw_plan(load_scenario(FILE), replication=k)) for k in range(5)]


@pytest.fixture(scope="module")
def steps(traces: list[Trace]) -> pd.DataFrame:
    return pd.concat([trace.steps.assign(run=k) for k, trace in enumerate(traces)])


def test_every_day_is_possible(traces: list[Trace]) -> None:
    for trace in traces:
        assert_possible(trace.plan.layout, trace.plan.days[0], trace.days[0])


def test_consultations_and_permits_are_served_at_both_desks(steps: pd.DataFrame) -> None:
    permits = steps[steps["tenant"] == "permits"]
    assert set(permits["counter"]) == {"permits desk_a", "permits desk_b"}
    at_b = permits[permits["counter"] == "permits desk_b"]
    assert (at_b["service"] == "consult").mean() > 0.4  # 0.3 of the visitors


def test_the_shared_counter_of_tax_serves_the_bank_too(steps: pd.DataFrame) -> None:
    shared = steps[steps["counter"] == "tax shared"]
    assert set(shared["tenant"]) == {"tax", "bank"}
    assert set(steps[steps["counter"] == "tax own"]["tenant"]) == {"tax"}


def test_aging_lets_a_regular_visitor_overtake_a_priority_one(steps: pd.DataFrame) -> None:
    deeds = steps[steps["tenant"] == "registry"]
    waits = deeds["started"] - deeds["joined"]
    longest = waits.groupby(deeds["visitor_class"]).max()
    assert longest["priority"] > 0
    for _, day in deeds.groupby("run"):
        first, last = (day[day["visitor_class"] == name] for name in ("priority", "regular"))
        for _, one in first.iterrows():
            passed = last[(last["joined"] > one["joined"]) & (last["started"] < one["started"])]
            assert passed.empty  # a regular one who came later never gets ahead
            older = last[one["joined"] - last["joined"] >= 20]
            assert (older["started"] < one["started"]).all()


def test_visitors_of_the_post_stay_in_the_line_of_their_counter(traces: list[Trace]) -> None:
    """At the moment of joining, nobody chose a counter with more visitors than the other."""
    for trace in traces:
        post = trace.steps[trace.steps["tenant"] == "post"]
        for _, one in post.iterrows():
            before = post[(post["joined"] < one["joined"]) & (post["ended"] > one["joined"])]
            here = (before["counter"] == one["counter"]).sum()
            assert here <= len(before) - here


def test_offered_load_divides_a_shared_counter_where_work_is() -> None:
    loads = {load.station: load for load in offered_load(load_scenario(FILE), "mon")}
    work = 50 * 7 + 45 * 5
    assert loads["tax"].ratio == pytest.approx(work / (3 * 240))
    assert loads["bank"].ratio == pytest.approx(work / (3 * 240))
    assert np.isclose(loads["permits"].ratio, 40 * (0.7 * 8 + 0.3 * 14) / 480)
