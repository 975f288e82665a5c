from __future__ import annotations

import numpy as np
import pytest
from support.halls import hall
from support.hand_made import several_stations

import mppsim
from mppsim.scenario.errors import InputError

STEPS = ["day", "visitor", "step", "tenant", "service", "station", "visitor_class"]
TIMES = ["joined", "started", "ended", "counter", "outcome"]


def test_steps_and_visitors_have_the_promised_columns() -> None:
    trace = mppsim.simulate(mppsim.draw_plan(hall(), seed=2), engine="simpy")
    assert trace.steps.columns.tolist()[:12] == [*STEPS, *TIMES]
    wanted = {"day", "visitor", "tenant", "service", "visitor_class", "party", "arrived", "left"}
    assert wanted | {"outcome"} <= set(trace.visitors.columns)


def test_steps_say_who_was_served_where_and_when() -> None:
    plan = several_stations(
        [0, 1],
        [[(0, 5.0), (1, 2.0)], [(0, 1.0)]],
        counters=[[[(0, 99)]], [[(0, 99)]]],
        patience=[[np.inf, np.inf], [3.0]],
    )
    steps = mppsim.simulate(plan).steps
    assert steps["station"].tolist() == ["tenant0", "tenant1", "tenant0"]
    assert steps["counter"].fillna("nobody").tolist() == ["tenant0 1", "tenant1 1", "nobody"]
    assert steps["ended"].tolist() == [5.0, 7.0, 4.0]
    assert steps["outcome"].tolist() == ["served", "served", "reneged"]
    assert np.isnan(steps["started"].iloc[2])


def test_each_visitor_leaves_when_the_last_step_ends() -> None:
    trace = mppsim.simulate(mppsim.draw_plan(hall(), seed=2))
    last = trace.steps.groupby(["day", "visitor"])["ended"].max()
    left = trace.visitors.set_index(["day", "visitor"])["left"]
    assert left.sort_index().equals(last.rename("left").sort_index())


def test_quota_refuses_who_comes_after_the_last_ticket_is_gone() -> None:
    scarce = hall(lambda spec: spec["tenants"]["bank"].update(quota=10))
    visitors = mppsim.simulate(mppsim.draw_plan(scarce, seed=1)).visitors
    at_bank = visitors[(visitors["tenant"] == "bank") & (visitors["day"] == "mon")]
    in_time = at_bank[at_bank["arrived"] < 14.5 * 60]
    refused = (in_time["outcome"] == "refused").to_numpy()
    assert len(in_time) > 15
    assert not refused[:10].any()
    assert refused[10:].all()


def test_nobody_gets_a_ticket_from_the_last_ticket_on() -> None:
    visitors = mppsim.simulate(mppsim.draw_plan(hall(), seed=1)).visitors
    late = visitors[(visitors["day"] == "mon") & (visitors["arrived"] >= 14.5 * 60)]
    assert len(late) > 0
    assert (late["outcome"] == "refused").all()


def test_an_engine_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(
        InputError, match="engine: found 'c'; expected one of auto, simpy, compiled"
    ):
        mppsim.simulate(mppsim.draw_plan(hall()), engine="c")
