"""The simulation beside the formulas."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from typing import Any

from support.results import result_of

from mppsim.report.cells import labels
from mppsim.report.html import report_html
from mppsim.report.pages import result_page
from mppsim.report.theory_sheets import theory_sheet

HALL = "scenarios/invalid/_hall.yaml"


def words(*changes: Any) -> dict[str, str]:
    rows = [
        row
        for group in theory_sheet(result_of(*changes, replications=12)).groups
        for row in group.rows
    ]
    return {labels(row)[0]: labels(row)[3] for row in rows}


def test_every_station_has_its_wait_in_both_ways_and_a_word_about_them() -> None:
    said = words()
    assert [*said] == ["Kiosk", "Cashier", "tax", "bank", "post"]
    assert all(text.startswith(("agree", "the formulas say")) for text in said.values())


def test_the_words_name_what_the_formulas_leave_out() -> None:
    def lines(spec: dict[str, Any]) -> None:
        each = {"counters": 12, "lunch": "none", "lines": {"each_counter": "random"}}
        spec["stations"]["kiosk"].update(**each, service={"constant": "7 min"})
        spec["arrivals"].pop("early")
        spec["days"].pop("fri")

    def crowd(spec: dict[str, Any]) -> None:
        spec["tenants"]["post"]["visitors_per_day"] = 1500
        spec["days"].pop("fri")

    assert "less: the formulas know one line for all counters" in words(lines)["Kiosk"]
    assert "more work comes than the counters can do" in words(crowd)["Kiosk"]


def test_the_report_shows_them() -> None:
    assert "Beside the formulas" in report_html(result_page(result_of()))


def test_check_tells_the_wait_by_hour_in_strict_json() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mppsim", "check", HALL, "--json", "--day", "mon"],
        capture_output=True,
        text=True,
        check=True,
    )
    kiosk = json.loads(done.stdout, parse_constant=lambda word: math.nan)[0]
    assert (kiosk["station"], kiosk["kept"], len(kiosk["hours"])) == ("kiosk", None, 7)
    assert all(0 < hour["wait"] < 1 and hour["load"] > 0 for hour in kiosk["hours"])
