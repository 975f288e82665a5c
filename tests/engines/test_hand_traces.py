"""Traces that can be followed by hand, most of them published, against the engine: exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from support.engines import simulate
from support.hand_made import FOREVER, one_station

from mppsim.engine import DayTrace, Outcome

N = np.nan
TRACES: dict[str, dict[str, Any]] = {
    # Ciw 3.2.7, tests/test_node.py::test_reneging_next_event
    "ciw reneging": {
        "arrivals": [7, 14, 21, 28],
        "services": [11] * 4,
        "patience": [3] * 4,
        "started": [7, N, 21, N],
        "ended": [18, 17, 32, 31],
    },
    # Ciw, tests/test_node.py::test_reneging_with_schedules
    "ciw reneging, counter off at 16": {
        "arrivals": [7, 14, 21],
        "services": [11] * 3,
        "patience": [3] * 3,
        "counters": [[(0, 16)]],
        "started": [7, N, N],
        "ended": [18, 17, 24],
    },
    # Ciw, tests/test_node.py::test_simultaneous_reneging
    "ciw two renege at once": {
        "arrivals": [3, 4, 5, 20],
        "services": [20] * 4,
        "patience": [100, 7, 6, 100],
        "started": [3, N, N, 23],
        "ended": [23, 11, 11, 43],
    },
    # Ciw, tests/test_scheduling.py::test_overtime; the whole crew changes
    "ciw overtime": {
        "arrivals": [1, 1, 1, 9, 9, 12],
        "services": [5, 7, 9, 4, 5, 5],
        "counters": [[(0, 7)], [(0, 7)], [(0, 7)], [(7, 11)], [(7, 11)], [(11, 20)]],
        "started": [1, 1, 1, 9, 9, 12],
        "ended": [6, 8, 10, 13, 14, 17],
    },
    # Ciw, docs/Guides/Services/server_schedule.rst
    "ciw overtime in the guide": {
        "arrivals": [3, 6, 9],
        "services": [5, 5, 5],
        "counters": [[(0, 4)], [(4, 10)], [(4, 10)]],
        "started": [3, 6, 9],
        "ended": [8, 11, 14],
    },
    # Ciw, tests/test_node.py::test_server_utilisation_with_schedules
    "ciw utilization": {
        "arrivals": [2, 6, 10, 10, 17],
        "services": [4, 2, 6, 6, 3],
        "counters": [[(0, 9)], [(9, 23)], [(9, 23)]],
        "started": [2, 6, 10, 10, 17],
        "ended": [6, 8, 16, 16, 20],
    },
    # Ciw, tests/test_simulation.py::test_first_in_first_out
    "ciw fifo": {
        "arrivals": [1, 2, 3, 4, 5],
        "services": [1.5] * 5,
        "started": [1, 2.5, 4, 5.5, 7],
        "ended": [2.5, 4, 5.5, 7, 8.5],
    },
    # Ciw, tests/test_simulation.py::test_baulking: at most 3 in the station, so 2 in its line
    "ciw balking": {
        "arrivals": [5, 10, 15, 20, 25, 30, 35, 40, 45],
        "services": [21] * 9,
        "balk_above": 1,
        "started": [5, 26, 47, N, N, 68, N, N, N],
        "ended": [26, 47, 68, 20, 25, 89, 35, 40, 45],
        "outcome": "served served served balked balked served balked balked balked",
    },
    # Ciw, tests/test_node.py::test_preemptive_priorities, the part without preemption
    "ciw priority": {
        "arrivals": [1.5, 5, 7.5],
        "services": [5, 5, 4],
        "classes": [1, 1, 0],
        "started": [1.5, 6.5, 11.5],
        "ended": [6.5, 11.5, 15.5],
    },
    # simmer, tests/testthat/test-simmer-resource-schedule.R: capacity 1, 3, 1 at 0, 1, 2
    "simmer schedule": {
        "arrivals": [0, 0, 0],
        "services": [2, 2, 2],
        "counters": [[(0, FOREVER)], [(1, 2)], [(1, 2)]],
        "started": [0, 1, 1],
        "ended": [2, 3, 3],
    },
    # SimPy, docs/examples/bank_renege with seed 42
    "simpy bank renege": {
        "arrivals": [0, 10.2006, 12.7265, 34.9993, 40.4798],
        "services": [3.8595, 13.5501, 1, 2.9606, 2.6603],
        "patience": [9, 9, 1.1738, 9, 9],
        "started": [0, 10.2006, N, 34.9993, 40.4798],
        "ended": [3.8595, 23.7507, 13.9003, 37.9599, 43.1401],
    },
    # Law and Kelton, Simulation Modeling and Analysis, 1.4.2: delays 0 0.8 1 0 0.9 3, mean 0.95
    "law and kelton": {
        "arrivals": [0.4, 1.6, 2.1, 3.8, 4.0, 5.6],
        "services": [2.0, 0.7, 0.2, 1.1, 3.7, 0.6],
        "started": [0.4, 2.4, 3.1, 3.8, 4.9, 8.6],
        "ended": [2.4, 3.1, 3.3, 4.9, 8.6, 9.2],
    },
    # The order of events: what a visitor meets who comes at the very instant of a change.
    "served at the end of his patience": {
        "arrivals": [0, 5],
        "services": [10, 1],
        "patience": [FOREVER, 5],
        "started": [0, 10],
        "ended": [10, 11],
    },
    "no start at the end of a shift": {
        "arrivals": [0, 5],
        "services": [10, 1],
        "counters": [[(0, 10), (20, 30)]],
        "started": [0, 20],
        "ended": [10, 21],
    },
    "a seamless change of counters": {
        "arrivals": [0, 10],
        "services": [10, 1],
        "counters": [[(0, 10)], [(10, 20)]],
        "started": [0, 10],
        "ended": [10, 11],
        "counter": [0, 1],
    },
    "a counter that opens looks at the line at once": {
        "arrivals": [0, 1, 20],
        "services": [1, 1, 1],
        "counters": [[(8, 30)]],
        "started": [8, 9, 20],
        "ended": [9, 10, 21],
    },
    "no patience at all": {
        "arrivals": [0, 1, 4],
        "services": [4, 4, 4],
        "patience": [0, 0, 0],
        "started": [0, N, 4],
        "ended": [4, 1, 8],
        "outcome": "served reneged served",
    },
    "longest idle, then lowest": {
        "arrivals": [0, 0, 0, 1, 6],
        "services": [3, 2, 4, 9, 1],
        "counters": [[(0, 99)]] * 4,
        "started": [0, 0, 0, 1, 6],
        "ended": [3, 2, 4, 10, 7],
        "counter": [0, 1, 2, 3, 1],
    },
    "of two counters freed at once the lower takes the visitor": {
        "arrivals": [0, 0, 1],
        "services": [5, 5, 1],
        "counters": [[(0, 99)]] * 2,
        "started": [0, 0, 5],
        "ended": [5, 5, 6],
        "counter": [0, 1, 0],
    },
    "at closing the waiting are dismissed": {
        "arrivals": [0, 1, 5],
        "services": [10, 1, 1],
        "counters": [[(0, 5)]],
        "closing": 5,
        "serve_all": False,
        "started": [0, N, N],
        "ended": [10, 5, 5],
        "outcome": "served dismissed refused",
    },
    "at closing all inside are served, overtime": {
        "arrivals": [0, 1, 5],
        "services": [10, 1, 1],
        "counters": [[(0, 5)]],
        "closing": 5,
        "started": [0, 10, N],
        "ended": [10, 11, 5],
        "outcome": "served served refused",
    },
    "nobody returns from a break that lasts past closing": {
        "arrivals": [0, 1, 2],
        "services": [4, 1, 1],
        "patience": [FOREVER, FOREVER, 2],
        "counters": [[(0, 3)]],
        "closing": 5,
        "started": [0, N, N],
        "ended": [4, 5, 4],
        "outcome": "served unserved reneged",
    },
}


@pytest.mark.parametrize("name", TRACES)
def test_trace_is_as_followed_by_hand(name: str) -> None:
    case = dict(TRACES[name])
    started, ended = case.pop("started"), case.pop("ended")
    outcome, counter = case.pop("outcome", None), case.pop("counter", None)
    facts = run_on_grid(**case)
    # The published times are decimals; ours are those times on a grid of 2**-20 minute.
    np.testing.assert_allclose(facts.started, started, atol=1e-5, err_msg="started")
    np.testing.assert_allclose(facts.ended, ended, atol=1e-5, err_msg="ended")
    if outcome:
        assert [Outcome(code).name.lower() for code in facts.outcome] == outcome.split()
    else:
        assert np.array_equal(facts.outcome == Outcome.SERVED, ~np.isnan(started))
    if counter:
        assert facts.counter.tolist() == counter


def run_on_grid(**case: Any) -> DayTrace:
    def grid(times: Sequence[float]) -> Sequence[float]:
        return [round(time * 2**20) / 2**20 for time in times]

    exact: dict[str, Any] = {
        key: grid(case.pop(key)) for key in ("arrivals", "services", "patience") if key in case
    }
    return simulate(one_station(**exact, **case)).days[0]
