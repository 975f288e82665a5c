"""The result of a run: tables, figures and files about one hall."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mppsim import measure
from mppsim.report import files
from mppsim.report.known import KnownTables
from mppsim.report.provenance import provenance, provenance_table
from mppsim.scenario import Scenario
from mppsim.study import Run, Standing

if TYPE_CHECKING:
    import pandas as pd

    from mppsim.report.plots import ResultPlots


@dataclass(frozen=True, eq=False)
class Result:
    """What the visitors of one hall met, over all replications of a run.

    Tables are data frames, times in minutes; a column `x_half_width` is half of the 95 % interval
    of `x`, NaN where there are too few replications or days for one.
    """

    run: Run
    standings: tuple[Standing, ...] = ()
    """How well is known what had to be known."""
    _known: KnownTables = field(default_factory=KnownTables, init=False, repr=False)

    @property
    def scenario(self) -> Scenario:
        """The hall that was simulated."""
        return self.run.job.scenario

    @property
    def replications(self) -> int:
        """How often the days of the scenario were simulated."""
        return self.run.job.replications

    @property
    def seed(self) -> int:
        """The seed of all luck."""
        return self.run.job.seed

    @property
    def plot(self) -> ResultPlots:
        """The figures: `.waiting()`, `.queue()`, `.seats()`, `.utilization()`."""
        from mppsim.report.plots import ResultPlots

        return ResultPlots(self)

    def waiting(self, by: str = "tenant", *, day: str | None = None) -> pd.DataFrame:
        """Return the time in line of all who joined one, served or not.

        `by` is tenant, service, visitor_class, hour (of arrival in the hall), kind (of day) or all,
        at tenants' counters; or station, at every counter. `day` keeps the days of one kind. p95 is
        a visitor's, p95_typical_day the mean over days of the day's p95, p95_bad_day its 95 %
        quantile over days. kept is the share served within the promise. Raises ValueError for an
        unknown `by` or `day`.
        """
        make = partial(measure.waiting, self.run.observations, by, day=day)
        return self._known.get(make, "waiting", by, day)

    def outcomes(self, by: str = "tenant", *, day: str | None = None) -> pd.DataFrame:
        """Return how visits ended, as mean numbers a day; `by` and `day` as for `waiting`."""
        make = partial(measure.outcomes, self.run.observations, by, day=day)
        return self._known.get(make, "outcomes", by, day)

    def sojourn(self, by: str = "tenant", *, day: str | None = None) -> pd.DataFrame:
        """Return the time in the hall of those served to the end; `by` as for `waiting`."""
        make = partial(measure.sojourn, self.run.observations, by, day=day)
        return self._known.get(make, "sojourn", by, day)

    def promises(self, *, day: str | None = None) -> pd.DataFrame:
        """Return one row a promise: for which share it was kept, and whether that is enough.

        verdict is kept, broken or cannot tell; for the latter two cause is the station where most
        of the time is lost, breaks_at the hours of arrival in which the promise breaks.
        """
        make = partial(measure.promises, self.run.observations, day=day)
        return self._known.get(make, "promises", day)

    def queue(self) -> pd.DataFrame:
        """Return the visitors waiting at each station every 5 minutes, by kind of day and over all.

        mean over days; low to high holds the middle 90 % of days.
        """
        return self._known.get(partial(measure.queue, self.run.observations), "queue")

    def queue_summary(self, *, day: str | None = None) -> pd.DataFrame:
        """Return how long the line of each station is on average, and at its longest."""
        make = partial(measure.queue_summary, self.run.observations, day=day)
        return self._known.get(make, "queue_summary", day)

    def seats(self) -> pd.DataFrame:
        """Return seats in use and persons standing in each zone every 5 minutes."""
        return self._known.get(partial(measure.seats, self.run.observations), "seats")

    def seats_summary(self, *, day: str | None = None) -> pd.DataFrame:
        """Return whether the seats of each zone suffice."""
        make = partial(measure.seats_summary, self.run.observations, day=day)
        return self._known.get(make, "seats_summary", day)

    def counters(self, *, day: str | None = None) -> pd.DataFrame:
        """Return utilization and overtime of each counter."""
        make = partial(measure.counters, self.run.observations, day=day)
        return self._known.get(make, "counters", day)

    def channels(self, *, day: str | None = None) -> pd.DataFrame:
        """Return online visits, bookings, no-shows and waits of services that have them."""
        make = partial(measure.channels, self.run.observations, day=day)
        return self._known.get(make, "channels", day)

    def overrun(self) -> pd.DataFrame:
        """Return how long after closing the last service ends, by kind of day and over all."""
        return self._known.get(partial(measure.overrun, self.run.observations), "overrun")

    def density(self) -> pd.DataFrame:
        """Return persons per square meter of each zone with an area, every 5 minutes."""
        return self._known.get(partial(measure.density, self.run.observations), "density")

    def density_summary(self, *, day: str | None = None) -> pd.DataFrame:
        """Return how dense each zone with an area gets."""
        make = partial(measure.density_summary, self.run.observations, day=day)
        return self._known.get(make, "density_summary", day)

    def gate(self) -> pd.DataFrame:
        """Return who waits outside because the hall is full, by kind of day and over all."""
        return self._known.get(partial(measure.gate, self.run.observations), "gate")

    def precision(self) -> pd.DataFrame:
        """Return one row for each `until`: the place known least, and whether that will do."""
        import pandas as pd

        n = self.replications
        columns = ("until", "place", "n", "value", "half_width", "allowed", "reached")
        rows = [
            (
                one.precision.text,
                one.place,
                n,
                one.value,
                one.half_width,
                one.allowed,
                one.is_reached,
            )
            for one in self.standings
        ]
        return pd.DataFrame(rows, columns=list(columns))

    def tables(self) -> files.Tables:
        """Return every table that is written out, by name."""
        return {
            "waiting": self.waiting(),
            **{
                f"waiting_by_{by}": self.waiting(by)
                for by in ("service", "station", "visitor_class", "hour", "kind", "all")
            },
            "outcomes": self.outcomes(),
            "outcomes_by_service": self.outcomes("service"),
            "outcomes_by_station": self.outcomes("station"),
            "sojourn": self.sojourn(),
            "sojourn_by_service": self.sojourn("service"),
            "promises": self.promises(),
            "queue": self.queue(),
            "queue_summary": self.queue_summary(),
            "seats": self.seats(),
            "seats_summary": self.seats_summary(),
            "counters": self.counters(),
            "overrun": self.overrun(),
            **self._tables_of_space(),
            "channels": self.channels(),
            **({"precision": self.precision()} if self.standings else {}),
            "provenance": provenance_table(self.run),
        }

    def _tables_of_space(self) -> files.Tables:
        """Return the tables of what only some halls have: floor areas, a gate."""
        tables: files.Tables = {}
        if self.run.observations.layout.areas:
            tables |= {"density": self.density(), "density_summary": self.density_summary()}
        if self.scenario.capacity is not None:
            tables["gate"] = self.gate()
        return tables

    def to_html(self, path: str | Path) -> None:
        """Write the report: one file that needs no network."""
        from mppsim.report.html import write_report
        from mppsim.report.pages import result_page

        write_report(result_page(self), path)

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
        """Return headline, provenance and all tables as strict JSON."""
        from mppsim.report.headlines import result_headline

        about = {"headline": result_headline(self), "provenance": provenance(self.run)}
        return files.json_text(about, self.tables())

    def __repr__(self) -> str:
        return (
            f"<Result {self.scenario.name!r}: {self.replications} replications, seed {self.seed}>"
        )

    def _repr_html_(self) -> str:
        from mppsim.report.html import notebook_html
        from mppsim.report.pages import result_glance

        return notebook_html(result_glance(self))
