"""Appointments: who books what, when they come, and whom they go before."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.hand_made import one_station
from support.steady import Estimate, controlled, exponential, words

from mppsim import draw_plan, load_scenario, run, simulate
from mppsim.engine import DayTrace, Outcome
from mppsim.measure import summarize
from mppsim.plan import Plan
from mppsim.plan.clock import on_grid
from mppsim.plan.plan import DayPlan
from mppsim.plan.streams import uniform
from mppsim.scenario import Scenario, parse_scenario
from mppsim.scenario.appointments import book_in_turn, slots_on
from mppsim.theory.offered_load import offered_load

TEACHING = Path(__file__).parents[2] / "scenarios" / "teaching"
N = np.nan


def teaching(**changes: Any) -> Scenario:
    """Return the hall with these changes to its appointments."""
    spec = load_scenario(TEACHING / "appointments.yaml").model_dump(mode="json")
    spec = copy.deepcopy(spec)
    service = spec["tenants"]["immigration"]["services"]["passport"]
    service["service"] = changes.pop("service", service["service"])
    spec["tenants"]["immigration"]["quota"] = changes.pop(
        "quota", spec["tenants"]["immigration"]["quota"]
    )
    if changes:
        service["appointments"] |= changes
    return parse_scenario(spec)


def days_of(scenario: Scenario, n: int = 20) -> list[DayPlan]:
    return [draw_plan(scenario, replication=k).days[0] for k in range(n)]


def booked(plan: Plan, slots: list[float], order: list[int], *, ahead: bool = True) -> Plan:
    """Return the plan with appointments (NaN: a walk-in), booked in this order."""
    day, slot = plan.days[0], np.array(slots)
    visitors = replace(day.visitors, slot=slot, booking=np.array(order, np.int32))
    steps = replace(
        day.steps, not_before=np.nan_to_num(slot, nan=-np.inf), ahead=~np.isnan(slot) & ahead
    )
    return replace(plan, days=(replace(day, visitors=visitors, steps=steps),))


def facts_of(plan: Plan) -> DayTrace:
    return simulate(plan, engine="simpy").days[0]


def test_who_is_early_waits_for_the_slot_and_leaves_the_counter_to_a_walk_in() -> None:
    facts = facts_of(booked(one_station([0, 2], [5, 4]), [10, N], [0, -1]))
    np.testing.assert_equal(facts.came, [0, N])
    assert facts.joined.tolist() == facts.started.tolist() == [10, 2]


def test_who_is_late_joins_on_arrival() -> None:
    facts = facts_of(booked(one_station([0, 3], [5, 4]), [N, 1], [-1, 0]))
    assert facts.joined.tolist() == [0, 3]
    assert facts.started.tolist() == [0, 5]


def test_two_of_the_same_slot_go_in_the_order_of_booking() -> None:
    facts = facts_of(booked(one_station([0, 1, 2], [20, 4, 4]), [N, 10, 10], [-1, 1, 0]))
    assert facts.started.tolist() == [0, 24, 20]


@pytest.mark.parametrize(("ahead", "started"), [(True, [0, 9, 5]), (False, [0, 5, 9])])
def test_the_booked_go_before_walk_ins_unless_told_otherwise(
    ahead: bool, started: list[float]
) -> None:
    plan = booked(one_station([0, 1, 2], [5, 4, 4]), [N, N, 3], [-1, -1, 0], ahead=ahead)
    assert facts_of(plan).started.tolist() == started


def test_slots_with_exponential_services_are_the_queue_d_m_1() -> None:
    """All come early, so the gaps are the slots': sigma = exp(-mu T (1 - sigma)), Kendall 1953."""
    n, gap = 60_000, 1.75
    early = on_grid(5 * uniform(words("early", n)[:, 0]))
    slots, services = 10 + gap * np.arange(n), exponential("services", 1.0, n)
    order = np.argsort(slots - early, kind="stable")
    plan = one_station((slots - early)[order].tolist(), services[order].tolist())
    facts = facts_of(booked(plan, slots[order].tolist(), order.tolist()))
    sigma = 0.5
    for _ in range(200):
        sigma = np.exp(-gap * (1 - sigma))
    waits = np.empty(n)
    waits[order] = facts.started - facts.joined
    batches = np.array_split(np.arange(n // 50, n), 50)
    means = np.array([waits[batch].mean() for batch in batches])
    moments = np.column_stack([services - 1, services**2 - 2])
    controls = np.array([moments[batch].mean(axis=0) for batch in batches])
    estimate: Estimate = controlled(means, controls)
    estimate.agrees_with(float(sigma / (1 - sigma)))
    free = np.array([(waits[batch] == 0).mean() for batch in batches])
    controlled(free, controls).agrees_with(float(1 - sigma))


def test_each_books_the_free_slot_next_to_the_time_wished() -> None:
    wishes = np.array([485.0, 485, 485, 485, 560, 487.5])
    found = book_in_turn(wishes, {480.0: 1, 490.0: 2, 510.0: 1}, tickets=5)
    np.testing.assert_equal(found, [480, 490, 490, 510, N, N])
    assert book_in_turn(wishes[-1:], {480.0: 1, 495.0: 1}, tickets=5) == [480]  # as near, earlier
    np.testing.assert_equal(book_in_turn(wishes[:2], {480.0: 2}, tickets=1), [480, N])


def test_slots_are_within_hours_and_outside_breaks_and_overbooking_adds_its_share() -> None:
    spec = load_scenario(TEACHING / "appointments.yaml").model_dump(mode="json")
    spec["days"]["mon"]["breaks"] = ["09:00-09:30"]
    scenario = parse_scenario(spec)
    rules = scenario.tenants["immigration"].services["passport"].appointments
    assert rules is not None
    places = slots_on(scenario, "mon", rules)
    assert {480.0, 525.0, 570.0, 705.0} <= set(places)
    assert not {540.0, 555.0, 720.0} & set(places)
    assert sum(places.values()) == 46  # 14 slots of 3.3 places
    assert set(places.values()) == {3, 4}


def test_no_slot_has_more_visitors_than_places_and_no_more_book_than_have_tickets() -> None:
    scenario = teaching()
    rules = scenario.tenants["immigration"].services["passport"].appointments
    assert rules is not None
    places = slots_on(scenario, "mon", rules)
    for day in days_of(scenario):
        slots, counts = np.unique(day.visitors.slot[day.visitors.booking >= 0], return_counts=True)
        assert all(count <= places[slot] for slot, count in zip(slots, counts, strict=True))
        channel = day.channels[0]
        assert channel.booked <= 40
        assert counts.sum() == channel.booked - channel.no_shows


def test_walk_ins_have_the_tickets_that_are_not_for_booking() -> None:
    full = 0
    for day in days_of(teaching()):
        facts = simulate(Plan(draw_plan(teaching()).layout, 1, 0, (day,))).days[0]
        walk_in = day.visitors.booking < 0
        got_in = (facts.visitor_outcome[walk_in] == Outcome.SERVED).sum()
        assert got_in == min(walk_in.sum(), 20)
        full += walk_in.sum() > 20
        assert (facts.visitor_outcome[~walk_in & (day.visitors.arrival < 720)] == 1).all()
    assert full > 10


def test_of_a_plain_quota_walk_ins_have_what_nobody_booked() -> None:
    for day in days_of(teaching(quota=60)):
        assert day.door.tickets[0] == 60 - day.channels[0].booked


def test_the_share_of_no_shows_is_as_written() -> None:
    channels = [day.channels[0] for day in days_of(teaching(), 200)]
    n = sum(channel.booked for channel in channels)
    share = sum(channel.no_shows for channel in channels) / n
    assert n > 5000
    assert abs(share - 0.15) < 4 * np.sqrt(0.15 * 0.85 / n)  # binomial


@pytest.mark.parametrize(
    ("punctuality", "mean", "sd"),
    [
        ({"mean": "-5 min", "sd": "10 min"}, -5, 10),
        ({"early": "10 min", "law": {"exponential": {"mean": "8 min"}}}, -2, 8),
        (None, 0, 0),
    ],
)
def test_the_booked_come_as_punctually_as_written(punctuality: Any, mean: float, sd: float) -> None:
    # From 10:00 on nobody is so early that the day begins after him.
    scenario = teaching(punctuality=punctuality, no_show=0.0, share=None, fill=1.0)
    visitors = [day.visitors for day in days_of(scenario, 60)]
    late = np.concatenate([one.arrival - one.slot for one in visitors])
    late = late[~np.isnan(late)]
    assert len(late) == 60 * 40
    assert abs(late.mean() - mean) <= 4 * sd / np.sqrt(len(late))
    assert abs(late.std() - sd) <= 0.15 * sd  # 2,400 draws know an sd to 1.5 to 3 %


def test_nobody_joins_the_line_before_his_slot() -> None:
    for day in days_of(teaching()):
        slot = day.visitors.slot
        assert np.array_equal(day.steps.not_before, np.nan_to_num(slot, nan=-np.inf))
    assert (day.visitors.arrival < slot).any()


def test_who_is_later_than_the_grace_has_no_priority() -> None:
    both = set()
    for day in days_of(teaching()):
        booking = day.visitors.booking >= 0
        late = day.visitors.arrival - day.visitors.slot > 15
        assert np.array_equal(day.steps.ahead, booking & ~late)
        both |= {*late[booking].tolist()}
    assert both == {True, False}


def test_priority_moves_the_wait_to_walk_ins_and_keeps_the_total_for_equal_services() -> None:
    law = {"constant": "8 min"}
    first = teaching(service=law)
    same = teaching(service=law, priority="same")
    totals = np.zeros((2, 2))
    for replication in range(10):
        plans = [draw_plan(one, replication=replication) for one in (first, same)]
        for k, plan in enumerate(plans):
            facts, booking = facts_of(plan), plan.days[0].visitors.booking >= 0
            waits = np.nan_to_num(facts.started - facts.joined)
            totals[k] += waits[booking].sum(), waits[~booking].sum()
    assert totals[0].sum() == totals[1].sum()  # to the last bit: times are on the grid
    assert totals[0][0] < totals[1][0]


def test_walk_ins_come_as_they_came_before_there_were_appointments() -> None:
    spec = load_scenario(TEACHING / "appointments.yaml").model_dump(mode="json")
    tenant = spec["tenants"]["immigration"]
    tenant["quota"] = tenant["services"]["passport"]["appointments"] = None
    before, after = draw_plan(parse_scenario(spec)).days[0], draw_plan(teaching()).days[0]
    walk_in = after.visitors.booking < 0
    then = {
        ordinal: (arrival, service)
        for ordinal, arrival, service in zip(
            before.visitors.ordinal, before.visitors.arrival, before.steps.service_time, strict=True
        )
    }
    now = zip(after.visitors.ordinal, after.visitors.arrival, after.steps.service_time, strict=True)
    for (ordinal, arrival, service), walks in zip(now, walk_in, strict=True):
        assert then[ordinal][1] == service
        assert (then[ordinal][0] == arrival) == walks


def test_who_finds_no_slot_walks_in_or_is_lost() -> None:
    few = {"per_slot": 1, "overbooking": 0.0}
    walking, lost = (days_of(teaching(**few, **{"else": word})) for word in ("walk_in", "lost"))
    for one, other in zip(walking, lost, strict=True):
        assert one.channels == other.channels
        n, m = (len(day.visitors.arrival) for day in (one, other))
        assert n - m == one.channels[0].without_slot > 0
        assert set(other.visitors.ordinal) < set(one.visitors.ordinal)


def test_offered_load_expects_the_visitors_that_are_drawn() -> None:
    scenario = teaching(quota=None, punctuality=None)
    hours = offered_load(scenario, "mon")[0].hours
    drawn = [
        np.histogram(day.visitors.arrival / 60, [8, 9, 10, 11, 12])[0]
        for day in days_of(scenario, 300)
    ]
    counts = np.array(drawn)
    error = counts.std(axis=0) / np.sqrt(len(counts))
    # Who books when the wished slot is full takes one near it: the load knows that to 3 %.
    expected = np.array([hour.visitors for hour in hours])
    assert (np.abs(counts.mean(axis=0) - expected) < 4 * error + 0.03 * expected).all()


def test_the_report_says_how_long_they_wait_from_the_slot_and_from_arrival() -> None:
    result = run(TEACHING / "appointments.yaml", replications=5)
    row = result.channels().iloc[0]
    assert row["booked"] == pytest.approx(row["n"] / 5)
    minutes, n, early = 0.0, 0, 0.0
    for replication in range(5):
        plan = draw_plan(result.scenario, replication=replication)
        day, facts = plan.days[0], facts_of(plan)
        those = (day.visitors.booking >= 0) & ~np.isnan(facts.joined)
        minutes += (facts.started - facts.joined)[those].sum()
        early += (facts.joined - facts.came)[those].sum()
        n += those.sum()
    assert row["wait"] == pytest.approx(minutes / n)
    assert row["wait_from_arrival"] == pytest.approx((minutes + early) / n)
    assert early > 0
    assert result.waiting("booking")["n"].tolist()[1] == n


def test_nothing_is_promised_to_those_who_do_not_show_up() -> None:
    spec = teaching(no_show=0.5).model_dump(mode="json")
    spec["promise"] = {"visit": "30 min"}
    trace = simulate(draw_plan(parse_scenario(spec)))
    summary, (day,) = summarize(trace), trace.plan.days
    assert day.channels[0].no_shows > 5
    assert summary.promises.made.sum() == len(day.visitors.arrival)
