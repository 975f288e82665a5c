"""What the answers to `size`, `headroom` and `attribute` share: a page, a glance, their origin.

Their tables are those of the terminal, so that a number is put into words in one place only.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mppsim.report.cells import Cell, Sheet, one_group
from mppsim.report.page import Glance, Page, Section, Terms
from mppsim.study import Job

if TYPE_CHECKING:
    from rich.table import Table

Origin = dict[str, str | float]
_TONES = {"red": "bad"}


def answer_html(name: str, headline: str, table: Table, caption: str = "") -> str:
    """Return what a notebook shows of an answer: the headline and table that a terminal shows."""
    from mppsim.report.html import notebook_html

    return notebook_html(Glance(name, (headline,), (sheet_of(table, caption),)))


def write_answer(
    path: str | Path,
    name: str,
    subtitle: str,
    headline: str,
    sections: Sequence[Section],
    origin: Origin,
) -> None:
    """Write the report of an answer: one file that needs no network."""
    from mppsim.report.html import write_report

    page = Page(
        title=name,
        subtitle=subtitle,
        headlines=(headline,),
        findings=(),
        key_numbers=(),
        sections=(*sections, origin_section(origin)),
    )
    write_report(page, path)


def sheet_of(table: Table, caption: str = "") -> Sheet:
    """Return a table of the terminal as one of a page."""
    rows = zip(*(column.cells for column in table.columns), strict=True)
    tones = [_TONES.get(str(row.style), "") for row in table.rows]
    return Sheet(
        str(table.title or caption),
        tuple(str(column.header) for column in table.columns),
        one_group(
            tuple(Cell(str(cell), tone=tone) for cell in row)
            for row, tone in zip(rows, tones, strict=True)
        ),
    )


def origin_of(job: Job, **asked: str | float) -> Origin:
    """Return what an answer comes from, and what was asked."""
    from mppsim import __version__

    return {
        "scenario": job.scenario.name,
        "scenario_sha256": job.scenario.digest(),
        "seed": job.seed,
        "day": job.day or "all",
        **asked,
        "mppsim": __version__,
    }


def origin_section(items: Origin) -> Section:
    """Return the last section of a page: what gives its numbers again."""
    pairs = tuple((name, str(value)) for name, value in items.items())
    title = "How to get these numbers again"
    return Section("provenance", title, (), (Terms(pairs, is_code=True),))
