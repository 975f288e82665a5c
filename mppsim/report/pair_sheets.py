"""Tables of a comparison as people read them: before, after, and the difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mppsim.report import names, wording
from mppsim.report.cells import (
    Cell,
    Differences,
    Group,
    Row,
    Sheet,
    kept_cell,
    minutes_cell,
    one_group,
    percent_cell,
    records,
)
from mppsim.report.comparison import Pair
from mppsim.report.sheets import station_loads

TOO_MANY_DAYS = 100_000
"""So many days tell of a difference too small to matter."""
VERDICTS = {"longer": "bad", "shorter": "good", "unchanged": "", "cannot tell": ""}


def change_sheet(pair: Pair, *, narrow: bool = False) -> Sheet:
    """Return the waiting at each tenant before and after; new tenants in a group of their own."""
    differences = Differences.of(pair.differences())
    old = [
        _change_row(_name(pair, tenant), row, narrow)
        for tenant, row in differences.by_group.items()
    ]
    everybody = _change_row("All visits of each hall", differences.everybody, narrow)
    columns: tuple[str, ...] = ("tenant", "before", "after", "difference", "verdict")
    if not narrow:
        columns = (
            "Tenant",
            "Mean wait before",
            "Mean wait after",
            "Difference",
            "Verdict",
            "9 of 10 wait at most, before",
            "9 of 10 wait at most, after",
            "Difference",
            "Within promise before",
            "Within promise after",
        )
    together = [everybody]
    one_sided = _one_sided(pair, narrow)
    if old and one_sided:
        both = _change_row("Tenants of both halls", differences.both, narrow)
        together.insert(0, both)
    groups = [Group("", tuple(old)), *one_sided, Group("", tuple(together))]
    return Sheet("Mean wait at each tenant's counters, in minutes", columns, tuple(groups))


def shared_stations_sheet(pair: Pair, *, narrow: bool = False) -> Sheet:
    """Return the waiting at the stations that visitors of several tenants pass."""
    differences = Differences.of(pair.differences("station")).by_group
    shared = [station for station in pair.base.scenario.stations if station in differences]
    rows = [_change_row(_name(pair, station), differences[station], True) for station in shared]
    title = "station" if narrow else "Station"
    columns = ("before", "after", "difference", "verdict")
    return Sheet(
        "Mean wait at the shared stations, in minutes",
        (title, *(columns if narrow else map(wording.sentence, columns))),
        one_group(rows),
    )


def judged_sheet(pair: Pair, *, narrow: bool = False) -> Sheet:
    """Return whether each measure is better or worse, all of it holding at once."""
    rows = [_judged_row(pair, row) for row in records(pair.judge()).values()]
    columns = ("measure", "before", "after", "difference", "verdict")
    return Sheet(
        "Better or worse; all intervals hold at once with 95 %",
        columns if narrow else tuple(map(wording.sentence, columns)),
        one_group(rows),
    )


def who_waits_sheet(pair: Pair) -> Sheet:
    """Return for how many visitors of each tenant the wait changes, visitor by visitor."""
    rows = [
        (
            Cell(_name(pair, row["tenant"])),
            Cell(f"{row['n'] / pair.base.replications:,.0f}"),
            percent_cell(row, "longer"),
            percent_cell(row, "shorter"),
            Cell(wording.signed(row["change"], 1), wording.half_width(row["change_half_width"], 1)),
            percent_cell(row, "lost"),
            percent_cell(row, "gained"),
        )
        for row in records(pair.who_waits("tenant")).values()
    ]
    columns = (
        "Tenant",
        "Visitors of both halls, a replication",
        "Wait more than 1 min longer",
        "Wait more than 1 min less",
        "Mean change (min)",
        "Served only before",
        "Served only after",
    )
    return Sheet("Who waits longer: the same visitors in both halls", columns, one_group(rows))


def load_change_sheet(pair: Pair) -> Sheet:
    """Return utilization and overtime of each station, before and after."""
    before = {load.station: load for load in station_loads(pair.base)}
    rows = []
    for load in station_loads(pair.other):
        old = before.get(load.station)
        rows.append(
            (
                Cell(_name(pair, load.station)),
                Cell(str(old.counters) if old else wording.NOTHING),
                Cell(str(load.counters)),
                Cell(wording.percent(old.utilization) if old else wording.NOTHING),
                Cell(
                    wording.percent(load.utilization),
                    tone="bad" if load.utilization > 0.9 else "",
                ),
                Cell(wording.number(old.overtime) if old else wording.NOTHING),
                Cell(wording.number(load.overtime)),
            )
        )
    columns = ("Counters before", "Counters after", "Utilization before", "Utilization after")
    return Sheet(
        "Counters before and after",
        ("Station", *columns, "Overtime before (min a day)", "Overtime after (min a day)"),
        one_group(rows),
    )


def _one_sided(pair: Pair, narrow: bool) -> list[Group]:
    """Return the tenants that only one of the halls has: nothing to compare them with."""
    after = records(pair.other.waiting())
    before = records(pair.base.waiting())
    new = [_new_row(_name(pair, t), after[t], "new", narrow) for t in pair.new_tenants]
    gone = [_new_row(_name(pair, t), before[t], "gone", narrow) for t in pair.gone_tenants]
    groups = [("New tenants", new), ("No longer there", gone)]
    return [Group(heading, tuple(rows)) for heading, rows in groups if rows]


def _change_row(name: str, row: dict[str, Any], narrow: bool) -> Row:
    start = (
        Cell(name),
        minutes_cell(row, "mean_base"),
        minutes_cell(row, "mean_other"),
        difference_cell(row, "mean"),
        Cell(row["verdict"], tone=VERDICTS[row["verdict"]]),
    )
    if narrow:
        return start
    return (
        *start,
        minutes_cell(row, "p90_base"),
        minutes_cell(row, "p90_other"),
        difference_cell(row, "p90"),
        Cell(wording.percent(row["kept_base"])),
        Cell(wording.percent(row["kept_other"]), tone="bad" if row["kept_other"] < 0.8 else ""),
    )


def difference_cell(row: dict[str, Any], name: str) -> Cell:
    """Return a difference in minutes with its sign and its half-width."""
    return Cell(
        wording.signed(row[f"{name}_difference"], 1),
        wording.half_width(row[f"{name}_difference_half_width"], 1),
    )


def _judged_row(pair: Pair, row: dict[str, Any]) -> Row:
    asked = next(one for one in pair.measures if one.text == row["measure"])
    scale, decimals = (100, 0) if asked.is_share else (1, 1)
    unit = " %" if asked.is_share else ""
    place = "" if asked.place else f"{row['place']} "
    verdict = row["verdict"]
    more = row["more_days"]
    if verdict == "cannot tell" and more < TOO_MANY_DAYS:
        verdict = f"cannot tell (+{more:,.0f} days)"
    return (
        Cell(f"{place}{row['measure']}"),
        Cell(f"{wording.number(row['base'] * scale, decimals)}{unit}"),
        Cell(f"{wording.number(row['other'] * scale, decimals)}{unit}"),
        Cell(
            wording.signed(row["difference"] * scale, 1),
            wording.half_width(row["joint_half_width"] * scale, 1),
        ),
        Cell(verdict, tone={"better": "good", "worse": "bad"}.get(verdict, "")),
    )


def _new_row(name: str, row: dict[str, Any], verdict: str, narrow: bool) -> Row:
    """Return the row of a tenant on one side; what the other side lacks stays empty."""

    def sides(cell: Cell) -> Sequence[Cell]:
        return (Cell(""), cell) if verdict == "new" else (cell, Cell(""))

    start = (Cell(name), *sides(minutes_cell(row, "mean")), Cell(""), Cell(verdict, tone="new"))
    if narrow:
        return start
    p90, kept = minutes_cell(row, "p90"), kept_cell(row)
    return (*start, *sides(p90), Cell(""), *sides(kept))


def _name(pair: Pair, station: str) -> str:
    scenario = pair.other.scenario
    known = station in scenario.tenants or station in scenario.stations
    return names.station_name(scenario if known else pair.base.scenario, station)
