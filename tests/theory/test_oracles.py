"""Long runs against exact and published results; minutes or hours as the source has them.

Each estimate must lie within 3 % and 4 standard errors of the exact value, with a standard error of
at most 1.5 %, so that noise cannot pass for agreement. Some of the longest run on the compiled
engine, all others on SimPy.
"""

from __future__ import annotations

import numpy as np
import pytest
from support.hand_made import FOREVER, several_stations
from support.steady import (
    Estimate,
    batch_means,
    chosen,
    controlled,
    exponential,
    markov_queue,
)

from mppsim.engine import Outcome, simulate


def above(level: float, waits: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(waits), np.nan, waits > level)


def test_eye_clinic_is_m_m_3() -> None:
    """Gross and Harris: 6 an hour, 20 min, 3 doctors: W = 28.89 min, Lq = 8/9."""
    queue = markov_queue(rate=0.1, service=20, counters=3, n=120_000)
    batch_means(queue.waits + queue.services, queue).agrees_with(28.88888888888889)
    batch_means(queue.waits, queue).agrees_with(8.888888888888889)


def test_ciw_tutorial_bank() -> None:
    """Ciw, tutorial I: 0.2 and 0.1 a minute; exact waits 4.4444 with 3 tellers, 0.8696 with 4."""
    three = markov_queue(rate=0.2, service=10, counters=3, n=120_000)
    batch_means(three.waits, three).agrees_with(4.444444444444443)
    batch_means((three.waits > 0).astype(float), three).agrees_with(0.4444444444444444)
    four = markov_queue(rate=0.2, service=10, counters=4, n=200_000)
    batch_means(four.waits, four).agrees_with(0.8695652173913041)


@pytest.mark.parametrize(
    ("counters", "n", "wait", "beyond_half"),
    [
        (1, 250_000, 0.6666666666666666, 0.4043537731417556),
        (2, 120_000, 0.041666666666666664, None),
    ],
)
def test_county_hospital(counters: int, n: int, wait: float, beyond_half: float | None) -> None:
    """Hillier and Lieberman: 2 an hour, 3 an hour for each doctor; hours."""
    queue = markov_queue(rate=2, service=1 / 3, counters=counters, n=n)
    batch_means(queue.waits, queue).agrees_with(wait)
    if beyond_half:
        batch_means(above(0.5, queue.waits), queue).agrees_with(beyond_half)


def test_car_inspection_turns_away() -> None:
    """Gross and Harris: 1 a minute, 6 min, 3 stalls, 7 cars in all, so 4 in line."""
    queue = markov_queue(rate=1, service=6, counters=3, n=60_000, balk_above=3)
    served = queue.facts.outcome == Outcome.SERVED
    turned_away = batch_means((~served).astype(float), queue)
    turned_away.agrees_with(30.289219982471522 / 60)
    batch_means(queue.waits + queue.services, queue).agrees_with(12.244247787610622)


def test_ormm_limited_room() -> None:
    """Jensen, ORMM: 5 an hour, 3 an hour for each of 2 servers; alone, and with 5 places in all."""
    free = markov_queue(rate=5, service=1 / 3, counters=2, n=120_000)
    batch_means(free.waits, free).agrees_with(0.7575757575757576)
    limited = markov_queue(rate=5, service=1 / 3, counters=2, n=60_000, balk_above=2)
    batch_means(limited.waits, limited).agrees_with(0.1780)
    served = (limited.facts.outcome == Outcome.SERVED).astype(float)
    batch_means(served, limited).agrees_with(4.424 / 5)


def test_call_center_of_14_agents_is_erlang_c() -> None:
    """Call Centre Helper: 200 calls an hour, 180 s, 14 agents; minutes."""
    queue = markov_queue(rate=200 / 60, service=3, counters=14, n=700_000, engine="compiled")
    batch_means((queue.waits > 0).astype(float), queue).agrees_with(0.17413193359504964)
    batch_means(queue.waits, queue).agrees_with(7.835937011777232 / 60)
    batch_means((queue.waits <= 20 / 60).astype(float), queue).agrees_with(0.888350019179467)


def test_call_center_of_55_agents_is_erlang_c() -> None:
    """ "The Erlang-C formula": 360 calls in half an hour, 240 s, 55 agents; seconds."""
    queue = markov_queue(rate=0.2, service=240, counters=55, n=600_000, engine="compiled")
    batch_means((queue.waits > 0).astype(float), queue).agrees_with(0.2387009363780092)
    batch_means((queue.waits <= 15).astype(float), queue).agrees_with(0.8458830921705802)


def test_fifty_agents_with_patient_callers_are_erlang_c() -> None:
    """Garnett, Mandelbaum and Reiman 2002: 48 a minute, 1 min, 50 agents: 20.8 s."""
    queue = markov_queue(rate=48, service=1, counters=50, n=400_000, engine="compiled")
    batch_means(queue.waits, queue).agrees_with(20.83366833590503 / 60)


