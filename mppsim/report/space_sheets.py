"""Tables of what only some halls have: floor areas, a gate, full waiting rooms, outages."""

from __future__ import annotations

from mppsim.report import names, wording
from mppsim.report.cells import (
    Cell,
    Sheet,
    minutes_cell,
    number_cell,
    one_group,
    percent_cell,
    records,
)
from mppsim.report.result import Result


def density_sheet(result: Result) -> Sheet:
    """Return how dense each zone with a floor area gets."""
    rows = [
        (
            Cell(names.zone_name(result.scenario, zone)),
            Cell(wording.number(row["area"])),
            Cell(f"{row['largest']:.2f}"),
            Cell(f"{row['largest_p95']:.2f}"),
        )
        for zone, row in records(result.density_summary()).items()
    ]
    columns = ("Zone", "Area (m2)", "Densest moment of a day, mean", "On 19 of 20 days at most")
    note = "Counted are all who are there, at the counters too; who stands outside is not."
    return Sheet("Density, persons per square meter", columns, one_group(rows), note)


def gate_sheet(result: Result) -> Sheet:
    """Return who waits outside because the hall is full; no rows where the hall has no end."""
    table = records(result.gate()) if result.scenario.capacity is not None else {}
    rows = [
        (
            Cell(wording.kind_name(kind)),
            percent_cell(row, "waited"),
            minutes_cell(row, "mean"),
            number_cell(row, "longest"),
            number_cell(row, "longest_p95"),
        )
        for kind, row in table.items()
    ]
    columns = (
        "Day",
        "Visitors who wait outside",
        "Mean wait outside, of all (min)",
        "Most persons outside on a day, mean",
        "On 19 of 20 days at most",
    )
    title = f"At the gate: the hall holds {result.scenario.capacity} persons"
    return Sheet(title, columns, one_group(rows))


def standstill_sheet(result: Result) -> Sheet:
    """Return how long counters stand still: in outages, or held by who has no place to go on to."""
    layout = result.run.observations.layout
    counters = result.counters()
    still = records(counters.groupby("station", sort=False)[["out", "blocked"]].sum())
    rows = [
        (
            Cell(names.station_name(result.scenario, station)),
            Cell(wording.number(still[station]["out"])),
            Cell(wording.number(still[station]["blocked"])),
        )
        for station in layout.stations
        if still[station]["out"] or still[station]["blocked"]
    ]
    return Sheet(
        "Counters that stand still, minutes a day over all counters of the station",
        ("Station", "In outages", "Occupied by visitors who find no place ahead"),
        one_group(rows),
    )
