"""Missing papers, another tenant, another day: days followed by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from support.changed_plans import changed
from support.engines import simulate
from support.hand_made import FOREVER, several_stations

from mppsim.engine import Outcome
from mppsim.engine.another_day import postponed_after
from mppsim.measure import Observations, summarize
from mppsim.measure.tables import outcomes
from mppsim.plan import Plan
from mppsim.plan.plan import AFTER_SERVICE, AWAY, HEAD, IF_GIVING_UP, TAIL, Room
from mppsim.plan.rules import CounterRule, StationRule, Target

ALWAYS = [(0.0, FOREVER)]


def with_paper(back: int) -> Plan:
    """Visitor 0 needs 1 minute to learn of the paper, is away for 2, and is then served for 4."""
    plan = several_stations(
        [0, 0.5, 1.5, 2.5],
        [[(0, 1), (0, 2), (0, 4)], [(0, 3)], [(0, 5)], [(0, 6)]],
        counters=[[ALWAYS]],
    )
    return changed(plan, steps={"station": [0, AWAY, 0, 0, 0, 0], "back": [0, 0, back, 0, 0, 0]})


def test_who_comes_back_to_the_tail_waits_for_all() -> None:
    facts = simulate(with_paper(TAIL)).days[0]
    assert facts.joined[[0, 2]].tolist() == [0, 3]
    assert facts.started[[0, 2, 3, 4, 5]].tolist() == [0, 15, 1, 4, 9]
    assert facts.left.tolist() == [19, 4, 9, 15]


def test_who_comes_back_to_the_head_is_next() -> None:
    facts = simulate(with_paper(HEAD)).days[0]
    assert facts.started[[0, 2, 3, 4, 5]].tolist() == [0, 4, 1, 8, 13]
    assert facts.left.tolist() == [8, 4, 13, 19]


def test_who_comes_back_after_closing_is_not_let_in() -> None:
    plan = several_stations(
        [0], [[(0, 1), (0, 9), (0, 4)]], counters=[[[(0, 5)]]], closing=5, serve_all=True
    )
    plan = changed(plan, steps={"station": [0, AWAY, 0], "back": [0, 0, TAIL]})
    facts = simulate(plan).days[0]
    assert facts.outcome.tolist() == [Outcome.SERVED, Outcome.SERVED, Outcome.UNSERVED]
    assert facts.left.tolist() == [10] and facts.visitor_outcome.tolist() == [Outcome.UNSERVED]


def test_who_gives_up_tries_the_other_tenant_and_goes_on_with_the_journey() -> None:
    # Steps of visitor 1: station 0, then 1 (it follows from 0), instead of both 2, at last 3.
    plan = several_stations(
        [0, 1],
        [[(0, 10), (1, 1), (2, 1), (3, 1)], [(0, 1), (1, 1), (2, 2), (3, 3)]],
        counters=[[ALWAYS]] * 4,
        patience=[[np.inf] * 4, [5, 5, 5, 5]],
    )
    plan = changed(plan, steps={"instead": [1, 0, 0, 0] * 2, "only_after": [0, 0, 1, 0] * 2})
    facts = simulate(plan).days[0]
    served, reneged, none = Outcome.SERVED, Outcome.RENEGED, Outcome.NOT_REACHED
    assert facts.outcome[:4].tolist() == [served, served, none, served]
    assert facts.outcome[4:].tolist() == [reneged, none, served, served]
    assert facts.ended[4:].tolist()[2:] == [8, 11] and facts.left.tolist() == [12, 11]
    assert facts.visitor_outcome.tolist() == [served, served]


def two_days(first: Plan, second: Plan) -> Plan:
    days = (first.days[0], replace(second.days[0], weekday="tue", kind="tue"))
    return replace(first, days=days)


def test_who_comes_back_does_what_was_left_and_nobody_else_comes() -> None:
    """Visitors 0 and 1 need stations 0 and 1; 1 gives up at station 1 and comes back at 7."""
    visits = [[(0, 1), (1, 9)], [(0, 1), (1, 2)]]
    stay = several_stations(
        [0, 0], visits, counters=[[ALWAYS]] * 2, patience=[[np.inf] * 2, [np.inf, 3]]
    )
    stay = changed(
        stay, steps={"place": [1, 2] * 2, "another_day": [IF_GIVING_UP, IF_GIVING_UP] * 2}
    )
    back = several_stations([3, 5, 7], [[(1, 4)], *visits], counters=[[ALWAYS]] * 2)
    back = changed(back, steps={"place": [0, 1, 2, 1, 2]}, visitors={"returns": [-1, 0, 1]})
    trace = simulate(two_days(stay, back))
    monday, tuesday = trace.days
    assert monday.visitor_outcome.tolist() == [Outcome.SERVED, Outcome.POSTPONED]
    assert monday.left.tolist() == [10, 5]
    assert postponed_after(trace.plan.days[0], monday).tolist() == [False] * 3 + [True]
    assert tuesday.visitor_outcome.tolist() == [Outcome.SERVED, 0, Outcome.SERVED]
    assert np.isnan(tuesday.joined[3]) and tuesday.joined[4] == 7 and tuesday.left[2] == 9
    assert trace.visitors["first_day"].tolist() == ["mon", "mon", "tue", "mon"]


def test_papers_for_another_day_end_the_visit_after_the_service() -> None:
    plan = several_stations([0], [[(0, 2), (1, 3)]], counters=[[ALWAYS]] * 2)
    plan = changed(plan, steps={"another_day": [AFTER_SERVICE, 0], "place": [-1, 2]})
    trace = simulate(plan)
    (facts,) = trace.days
    assert facts.outcome.tolist() == [Outcome.SERVED, Outcome.NOT_REACHED]
    assert facts.left.tolist() == [2] and facts.visitor_outcome.tolist() == [Outcome.POSTPONED]
    observed = Observations(trace.plan.layout, ("mon",), ("mon",), [summarize(trace)])
    table = outcomes(observed, "station")
    assert table["postponed"].tolist() == [1, 0] == table["carried_over"].tolist()
    assert table["served"].tolist() == [1, 0] == table["offered"].tolist()


def test_at_the_head_he_is_behind_the_booked_and_under_fifo_before_all_classes() -> None:
    """Visitor 0 fetches a paper; 1 is served meanwhile, 2 is booked, 3 of a first class, 4 not."""
    fifo = {"station_rules": (StationRule(discipline="fifo"),)}
    plan = several_stations(
        [0, 0.5, 1.5, 2, 2.5],
        [[(0, 1), (0, 2), (0, 4)], [(0, 4)], [(0, 1)], [(0, 1)], [(0, 1)]],
        counters=[[ALWAYS]],
        classes=[1, 1, 1, 0, 1],
    )
    steps = {"station": [0, AWAY, 0, 0, 0, 0, 0], "back": [0, 0, HEAD, 0, 0, 0, 0]}
    booked = {"ahead": np.arange(7) == 4}
    facts = simulate(changed(plan, steps=steps | booked, layout=fifo)).days[0]
    assert facts.started[[2, 4, 5, 6]].tolist() == [6, 5, 10, 11]
    by_class = simulate(changed(plan, steps=steps | booked)).days[0]
    assert by_class.started[[2, 4, 5, 6]].tolist() == [7, 5, 6, 11]


def test_who_leaves_a_counter_for_its_next_line_lets_those_before_him_go_first() -> None:
    """The one counter of station 0 serves station 1 too; a full room could have held visitor 0."""
    plan = several_stations(
        [0, 1, 2],
        [[(0, 5), (1, 2), (2, 1)], [(1, 3)], [(2, 1)]],
        counters=[[ALWAYS], [], [ALWAYS]],
        rooms={2: Room(places=0, full="block")},
    )
    crew = (CounterRule(serves=((Target(0), Target(1)),)), CounterRule())
    facts = simulate(changed(plan, layout={"counter_rules": crew})).days[0]
    assert facts.started.tolist() == [0, 8, 10, 5, 2]


def test_what_the_other_tenant_settled_and_what_it_replaced_is_not_done_on_another_day() -> None:
    """Visitor 1 gives up at 0 (with 1 after it), is served at 2 instead, and gives up at 3."""
    visits = [[(0, 50), (3, 9)], [(0, 1), (1, 1), (2, 1), (3, 1)], [(3, 90)]]
    patience = [[np.inf] * 2, [5.0] * 4, [np.inf]]
    first = several_stations([0, 1, 2], visits, counters=[[ALWAYS]] * 4, patience=patience)
    steps = {
        "instead": [0, 0, 1, 0, 0, 0, 0],
        "only_after": [0, 0, 0, 0, 1, 0, 0],
        "place": [1, 2, 1, 2, 1, 3, 1],
        "another_day": [0, 0, 0, 0, 0, IF_GIVING_UP, 0],
    }
    second = several_stations([3], [[(0, 1), (1, 1), (3, 1)]], counters=[[ALWAYS]] * 4)
    second = changed(second, steps={"place": [1, 2, 3]}, visitors={"returns": [1]})
    monday, tuesday = simulate(two_days(changed(first, steps=steps), second)).days
    assert monday.visitor_outcome[1] == Outcome.POSTPONED and monday.left[1] == 12
    assert tuesday.outcome.tolist() == [Outcome.NOT_REACHED] * 2 + [Outcome.SERVED]
