"""Waiting rooms and the gate, followed by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from support.changed_plans import changed
from support.engines import simulate
from support.hand_made import one_station, several_stations

from mppsim.engine import Outcome
from mppsim.measure import summarize
from mppsim.plan.plan import Room

N = np.nan
ALWAYS = (0, 99)


def outcomes(codes: np.ndarray) -> str:
    return " ".join(Outcome(code).name.lower() for code in codes)


def test_who_finds_the_room_full_is_lost_and_a_place_freed_at_this_instant_is_free() -> None:
    plan = one_station([0, 1, 2, 4], [4, 4, 1, 1], rooms={0: Room(1, "lose")})
    facts = simulate(plan).days[0]
    assert outcomes(facts.outcome) == "served served blocked served"
    np.testing.assert_array_equal(facts.started, [0, 4, N, 8])
    np.testing.assert_array_equal(facts.joined, [0, 1, N, 4])


def test_a_room_without_places_serves_who_finds_a_counter_free() -> None:
    lost = simulate(one_station([0, 1, 4], [4, 4, 1], rooms={0: Room(0, "lose")})).days[0]
    assert outcomes(lost.outcome) == "served blocked served"
    outside = simulate(one_station([0, 1, 4], [4, 4, 1], rooms={0: Room(0, "outside")})).days[0]
    np.testing.assert_array_equal(outside.started, [0, 4, 8])
    np.testing.assert_array_equal(outside.entered, [0, 4, 8])


def test_who_waits_outside_gets_the_place_that_is_left_and_joins_his_class_only_then() -> None:
    plan = one_station(
        [0, 1, 2, 3],
        [10, 1, 1, 1],
        classes=[1, 1, 1, 0],
        patience=[99, 4, 99, 99],
        rooms={0: Room(1, "outside")},
    )
    facts = simulate(plan).days[0]
    np.testing.assert_array_equal(facts.entered, [0, 1, 5, 10])
    np.testing.assert_array_equal(facts.started, [0, N, 10, 11])
    assert outcomes(facts.outcome) == "served reneged served served"


def test_who_finds_no_place_ahead_keeps_the_counter_occupied() -> None:
    plan = several_stations(
        [0, 0, 0, 0],
        [[(0, 1.0), (1, 5.0)]] * 4,
        counters=[[[ALWAYS]], [[ALWAYS]]],
        rooms={1: Room(1, "block")},
    )
    trace = simulate(plan)
    first, second = trace.days[0].started.reshape(4, 2).T
    assert first.tolist() == [0, 1, 2, 6]
    assert second.tolist() == [1, 6, 11, 16]
    assert trace.days[0].ended[::2].tolist() == [1, 2, 3, 7]
    assert trace.days[0].released[::2].tolist() == [1, 2, 6, 11]
    spent = summarize(trace).counters
    assert spent.busy.tolist() == [[4, 20]]
    assert spent.blocked.tolist() == [[3 + 4, 0]]


def test_who_gives_up_waiting_for_a_place_frees_the_counter() -> None:
    plan = several_stations(
        [0, 0, 0],
        [[(0, 1.0), (1, 9.0)]] * 3,
        counters=[[[ALWAYS]], [[ALWAYS]]],
        patience=[[99, 99], [99, 2], [99, 99]],
        rooms={1: Room(0, "block")},
    )
    facts = simulate(plan).days[0]
    assert facts.released.tolist()[::2] == [1, 4, 10]
    assert facts.started.tolist()[4] == 4
    assert outcomes(facts.visitor_outcome) == "served reneged served"


def test_who_waits_for_a_place_is_not_in_the_zone_and_sits_where_he_was_served() -> None:
    plan = several_stations(
        [0, 0],
        [[(0, 1.0), (1, 5.0)]] * 2,
        counters=[[[ALWAYS]], [[ALWAYS]]],
        parties=[1, 3],
        rooms={1: Room(0, "block")},
    )
    summary = summarize(simulate(plan))
    # Until 6 his two companions sit; he stands at the counter behind.
    assert summary.over_time.persons[0, 0, :2].tolist() == [3, 2]
    assert summary.over_time.largest_crowd.tolist() == [[3]]
    assert summary.over_time.longest_queue.tolist() == [[1, 1]]


def test_the_gate_passes_on_a_place_at_the_instant_of_leaving() -> None:
    plan = one_station([0, 1, 2, 3], [10] * 4, counters=[[ALWAYS], [ALWAYS]], capacity=2)
    trace = simulate(plan)
    facts = trace.days[0]
    assert facts.admitted.tolist() == facts.joined.tolist() == [0, 1, 10, 11]
    assert facts.left.tolist() == [10, 11, 20, 21]
    gate = summarize(trace).gate
    assert (gate.came[0], gate.waited[0], gate.minutes[0], gate.longest[0]) == (4, 2, 16, 2)


def test_a_party_that_does_not_fit_yet_is_not_overtaken_at_the_gate() -> None:
    plan = one_station([0, 1, 2], [10, 5, 1], parties=[2, 2, 1], capacity=3)
    assert simulate(plan).days[0].admitted.tolist() == [0, 10, 10]


def test_who_is_outside_at_closing_is_refused_although_all_inside_are_served() -> None:
    plan = one_station([0, 1, 2, 5], [10, 1, 1, 1], capacity=1, closing=5)
    facts = simulate(plan).days[0]
    assert outcomes(facts.outcome) == "served refused refused refused"
    assert facts.left.tolist() == [10, 5, 5, 5]
    assert np.isnan(facts.admitted[1:]).all()


def test_a_place_passed_on_at_closing_itself_comes_too_late() -> None:
    facts = simulate(one_station([0, 1, 2], [5, 1, 1], capacity=1, closing=5)).days[0]
    assert outcomes(facts.outcome) == "served refused refused"
    assert facts.left.tolist() == [5, 5, 5]


def test_who_has_booked_waits_at_the_gate_from_his_arrival_and_others_from_the_ticket() -> None:
    """Tickets from 8 on: visitor 1 comes to the gate at 8, visitor 2 at 2; a party leaves at 10."""
    plan = one_station([0, 1, 2], [10, 5, 3], parties=[2, 1, 1], capacity=2)
    door = replace(plan.days[0].door, tickets_from=np.array([8.0]))
    plan = replace(plan, days=(replace(plan.days[0], door=door),))
    trace = simulate(changed(plan, visitors={"slot": [0, N, 2], "booking": [0, -1, 1]}))
    assert trace.days[0].admitted.tolist() == [0, 10, 10]
    gate = summarize(trace).gate
    assert (gate.waited.tolist(), gate.minutes.tolist()) == ([2], [2 + 8])


def test_of_those_let_in_at_one_moment_the_booked_join_the_line_first() -> None:
    """A party of two leaves at 10; visitor 1 came at 1 without an appointment, 2 at 2 with one."""
    plan = one_station([0, 1, 2], [10, 5, 3], parties=[2, 1, 1], capacity=2)
    booked = {"slot": [N, N, 2], "booking": [-1, -1, 0]}
    facts = simulate(changed(plan, visitors=booked)).days[0]
    assert facts.admitted.tolist() == [0, 10, 10]
    assert facts.started.tolist() == [0, 13, 10]
