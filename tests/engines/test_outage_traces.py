"""Outages, followed by hand, and against a station that never stops, in the time that it works."""

from __future__ import annotations

import numpy as np
from support.engines import simulate
from support.hand_made import FOREVER, one_station
from support.steady import exponential

from mppsim.engine import DayTrace
from mppsim.measure import summarize
from mppsim.plan.plan import Outage


def out(*spans: tuple[float, float], restarts: bool = False) -> list[Outage]:
    return [Outage(begin, end, (0,), restarts) for begin, end in spans]


def run(arrivals: list[float], services: list[float], outages: list[Outage]) -> DayTrace:
    return simulate(one_station(arrivals, services, outages=outages)).days[0]


def test_a_service_goes_on_after_the_outage_and_nobody_is_called_in_it() -> None:
    facts = run([0, 1], [10, 2], out((4, 7)))
    assert facts.started.tolist() == [0, 13]
    assert facts.ended.tolist() == [13, 15]


def test_a_service_begins_anew_after_the_outage() -> None:
    facts = run([0, 1], [10, 2], out((4, 7), restarts=True))
    assert facts.started.tolist() == [0, 17]
    assert facts.ended.tolist() == [17, 19]


def test_a_restart_within_another_outage_loses_the_work_too() -> None:
    outages = [*out((4, 9)), *out((5, 6), restarts=True)]
    assert run([0], [10], outages).ended.tolist() == [19]


def test_nested_and_touching_outages_are_one() -> None:
    for spans in (((4, 10), (5, 7)), ((4, 7), (7, 10)), ((4, 8), (6, 10))):
        facts = run([0, 5], [3, 2], out(*spans))
        assert facts.started.tolist() == [0, 10], spans
        assert run([0], [6], out(*spans)).ended.tolist() == [12], spans


def test_a_service_that_ends_as_the_outage_begins_is_over() -> None:
    facts = run([0, 1], [4, 2], out((4, 7)))
    assert facts.ended.tolist() == [4, 9]


def test_a_shift_that_ends_in_an_outage_waits_for_the_service() -> None:
    plan = one_station(
        [0, 1], [10, 2], counters=[[(0, 8), (30, 40)]], outages=out((4, 7)), patience=[99, 99]
    )
    facts = simulate(plan).days[0]
    assert facts.ended.tolist() == [13, 32]
    spent = summarize(simulate(plan)).counters
    assert (spent.on_duty[0, 0], spent.out[0, 0]) == (18, 3)
    assert (spent.busy[0, 0], spent.overtime[0, 0]) == (4 + 1 + 2, 5)


def test_patience_does_not_stop_in_an_outage() -> None:
    plan = one_station([0, 5], [4, 2], patience=[99, 3], outages=out((4, 20)))
    facts = simulate(plan).days[0]
    assert facts.ended.tolist() == [4, 8]


def test_an_idle_counter_is_idle_since_the_end_of_the_outage() -> None:
    first = [(0.0, FOREVER)]
    plan = one_station([0, 1, 9], [2, 1, 1], counters=[first, first], outages=out((5, 6)))
    assert simulate(plan).days[0].counter.tolist() == [0, 1, 0]


def test_outages_only_stretch_the_time_of_a_station_that_never_stops() -> None:
    """In the time that it works, a single line with resuming services follows Lindley (1952)."""
    n = 3000
    arrivals = exponential("gaps", 2.0, n).cumsum()
    services = exponential("services", 1.0, n)
    edges = np.column_stack([exponential("up", 10.0, 900), exponential("down", 2.0, 900)])
    ends = edges.ravel().cumsum().reshape(-1, 2)
    spans = [Outage(begin, end, (0,), False) for begin, end in ends.tolist()]
    facts = run(arrivals.tolist(), services.tolist(), spans)
    times = np.concatenate([[0.0], ends.ravel()])
    works = np.concatenate([[0.0], (edges * [1, 0]).ravel().cumsum()])
    come = np.interp(arrivals, times, works)
    done = np.empty(n)
    busy_until = 0.0
    for visitor in range(n):
        busy_until = max(busy_until, come[visitor]) + services[visitor]
        done[visitor] = busy_until
    worked = np.interp(facts.ended, times, works)
    np.testing.assert_allclose(worked, done, rtol=0, atol=1e-6)  # np.interp rounds, we do not
