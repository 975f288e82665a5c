"""A replay of real visits: the ticket booths of Wellington station, 403 of them in 4 sessions.

The records (2022, github.com/ctkakau/train-station-queueing, Data/csv/ProjectData-G1.csv) have no
licence, so they are not here: MPPSIM_TICKET_BOOTH names the file for whoever has it. Without the
file these tests are not collected (tests/conftest.py).
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

import mppsim
from mppsim.scenario import parse_scenario

BOOTH = os.environ.get("MPPSIM_TICKET_BOOTH", "")
Record = dict[str, str]


def records(session: str) -> list[Record]:
    with Path(BOOTH).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["Session"] == session]


def seconds(clock: str) -> int:
    hours, minutes, rest = map(int, clock.split(":"))
    return hours * 3600 + minutes * 60 + rest


def mean_wait(rows: list[Record], lanes: int) -> float:
    """Return the mean wait in seconds of these arrivals and services before so many lanes."""
    visits = [
        {
            "day": "mon",
            "tenant": "booth",
            "arrived": row["Arrive"].rjust(8, "0"),
            "service_time": f"{seconds(row['Serv_end']) - seconds(row['Serv_start'])} s",
        }
        for row in rows
    ]
    booth = {
        "zone": "hall",
        "counters": lanes,
        "visitors_per_day": 0,
        "services": {"ticket": {"service": {"constant": "34 s"}}},
    }
    hall = {
        "name": "Ticket booths",
        "days": {"mon": {"open": "07:00", "close": "20:00"}},
        "arrivals": {"profile": {"07:00": 1.0}},
        "zones": {"hall": {"seats": 0}},
        "tenants": {"booth": booth},
        "replay": visits,
    }
    steps = mppsim.simulate(mppsim.draw_plan(parse_scenario(hall))).steps
    return float((steps["started"] - steps["joined"]).mean()) * 60


@pytest.mark.parametrize("session", ["1", "3", "4", "5"])
def test_the_recorded_wait_lies_between_all_lanes_and_one_less(session: str) -> None:
    # Lanes opened and closed within a session, and nobody wrote down when: with all of them open
    # all the time visitors wait less than recorded, with one always closed they wait longer.
    rows = records(session)
    recorded = sum(seconds(r["Serv_start"]) - seconds(r["Arrive"]) for r in rows) / len(rows)
    lanes = int(rows[0]["Servers"])
    assert mean_wait(rows, lanes) <= recorded <= mean_wait(rows, lanes - 1)
