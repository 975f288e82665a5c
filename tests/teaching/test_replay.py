"""A recorded morning: visits from a table through the same hall."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mppsim
from mppsim.plan import Plan
from mppsim.report.headlines import result_findings
from mppsim.scenario import Scenario, load_scenario, parse_scenario
from mppsim.scenario.errors import InputError
from mppsim.theory.offered_load import offered_load

MORNING = Path(__file__).parents[2] / "scenarios" / "teaching" / "replay.yaml"


def replayed(*visits: dict[str, Any], **changes: Any) -> Scenario:
    """Return the morning with other visits; keys not given are those of a visit to the bank."""
    rows = [{"day": "mon", "tenant": "bank", "arrived": 480} | visit for visit in visits]
    spec = load_scenario(MORNING).model_dump(mode="json")
    return parse_scenario(spec | {"replay": rows} | changes)


def test_the_recorded_visitors_come_and_are_served_as_recorded() -> None:
    trace = mppsim.simulate(mppsim.draw_plan(MORNING))
    steps, visitors = trace.steps, trace.visitors
    assert visitors["arrived"].tolist() == [480, 481, 482, 483.5, 510]
    assert visitors["visitor_class"].tolist() == ["regular"] * 2 + ["priority"] + ["regular"] * 2
    assert visitors["party"].tolist() == [1, 2, 1, 1, 1]
    tax = steps[steps["station"] == "tax"].set_index("visitor")
    # By hand: the kiosk takes half a minute, then the first is served from 08:00:30 for 10 minutes.
    assert tax["joined"].tolist() == [480.5, 481.5, 482.5, 510.5]
    assert tax["started"].tolist() == [480.5, 494.5, 490.5, 510.5]
    assert tax["ended"].tolist() == [490.5, 500.5, 494.5, 514]
    bank = steps[(steps["visitor"] == 3) & (steps["station"] == "bank")]
    assert bank["joined"].tolist() == [485.5], "two minutes at the kiosk, as recorded"
    assert (bank["ended"] - bank["started"]).tolist() == [5]


def test_what_a_table_says_wins_and_what_it_leaves_out_is_drawn_once() -> None:
    hall = replayed({}, {"arrived": "08:10:30", "patience": "0 min", "service_time": "0 min"})
    first, again = (mppsim.draw_plan(hall, replication=k).days[0] for k in (0, 7))
    assert first.visitors.arrival.tolist() == [480, 490.5]
    assert first.steps.service_time.tolist()[0::2] == [0.5, 0.5], "the kiosk's law"
    assert first.steps.service_time[3] == 2**-20, "a service takes at least a tick"
    assert first.steps.patience.tolist() == [np.inf, np.inf, 0, 0]
    assert np.array_equal(first.steps.service_time, again.steps.service_time)
    other_seed = mppsim.draw_plan(hall, seed=2).days[0]
    assert other_seed.steps.service_time[1] != first.steps.service_time[1]


def test_a_hall_replays_its_own_trace() -> None:
    spec = load_scenario(MORNING).model_dump(mode="json") | {"replay": None}
    drawn = mppsim.simulate(mppsim.draw_plan(parse_scenario(spec), seed=4))
    steps, rows = drawn.steps, []
    for visitor in drawn.visitors.itertuples():
        own = steps[(steps["visitor"] == visitor.visitor) & (steps["station"] == visitor.tenant)]
        took = own["ended"] - own["started"]
        rows.append(
            {
                "day": "mon",
                **{name: getattr(visitor, name) for name in ("tenant", "service", "party")},
                "visitor_class": visitor.visitor_class,
                "arrived": visitor.arrived,
                **({"service_time": f"{float(took.iloc[0])!r} min"} if len(took) else {}),
            }
        )
    again = mppsim.simulate(mppsim.draw_plan(parse_scenario(spec | {"replay": rows})))
    columns = ["visitor", "station", "joined", "started", "ended", "counter", "outcome"]
    assert len(steps) > 100
    assert again.steps[columns].equals(steps[columns])


def test_more_than_one_replication_of_a_replay_is_refused() -> None:
    assert mppsim.run(MORNING).replications == 1
    with pytest.raises(InputError, match="found 20; expected 1, as every replication"):
        mppsim.run(MORNING, replications=20)


def test_who_was_recorded_after_the_last_ticket_is_refused_as_anybody() -> None:
    hall = replayed({"arrived": "14:59"}, {"arrived": "15:00"})
    visitors = mppsim.simulate(mppsim.draw_plan(hall)).visitors
    assert visitors["outcome"].tolist() == ["served", "refused"]


def test_a_backlog_stands_before_the_recorded() -> None:
    hall = replayed({"arrived": "07:50"}, backlog={"bank": 2}, journey=["tenant"])
    visitors = mppsim.draw_plan(hall).days[0].visitors
    assert visitors.ordinal.tolist() == [-1, -2, 0]
    assert visitors.arrival.tolist() == [470, 470, 470]


def test_the_offered_load_is_that_of_the_recorded_visits() -> None:
    loads = {load.station: load for load in offered_load(load_scenario(MORNING), "mon")}
    assert (loads["tax"].visitors, loads["tax"].hours[0].work) == (4, 10 + 6 + 4 + 3.5)
    assert loads["kiosk"].hours[0].work == 4 * 0.5 + 2
    assert loads["bank"].hours[0].work == 5


def people(plan: Plan) -> list[float]:
    return list(plan.days[0].visitors.arrival)


def test_rows_in_another_order_come_at_their_own_times() -> None:
    early, late = {"arrived": "08:05"}, {"arrived": 550.25}
    assert people(mppsim.draw_plan(replayed(late, early))) == [485, 550.25]


def test_the_report_says_that_it_is_a_replay() -> None:
    text = "A replay of five recorded visits: it is the same every time"
    assert any(text in finding for finding in result_findings(mppsim.run(MORNING)))
