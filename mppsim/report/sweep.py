"""The result of a sweep: a long table, and what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mppsim.report import files
from mppsim.scenario.errors import InputError, quoted
from mppsim.study.factors import numeric
from mppsim.study.sweep import Swept, sensitivity

if TYPE_CHECKING:
    import pandas as pd

    from mppsim.report.figures_sweep import SweepPlots

SENSITIVE = ("morris", "sobol")


def label(value: float | str) -> str:
    """Return the value of a factor as a reader sees it."""
    return value if isinstance(value, str) else f"{value:.4g}"


def _named(value: str, half_width: str, pair: tuple[float, float]) -> dict[str, float]:
    return {value: pair[0], half_width: pair[1]}


@dataclass(frozen=True, eq=False)
class SweepResult:
    """What many variants of a hall do to its visitors, all of them under the same luck."""

    swept: Swept

    @property
    def paths(self) -> tuple[str, ...]:
        """What was varied."""
        return tuple(factor.path for factor in self.swept.sweep.factors)

    @property
    def plot(self) -> SweepPlots:
        """The figures: `.heat_map()`, `.tornado()`."""
        from mppsim.report.figures_sweep import SweepPlots

        return SweepPlots(self)

    def table(self) -> pd.DataFrame:
        """Return one row a point, measure and place, the points in the order of the design.

        The columns of the factors hold their values, durations in minutes, and nothing where the
        hall is left as it is. difference: from the hall as it is, with the half-width of paired
        replications. n: replications.
        """
        import pandas as pd

        n = self.swept.sweep.job.replications
        rows = [
            {
                "point": number,
                **{path: numeric(point[path]) if path in point else None for path in self.paths},
                "measure": cell.measured.measure.text,
                "place": place,
                "n": n,
                **_named("value", "half_width", cell.measured.at(place)),
                **_named("difference", "difference_half_width", cell.difference.at(place)),
            }
            for number, (point, cells) in enumerate(
                zip(self.swept.points, self.swept.cells, strict=True)
            )
            for cell in cells
            for place in cell.measured.places
        ]
        return pd.DataFrame(rows)

    def base(self) -> pd.DataFrame:
        """Return each measure of the hall as it is."""
        import pandas as pd

        rows = [
            (one.measure.text, place, self.swept.sweep.job.replications, *one.at(place))
            for one in self.swept.base
            for place in one.places
        ]
        return pd.DataFrame(rows, columns=["measure", "place", "n", "value", "half_width"])

    def sensitivity(self) -> pd.DataFrame:
        """Return how much each factor moves each measure: one row a measure, place and factor.

        morris: mean_effect (mu*: how far a factor's whole range moves the measure) and
        effect_spread (sigma: bends, and interactions with others). sobol: first_order and total,
        its shares of the variance, alone and with others. Half-widths are those of the points
        drawn. Raises InputError for other designs.
        """
        import pandas as pd

        design = self.swept.sweep.design
        if design not in SENSITIVE:
            raise InputError(f"design: found {design}; expected morris or sobol for sensitivity")
        tables = []
        for number, base in enumerate(self.swept.base):
            for place in base.places:
                key = {"measure": base.measure.text, "place": place, "factor": list(self.paths)}
                tables.append(pd.DataFrame({**key, **sensitivity(self.swept, number, place)}))
        return pd.concat(tables, ignore_index=True)

    def one(self, measure: str | None = None, place: str | None = None) -> tuple[int, str]:
        """Return the number of a measure, and a place; the first unless they are named."""
        texts = [one.measure.text for one in self.swept.base]
        if measure is not None and measure not in texts:
            raise InputError(
                f"measure: found {quoted(measure)}; expected one of {', '.join(texts)}"
            )
        number = 0 if measure is None else texts.index(measure)
        places = self.swept.base[number].places
        if place is not None and place not in places:
            raise InputError(f"place: found {quoted(place)}; expected one of {', '.join(places)}")
        return number, place or places[0]

    def tables(self) -> files.Tables:
        """Return every table that is written out, by name."""
        tables = {"sweep": self.table(), "base": self.base()}
        if self.swept.sweep.design in SENSITIVE:
            tables["sensitivity"] = self.sensitivity()
        return tables

    def to_html(self, path: str | Path) -> None:
        """Write the report: one file that needs no network."""
        from mppsim.report.html import write_report
        from mppsim.report.sweep_page import sweep_page

        write_report(sweep_page(self), path)

    def to_csv(self, folder: str | Path) -> None:
        """Write each table as a CSV file into a folder, which is made if need be."""
        files.write_csv(self.tables(), folder)

    def to_parquet(self, folder: str | Path) -> None:
        """Write each table as a Parquet file into a folder, which is made if need be."""
        files.write_parquet(self.tables(), folder)

    def to_excel(self, path: str | Path) -> None:
        """Write all tables into one workbook. Raises ImportError where openpyxl is missing."""
        files.write_excel(self.tables(), path)

    def to_json(self) -> str:
        """Return what was done, and all tables, as strict JSON."""
        sweep = self.swept.sweep
        about = {
            "scenario": sweep.job.scenario.name,
            "scenario_sha256": sweep.job.scenario.digest(),
            "design": sweep.design,
            "points": len(self.swept.points),
            "replications": sweep.job.replications,
            "seed": sweep.job.seed,
        }
        return files.json_text(about, self.tables())

    def __repr__(self) -> str:
        name, count = self.swept.sweep.job.scenario.name, len(self.swept.points)
        return f"<SweepResult {name!r}: {count} points of {', '.join(self.paths)}>"

    def _repr_html_(self) -> str:
        from mppsim.report.html import notebook_html
        from mppsim.report.sweep_page import sweep_glance

        return notebook_html(sweep_glance(self))
