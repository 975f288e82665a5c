"""The answer to `headroom`: how much demand may grow, and where a promise breaks first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Group as Lines
from rich.table import Table
from rich.text import Text

from mppsim.report import files, names, wording
from mppsim.report.answers import Origin, answer_html, origin_of, sheet_of, write_answer
from mppsim.report.page import Section
from mppsim.scenario import Scenario
from mppsim.study.headroom import Growth, HeadroomStudy, first_year

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class Headroom:
    """How much demand may grow before bounds break, with intervals."""

    study: HeadroomStudy
    rate: float | None = None
    """The growth of demand a year, such as 0.05; None: no years are told."""
    start: int = 0
    """The year of the scenario's demand."""

    @property
    def hall(self) -> Scenario:
        """The hall that was looked at."""
        return self.study.hall

    @property
    def first(self) -> Growth:
        """The bound that breaks first as the whole hall grows."""
        together = [one for one in self.study.growths if one.who is None]
        return min(together, key=lambda one: one.level)

    def growth(self) -> pd.DataFrame:
        """Return one row a bound and who grows ('hall', or a tenant alone): the growth left.

        growth: 0.2 means that demand may grow by a fifth; below 0 it would have to fall; infinite
        where the bound is kept at all levels looked at, -1 where it is at none. growth_low and
        growth_high: the interval. year, year_low, year_high: the first year with more demand.
        """
        import pandas as pd

        rows = []
        for one in self.study.growths:
            row: dict[str, Any] = {
                "who_grows": one.who or "hall",
                "place": one.bound.label,
                "station": one.bound.station,
                "bound": one.bound.goal.text,
                "growth": one.level - 1,
                "growth_low": one.low - 1,
                "growth_high": one.high - 1,
                "n": self.study.job.replications,
            }
            if self.rate is not None:
                for name, level in (("", one.level), ("_low", one.low), ("_high", one.high)):
                    row[f"year{name}"] = first_year(level, self.rate, self.start)
            rows.append(row)
        return pd.DataFrame(rows)

    @property
    def headline(self) -> str:
        """The answer for the hall, in a sentence or two."""
        first = self.first
        place = names.station_name(self.hall, first.bound.station)
        highest = max(self.study.levels[None])
        if math.isinf(first.level):
            return f"Demand may grow by more than {percent(highest - 1)} before anything breaks."
        rivals = [
            names.station_name(self.hall, one.bound.station)
            for one in self.study.growths
            if one.who is None and one.bound.station != first.bound.station and one.low < first.high
        ]
        others = f", or else {wording.listed(list(dict.fromkeys(rivals))[:3])}" if rivals else ""
        if first.level <= 1:
            return (
                f"There is no room left: {place} breaks its bound as it is, and would keep it at "
                f"{percent(first.level)} of today's demand{_between(first)}{others}."
            )
        when = ""
        if self.rate is not None:
            year = first_year(first.level, self.rate, self.start)
            early = first_year(first.low, self.rate, self.start)
            late = first_year(first.high, self.rate, self.start)
            span = "" if early == late else f" ({early:.0f} to {late:.0f})"
            when = f" At {100 * self.rate:.1f} % a year that is {year:.0f}{span}."
        return (
            f"Demand may grow by {percent(first.level - 1)}{_between(first, 1)} before a bound "
            f"breaks first, at {place}{others}.{when}"
        )

    def plot(self) -> Figure:
        """Draw the growth left at each bound, with its interval."""
        from mppsim.report.drawing import figure_of
        from mppsim.report.figures_headroom import headroom_chart

        return figure_of(headroom_chart(self))

    def to_csv(self, folder: str | Path) -> None:
        """Write the table as a CSV file into a folder, which is made if need be."""
        files.write_csv({"growth": self.growth()}, folder)

    def to_html(self, path: str | Path) -> None:
        """Write the report: one file that needs no network."""
        from mppsim.report.figures_headroom import headroom_chart

        parts = (headroom_chart(self), sheet_of(_growth_table(self), _caption(self)))
        levels = ", ".join(f"{level:.3g}" for level in self.study.levels[None])
        text = (_note(self), f"Simulated at {levels} times today's demand.")
        growth = Section("growth", "How much demand may grow", text, parts)
        n = wording.counted(self.study.job.replications, "replication")
        subtitle = f"{wording.sentence(n)} of each level of demand; all meet the same visitors."
        write_answer(path, self.hall.name, subtitle, self.headline, [growth], self._origin())

    def to_json(self) -> str:
        """Return the answer and the table as strict JSON; what has no end is null."""
        about = {"headline": self.headline, "provenance": self._origin()}
        return files.json_text(about, {"growth": self.growth()})

    def __repr__(self) -> str:
        return f"<Headroom of {self.hall.name!r}: {self.headline}>"

    def _origin(self) -> Origin:
        return origin_of(self.study.job, replications=self.study.job.replications)

    def _repr_html_(self) -> str:
        return answer_html(self.hall.name, self.headline, _growth_table(self), _caption(self))


