"""Pools, flexible counters and separate lines against exact relations and a chain solved."""

from __future__ import annotations

import numpy as np
from scipy.sparse import lil_matrix
from scipy.sparse.linalg import spsolve
from support.changed_plans import changed
from support.hand_made import FOREVER, several_stations
from support.steady import Queue, batch_means, chosen, exponential, words

from mppsim.engine import DayTrace, simulate
from mppsim.plan.plan import Plan
from mppsim.plan.rules import CounterRule, StationRule, Target
from mppsim.plan.streams import uniform

ALWAYS = [(0.0, FOREVER * 1e3)]
FIRST, SECOND = Target(0), Target(1)


def two_stations(gaps: np.ndarray, services: np.ndarray, at: np.ndarray) -> Plan:
    visits = [[(int(k), time)] for k, time in zip(at, services.tolist(), strict=True)]
    return several_stations(
        gaps.cumsum().tolist(), visits, counters=[[ALWAYS], [ALWAYS]], closing=FOREVER * 1e3
    )


def crewed(plan: Plan, *serves: tuple[tuple[Target, ...], ...], **rule: str) -> DayTrace:
    crews = tuple(CounterRule(serves=levels) for levels in serves)
    rules = (StationRule(**rule),) * len(plan.layout.stations)  # type: ignore[arg-type]  # words of its literals
    plan = changed(plan, layout={"counter_rules": crews, "station_rules": rules})
    return simulate(plan, engine="simpy").days[0]


def test_a_pool_of_two_tenants_is_one_line_before_two_counters() -> None:
    """So it is M/M/2, which is tested against Erlang: the same starts, to the last bit."""
    gaps, services = exponential("gaps", 1, 4_000), exponential("services", 1.7, 4_000)
    at = chosen("at", [0.3, 0.7], 4_000)
    both = ((FIRST, SECOND),)
    pool = crewed(two_stations(gaps, services, at), both, both, discipline="fifo")
    one = simulate(
        several_stations(
            gaps.cumsum().tolist(),
            [[(0, time)] for time in services.tolist()],
            counters=[[ALWAYS, ALWAYS]],
            closing=FOREVER * 1e3,
        )
    ).days[0]
    assert np.array_equal(pool.started, one.started)
    assert np.array_equal(pool.counter, one.counter)


def test_two_lines_chosen_at_random_are_two_queues() -> None:
    """M/M/1 twice: with 1.2 a minute in all and 1 minute of service each waits 1.5 minutes."""
    n = 100_000
    gaps, services = exponential("gaps", 1 / 1.2, n), exponential("services", 1, n)
    plan = several_stations(
        gaps.cumsum().tolist(),
        [[(0, time)] for time in services.tolist()],
        counters=[[ALWAYS, ALWAYS]],
        closing=FOREVER * 1e3,
    )
    plan = changed(
        plan,
        layout={"station_rules": (StationRule(lines="random"),)},
        steps={"line_choice": uniform(words("lines", n)[:, 1])},
    )
    facts = simulate(plan, engine="simpy").days[0]
    queue = Queue(gaps, services, 1 / 1.2, 1, 2, facts)
    batch_means(queue.waits, queue).agrees_with(1.5)


RATES, LONGEST = (0.7, 0.5), 50
"""Arrivals a minute at the first and second tenant; services take 1 minute."""


def test_a_counter_that_helps_next_door_is_the_chain_of_the_n_system() -> None:
    """The first counter serves the first tenant; the second its own, then the first's."""
    n = 180_000
    gaps, services = exponential("gaps", 1 / sum(RATES), n), exponential("services", 1, n)
    at = chosen("at", [RATES[0] / sum(RATES), RATES[1] / sum(RATES)], n)
    facts = crewed(two_stations(gaps, services, at), ((FIRST,),), ((SECOND,), (FIRST,)))
    queue = Queue(gaps, services, 1 / sum(RATES), 1, 2, facts)
    for tenant, wait in enumerate(n_system_waits()):
        batch_means(queue.waits, queue, of=at == tenant).agrees_with(wait)


def n_system_waits() -> list[float]:
    """Return both mean waits, by Little's law, from the chain cut off at 50 in a line.

    With both counters busy the state is the two lines; else it says who is busy, and if nobody
    is, who has been idle longer. While only the second is busy, its own visitors may wait.
    """
    (to_first, to_second), top = RATES, LONGEST
    both = {("both", a, b): 0 for a in range(top + 1) for b in range(top + 1)}
    alone = {("second", 0, b): 0 for b in range(top + 1)}
    states = [*both, *alone, ("first", 0, 0), ("idle first", 0, 0), ("idle second", 0, 0)]
    number = {state: index for index, state in enumerate(states)}
    flow = lil_matrix((len(states), len(states)))

    def moves(busy: str, a: int, b: int) -> list[tuple[float, tuple[str, int, int]]]:
        if busy == "both":
            second_done = ("both", a, b - 1) if b else ("both", a - 1, 0) if a else ("first", 0, 0)
            return [
                (to_first, ("both", min(a + 1, top), b)),
                (to_second, ("both", a, min(b + 1, top))),
                (1, ("both", a - 1, b) if a else ("second", 0, b)),
                (1, second_done),
            ]
        if busy == "second":
            done = ("second", 0, b - 1) if b else ("idle first", 0, 0)
            return [
                (to_first, ("both", 0, b)),
                (to_second, ("second", 0, min(b + 1, top))),
                (1, done),
            ]
        if busy == "first":
            return [(to_first + to_second, ("both", 0, 0)), (1, ("idle second", 0, 0))]
        chosen_now = "first" if busy == "idle first" else "second"
        return [(to_first, (chosen_now, 0, 0)), (to_second, ("second", 0, 0))]

    for state in states:
        for rate, other in moves(*state):
            flow[number[other], number[state]] += rate
            flow[number[state], number[state]] -= rate
    flow[-1, :] = 1  # probabilities add up to 1, in place of one equation too many
    share = spsolve(flow.tocsc(), np.eye(1, len(states), len(states) - 1).ravel())
    lines = np.array([(a, b) for _, a, b in states]).T @ share
    return [float(line / rate) for line, rate in zip(lines, RATES, strict=True)]
