"""Halls in which any features meet: whatever is switched on, the same must hold exactly."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from support.halls import SMALL_HALL
from support.invariants import assert_possible
from support.same_traces import differing_cells

from mppsim.engine import Outcome, Trace, simulate
from mppsim.measure import Observations, promises, summarize
from mppsim.plan import draw_plan
from mppsim.scenario import parse_scenario

Spec = dict[str, Any]


def without_room(spec: Spec, name: str, **changes: object) -> None:
    """Change a tenant, but not where a waiting room needs one line that all counters serve."""
    if "room" not in spec["tenants"][name]:
        spec["tenants"][name].update(changes)


def without_channels(spec: Spec) -> Spec:
    """Let nobody book or stay at home: a replay says who comes."""
    for tenant in spec["tenants"].values():
        for service in tenant["services"].values():
            service.pop("appointments", None)
            service.pop("digital", None)
    return spec


FEATURES: dict[str, Callable[[Spec], object]] = {
    "dismissal at closing": lambda spec: spec.update(closing="dismiss_waiting"),
    "no lunch": lambda spec: spec.pop("lunch"),
    "no early visitors": lambda spec: spec["arrivals"].pop("early"),
    "a quota": lambda spec: spec["tenants"]["tax"].update(quota=30),
    "a quota of a service": lambda spec: spec["tenants"]["tax"]["services"]["ask"].update(quota=5),
    "a ticket machine": lambda spec: spec["days"]["mon"].update(tickets_from="07:45"),
    "an early last ticket": lambda spec: spec["tenants"]["bank"].update(last_ticket="11:00"),
    "dead tickets": lambda spec: spec.update(dead_ticket={"call_time": "30 s"}),
    "missed calls": lambda spec: spec.update(
        recall={"missed": 0.3, "call_time": "1 min", "after": 2}
    ),
    "one patience for all lines": lambda spec: spec["visitors"].update(patience_of="visit"),
    "announced waits": lambda spec: spec["visitors"].update(
        balk={"above": {2: 0.2, 6: 0.6}, "wait_above": "30 min"}
    ),
    "walks": lambda spec: spec.update(walks={"door": {"main": "1 min"}, "main": {"main": "30 s"}}),
    "a delay and a share": lambda spec: spec.update(
        journey=[{"kiosk": 0.5}, {"delay": {"exponential": {"mean": "3 min"}}}, "tenant"]
    ),
    "any order": lambda spec: spec["tenants"]["tax"].update(
        journey=["kiosk", {"any_order": ["tenant", "bank", "post"]}]
    ),
    "a photocopy": lambda spec: spec["tenants"]["bank"].update(
        then={"copy": {"share": 0.4, "delay": {"constant": "5 min"}, "to": "cashier"}}
    ),
    "a room with people outside": lambda spec: spec["tenants"]["tax"].update(room={"places": 3}),
    "a room that loses": lambda spec: spec["tenants"]["post"].update(
        room={"places": 1, "full": "lose"}
    ),
    "a room that blocks": lambda spec: (
        spec["stations"]["cashier"].update(room={"places": 0, "full": "block"})
        if "walks" not in spec
        else None
    ),
    "a gate": lambda spec: spec.update(capacity=9),
    "a floor area": lambda spec: spec["zones"]["main"].update(area="40 m2"),
    "an outage": lambda spec: spec.setdefault("outages", {}).update(
        power={"at": "hall", "days": {"mon": ["09:30-10:15"]}}
    ),
    "outages at random": lambda spec: spec.setdefault("outages", {}).update(
        network={
            "at": ["tax", "kiosk"],
            "between": {"exponential": {"mean": "2 h"}},
            "lasts": {"exponential": {"mean": "15 min"}},
            "service": "restarts",
        }
    ),
    "counts over time": lambda spec: spec["stations"]["kiosk"].update(
        counters={"08:00": 1, "09:30": 3, "12:00": 2}
    ),
    "late counters with a break of full length": lambda spec: spec["tenants"]["bank"].update(
        late_start={"uniform": {"low": "5 min", "high": "40 min"}}, break_rule="shifted"
    ),
    "shifts, speed and absence": lambda spec: without_room(
        spec,
        "post",
        counters={
            "ani": {"shifts": ["08:00-12:00", "13:00-15:00"], "speed": 1.25, "absence": 0.2},
            "budi": {"shifts": {"default": ["09:00-14:00"], "fri": []}},
        },
        shift_end="resume",
    ),
    "counters with skills": lambda spec: without_room(
        spec,
        "tax",
        counters={
            "first": {"serves": ["priority", "pay", "ask"]},
            "both": {"serves": [["tax", "bank"]]},
            "third": {},
        },
    ),
    "a ratio": lambda spec: spec["tenants"]["tax"].update(discipline={"ratio": 2}),
    "aging": lambda spec: spec["tenants"]["bank"].update(discipline={"aging": "10 min"}),
    "a virtual queue": lambda spec: without_room(
        spec,
        "tax",
        virtual_queue={
            "share": 0.6,
            "notice": 1,
            "return_time": {"exponential": {"mean": "6 min"}},
            "no_show": 0.2,
            "call_time": "20 s",
        },
    ),
    "a virtual queue at the kiosk": lambda spec: spec["stations"]["kiosk"].update(
        virtual_queue={
            "share": 0.5,
            "notice": 0,
            "return_time": {"constant": "0 s"},
            "call_time": "10 s",
        }
    ),
    "lines chosen at random": lambda spec: without_room(
        spec, "post", lines={"each_counter": "random"}
    ),
    "a line for each counter": lambda spec: spec["stations"]["kiosk"].update(
        lines={"each_counter": "shortest"}
    ),
    "appointments": lambda spec: spec["tenants"]["tax"]["services"]["pay"].update(
        appointments={
            "every": "15 min",
            "from": "08:30",
            "to": "11:00",
            "share": 0.5,
            "punctuality": {"mean": "-5 min", "sd": "15 min"},
            "no_show": 0.2,
            "grace": "10 min",
        }
    ),
    "slots that fill": lambda spec: spec["tenants"]["bank"]["services"]["pay"].update(
        appointments={"every": "10 min", "from": "08:00", "to": "10:00", "fill": 0.7}
    ),
    "a part online": lambda spec: spec["tenants"]["tax"]["services"]["pay"].update(
        digital={"share": 0.3}
    ),
    "a delegation": lambda spec: spec.update(
        delegations={
            "school": {
                "persons": 5,
                "days": {"mon": ["08:30"]},
                "within": "1 h",
                "station": "kiosk",
                "service": {"constant": "6 min"},
                "zone": "main",
                "stays": {"constant": "40 min"},
            }
        }
    ),
    "papers that are fetched": lambda spec: spec["tenants"]["tax"].update(
        incomplete={"share": 0.3, "back": "head", "after": {"exponential": {"mean": "9 min"}}}
    ),
    "papers on another day": lambda spec: spec["tenants"]["bank"].update(
        incomplete={"share": 0.3, "on": "another_day"}
    ),
    "who gives up comes back": lambda spec: spec["visitors"].update(
        gives_up={"comes_back": "another_day"}
    ),
    "who gives up tries another tenant": lambda spec: spec["tenants"]["tax"].update(
        gives_up={"goes_to": "bank/pay"}
    ),
    "promises of all kinds": lambda spec: spec.update(
        promise={"wait": "10 min", "service": "8 min", "visit": "40 min", "share": 0.8}
    ),
    "a backlog": lambda spec: spec.update(backlog={"tax": 7, "bank/pay": 4}),
    "a replay": lambda spec: without_channels(spec).update(
        replay=[
            {
                "day": day,
                "tenant": tenant,
                "service": "pay",
                "arrived": 470 + 3 * number,
                **({"service_time": f"{number % 9} min"} if number % 2 else {}),
            }
            for day in spec["days"]
            for tenant in ("tax", "bank")
            for number in range(40)
        ]
    ),
}
"""What a scenario may have beyond the small hall; each changes it a little."""


CHOICES = st.lists(st.sampled_from(list(FEATURES)), unique=True)
SEEDS = st.integers(0, 2**64 - 1)


def spec_with(chosen: list[str]) -> Spec:
    """Return the small hall with these features, added in the order of FEATURES."""
    spec = copy.deepcopy(SMALL_HALL)
    for name, add in FEATURES.items():
        if name in chosen:
            add(spec)
    return spec


def traced(chosen: list[str], seed: int) -> Trace:
    plan = draw_plan(parse_scenario(spec_with(chosen)), seed=seed)
    return simulate(plan, engine="simpy")


@given(CHOICES, SEEDS)
@settings(max_examples=80)
def test_whatever_features_meet_every_day_is_possible_and_ends(
    chosen: list[str], seed: int
) -> None:
    trace = traced(chosen, seed)
    for day, facts in zip(trace.plan.days, trace.days, strict=True):
        assert_possible(trace.plan.layout, day, facts)
        came = facts.visitor_outcome != Outcome.NOT_REACHED
        assert came[day.visitors.returns < 0].all()
        assert np.array_equal(came, ~np.isnan(facts.left))
        assert (facts.left >= day.visitors.arrival)[came].all()


@given(CHOICES, SEEDS)
@settings(max_examples=40)
def test_whatever_features_meet_littles_law_and_flow_balance_hold_exactly(
    chosen: list[str], seed: int
) -> None:
    trace = traced(chosen, seed)
    summary, steps = summarize(trace), trace.steps
    left_line = steps["started"].fillna(steps["ended"])
    queue = summary.over_time
    paths = queue.queue_minutes_early + queue.queue_minutes_open + queue.queue_minutes_late
    for number, day in enumerate(trace.plan.days):
        for index, station in enumerate(trace.plan.layout.stations):
            here = steps[(steps["day"] == day.weekday) & (steps["station"] == station)]
            waits = (left_line[here.index] - here["joined"]).dropna()
            assert paths[number, index] == waits.sum()  # exact: multiples of 2**-20 minute
    new = [(day.visitors.returns < 0) & (day.visitors.stay_zone < 0) for day in trace.plan.days]
    postponed = [(facts.visitor_outcome == Outcome.POSTPONED).sum() for facts in trace.days]
    came = sum(int(those.sum()) for those in new) + sum(postponed[:-1])
    assert len(summary.journeys.outcome) == came
    # Unsigned samples would be huge if ever a crowd or a line fell below nobody.
    persons = sum(int(day.visitors.party.sum()) for day in trace.plan.days)
    assert queue.persons.max(initial=0) <= persons
    assert queue.queue.max(initial=0) <= persons
    assert queue.present.max(initial=0) <= persons


@given(CHOICES, SEEDS)
@settings(max_examples=30)
def test_whatever_features_meet_promises_add_up(chosen: list[str], seed: int) -> None:
    trace = traced(chosen, seed)
    summary, layout = summarize(trace), trace.plan.layout
    days = [day.weekday for day in trace.plan.days]
    table = promises(Observations(layout, tuple(days), tuple(days), [summary]))
    assert table["kept"].dropna().between(0, 1).all()
    broken = (table["n"] * (1 - table["kept"].fillna(1))).to_numpy()
    laid = np.bincount(summary.promises.loss_promise, summary.promises.loss, len(table))
    assert np.allclose(laid, broken), "each broken promise is laid to stations as a whole"


@given(CHOICES, SEEDS)
@settings(max_examples=25)
def test_whatever_features_meet_both_engines_give_the_same_trace(
    chosen: list[str], seed: int
) -> None:
    trace = traced(chosen, seed)
    assert not differing_cells(trace, simulate(trace.plan, engine="compiled"))
