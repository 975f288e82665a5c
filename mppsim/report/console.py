"""Tables for the terminal, made for 80 columns."""

from __future__ import annotations

from rich.console import Group as Lines
from rich.table import Table
from rich.text import Text

from mppsim.report import wording
from mppsim.report.cells import Cell, Sheet, labels
from mppsim.report.comparison import JUDGED, Comparison, Pair
from mppsim.report.headlines import (
    pair_findings,
    pair_headline,
    result_findings,
    result_headline,
)
from mppsim.report.pair_sheets import change_sheet, judged_sheet, shared_stations_sheet
from mppsim.report.promise_sheets import broken_promises
from mppsim.report.result import Result
from mppsim.report.sheets import waiting_sheet

_STYLES = {"bad": "red", "good": "green", "new": "magenta", "": ""}
_NAME_WIDTH = 26
_MOST_BROKEN = 6


def result_text(result: Result) -> Lines:
    """Return headline, waiting by tenant, and findings."""
    return Lines(
        Text(result.scenario.name),
        _headline(result_headline(result)),
        "",
        table_of(waiting_sheet(result, narrow=True)),
        Text(
            "a day: visits. mean ± half of its 95 % interval; p90: nine in ten wait "
            "at most so long. kept: served within the promised wait.",
            style="dim",
        ),
        *_bullets(result_findings(result)),
        *_broken_promises(result),
    )


def comparison_text(comparison: Comparison) -> Lines:
    """Return headline and difference by tenant, for each hall against the base."""
    return Lines(*(part for pair in comparison.pairs for part in _pair_parts(pair)))


def table_of(sheet: Sheet) -> Table:
    """Return a sheet as a table for the terminal, its half-widths behind the numbers."""
    table = Table(title=sheet.caption, title_justify="left", box=None, pad_edge=False)
    table.add_column(sheet.columns[0], max_width=_NAME_WIDTH, no_wrap=True, overflow="ellipsis")
    for column in sheet.columns[1:]:
        table.add_column(column, justify="right", no_wrap=True)
    for number, group in enumerate(sheet.groups):
        if number:
            table.add_section()
        if group.heading:
            table.add_row(Text(group.heading, style="bold magenta", overflow="ellipsis"))
        for row in group.rows:
            table.add_row(*map(_styled, row, labels(row)))
    return table


def _pair_parts(pair: Pair) -> list[Text | Table | str]:
    names = f"{pair.other.scenario.name} against {pair.base.scenario.name}"
    parts: list[Text | Table | str] = [
        Text(names),
        _headline(pair_headline(pair)),
        "",
        table_of(change_sheet(pair, narrow=True)),
    ]
    if pair.measures is not JUDGED:
        parts += ["", table_of(judged_sheet(pair, narrow=True))]
    stations = shared_stations_sheet(pair, narrow=True)
    if stations.has_rows:
        parts += ["", table_of(stations)]
    note = "difference: after minus before, ± half of its 95 % interval, under the same visitors."
    return [*parts, Text(note, style="dim"), *_bullets(pair_findings(pair))]


def _broken_promises(result: Result) -> list[Text | str]:
    """Return the promises that would be broken, not more than a screen has room for."""
    broken = broken_promises(result)
    if not broken.lines:
        return []
    more = len(broken.lines) - _MOST_BROKEN
    rest = f"and {wording.counted(more, 'more promise')} in the report (--out FOLDER)"
    shown = (*broken.lines[:_MOST_BROKEN], *((rest,) if more > 0 else ()))
    return ["", Text(f"{broken.heading}:", style="bold"), *_bullets(shown)]


def _headline(text: str) -> Text:
    return Text(text, style="bold")


def _bullets(sentences: tuple[str, ...]) -> list[Text]:
    return [Text(f"• {sentence}") for sentence in sentences]


def _styled(cell: Cell, text: str) -> Text:
    return Text(text, style=_STYLES[cell.tone])
