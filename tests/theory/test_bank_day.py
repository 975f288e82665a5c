"""Law and Kelton's bank, from the scenario to the tables, against its exact transient solution.

Simulation Modeling and Analysis, section 9.4: 5 tellers, one line, a visitor a minute, 4 minutes of
service, doors open from 9 to 17, everybody inside is served. The exact values come from the
Kolmogorov equations of this day.
"""

from __future__ import annotations

import pandas as pd
import pytest
import scipy.stats
from support.steady import Estimate

import mppsim
from mppsim import Result
from mppsim.scenario import parse_scenario

DAYS = 2200
BANK = parse_scenario(
    {
        "name": "Law and Kelton's bank",
        "days": {"mon": {"open": "09:00", "close": "17:00"}},
        "arrivals": {"profile": {"09:00": 1.0}},
        "promise": {"wait": "5 min"},
        "zones": {"hall": {"seats": 20}},
        "tenants": {
            "tellers": {
                "zone": "hall",
                "counters": 5,
                "visitors_per_day": 480,
                "services": {"any": {"service": {"exponential": {"mean": "4 min"}}}},
            }
        },
    }
)


@pytest.fixture(scope="module")
def result() -> Result:
    return mppsim.run(BANK, replications=DAYS, seed=1)


def estimate(table: pd.DataFrame, row: str, column: str) -> Estimate:
    values = table.to_dict("index")[row]
    half_width = values[f"{column}_half_width"]
    return Estimate(values[column], half_width / scipy.stats.t.ppf(0.975, DAYS - 1))


def test_mean_wait_is_the_exact_ratio(result: Result) -> None:
    estimate(result.waiting(), "tellers", "mean").agrees_with(2.078114251544865)


def test_share_within_five_minutes(result: Result) -> None:
    estimate(result.waiting(), "tellers", "kept").agrees_with(1 - 0.14752436562478471)
    # Share and quantiles are two sides of one curve: 46 % do not wait, 85 % at most 5 minutes.
    row = result.waiting().to_dict("index")["tellers"]
    assert 0 < row["p50"] < 5 < row["p90"]


def test_mean_queue_of_the_open_hours(result: Result) -> None:
    estimate(result.queue_summary(), "tellers", "mean_open_hours").agrees_with(2.059647382175761)


def test_last_visitor_leaves_ten_minutes_after_closing(result: Result) -> None:
    estimate(result.overrun(), "all", "overrun").agrees_with(9.835385341072715)


def test_work_done_is_what_came(result: Result) -> None:
    counters = result.counters()
    busy = (counters["utilization"] * counters["on_duty"] + counters["overtime"]).sum()
    assert abs(busy / 1920 - 1) < 0.01  # 480 visitors of 4 min, known to 0.2 % over 2,200 days
