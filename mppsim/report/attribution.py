"""The answer to `attribute`: who makes the others wait, and what could be done about it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Group as Lines
from rich.table import Table
from rich.text import Text

from mppsim.measure.inference import student_quantile
from mppsim.plan.plan import Floats
from mppsim.report import files, names, wording
from mppsim.report.answers import Origin, answer_html, origin_of, sheet_of, write_answer
from mppsim.report.cells import records
from mppsim.report.page import Section
from mppsim.study.attribution import AttributionStudy, Burden
from mppsim.study.remedies import Tried

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


_ALL_AT_ONCE = (
    "Each remedy alone, in the hall with all new tenants. The intervals hold all at once with "
    "95 % (Bonferroni). What a remedy costs is not told."
)


@dataclass(frozen=True, eq=False)
class Attribution:
    """What each group of new tenants adds to the others' waiting, and the ladder of remedies."""

    study: AttributionStudy
    tried: tuple[Tried, ...] = ()

    def burdens(self) -> pd.DataFrame:
        """Return one row a group, and `together`: what it adds to those who were there before.

        first, last, shapley: hours in line a day, of all visitors of the base's tenants at all
        stations, as the first of the groups to come, as the last, and on average over all orders.
        seats_shapley: persons more at once who want a seat, all zones, mean of the days' largest.
        The shapley columns add up to `together`. Each has the half-width of its 95 % interval.
        """
        import pandas as pd

        rows = []
        for group, tenants in self.study.groups.items():
            shapley = self.study.shapley(group)
            row: dict[str, Any] = {"group": group, "tenants": ", ".join(tenants)}
            for name, burden in (
                ("first", self.study.first(group)),
                ("last", self.study.last(group)),
                ("shapley", shapley),
            ):
                row[name], row[f"{name}_half_width"] = mean_of(burden.hours)
            row["seats_shapley"], row["seats_shapley_half_width"] = mean_of(_seats(shapley))
            rows.append(row)
        rows.sort(key=lambda row: -row["shapley"])
        all_ = self.study.together()
        together: dict[str, Any] = {"group": "together", "tenants": ""}
        for name in ("first", "last", "shapley"):
            together[name], together[f"{name}_half_width"] = mean_of(all_.hours)
        together["seats_shapley"], together["seats_shapley_half_width"] = mean_of(_seats(all_))
        rows.append(together)
        return pd.DataFrame(rows)

    def seats(self) -> pd.DataFrame:
        """Return one row a group and zone: seats wanted more, on average over all orders."""
        import pandas as pd

        rows = []
        for group in self.study.groups:
            shapley = self.study.shapley(group)
            for number, zone in enumerate(self.study.plan.zones):
                more, half_width = mean_of(shapley.seats[:, number])
                rows.append(
                    {"group": group, "zone": zone, "seats": more, "seats_half_width": half_width}
                )
        return pd.DataFrame(rows)

    def remedies(self) -> pd.DataFrame:
        """Return one row a remedy, best first: hours in line a day that it saves, of all visitors.

        The intervals hold at once for all remedies with 95 % confidence (Bonferroni).
        """
        import pandas as pd

        confidence = 1 - 0.05 / max(len(self.tried), 1)
        rows = []
        for one in self.tried:
            saved, half_width = mean_of(one.saved, confidence)
            verdict = "saves" if saved - half_width > 0 else "cannot tell"
            rows.append(
                {
                    "remedy": one.name,
                    "saved": saved,
                    "saved_half_width": half_width,
                    "verdict": "costs" if saved + half_width < 0 else verdict,
                }
            )
        return pd.DataFrame(rows, columns=["remedy", "saved", "saved_half_width", "verdict"])

    @property
    def headline(self) -> str:
        """The answer in a sentence or two."""
        first, *_, together = records(self.burdens()).values()
        text = (
            "The new tenants add "
            f"{wording.number(together['shapley'], 1)} "
            f"({wording.half_width(together['shapley_half_width'], 1)}) hours in line a day to the "
            f"others; most comes from {_name(self, first['group'])}, "
            f"{wording.number(first['shapley'], 1)}."
        )
        best = next(iter(records(self.remedies()).values()), None)
        if best is None or best["verdict"] != "saves":
            return text
        saved = wording.number(best["saved"], 1)
        return f"{text} Best remedy: {best['remedy']}, which saves {saved} hours a day in all."

    def plot(self) -> Figure:
        """Draw what each remedy saves, and what each group adds, with intervals."""
        from mppsim.report.drawing import figure_of
        from mppsim.report.figures_attribution import attribution_chart

        return figure_of(attribution_chart(self))

    def tables(self) -> files.Tables:
        """Return every table that is written out, by name."""
        return {"burdens": self.burdens(), "seats": self.seats(), "remedies": self.remedies()}

    def to_csv(self, folder: str | Path) -> None:
        """Write each table as a CSV file into a folder, which is made if need be."""
        files.write_csv(self.tables(), folder)

    def to_html(self, path: str | Path) -> None:
        """Write the report: one file that needs no network."""
        from mppsim.report.figures_attribution import attribution_chart

        sections = [
            Section("picture", "At a glance", (), (attribution_chart(self),)),
            Section(
                "burdens",
                "Who makes the others wait",
                (_note(self),),
                (sheet_of(_burdens_table(self)),),
            ),
        ]
        if self.tried:
            remedies = (sheet_of(_remedies_table(self)),)
            sections.append(Section("remedies", "What helps", (_ALL_AT_ONCE,), remedies))
        n = wording.counted(self.study.job.replications, "replication")
        subtitle = f"{wording.sentence(n)} of each hall; all meet the same visitors."
        name = self.study.plan.name
        write_answer(path, name, subtitle, self.headline, sections, self._origin())

    def to_json(self) -> str:
        """Return the answer and all tables as strict JSON."""
        about = {"headline": self.headline, "provenance": self._origin()}
        return files.json_text(about, self.tables())

    def __repr__(self) -> str:
        return f"<Attribution of {self.study.plan.name!r}: {self.headline}>"

    def _origin(self) -> Origin:
        groups = (f"{name}={','.join(those)}" for name, those in self.study.groups.items())
        n = self.study.job.replications
        return origin_of(self.study.job, groups=" ".join(groups), replications=n)

    def _repr_html_(self) -> str:
        return answer_html(self.study.plan.name, self.headline, _burdens_table(self))