def headroom_text(headroom: Headroom) -> Lines:
    """Return the answer for the terminal, made for 80 columns."""
    return Lines(
        Text(headroom.hall.name),
        Text(headroom.headline, style="bold"),
        "",
        Text(_caption(headroom), style="italic"),
        _growth_table(headroom),
        Text(_note(headroom), style="dim"),
    )


def _note(headroom: Headroom) -> str:
    return (
        "by: growth of demand at which the bound breaks, at all tenants together"
        + (" (hall) or at one. " if any(one.who for one in headroom.study.growths) else ". ")
        + "More visitors come at the same hours and with the same services as today's."
    )


def _growth_table(headroom: Headroom) -> Table:
    """Return a row a bound, those of the whole hall first, each soonest first."""
    growths, shared = headroom.study.growths, _shared_bound(headroom)
    table = Table(box=None, pad_edge=False)
    table.add_column("", max_width=24, no_wrap=True, overflow="ellipsis")
    grows = ["grows"] if any(one.who for one in growths) else []
    year = ["year"] if headroom.rate else []
    for column in (*grows, "by", "95 % interval", *year):
        table.add_column(column, justify="right", no_wrap=True)
    if not shared:
        table.add_column("bound", max_width=26)
    for one in sorted(growths, key=lambda one: (one.who or "", one.level)):
        years = [first_year(one.level, headroom.rate, headroom.start)] if headroom.rate else []
        table.add_row(
            one.bound.label,
            *(["alone" if one.who == one.bound.station else one.who or "hall"] if grows else []),
            _growth(one.level) or f"> {percent(max(headroom.study.levels[one.who]) - 1)}",
            _interval(one),
            *("never" if math.isinf(year) else f"{year:.0f}" for year in years),
            *([] if shared else [one.bound.goal.text]),
            style="red" if one.level < 1 else "",
        )
    return table


def _caption(headroom: Headroom) -> str:
    """Return what is told of the bounds; a bound that is that of all stands here."""
    shared = _shared_bound(headroom)
    return "How much demand may grow" + (f" and leave {shared}" if shared else "")


def _shared_bound(headroom: Headroom) -> str:
    bounds = {one.bound.goal.text for one in headroom.study.growths}
    return bounds.pop() if len(bounds) == 1 else ""


def _growth(level: float) -> str:
    """Return a level of demand as the growth until then; nothing where that has no end."""
    if math.isinf(level):
        return ""
    return "never" if level == 0 else wording.signed(100 * (level - 1)) + " %"


def _interval(one: Growth) -> str:
    low, high = _growth(one.low), _growth(one.high)
    if one.low == 0:
        return f"up to {high}" if high and one.high else high or "anything"
    return (
        f"{low} or more"
        if low and not high
        else f"{low.removesuffix(' %')} to {high}"
        if low
        else ""
    )


def percent(share: float) -> str:
    """Return a share as percent without decimals."""
    return f"{100 * share:.0f} %"


def _between(growth: Growth, minus: float = 0) -> str:
    if math.isinf(growth.high):
        return f" (at least {percent(growth.low - minus)})" if growth.low else ""
    if growth.low == 0:
        return f" (at most {percent(growth.high - minus)})"
    return f" ({percent(growth.low - minus)} to {percent(growth.high - minus)})"
