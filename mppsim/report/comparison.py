"""The result of a comparison: several halls under the same luck, and how they differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from mppsim import measure
from mppsim.measure.targets import Measure, parse_measure
from mppsim.report import files
from mppsim.report.known import KnownTables
from mppsim.report.provenance import provenance
from mppsim.report.result import Result
from mppsim.study import PairedRuns

if TYPE_CHECKING:
    import pandas as pd

    from mppsim.report.plots import PairPlots

JUDGED = tuple(parse_measure(text) for text in ("mean wait", "p90 wait", "kept"))
"""What halls are judged by unless something else is asked for."""


@dataclass(frozen=True, eq=False)
class Pair:
    """Two halls under the same luck: the base, and one that is compared with it."""

    base: Result
    other: Result
    measures: tuple[Measure, ...] = JUDGED
    """What the halls are judged by."""
    n_comparisons: int = 1
    """With how many halls the base is compared in all: all verdicts hold at once."""
    _known: KnownTables = field(default_factory=KnownTables, init=False, repr=False)

    @property
    def shared_tenants(self) -> tuple[str, ...]:
        """The tenants of both halls."""
        return tuple(t for t in self.base.scenario.tenants if t in self.other.scenario.tenants)

    @property
    def new_tenants(self) -> tuple[str, ...]:
        """The tenants that only the other hall has."""
        return tuple(t for t in self.other.scenario.tenants if t not in self.base.scenario.tenants)

    @property
    def gone_tenants(self) -> tuple[str, ...]:
        """The tenants that only the base has."""
        return tuple(t for t in self.base.scenario.tenants if t not in self.other.scenario.tenants)

    @property
    def plot(self) -> PairPlots:
        """The figures: `.waiting()`, `.change()`, `.queue()`, `.seats()`, `.utilization()`."""
        from mppsim.report.plots import PairPlots

        return PairPlots(self)

    def differences(self, by: str = "tenant", *, day: str | None = None) -> pd.DataFrame:
        """Return other minus base; see `Comparison.differences`."""
        base, other = self.base.run.observations, self.other.run.observations
        n = self.n_comparisons
        make = partial(measure.paired_difference, base, other, by, n_comparisons=n, day=day)
        return self._known.get(make, by, day)

    def judge(self, *measures: str, day: str | None = None) -> pd.DataFrame:
        """Return whether the other hall is better; see `Comparison.judge`."""
        base, other = self.base.run.observations, self.other.run.observations
        asked = [parse_measure(text) for text in measures] or self.measures
        return measure.judged(base, other, asked, n_comparisons=self.n_comparisons, day=day)

    def who_waits(
        self, by: str = "tenant and hour", *, than: float = 1.0, day: str | None = None
    ) -> pd.DataFrame:
        """Return for whom of the base's visitors the wait changes; see `Comparison.who_waits`."""
        base, other = self.base.run.observations, self.other.run.observations
        make = partial(measure.who_waits, base, other, by, than=than, day=day)
        return self._known.get(make, "who_waits", by, str(than), day)

    def promises(self, *, day: str | None = None) -> pd.DataFrame:
        """Return how the share kept differs for the promises of both halls, other minus base."""
        base, other = self.base.run.observations, self.other.run.observations
        make = partial(measure.promises_difference, base, other, day=day)
        return self._known.get(make, "promises", day)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Halls that met the same visitors; the first is the base of all differences."""

    paired_runs: PairedRuns
    measures: tuple[Measure, ...] = JUDGED
    """What the halls are judged by unless `judge` is asked for something else."""

    @cached_property
    def results(self) -> tuple[Result, ...]:
        """The result of each hall, the base first."""
        return tuple(Result(run) for run in self.paired_runs.runs)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The base with each of the others."""
        base, *others = self.results
        return tuple(Pair(base, other, self.measures, len(others)) for other in others)

    @property
    def plot(self) -> PairPlots:
        """The figures of the first pair; those of others are at `.pairs[1].plot` and so on."""
        return self.pairs[0].plot

    def differences(self, by: str = "tenant", *, day: str | None = None) -> pd.DataFrame:
        """Return how waiting differs from the base, with half-widths from paired replications.

        One row a scenario and group that it shares with the base, then 'all'. For mean, p90, p95
        and kept: `_base`, `_other`, `_difference`, `_difference_half_width`. verdict: the mean
        wait is 'longer', 'shorter', 'unchanged' or we 'cannot tell'; all verdicts hold at once with
        95 %. more_days: how many more would be likely to tell. Raises ValueError for an unknown
        `by` or `day`, or scenarios with different days.
        """
        named = zip(self._names()[1:], self.pairs, strict=True)
        return _stacked((name, pair.differences(by, day=day)) for name, pair in named)

    def judge(self, *measures: str, day: str | None = None) -> pd.DataFrame:
        """Return whether each hall is better than the base, one row a scenario, measure and place.

        A measure is written as in 'mean wait', 'sim p95 wait', 'P(wait <= 15 min)'. With
        joint_half_width the intervals of all rows hold at once, and so do the verdicts: better,
        worse, unchanged, cannot tell. more_days: how many more would be likely to tell. Raises
        InputError for what is no measure, or a place that a hall does not have.
        """
        named = zip(self._names()[1:], self.pairs, strict=True)
        return _stacked((name, pair.judge(*measures, day=day)) for name, pair in named)

    def who_waits(
        self, by: str = "tenant and hour", *, than: float = 1.0, day: str | None = None
    ) -> pd.DataFrame:
        """Return for whom of the base's visitors the wait changes, visitor by visitor.

        `by` is tenant, hour, tenant and hour, or all. n: visitors who come to both halls. Of those
        served in both, longer and shorter are the shares whose wait, all lines together, changes by
        more than `than` minutes, and change is its mean change; lost is the share served in the
        base alone, gained in the other hall alone.
        """
        named = zip(self._names()[1:], self.pairs, strict=True)
        return _stacked((name, pair.who_waits(by, than=than, day=day)) for name, pair in named)

    def promises(self, *, day: str | None = None) -> pd.DataFrame:
        """Return the share kept of each promise that a hall has in common with the base.

        One row a scenario and promise: `_base` and `_other`, and the difference of the shares with
        its half-width from paired replications.
        """
        named = zip(self._names()[1:], self.pairs, strict=True)
        return _stacked((name, pair.promises(day=day)) for name, pair in named)

    def tables(self) -> files.Tables:
        """Return every table that is written out, by name, the scenario in the first column."""
        of_results = [result.tables() for result in self.results]
        return {
            "differences": self.differences(),
            "differences_by_station": self.differences("station"),
            "promises_differences": self.promises(),
            "judged": self.judge(),
            "who_waits": self.who_waits(),
            **{
                name: _stacked(zip(self._names(), (one[name] for one in of_results), strict=True))
                for name in of_results[0]
            },
        }

    def to_html(self, path: str | Path) -> None:
        """Write the report: one file that needs no network."""
        from mppsim.report.html import write_report
        from mppsim.report.pages import comparison_page

        write_report(comparison_page(self), path)

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
        """Return headlines, provenance and all tables as strict JSON."""
        from mppsim.report.headlines import pair_headline

        about = {
            "headlines": [pair_headline(pair) for pair in self.pairs],
            "provenance": [provenance(result.run) for result in self.results],
        }
        return files.json_text(about, self.tables())

    def _names(self) -> list[str]:
        """Return a name for each scenario; equal ones are counted apart."""
        names = [result.scenario.name for result in self.results]
        return [
            f"{name} ({names[: place + 1].count(name)})" if names.count(name) > 1 else name
            for place, name in enumerate(names)
        ]

    def __repr__(self) -> str:
        first = self.results[0]
        names = ", ".join(repr(name) for name in self._names())
        return f"<Comparison {names}: {first.replications} replications, seed {first.seed}>"

    def _repr_html_(self) -> str:
        from mppsim.report.html import notebook_html
        from mppsim.report.pages import comparison_glance

        return notebook_html(comparison_glance(self))


def _stacked(named: Iterator[tuple[str, pd.DataFrame]]) -> pd.DataFrame:
    """Return the tables one below the other, with the scenario as the first column."""
    import pandas as pd

    tables = []
    for name, table in named:
        table.insert(0, "scenario", name)
        tables.append(table)
    return pd.concat(tables)
