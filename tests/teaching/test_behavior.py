"""Behavior at the line, recounted from the trace of the teaching scenario."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.changed_plans import changed
from support.hand_made import FOREVER, one_station
from support.steady import Queue, batch_means, exponential, words

from mppsim import draw_plan, load_scenario, simulate
from mppsim.engine import Outcome, Trace
from mppsim.plan.streams import uniform

FILE = Path(__file__).parents[2] / "scenarios" / "teaching" / "behavior.yaml"


@pytest.fixture(scope="module")
def trace() -> Trace:
    return simulate(draw_plan(load_scenario(FILE), seed=2), engine="simpy")


def found_waiting(trace: Trace, station: int) -> list[tuple[int, int]]:
    """Return each visitor who came to a station, with the number that waited there."""
    (plan,), (facts,) = trace.plan.days, trace.days
    here = np.flatnonzero((plan.steps.station == station) & (facts.outcome > 0))
    came = np.where(np.isnan(facts.joined), facts.ended, facts.joined)[here]
    left = np.where(np.isnan(facts.started), facts.ended, facts.started)[here]
    in_line = left > facts.joined[here]
    return [
        (int(step), int((in_line & (facts.joined[here] < now) & (left > now)).sum()))
        for step, now in zip(here, came, strict=True)
    ]


def test_who_is_announced_more_than_8_minutes_leaves(trace: Trace) -> None:
    outcome = trace.days[0].outcome
    seen = [(waiting * 4.0 / 2 > 8, outcome[step]) for step, waiting in found_waiting(trace, 0)]
    assert {True, False} == {too_long for too_long, _ in seen}
    assert all(too_long == (code == Outcome.BALKED) for too_long, code in seen)


def test_the_share_that_balks_steps_up_with_the_line(trace: Trace) -> None:
    (plan,), (facts,) = trace.plan.days, trace.days
    visitor = np.repeat(np.arange(len(facts.left)), np.diff(plan.visitors.first_step))
    balked = 0
    for step, waiting in found_waiting(trace, 1):
        share = 0.67 if waiting > 6 else 0.2 if waiting > 3 else 0.0
        leaves = plan.visitors.balking[visitor[step]] < share
        assert leaves == (facts.outcome[step] == Outcome.BALKED)
        balked += leaves
    assert balked > 5


def test_one_patience_is_spent_in_both_lines(trace: Trace) -> None:
    (plan,), (facts,) = trace.plan.days, trace.days
    left = np.where(np.isnan(facts.started), facts.ended, facts.started)
    waits = np.nan_to_num(left - facts.joined)
    in_all = np.add.reduceat(waits, plan.visitors.first_step[:-1])
    patience = plan.steps.patience[plan.visitors.first_step[:-1]]
    reneged = facts.visitor_outcome == Outcome.RENEGED
    assert np.array_equal(in_all[reneged], patience[reneged])
    assert (in_all <= patience).all()
    second = facts.outcome.reshape(-1, 2)[:, 1] == Outcome.RENEGED
    assert (waits.reshape(-1, 2)[second, 1] < patience[second]).any(), "spent in the first line"


def test_balking_with_a_probability_is_a_birth_death_process() -> None:
    """M/M/1 with 1 a minute and 0.8 min: joins by the number waiting, solved numerically."""
    n, rate, service, shares = 80_000, 1.0, 0.8, ((0, 0.1), (2, 0.4), (5, 1.0))
    gaps, services = exponential("gaps", 1 / rate, n), exponential("services", service, n)
    plan = one_station(
        gaps.cumsum().tolist(), services.tolist(), counters=[[(0.0, FOREVER)]], closing=FOREVER
    )
    luck = uniform(words("balking", n)[:, 0])
    plan = changed(plan, layout={"balk_shares": (shares,)}, visitors={"balking": luck})
    queue = Queue(gaps, services, 1 / rate, service, 1, simulate(plan, engine="simpy").days[0])
    in_system = np.arange(8)  # above 5 waiting, 6 and one in service, nobody joins
    stays = np.array([1 - max((p for w, p in shares if k - 1 > w), default=0) for k in in_system])
    weights = np.concatenate([[1.0], (rate * stays[:-1] * service).cumprod()])
    chance = weights / weights.sum()
    served = (queue.facts.outcome == Outcome.SERVED).astype(float)
    batch_means(served, queue).agrees_with(float(chance @ stays))
    joining = chance * stays / (chance @ stays)
    batch_means(queue.waits, queue).agrees_with(float(joining @ (in_system * service)))