def test_fifty_agents_with_impatient_callers_are_erlang_a() -> None:
    """Garnett, Mandelbaum and Reiman 2002: 48 a minute, 1 min, 50 agents, patience 2 min."""
    queue = markov_queue(rate=48, service=1, counters=50, n=600_000, patience=2)
    reneged = (queue.facts.outcome == Outcome.RENEGED).astype(float)
    batch_means(reneged, queue).agrees_with(0.03091224916219182)
    batch_means(queue.waits, queue).agrees_with(3.709469899463018 / 60)
    batch_means((queue.waits <= 12.5 / 60).astype(float), queue).agrees_with(
        1 - 0.09914981102128036
    )


@pytest.mark.parametrize(
    ("counters", "n", "waits"),
    [
        (1, 350_000, [0.23809523809523808, 0.3246753246753246, 0.9090909090909088]),
        (2, 600_000, [0.028735632183908046, 0.03315649867374005, 0.04807692307692307]),
    ],
)
def test_hospital_with_three_classes_is_cobham(counters: int, n: int, waits: list[float]) -> None:
    """Hillier and Lieberman: 0.2, 0.6 and 1.2 an hour, 3 an hour for each doctor, no preemption."""
    queue = markov_queue(rate=2, service=1 / 3, counters=counters, n=n, classes=[0.1, 0.3, 0.6])
    for rank, wait in enumerate(waits):
        of = chosen("classes", [0.1, 0.3, 0.6], n) == rank
        batch_means(queue.waits, queue, of=of).agrees_with(wait)


def test_two_classes_of_the_ciw_test() -> None:
    """Cobham 1954 by Ciw's test_priority_system_compare_literature: sojourns 2 and 6."""
    queue = markov_queue(rate=0.8, service=1, counters=1, n=400_000, classes=[0.25, 0.75])
    for rank, sojourn in enumerate([2.0, 6.0]):
        of = chosen("classes", [0.25, 0.75], 400_000) == rank
        batch_means(queue.waits + queue.services, queue, of=of).agrees_with(sojourn)


def test_three_facilities_are_a_jackson_network() -> None:
    """Hillier and Lieberman: arrivals 1, 4, 3 an hour; W = 2/3 h; visits 5, 10, 7.5 an hour."""
    n, rows = 120_000, np.array([[0, 0.6, 0.3], [0.1, 0, 0.3], [0.4, 0.4, 0]])
    gaps, luck = exponential("gaps", 1 / 8, n), np.random.default_rng(7)
    starts = chosen("first", [1 / 8, 4 / 8, 3 / 8], n)
    visits = []
    for start in starts.tolist():
        visit, station = [], start
        while station < 3:
            visit.append((station, round(luck.exponential(0.1) * 2**20 + 1) / 2**20))
            station = int(np.searchsorted(rows[station].cumsum(), luck.random(), side="right"))
        visits.append(visit)
    always = [(0.0, FOREVER)]
    counters = [[always], [always, always], [always]]
    facts = simulate(several_stations(gaps.cumsum().tolist(), visits, counters=counters)).days[0]
    sojourn, number = facts.left - gaps.cumsum(), np.array([len(visit) for visit in visits])
    parts = np.array_split(np.arange(n // 50, n), 50)
    controls = np.array([[gaps[p].mean() - 1 / 8, number[p].mean() - 22.5 / 8] for p in parts])
    controlled(np.array([sojourn[p].mean() for p in parts]), controls).agrees_with(2 / 3)


def test_first_25_visitors_of_an_empty_queue() -> None:
    """Law and Kelton, ch. 9: M/M/1 with rho = 0.9 from empty, mean wait of the first 25: 2.124."""
    runs, length = 2_500, 10_000.0
    gaps = exponential("gaps", 1, 25 * runs).reshape(runs, 25)
    services = exponential("services", 0.9, 25 * runs).reshape(runs, 25)
    # One day holds all runs; each begins long after the one before has ended.
    arrivals = (np.arange(runs)[:, None] * length + gaps.cumsum(axis=1)).ravel()
    plan = several_stations(
        arrivals.tolist(),
        [[(0, time)] for time in services.ravel().tolist()],
        counters=[[[(0.0, length * (runs + 1))]]],
        closing=length * (runs + 1),
    )
    facts = simulate(plan, engine="simpy").days[0]
    waits = (facts.started - facts.joined).reshape(runs, 25).mean(axis=1)
    controls = np.column_stack([gaps.mean(axis=1) - 1, services.mean(axis=1) - 0.9])
    controlled(waits, controls).agrees_with(2.124489346531961)


def test_an_estimate_that_is_off_or_noisy_is_refused() -> None:
    for bad in (Estimate(1.05, 0.01), Estimate(1.0, 0.1), Estimate(1.02, 0.001)):
        with pytest.raises(AssertionError):
            bad.agrees_with(1.0)
