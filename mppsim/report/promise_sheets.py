"""Promises as people read them: which are kept, which would be broken, and where the time goes."""

from __future__ import annotations

import math
from typing import Any

from mppsim.measure.promise_counts import DOOR
from mppsim.measure.promises import BROKEN, CANNOT_TELL, KEPT
from mppsim.report import names, wording
from mppsim.report.cells import Cell, Row, Sheet, one_group, percent_cell, records
from mppsim.report.comparison import Pair
from mppsim.report.page import Listing
from mppsim.report.result import Result
from mppsim.scenario import Scenario

TONES = {KEPT: "good", BROKEN: "bad", CANNOT_TELL: ""}
_KINDS = {"wait": "wait", "service": "are served in", "visit": "are out again after"}
_LABELS = {"wait": "wait", "service": "service", "visit": "whole visit"}


def promises_sheet(result: Result) -> Sheet:
    """Return each promise with the share for whom it was kept, and the cause where it was not."""
    rows = [_row(result.scenario, row) for row in records(result.promises()).values()]
    note = (
        "Kept or broken: the whole 95 % interval lies on one side of the required share. A wait is "
        "promised to all who come to the counter, a service to all who are served, a whole visit "
        "to all who come to the hall for it."
    )
    columns = ("Promised", "Required", "Kept", "Verdict", "Most time is lost at", "It breaks at")
    return Sheet("Promises: to how many they are kept", ("To", *columns), one_group(rows), note)


def promises_change_sheet(pair: Pair) -> Sheet:
    """Return the promises of both halls before and after; those kept in both are left out."""
    rows = [
        (
            Cell(_to_whom(pair.other.scenario, row)),
            Cell(_promised(row | {"promised": row["promised_other"]})),
            Cell(wording.percent(row["kept_base"])),
            Cell(wording.percent(row["kept_other"])),
            Cell(
                wording.signed(row["kept_difference"] * 100),
                wording.half_width(row["kept_difference_half_width"] * 100),
            ),
            Cell(row["verdict_base"], tone=TONES[row["verdict_base"]]),
            Cell(row["verdict_other"], tone=TONES[row["verdict_other"]]),
        )
        for row in records(pair.promises()).values()
        if not row["verdict_base"] == row["verdict_other"] == KEPT
    ]
    columns = ("Promised", "Kept before", "Kept after", "Difference (points)", "Before", "After")
    note = "Promises that both halls keep are left out."
    return Sheet("Promises before and after", ("To", *columns), one_group(rows), note)


def broken_promises(result: Result) -> Listing:
    """Return the promises that would be broken, each with its cause in words."""
    lines = tuple(
        _broken(result.scenario, row)
        for row in records(result.promises()).values()
        if row["verdict"] == BROKEN
    )
    return Listing("Promises that would be broken", lines)


def promises_summary(result: Result) -> str:
    """Return how many promises are kept, broken or open, in a sentence; empty for none."""
    verdicts = [
        row["verdict"] for row in records(result.promises()).values() if not math.isnan(row["kept"])
    ]
    if not verdicts:
        return ""
    words = {
        KEPT: "{} kept",
        BROKEN: "{} broken",
        CANNOT_TELL: "the simulation cannot tell of {}",
    }
    parts = [
        text.format(wording.count_word(verdicts.count(verdict)))
        for verdict, text in words.items()
        if verdict in verdicts
    ]
    return f"Of {wording.counted(len(verdicts), 'promise')}: {wording.listed(parts)}."


def _row(scenario: Scenario, row: dict[str, Any]) -> Row:
    return (
        Cell(_to_whom(scenario, row)),
        Cell(_promised(row)),
        Cell(wording.percent(row["share"])),
        percent_cell(row, "kept"),
        Cell(row["verdict"], tone=TONES[row["verdict"]]),
        Cell(_place(scenario, row["cause"]) if _is_text(row["cause"]) else ""),
        Cell(row["breaks_at"] if _is_text(row["breaks_at"]) else "", wraps=True),
    )


def _broken(scenario: Scenario, row: dict[str, Any]) -> str:
    """Return 'Land office, Land: 69 % (± 5) wait at most 15 min, promised to 80 %; ...'."""
    within = f"{_KINDS[row['promise']]} at most {wording.minutes(row['promised'])}"
    kept = wording.percent_within(row["kept"], row["kept_half_width"])
    lost = _lost_in_words(scenario, row)
    hours = f", for those who come {row['breaks_at']}" if _is_text(row["breaks_at"]) else ""
    return (
        f"{_to_whom(scenario, row)}: of the visitors, {kept} {within}, and "
        f"{wording.percent(row['share'])} were promised it; {lost}{hours}."
    )


def _lost_in_words(scenario: Scenario, row: dict[str, Any]) -> str:
    if row["cause"] == DOOR:
        return "most are lost at the door, without a ticket"
    if row["cause"] == row["station"] and row["promise"] != "visit":
        return f"the time is lost {'in line' if row['promise'] == 'wait' else 'at the counter'}"
    return f"most time is lost at {_place(scenario, row['cause'])}"


def _to_whom(scenario: Scenario, row: dict[str, Any]) -> str:
    if not _is_text(row["tenant"]):
        return names.station_name(scenario, row["station"])
    tenant = names.station_name(scenario, row["tenant"])
    services = scenario.tenants[row["tenant"]].services
    if len(services) == 1:
        return tenant
    return f"{tenant}: {names.service_name(scenario, row['tenant'], row['service'])}"


def _promised(row: dict[str, Any]) -> str:
    return f"{_LABELS[row['promise']]} of {wording.minutes(row['promised'])}"


def _place(scenario: Scenario, station: str) -> str:
    if station == DOOR and DOOR not in scenario.stations and DOOR not in scenario.tenants:
        return "the door"
    return names.station_name(scenario, station)


def _is_text(value: object) -> bool:
    """Tell whether a cell of a table holds a text; where there is none, it is None or NaN."""
    return isinstance(value, str) and bool(value)
