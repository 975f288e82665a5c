"""Rosters, skills, disciplines and separate lines, followed by hand: exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from support.changed_plans import changed
from support.engines import simulate
from support.hand_made import FOREVER, several_stations

from mppsim.engine import Outcome, Trace
from mppsim.measure import summarize
from mppsim.plan.clock import TICK
from mppsim.plan.rules import CounterRule, StationRule, Target

ALWAYS = [(0.0, FOREVER)]
N = np.nan


def run(
    arrivals: Sequence[float],
    services: Sequence[float],
    *counters: Sequence[Sequence[tuple[float, float]]],
    rules: Sequence[StationRule] = (),
    crews: Sequence[CounterRule] = (),
    at: Sequence[int] | None = None,
    choices: Sequence[float] | None = None,
    **more: Any,
) -> Trace:
    """Run visitors at stations (each its counters' rosters); `at` says who goes where."""
    visits = [[(k, time)] for k, time in zip(at or [0] * len(services), services, strict=True)]
    plan = several_stations(arrivals, visits, counters=counters or [[ALWAYS]], **more)
    steps = {} if choices is None else {"line_choice": list(choices)}
    layout = {"station_rules": tuple(rules), "counter_rules": tuple(crews)}
    return simulate(changed(plan, layout=layout, steps=steps))


def started(*args: Any, **more: Any) -> list[float]:
    times: list[float] = run(*args, **more).days[0].started.tolist()
    return times


RESUME, RESTART = StationRule(shift_end="resume"), StationRule(shift_end="restart")
SHIFTED = StationRule(shifted_breaks=True)


@pytest.mark.parametrize(("rule", "end"), [(RESUME, 15), (RESTART, 19), (StationRule(), 11)])
def test_a_service_broken_off_at_the_end_of_a_shift(rule: StationRule, end: float) -> None:
    """Ciw, tests/test_scheduling.py::test_preemptive_schedules_resume_options."""
    facts = run([1], [10], [[(0, 5), (9, FOREVER)]], rules=[rule]).days[0]
    assert (facts.started[0], facts.ended[0]) == (1, end)


def test_overtime_is_what_a_service_lasts_beyond_the_shift() -> None:
    """Ciw, tests/test_scheduling.py::test_overtime."""
    crew = [[(0, 7)]] * 3 + [[(7, 11)]] * 2 + [[(11, 20)]]
    trace = run([1, 1, 1, 9, 9, 12], [5, 7, 9, 4, 5, 5], crew)
    assert trace.days[0].ended.tolist() == [6, 8, 10, 13, 14, 17]
    minutes = summarize(trace).counters
    assert minutes.overtime[0].tolist() == [0, 1, 3, 2, 3, 0]
    assert minutes.on_duty[0].tolist() == [7, 7, 7, 4, 4, 9]


def test_who_was_broken_off_goes_to_the_head_and_on_at_another_counter() -> None:
    trace = run([0, 1], [10, 2], [[(0, 5)], [(8, 99)]], rules=[RESUME])
    (facts,) = trace.days
    assert (facts.started.tolist(), facts.ended.tolist()) == ([0, 13], [13, 15])
    assert facts.counter.tolist() == [1, 1]
    assert facts.pieces == [(0, 0, 0, 5), (0, 1, 8, 13)]
    minutes = summarize(trace).counters
    assert (minutes.busy[0].tolist(), minutes.overtime[0].tolist()) == ([5, 7], [0, 0])


def test_those_broken_off_go_on_before_the_booked_in_the_order_in_which_they_came() -> None:
    """Visitor 0 was at the second counter, 1 at the first, whose shift ends first at 5."""
    rosters = [[(0.5, 5.0)], [(0.0, 5.0)], [(8.0, 99.0)]]
    plan = several_stations([0, 1, 3], [[(0, 10)], [(0, 10)], [(0, 1)]], counters=[rosters])
    booked = {"ahead": [False, False, True]}
    plan = changed(plan, layout={"station_rules": (RESUME,)}, steps=booked)
    (facts,) = simulate(plan).days
    assert facts.ended.tolist() == [13, 19, 20]


def test_an_idle_counter_goes_on_at_once_with_a_service_broken_off() -> None:
    (facts,) = run([0, 3], [10, 1], [[(0, 5)], [(0, 99)], [(0, 99)]], rules=[RESUME]).days
    assert facts.ended.tolist() == [10, 4]
    assert facts.counter[0] == 2  # idle since 0, counter 1 only since 4


def test_a_service_that_no_counter_goes_on_with_is_over_at_closing() -> None:
    trace = run([0], [10], [[(0, 5)]], rules=[RESUME], closing=8)
    (facts,) = trace.days
    assert (facts.started[0], facts.ended[0], facts.outcome[0]) == (0, 8, Outcome.UNSERVED)
    assert summarize(trace).counters.busy[0].tolist() == [5]


def test_nobody_is_called_in_the_last_minutes_of_a_shift() -> None:
    rule = StationRule(stop_taking=3)
    crew = [[(0, 10), (20, 30)]]
    assert started([0, 6, 7, 8], [1, 1, 1, 1], crew, rules=[rule]) == [0, 6, 20, 21]


def test_before_a_break_visitors_are_taken_to_the_last_moment() -> None:
    """The shift is [0, 20) with a break [10, 12); it ends 3 minutes early for those who come."""
    plan = several_stations([8, 18], [[(0, 1)], [(0, 1)]], counters=[[[(0, 10), (12, 20)], []]])
    plan = changed(plan, layout={"station_rules": (StationRule(stop_taking=3),)})
    day = replace(plan.days[0], shift_ends=((20.0,), ()), closing=30.0)
    (facts,) = simulate(replace(plan, days=(day,))).days
    assert facts.outcome.tolist() == [Outcome.SERVED, Outcome.UNSERVED]
    assert facts.started[0] == 8


@pytest.mark.parametrize(
    ("rule", "crew", "service", "then"),
    [
        (StationRule(), [(0, 10), (15, 60)], 12, 15),
        (SHIFTED, [(0, 10), (15, 60)], 12, 17),
        (SHIFTED, [(0, 10), (15, 60)], 10, 15),  # it ends as the break begins
        (SHIFTED, [(0, 10), (15, 16), (20, 60)], 12, 20),  # a shift that the break outlasts
        (SHIFTED, [(0, 10), (15, 25), (26, 60)], 25, 30),  # a break that outlasts a later shift
        (StationRule(), [(0, 10), (15, 60)], 17, 17),  # the service outlasts the break
    ],
)
def test_a_break_that_begins_late(
    rule: StationRule, crew: list[tuple[float, float]], service: float, then: float
) -> None:
    assert started([0, 1], [service, 1], [crew], rules=[rule]) == [0, then]


def test_a_break_that_moves_is_off_duty_and_its_delay_on_duty() -> None:
    crew = [[(0.0, 10.0), (15.0, 30.0)]]
    moved = summarize(run([0], [12], crew, rules=[SHIFTED])).counters
    fixed = summarize(run([0], [12], crew)).counters
    assert (moved.on_duty[0, 0], moved.busy[0, 0], moved.overtime[0, 0]) == (25, 12, 0)
    assert (fixed.on_duty[0, 0], fixed.busy[0, 0], fixed.overtime[0, 0]) == (25, 10, 2)


def test_a_fast_counter_divides_the_service_and_takes_at_least_a_tick() -> None:
    (facts,) = run([0, 9], [3, TICK], [ALWAYS], crews=[CounterRule(speed=1.5)]).days
    assert facts.ended.tolist() == [2, 9 + TICK]


def test_what_is_left_of_a_service_is_work_and_not_time() -> None:
    crew, crews = [[(0, 2)], [(5, 99)]], [CounterRule(speed=2), CounterRule(speed=0.5)]
    assert run([0], [10], crew, rules=[RESUME], crews=crews).days[0].ended[0] == 17  # 4 + 6 done


def serves(*levels: Sequence[tuple[int, int, int]]) -> CounterRule:
    return CounterRule(serves=tuple(tuple(Target(*whom) for whom in level) for level in levels))


FIRST, SECOND = (0, -1, -1), (1, -1, -1)


def test_a_counter_helps_next_door_when_nobody_waits_at_home() -> None:
    crews = [serves([FIRST]), serves([SECOND], [FIRST])]
    (facts,) = run(
        [0, 1, 2, 3, 4], [9, 9, 2, 2, 2], [ALWAYS], [ALWAYS], crews=crews, at=[0, 0, 0, 1, 0]
    ).days
    assert facts.counter.tolist() == [0, 1, 0, 1, 0]
    assert facts.started.tolist() == [0, 1, 9, 10, 11]
    swapped = [serves([FIRST]), serves([FIRST], [SECOND])]
    assert started(
        [0, 1, 2, 3, 4], [9, 9, 2, 2, 2], [ALWAYS], [ALWAYS], crews=swapped, at=[0, 0, 0, 1, 0]
    ) == [0, 1, 9, 12, 10]


def test_equals_are_served_by_class_and_then_as_they_come() -> None:
    both = serves([SECOND, FIRST])
    assert started(
        [0, 1, 2, 3],
        [5, 1, 1, 1],
        [ALWAYS],
        [],
        crews=[both],
        at=[0, 0, 1, 1],
        classes=[0, 1, 1, 0],
    ) == [0, 6, 7, 5]


def test_of_idle_counters_of_two_stations_the_longest_idle_goes_first() -> None:
    both = serves([FIRST, SECOND])
    (facts,) = run(
        [0, 0, 5, 6], [3, 2, 9, 9], [ALWAYS], [ALWAYS], crews=[both, both], at=[0, 1, 0, 0]
    ).days
    assert facts.counter.tolist() == [0, 1, 1, 0]


def test_a_counter_for_one_class_leaves_the_other_to_its_neighbor() -> None:
    crews = [serves([(0, -1, 0)]), serves([(0, -1, 1)], [(0, -1, 0)])]
    (facts,) = run([0, 1, 2], [5, 1, 1], [ALWAYS, ALWAYS], crews=crews, classes=[1, 1, 0]).days
    assert facts.counter.tolist() == [1, 1, 0]
    assert facts.started.tolist() == [0, 5, 2]


CLASSES = [1, 0, 0, 0, 1, 1, 1, 1, 0]
"""All come one after the other while the first is served."""


@pytest.mark.parametrize(
    ("rule", "order"),
    [
        (StationRule(), [0, 1, 2, 3, 8, 4, 5, 6, 7]),
        (StationRule(discipline="fifo"), [0, 1, 2, 3, 4, 5, 6, 7, 8]),
        (StationRule(discipline="ratio", amount=1), [0, 1, 4, 2, 5, 3, 6, 8, 7]),
        (StationRule(discipline="ratio", amount=3), [0, 1, 4, 5, 6, 2, 7, 3, 8]),
    ],
)
def test_the_order_of_a_discipline(rule: StationRule, order: list[int]) -> None:
    arrivals = [k / 8 for k in range(9)]
    starts = started(arrivals, [2.0] * 9, [ALWAYS], rules=[rule], classes=CLASSES)
    assert np.argsort(starts).tolist() == order


def test_a_ratio_of_three_classes_counts_all_that_come_after() -> None:
    rule = StationRule(discipline="ratio", amount=2)
    ranks = [2, 0, 0, 1, 1, 2, 2, 2]
    starts = started([k / 8 for k in range(8)], [2.0] * 8, [ALWAYS], rules=[rule], classes=ranks)
    # First one of class 0, then two later ones: class 1, which then waits for two of class 2.
    assert np.argsort(starts).tolist() == [0, 1, 3, 5, 2, 6, 4, 7]


def test_who_has_waited_long_rises_a_class() -> None:
    """At 12 visitor 1 (class 1) has waited 10 minutes to the tick, and came before visitor 3."""
    rule = StationRule(discipline="aging", amount=10)
    arrivals, ranks = [0, 2, 3.5, 4], [0, 1, 1, 0]
    assert started(arrivals, [12, 1, 1, 1], [ALWAYS], rules=[rule], classes=ranks) == [
        0,
        12,
        14,
        13,
    ]
    assert started(arrivals, [11, 1, 1, 1], [ALWAYS], rules=[rule], classes=ranks) == [
        0,
        12,
        13,
        11,
    ]


@pytest.mark.parametrize(
    ("discipline", "order"), [("longest_queue", [0, 2, 3, 1, 4]), ("longest_wait", [0, 1, 2, 3, 4])]
)
def test_the_line_that_a_pool_serves_next(discipline: Any, order: list[int]) -> None:
    """Visitor 1 stands alone at the first station, visitors 2 to 4 at the second."""
    rule, crews = StationRule(discipline=discipline), [serves([FIRST, SECOND])]
    starts = started(
        [0, 1, 2, 3, 4],
        [9.0] * 5,
        [ALWAYS],
        [],
        rules=[rule, rule],
        crews=crews,
        at=[0, 0, 1, 1, 1],
    )
    assert np.argsort(starts).tolist() == order


def test_longest_wait_chooses_the_line_and_there_the_class() -> None:
    rule, crews = StationRule(discipline="longest_wait"), [serves([FIRST, SECOND])]
    assert started(
        [0, 1, 2, 3], [9, 1, 1, 1], [ALWAYS], [],
        rules=[rule, rule], crews=crews, at=[0, 1, 0, 1], classes=[0, 1, 0, 0],
    ) == [0, 10, 11, 9]  # fmt: skip


def test_in_lines_at_each_counter_nobody_changes_over() -> None:
    """One line: 0 6 1 7 8. Two: visitor 2 stands behind visitor 0, and stays there."""
    arrivals, services = [0, 1, 2, 3, 6], [8.0, 2.0, 1.0, 1.0, 1.0]
    one = started(arrivals, services, [ALWAYS, ALWAYS])
    shortest = StationRule(lines="shortest")
    (facts,) = run(arrivals, services, [ALWAYS, ALWAYS], rules=[shortest]).days
    assert one == [0, 1, 3, 4, 6]
    assert facts.counter.tolist() == [0, 1, 0, 1, 1]
    assert facts.started.tolist() == [0, 1, 8, 3, 6]


def test_a_line_is_chosen_at_random_even_beside_an_idle_counter() -> None:
    rule = StationRule(lines="random")
    crew = [ALWAYS, ALWAYS]
    (facts,) = run([0, 1, 2], [5, 5, 5], crew, rules=[rule], choices=[0.4, 0.49, 0.5]).days
    assert facts.counter.tolist() == [0, 0, 1]
    assert facts.started.tolist() == [0, 5, 2]


def test_who_stands_at_a_counter_that_closes_goes_to_another() -> None:
    rule = StationRule(lines="shortest")
    crew = [[(0, 4), (20, 99)], [(0, 99)]]
    (facts,) = run([0, 0, 1, 2], [6, 9, 1, 1], crew, rules=[rule]).days
    assert facts.counter.tolist() == [0, 1, 1, 1]
    assert facts.started.tolist() == [0, 0, 10, 9]
    (alone,) = run([1, 2], [1, 1], [[(5, 9)], [(3, 9)]], rules=[rule]).days
    assert alone.counter.tolist() == [1, 1]  # visitor 1 stood at the first to open, 0 comes over
    assert alone.started.tolist() == [4, 3]
