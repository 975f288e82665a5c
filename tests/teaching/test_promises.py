"""What an office promises: the teaching file, and its shares against exact ones."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from support.halls import hall
from support.traced import DESK, PERMITS, Day, Step, Visit, observed, row, served, traced

import mppsim
from mppsim.engine import Outcome
from mppsim.measure import Observations, promises, promises_difference, summarize
from mppsim.plan.plan import PromiseMade
from mppsim.scenario import load_scenario

OFFICE = Path(__file__).parents[2] / "scenarios" / "teaching" / "promise.yaml"


def test_the_office_breaks_its_promise_of_a_service_time_by_the_law_of_its_services() -> None:
    result = mppsim.run(load_scenario(OFFICE), replications=40)
    table = result.promises()
    service = row(table, "tax/pay service")
    exact = 1 - math.exp(-10 / 5)
    standard_error = math.sqrt(exact * (1 - exact) / service["n"])
    assert abs(service["kept"] - exact) < 4 * standard_error
    assert table["verdict"].tolist() == ["kept", "broken", "kept"]
    assert service["cause"] == "tax"
    assert service["breaks_at"].startswith("08:00-")


def test_a_promised_wait_is_kept_as_often_as_the_waiting_table_says() -> None:
    result = mppsim.run(hall(), replications=3)
    table, waiting = result.promises(), result.waiting("service")
    assert (table["promise"] == "wait").all()
    assert table["kept"].tolist() == waiting["kept"].tolist()
    assert table["kept_half_width"].tolist() == waiting["kept_half_width"].tolist()


def promised(*made: PromiseMade, visits: list[Visit]) -> Observations:
    """Return the observations of two equal days of a hall that makes these promises."""
    return observed([Day(visits)], [Day(visits)], promises=made)


NEW = 0
VISIT = PromiseMade(PERMITS, NEW, "visit", 30.0, 0.9)


def test_a_long_visit_is_laid_to_where_it_waited_most() -> None:
    long_wait = Visit(480, [served(DESK, 480, 30, 1, 0), served(PERMITS, 511, 5, 10)])
    quick = Visit(540, [served(DESK, 540, 0, 1, 0), served(PERMITS, 541, 0, 10)])
    table = row(promises(promised(VISIT, visits=[long_wait, quick])), "permits/new visit")
    assert (table["n"], table["kept"]) == (4, 0.5)
    # 16 minutes too long, all of them waits, of which the desk has 30 of 35.
    assert (table["cause"], table["cause_share"]) == ("desk", pytest.approx(30 / 35))
    assert table["breaks_at"] == "08:00-09:00"


@pytest.mark.parametrize(("a_day", "verdict"), [(17, "cannot tell"), (18, "kept")])
def test_a_few_visits_that_end_alike_decide_nothing(a_day: int, verdict: str) -> None:
    quick = Visit(540, [served(DESK, 540, 0, 1, 0), served(PERMITS, 541, 0, 10)])
    table = row(promises(promised(VISIT, visits=[quick] * a_day)), "permits/new visit")
    # Of n visits that are all kept the share is at least 0.025 ** (1 / n): 0.9 from n = 36 on.
    assert (table["kept"], table["verdict"]) == (1.0, verdict)


def test_what_would_be_too_long_without_any_wait_is_laid_to_the_services() -> None:
    slow = Visit(480, [served(DESK, 480, 4, 1, 0), served(PERMITS, 485, 0, 45)])
    table = row(promises(promised(VISIT, visits=[slow])), "permits/new visit")
    # 20 minutes too long: 4 of them at the desk's line, 16 by services, of which 45 in 46.
    assert table["cause"] == "permits"
    assert table["cause_share"] == pytest.approx(16 / 20 * 45 / 46)


def test_who_gets_no_ticket_is_lost_at_the_door_and_who_gives_up_where_he_gave_up() -> None:
    refused = Visit(480, [Step(DESK, float("nan"), float("nan"), 480, outcome=Outcome.REFUSED)])
    gone = Visit(490, [Step(DESK, 490, float("nan"), 500, outcome=Outcome.RENEGED)])
    seen = promised(VISIT, visits=[refused, refused, gone])
    table = row(promises(seen), "permits/new visit")
    assert (table["n"], table["kept"]) == (6, 0.0)
    assert (table["cause"], table["cause_share"]) == ("door", pytest.approx(2 / 3))


def test_a_promise_kept_to_the_tick_is_kept_and_a_balker_breaks_it() -> None:
    wait = PromiseMade(PERMITS, NEW, "wait", 15.0, 0.5)
    exact, late = served(PERMITS, 480, 15, 5), served(PERMITS, 480, 15 + 2**-20, 5, 2)
    balked = Step(PERMITS, float("nan"), float("nan"), 600, outcome=Outcome.BALKED)
    visits = [Visit(480, [exact]), Visit(480, [late]), Visit(600, [balked])]
    table = row(promises(promised(wait, visits=visits)), "permits/new wait")
    assert (table["n"], table["kept"]) == (6, pytest.approx(1 / 3))
    assert table["breaks_at"] == "10:00-11:00"


def test_a_shared_station_promises_to_all_who_pass_it() -> None:
    at_desk = PromiseMade(DESK, -1, "wait", 2.0, 0.9)
    one = Visit(480, [served(DESK, 480, 1, 1, 0)], service=0)
    other = Visit(540, [served(DESK, 540, 3, 1, 0)], service=2)
    table = row(promises(promised(at_desk, visits=[one, other])), "desk wait")
    assert (table["n"], table["kept"], table["tenant"]) == (4, 0.5, None)


def test_the_same_hall_twice_keeps_its_promises_alike() -> None:
    long_wait = Visit(480, [served(DESK, 480, 30, 1, 0), served(PERMITS, 511, 5, 10)])
    seen = promised(VISIT, visits=[long_wait])
    change = row(promises_difference(seen, seen), "permits/new visit")
    assert (change["kept_base"], change["kept_difference"]) == (0.0, 0.0)
    assert change["kept_difference_half_width"] == 0.0


def test_a_hall_without_promises_has_an_empty_table() -> None:
    result = mppsim.run(hall(lambda spec: spec.pop("promise")), replications=2)
    assert result.promises().empty
    assert "promises" in result.tables()


def test_a_shorter_promise_beside_another_of_the_same_kind_counts_by_itself() -> None:
    short = PromiseMade(PERMITS, NEW, "wait", 2.0, 0.5)
    long = PromiseMade(PERMITS, NEW, "wait", 15.0, 0.5)
    trace = traced(Day([Visit(480, [served(PERMITS, 480, 10, 5)])]), promises=(short, long))
    counts = summarize(trace).promises
    assert counts.promise.tolist() == [0, 1]
    assert counts.kept.tolist() == [0, 1]
    assert (counts.loss_promise.tolist(), counts.loss.tolist()) == ([0], [1.0])
