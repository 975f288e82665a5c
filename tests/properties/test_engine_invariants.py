"""Days with deliberate ties, drawn at random: whatever happens, it must be possible."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from support.changed_plans import changed
from support.hand_made import several_stations
from support.invariants import assert_possible
from support.same_traces import differing_between_engines

from mppsim.engine import simulate
from mppsim.plan import Plan
from mppsim.plan.plan import NO_LIMIT, Outage, Recalling, Room
from mppsim.plan.rules import CounterRule, StationRule, Target

TIMES = st.integers(0, 40).map(lambda half: half / 2)
"""Half minutes, so that arrivals, ends of service, of patience and of shifts often coincide."""
SERVICES = st.integers(1, 16).map(lambda half: half / 2)


@st.composite
def rosters(draw: st.DrawFn) -> list[tuple[float, float]]:
    edges = sorted(set(draw(st.lists(TIMES, min_size=2, max_size=6))))
    return list(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def rooms(draw: st.DrawFn, stations: int, visits: list[list[tuple[int, float]]]) -> dict[int, Room]:
    """Rooms that block only where every visit goes from lower to higher stations: none can lock."""
    rising = all(a < b for visit in visits for (a, _), (b, _) in itertools.pairwise(visit))
    policies = ["outside", "lose", *(["block"] if rising else [])]
    room = st.builds(Room, st.integers(0, 3), st.sampled_from(policies))
    return draw(st.dictionaries(st.integers(0, stations - 1), room, max_size=stations))


def outages(stations: int) -> st.SearchStrategy[Outage]:
    struck = st.sets(st.integers(0, stations - 1), min_size=1).map(lambda them: tuple(sorted(them)))
    return st.builds(
        lambda begin, length, at, restarts: Outage(begin, begin + length, at, restarts),
        TIMES,
        SERVICES,
        struck,
        st.booleans(),
    )


@st.composite
def days(draw: st.DrawFn) -> Plan:
    stations = draw(st.integers(1, 3))
    arrivals = sorted(draw(st.lists(TIMES, max_size=12)))
    step = st.tuples(st.integers(0, stations - 1), SERVICES)
    visits = [draw(st.lists(step, min_size=1, max_size=3)) for _ in arrivals]
    if draw(st.booleans()):
        visits = [sorted(dict(visit).items()) for visit in visits]
    waits = st.one_of(st.just(float("inf")), TIMES)
    plan = several_stations(
        arrivals,
        visits,
        counters=[draw(st.lists(rosters(), min_size=1, max_size=3)) for _ in range(stations)],
        patience=[[draw(waits) for _ in visit] for visit in visits],
        classes=[draw(st.integers(0, 1)) for _ in arrivals],
        balk_above=draw(st.sampled_from([0, 2, 1000])),
        closing=draw(st.integers(10, 50).map(lambda half: half / 2)),
        serve_all=draw(st.booleans()),
        parties=[draw(st.integers(1, 3)) for _ in arrivals],
        capacity=draw(st.sampled_from([3, 6, NO_LIMIT])),
        rooms=draw(rooms(stations, visits)),
        outages=draw(st.lists(outages(stations), max_size=3)),
    )
    day = plan.days[0]
    misses = draw(st.lists(st.booleans(), min_size=len(visits) * 3, max_size=len(visits) * 3))
    steps = replace(day.steps, misses=np.array(misses[: len(day.steps.station)], bool))
    layout = replace(
        plan.layout,
        dead_calls={draw(st.integers(0, stations - 1)): 0.5},
        recalls=dict.fromkeys(range(stations), Recalling(1.0, draw(st.integers(1, 3)))),
    )
    return replace(plan, layout=layout, days=(replace(day, steps=steps),))


@given(days())
def test_every_day_is_possible(plan: Plan) -> None:
    trace = simulate(plan, engine="simpy")
    assert_possible(plan.layout, plan.days[0], trace.days[0])


@given(days())
def test_the_same_plan_gives_the_same_trace(plan: Plan) -> None:
    first, again = simulate(plan, engine="simpy"), simulate(plan, engine="simpy")
    assert first.steps.equals(again.steps)
    assert first.visitors.equals(again.visitors)


DISCIPLINES: list[dict[str, Any]] = [
    {"discipline": "priority"},
    {"discipline": "fifo"},
    {"discipline": "ratio", "amount": 2},
    {"discipline": "aging", "amount": 1.5},
    {"discipline": "longest_queue"},
    {"discipline": "longest_wait"},
]
ENDS: list[dict[str, Any]] = [
    {},
    {"shifted_breaks": True},
    {"shift_end": "resume"},
    {"shift_end": "restart"},
    {"stop_taking": 1.5},
]


@st.composite
def crewed_days(draw: st.DrawFn) -> Plan:
    plan = draw(days())
    layout, day = plan.layout, plan.days[0]
    stations, services = range(len(layout.stations)), len(layout.services)
    lines: Any = st.sampled_from(["one", "one", "shortest", "random"])
    rules = [
        StationRule(**draw(st.sampled_from(DISCIPLINES)), **draw(st.sampled_from(ENDS)),
                    lines=draw(lines))
        for _ in stations
    ]  # fmt: skip
    one_line = [station for station in stations if rules[station].lines == "one"]
    crews = []
    everywhere = layout.counter_station.tolist()
    for counter, own in enumerate(everywhere):
        reach = one_line if own in one_line else [own]
        target = st.builds(
            Target,
            st.sampled_from(reach),
            st.integers(-1, services - 1),
            st.integers(-1, len(layout.classes) - 1),
        )
        levels = st.lists(st.lists(target, min_size=1, max_size=2), max_size=2)
        serves = tuple(tuple(level) for level in draw(levels))
        if serves and everywhere.index(own) == counter:
            serves = (*serves, (Target(own),))  # a scenario in which nobody serves some is refused
        crews.append(CounterRule(draw(st.sampled_from([0.5, 1.0, 1.0, 1.5])), serves))
    n = len(day.steps.station)
    many = [draw(st.floats(0, 0.99)) for _ in range(n)]
    service = [draw(st.integers(0, services - 1)) for _ in range(n)]
    ends = tuple(tuple(end for _, end in spans if draw(st.booleans())) for spans in day.duty)
    plan = replace(plan, days=(replace(day, shift_ends=ends),))
    return changed(
        plan,
        layout={"station_rules": tuple(rules), "counter_rules": tuple(crews), "rooms": {}},
        steps={"line_choice": many, "service": np.array(service, np.int32)},
    )


@given(crewed_days())
@settings(max_examples=150, phases=[Phase.generate])
def test_every_day_with_such_crews_is_possible(plan: Plan) -> None:
    trace = simulate(plan, engine="simpy")
    assert_possible(plan.layout, plan.days[0], trace.days[0])


@given(crewed_days())
@settings(phases=[Phase.generate])
def test_on_days_with_such_crews_both_engines_give_the_same_trace(plan: Plan) -> None:
    assert not differing_between_engines(plan)
