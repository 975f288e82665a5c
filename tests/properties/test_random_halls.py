"""Halls drawn at random, from scenario to summary: what must hold exactly holds exactly."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from support.halls import SMALL_HALL
from support.invariants import assert_possible

from mppsim.engine import Outcome, Trace, simulate
from mppsim.measure import summarize
from mppsim.plan import draw_plan
from mppsim.scenario import parse_scenario

MINUTES = st.integers(1, 12).map(lambda n: f"{n} min")
LAWS = st.one_of(
    MINUTES.map(lambda mean: {"constant": mean}),
    MINUTES.map(lambda mean: {"exponential": {"mean": mean}}),
    MINUTES.map(lambda mean: {"lognormal": {"mean": mean, "cv": 1.1}}),
    MINUTES.map(lambda mean: {"erlang": {"mean": mean, "phases": 3}}),
)
LUNCHES = st.sampled_from(
    [None, {"start": "12:00", "length": "1 h"}, {"start": "11:00", "length": "1 h", "sittings": 2}]
)
BALKS = [
    None,
    {"above": 0},
    {"above": 6},
    {"above": {0: 0.2, 3: 0.6}, "wait_above": "30 min"},
]
WALKS = [{}, {"door": {"main": "1 min"}}, {"main": {"main": "30 s"}}]
JOURNEYS = [
    ["kiosk", "tenant"],
    [{"kiosk": 0.5}, {"delay": {"exponential": {"mean": "3 min"}}, "name": "form"}, "tenant"],
    ["kiosk", {"any_order": ["tenant", "bank", "cashier"]}, "kiosk"],
]
INCOMPLETE = [
    None,
    {"share": 0.3, "back": "head", "after": {"exponential": {"mean": "9 min"}}},
    {"share": 0.3, "back": "tail", "costs": 0},
    {"share": 0.3, "on": "another_day"},
]
ONWARD: list[dict[str, Any]] = [
    {},
    {"cashier": 0.5},
    {"cashier": 0.4, "copies": {"share": 0.3, "delay": {"constant": "5 min"}, "to": "kiosk"}},
]

SLOTS: dict[str, Any] = {
    "every": "20 min",
    "from": "07:30",
    "to": "12:00",
    "punctuality": {"mean": "-5 min", "sd": "10 min"},
    "no_show": 0.2,
}
APPOINTMENTS = [
    None,
    SLOTS | {"share": 0.7, "grace": "5 min"},
    SLOTS | {"fill": 0.5, "per_slot": 3, "overbooking": 0.3, "priority": "same"},
    SLOTS | {"share": 1.0, "else": "lost"},
]


CREWS: st.SearchStrategy[Any] = st.one_of(
    st.integers(1, 3),
    st.just({"08:00": 1, "09:30": 3, "13:00": 1}),
    st.just({"a": {"shifts": ["08:00-12:00", "12:30-15:00"]}, "b": {"speed": 1.3}}),
    st.just(
        {"a": {"serves": [["tax", "bank"]], "absence": 0.3}, "b": {"late": {"constant": "1 h"}}}
    ),
    st.just({"a": {"serves": ["bank/one", "tax"]}, "b": {}}),
)
RULES: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {},
        {"break_rule": "shifted", "discipline": "fifo"},
        {"discipline": {"ratio": 2}, "late_start": {"exponential": {"mean": "20 min"}}},
        {"discipline": {"aging": "10 min"}},
    ]
)


@st.composite
def specs(draw: st.DrawFn) -> dict[str, Any]:
    return SMALL_HALL | {
        "closing": draw(st.sampled_from(["serve_all", "dismiss_waiting"])),
        "lunch": draw(LUNCHES),
        "dead_ticket": draw(st.sampled_from([None, {"call_time": "30 s"}])),
        "recall": draw(st.sampled_from([None, {"missed": 0.3, "call_time": "1 min", "after": 2}])),
        "visitors": {
            "classes": draw(st.sampled_from([{"all": 1.0}, {"first": 0.3, "last": 0.7}])),
            "party": {1: 0.5, 4: 0.5},
            "patience": draw(st.one_of(st.none(), LAWS)),
            "gives_up": draw(st.sampled_from(["leave", {"comes_back": "another_day"}])),
            "patience_of": draw(st.sampled_from(["station", "visit"])),
            "balk": draw(st.sampled_from(BALKS)),
        },
        "walks": draw(st.sampled_from(WALKS)),
        "journey": draw(st.sampled_from(JOURNEYS)),
        "tenants": {
            name: {
                "zone": "main",
                "counters": draw(CREWS),
                **draw(RULES),
                "visitors_per_day": draw(st.integers(0, 60)),
                "quota": draw(st.sampled_from([None, 0, 20])),
                "tickets_from": draw(st.sampled_from([None, "07:40"])),
                "last_ticket": draw(st.sampled_from([None, "12:00"])),
                "then": draw(st.sampled_from(ONWARD)),
                "gives_up": draw(
                    st.sampled_from([None, {"goes_to": other}, {"comes_back": "another_day"}])
                ),
                "incomplete": draw(st.sampled_from(INCOMPLETE)),
                "services": {
                    "one": {
                        "service": draw(LAWS),
                        "quota": draw(st.sampled_from([None, 9])),
                        "appointments": draw(st.sampled_from(APPOINTMENTS)),
                        "digital": draw(st.sampled_from([None, {"share": 0.3}])),
                    }
                },
            }
            for name, other in (("tax", "bank"), ("bank", "tax"))
        },
    }


SEEDS = st.integers(0, 2**64 - 1)


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    plan = draw_plan(parse_scenario(draw(specs())), seed=draw(SEEDS))
    return simulate(plan, engine="simpy")


@given(traces())
@settings(max_examples=60)
def test_every_day_of_a_random_hall_is_possible(trace: Trace) -> None:
    for day, facts in zip(trace.plan.days, trace.days, strict=True):
        assert_possible(trace.plan.layout, day, facts)


@given(traces())
@settings(max_examples=60)
def test_littles_law_and_flow_balance_hold_exactly(trace: Trace) -> None:
    summary, steps = summarize(trace), trace.steps
    left_line = steps["started"].fillna(steps["ended"])
    queue = summary.over_time
    paths = queue.queue_minutes_early + queue.queue_minutes_open + queue.queue_minutes_late
    postponed = 0
    for number, day in enumerate(trace.plan.days):
        for index, station in enumerate(trace.plan.layout.stations):
            here = steps[(steps["day"] == day.weekday) & (steps["station"] == station)]
            waits = (left_line[here.index] - here["joined"]).dropna()
            # All are multiples of 2**-20 minute below 2**32, so even their sums are exact.
            assert paths[number, index] == waits.sum()
        reached = summary.journeys.outcome[summary.journeys.day == number]
        assert len(reached) == (day.visitors.returns < 0).sum() + postponed
        postponed = (reached == Outcome.POSTPONED).sum()
        assert (reached != Outcome.NOT_REACHED).all()
    busy = summary.counters.busy.sum() + summary.counters.overtime.sum()
    served = steps[steps["outcome"] == "served"]
    assert busy == (served["ended"] - served["started"]).sum()