def attribution_text(answer: Attribution) -> Lines:
    """Return the answer for the terminal, made for 80 columns."""
    parts: list[Text | Table | str] = [
        Text(answer.study.plan.name),
        Text(answer.headline, style="bold"),
        "",
        _burdens_table(answer),
        Text(_note(answer), style="dim"),
    ]
    if answer.tried:
        parts += ["", _remedies_table(answer)]
    return Lines(*parts)


def _note(answer: Attribution) -> str:
    orders = "orders drawn at random" if answer.study.orders else "all orders"
    return (
        "Hours in line a day of the visitors of all tenants of the base, ± half of the 95 % "
        "interval: as the first of the groups to come, as the last, and on average over "
        f"{orders} (Shapley), which adds up. Seats: wanted at once, Shapley."
    )


def mean_of(values: Floats, confidence: float = 0.95) -> tuple[float, float]:
    """Return the mean of independent numbers and the half-width of its t interval."""
    n = len(values)
    if n < 2:
        return float(values.mean()), math.nan
    error = float(values.std(ddof=1)) / math.sqrt(n)
    return float(values.mean()), student_quantile(confidence, n - 1) * error


def _seats(burden: Burden) -> Floats:
    return np.asarray(burden.seats.sum(axis=1))


def _burdens_table(answer: Attribution) -> Table:
    table = Table(
        title="What new tenants add to the others", title_justify="left", box=None, pad_edge=False
    )
    table.add_column("", max_width=24, no_wrap=True, overflow="ellipsis")
    for column in ("first", "last", "Shapley", "seats"):
        table.add_column(column, justify="right")
    for row in records(answer.burdens()).values():
        table.add_row(
            _name(answer, row["group"]),
            *(_cell(row, name) for name in ("first", "last", "shapley", "seats_shapley")),
            style="bold" if row["tenants"] == "" else "",
        )
    return table


def _remedies_table(answer: Attribution) -> Table:
    table = Table(
        title="What remedies save, hours in line a day of all visitors",
        title_justify="left",
        box=None,
        pad_edge=False,
    )
    table.add_column("", max_width=52, no_wrap=True, overflow="ellipsis")
    table.add_column("saved", justify="right")
    table.add_column("")
    for row in records(answer.remedies()).values():
        table.add_row(row["remedy"], _cell(row, "saved"), row["verdict"])
    return table


def _name(answer: Attribution, group: str) -> str:
    tenants = answer.study.groups.get(group)
    is_alone = tenants == (group,)
    return names.station_name(answer.study.plan, group) if is_alone else group


def _cell(row: dict[str, Any], name: str) -> str:
    half_width = wording.half_width(row[f"{name}_half_width"], 1)
    return f"{wording.number(row[name], 1)} {half_width}".rstrip()
