"""Full waiting rooms, blocking and breakdowns against exact results."""

from __future__ import annotations

import numpy as np
import pytest
from support.hand_made import FOREVER, several_stations
from support.steady import Estimate, controlled, exponential

from mppsim.engine import Outcome, simulate
from mppsim.plan.plan import Outage, Room

BATCHES = 40


def by_batches(values: np.ndarray, *controls: np.ndarray) -> Estimate:
    """Estimate a mean by batch means; the controls have the expectation 0."""
    parts = np.array_split(np.arange(len(values) // 50, len(values)), BATCHES)
    means = np.array([values[part].mean() for part in parts])
    return controlled(means, np.array([[c[part].mean() for c in controls] for part in parts]))


def test_car_inspection_loses_cars_when_the_room_is_full() -> None:
    """Gross and Harris, M/M/3/7: a car a minute, 6 min, 3 stalls and 4 places: 30.3 lost an hour.

    Their figure is rounded; Erlang's formula gives 30.29.
    """
    gaps, services = exponential("gaps", 1.0, 60_000), exponential("services", 6.0, 60_000)
    plan = several_stations(
        gaps.cumsum().tolist(),
        [[(0, time)] for time in services.tolist()],
        counters=[[[(0.0, FOREVER)]] * 3],
        rooms={0: Room(4, "lose")},
    )
    lost = simulate(plan).days[0].outcome == Outcome.BLOCKED
    by_batches(60.0 * lost, gaps - 1, services - 6).agrees_with(30.29)


@pytest.mark.parametrize("places", [0, 2])
def test_two_stations_with_a_room_between_them_reach_hunts_throughput(places: int) -> None:
    """Hunt (1956): equal exponential services, the first never starved: (b + 2) / (b + 3)."""
    n = 40_000
    first, second = exponential("first", 1.0, n), exponential("second", 1.0, n)
    plan = several_stations(
        [0.0] * n,
        [[(0, a), (1, b)] for a, b in zip(first.tolist(), second.tolist(), strict=True)],
        counters=[[[(0.0, FOREVER)]], [[(0.0, FOREVER)]]],
        rooms={1: Room(places, "block")},
    )
    between = np.diff(simulate(plan).days[0].ended[1::2], prepend=0.0)
    exact = throughput(places)
    assert exact == pytest.approx((places + 2) / (places + 3), rel=1e-12)
    by_batches(between, first - 1, second - 1).agrees_with(1 / exact)


def throughput(places: int) -> float:
    """Return services of the second station a minute, from the chain of visitors past the first."""
    states = places + 3  # none at the second, 1 to places + 1 there, one more held at the first
    rates = np.zeros((states, states))
    for here in range(states - 1):
        rates[here, here + 1] = rates[here + 1, here] = 1.0
    return float(stationary(rates)[1:].sum())


def test_breakdowns_of_one_counter_by_the_clock() -> None:
    """A counter works for 20 min on average and is out for 2, busy or not; services resume.

    Exact: the chain of (visitors, working or out), solved numerically.
    """
    n, gap, service, up, down = 100_000, 2.0, 1.0, 20.0, 2.0
    gaps, services = exponential("gaps", gap, n), exponential("services", service, n)
    m = int(n * gap / (up + down) * 1.2)
    ends = np.column_stack([exponential("up", up, m), exponential("down", down, m)])
    ends = ends.ravel().cumsum().reshape(-1, 2)
    plan = several_stations(
        gaps.cumsum().tolist(),
        [[(0, time)] for time in services.tolist()],
        counters=[[[(0.0, FOREVER)]]],
        outages=[Outage(begin, end, (0,), False) for begin, end in ends.tolist()],
    )
    facts = simulate(plan).days[0]
    walk = np.concatenate([[0.0], (services[:-1] - gaps[1:]).cumsum()])
    without = walk - np.minimum.accumulate(walk) - service * (service / gap) / (1 - service / gap)
    estimate = by_batches(facts.ended - facts.joined, gaps - gap, services - service, without)
    estimate.agrees_with(mean_number(1 / gap, 1 / service, 1 / up, 1 / down) * gap)


def mean_number(arrive: float, serve: float, fail: float, mend: float, most: int = 400) -> float:
    """Return the mean number of visitors at a counter that fails by the clock."""
    states = 2 * (most + 1)
    rates = np.zeros((states, states))
    for number in range(most + 1):
        works, is_out = 2 * number, 2 * number + 1
        rates[works, is_out], rates[is_out, works] = fail, mend
        if number < most:
            rates[works, works + 2] = rates[is_out, is_out + 2] = arrive
        if number:
            rates[works, works - 2] = serve
    return float(stationary(rates) @ (np.arange(states) // 2))


def stationary(rates: np.ndarray) -> np.ndarray:
    """Return the stationary distribution of a chain with these rates."""
    generator = rates - np.diag(rates.sum(axis=1))
    generator[:, 0] = 1.0
    return np.linalg.solve(generator.T, np.eye(len(rates))[0])
