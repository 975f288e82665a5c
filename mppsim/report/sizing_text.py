"""The answer to `size` on the terminal, made for 80 columns."""

from __future__ import annotations

import math

from rich.console import Group as Lines
from rich.table import Table
from rich.text import Text

from mppsim.report import names, wording
from mppsim.report.answers import sheet_of
from mppsim.report.cells import records
from mppsim.report.page import Section
from mppsim.report.sizing import OUT_OF_REACH, Sizing

_MOST_CHANGES = 5
"""Named in the headline; the others stand in the table."""


def sizing_text(sizing: Sizing) -> Lines:
    """Return the answer, the counters with one more and less, the seats and the frontier."""
    parts: list[Text | Table | Lines | str] = [
        Text(sizing.study.hall.name),
        Text(sizing_headline(sizing), style="bold"),
        "",
        Text(bounds_caption(sizing), style="italic"),
        bounds_table(sizing),
    ]
    if sizing.seats()["needed"].notna().any() or not sizing.is_met:
        parts += ["", *_seats_lines(sizing)]
    parts += ["", _frontier_table(sizing), Text(sizing.guarantee, style="dim")]
    return Lines(*parts)


def sizing_sections(sizing: Sizing) -> list[Section]:
    """Return the sections of the report."""
    from mppsim.report.figures_sizing import frontier_chart

    counters = sheet_of(bounds_table(sizing), bounds_caption(sizing))
    seats = tuple(line.plain for line in _seats_lines(sizing))
    frontier = (frontier_chart(sizing), sheet_of(_frontier_table(sizing)))
    return [
        Section("counters", "The counters that are needed", seats, (counters,)),
        Section("frontier", "What more or less money buys", (), frontier),
        Section("guarantee", "How sure this is", (sizing.guarantee,), ()),
    ]


def sizing_headline(sizing: Sizing) -> str:
    """Return the answer in a sentence or two."""
    changes = _changes(sizing)
    now = "" if sizing.cost_now is None else f" instead of {sizing.cost_now:g}"
    cost = f"The cheapest counters cost {sizing.cost:g}{now}"
    change = f": {wording.listed(changes)}." if changes else ": they are the ones that are there."
    if sizing.is_met:
        return f"All bounds can be kept. {cost}{change}"
    missed = [
        row["place"] for row in records(sizing.bounds()).values() if row["verdict"] == OUT_OF_REACH
    ]
    what = f"at {wording.listed(missed)}" if missed else "on seats"
    return f"Not all bounds can be kept: no number is enough {what}. {cost}{change}"


def _changes(sizing: Sizing) -> list[str]:
    """Return what changes, the most first; of many only some."""
    of_shifts = any(ladder.now is None for ladder in sizing.study.ladders.values())
    rows = [
        row
        for row in records(sizing.counters()).values()
        if of_shifts or row["now"] != row["needed"]
    ]
    rows.sort(key=lambda row: -abs(row["needed"] - row["now"]))
    changes = [
        f"{names.station_name(sizing.study.hall, row['station'])} "
        + (f"({row['crew']})" if of_shifts else f"{row['now']} to {row['needed']}")
        for row in rows
    ]
    if len(changes) <= _MOST_CHANGES + 1:
        return changes
    return [*changes[:_MOST_CHANGES], f"{len(changes) - _MOST_CHANGES} others"]


def bounds_caption(sizing: Sizing) -> str:
    """Return what the bounds are about; a bound that holds for all stands here."""
    shared = _shared_bound(sizing)
    return "Counters, and what is kept" + (f" of {shared}" if shared else "")


def _shared_bound(sizing: Sizing) -> str:
    bounds = {*sizing.bounds()["bound"]}
    return str(bounds.pop()) if len(bounds) == 1 else ""


def bounds_table(sizing: Sizing) -> Table:
    """Return a row a bound, with the counters before and after."""
    rows, shared = list(records(sizing.bounds()).values()), _shared_bound(sizing)
    table = Table(box=None, pad_edge=False)
    table.add_column("", max_width=24, no_wrap=True, overflow="ellipsis")
    for column in (
        "now",
        "needed",
        "one less",
        "value",
        "one more",
        *(() if shared else ("bound",)),
    ):
        table.add_column(column, justify="right")
    counters = records(sizing.counters())
    for row in rows:
        crew = counters.get(row["station"])
        style = "red" if row["verdict"] == OUT_OF_REACH else ""
        in_minutes = "mean" in row["bound"]
        table.add_row(
            row["place"],
            str(crew["now"]) if crew else "",
            str(crew["needed"]) if crew else "fixed",
            *(_number(row, name, in_minutes) for name in ("one_less", "value", "one_more")),
            *(() if shared else (row["bound"],)),
            style=style,
        )
    return table


def _number(row: dict[str, float], name: str, in_minutes: bool) -> str:
    value, half_width = row[name], row[f"{name}_half_width"]
    if math.isnan(value):
        return wording.NOTHING
    if in_minutes:
        return f"{wording.number(value, 1)} {wording.half_width(half_width, 1)}"
    return f"{wording.percent(value)} {wording.half_width(100 * half_width)}"


def _seats_lines(sizing: Sizing) -> list[Text]:
    lines: list[Text] = []
    for row in records(sizing.seats()).values():
        if row["bound"]:
            needed = "too few days to tell" if math.isnan(row["needed"]) else f"{row['needed']:.0f}"
            zone = names.zone_name(sizing.study.hall, row["zone"])
            lines.append(Text(f"Seats, {zone}: {row['now']} now, needed {needed} ({row['bound']})"))
    return lines


def _frontier_table(sizing: Sizing) -> Table:
    table = Table(
        title="What more or less money buys", title_justify="left", box=None, pad_edge=False
    )
    for column in ("cost", "mean wait (min)", "hours in line a day", "bounds missed"):
        table.add_column(column, justify="right")
    table.add_column("")
    for row in records(sizing.frontier()).values():
        mean, hours = row["mean_wait"], row["waiting_hours"]
        table.add_row(
            f"{row['cost']:g}",
            f"{wording.number(mean, 1)} {wording.half_width(row['mean_wait_half_width'], 1)}",
            f"{wording.number(hours, 1)} {wording.half_width(row['waiting_hours_half_width'], 1)}",
            str(row["broken"]),
            "found" if row["is_found"] else "",
            style="bold" if row["is_found"] else "",
        )
    return table
