"""Tables as people read them: names instead of ids, rounded numbers beside their half-widths.

A sheet is drawn by the terminal and by the HTML page alike. `narrow` leaves out what 80 columns
have no room for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mppsim.engine.trace import Outcome
from mppsim.report import names, wording
from mppsim.report.result import Result

if TYPE_CHECKING:
    import pandas as pd

Records = dict[Any, dict[str, Any]]
"""The rows of a data frame, by label."""


@dataclass(frozen=True)
class Cell:
    """A number or a word, with the half-width of its interval where it has one."""

    text: str
    half_width: str = ""
    tone: str = ""
    """'bad', 'good' or 'new' where it should catch the eye."""


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Group:
    """Rows under a heading of their own, or under none."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Sheet:
    """A table for readers; the first column names the row."""

    caption: str
    columns: tuple[str, ...]
    groups: tuple[Group, ...]
    note: str = ""

    @property
    def has_rows(self) -> bool:
        """Whether there is anything to show."""
        return any(group.rows for group in self.groups)


def waiting_sheet(result: Result, *, narrow: bool = False) -> Sheet:
    """Return the waiting of each tenant's visitors."""
    waiting = records(result.waiting())
    offered = records(result.outcomes())
    rows = [
        (
            Cell(names.station_name(result.scenario, tenant)),
            number_cell(offered[tenant], "offered", narrow=narrow),
            minutes_cell(row, "mean"),
            *(minutes_cell(row, name, narrow=narrow) for name in ("p50", "p90", "p95")),
            kept_cell(row, narrow=narrow),
        )
        for tenant, row in waiting.items()
    ]
    columns: tuple[str, ...] = ("tenant", "a day", "mean", "p50", "p90", "p95", "kept")
    if not narrow:
        columns = (
            "Tenant",
            "Visits a day",
            "Mean wait",
            "Half wait at most",
            "9 of 10 wait at most",
            "19 of 20 wait at most",
            "Served within the promise",
        )
    return Sheet("Waiting at each tenant's counters, in minutes", columns, one_group(rows))


def waiting_by_sheet(
    result: Result, by: str, title: str, label: Callable[[Any], str] = str
) -> Sheet:
    """Return the waiting of visitors in groups such as the kinds of day or the hours of arrival."""
    rows = [
        (
            Cell(label(group)),
            number_cell(row, "n"),
            *(minutes_cell(row, name) for name in ("mean", "p50", "p90", "p95")),
            kept_cell(row),
        )
        for group, row in records(result.waiting(by)).items()
    ]
    columns = ("Visits observed", "Mean wait", "Half wait at most", "9 of 10 wait at most")
    return Sheet(
        f"Waiting by {title[:1].lower()}{title[1:]}, at all tenants together, in minutes",
        (title, *columns, "19 of 20 wait at most", "Served within the promise"),
        one_group(rows),
    )


def percentiles_sheet(result: Result) -> Sheet:
    """Return the three 95th percentiles, which answer three questions."""
    rows = [
        (
            Cell(names.station_name(result.scenario, tenant)),
            *(minutes_cell(row, name) for name in ("p95", "p95_typical_day", "p95_bad_day")),
        )
        for tenant, row in records(result.waiting()).items()
    ]
    return Sheet(
        "The three 95th percentiles of the wait at each tenant, in minutes",
        ("Tenant", "A visitor's p95", "A typical day's p95", "A bad day's p95"),
        one_group(rows),
        "What the three mean is said under “What the words mean”.",
    )


def sojourn_sheet(result: Result) -> Sheet:
    """Return the length of whole visits, from arrival to leaving."""
    rows = [
        (
            Cell(names.station_name(result.scenario, tenant)),
            number_cell(row, "n"),
            *(minutes_cell(row, name) for name in ("mean", "p50", "p90", "p95")),
        )
        for tenant, row in records(result.sojourn()).items()
    ]
    return Sheet(
        "Whole visits, from arrival to leaving, of those served to the end, in minutes",
        (
            "Tenant",
            "Visits observed",
            "Mean",
            "Half stay at most",
            "9 of 10 stay at most",
            "19 of 20 stay at most",
        ),
        one_group(rows),
    )


def outcomes_sheet(result: Result) -> Sheet:
    """Return how visits to each station ended; what never happens anywhere has no column."""
    outcomes = records(result.outcomes("station"))
    endings = [
        outcome.name.lower()
        for outcome in Outcome
        if outcome != Outcome.NOT_REACHED
        and (outcome == Outcome.SERVED or _happens(outcomes, outcome.name.lower()))
    ]
    rows = [
        (
            Cell(names.station_name(result.scenario, station)),
            number_cell(row, "offered"),
            *(number_cell(row, ending) for ending in endings),
        )
        for station, row in outcomes.items()
    ]
    columns = ("Station", "Came", *map(wording.sentence, endings))
    note = (
        "Reneged: gave up waiting. Balked: left at the sight of the line. Refused: got no ticket. "
        "Dismissed: sent home at closing. Unserved: found the station closed."
    )
    return Sheet("How visits to each station ended, a day", columns, one_group(rows), note)


def _happens(outcomes: Records, ending: str) -> bool:
    return any(row[ending] > 0 for row in outcomes.values())


def lines_sheet(result: Result) -> Sheet:
    """Return the lines of all stations: how long they are, and how long one stands in them."""
    waiting = records(result.waiting("station"))
    rows = [
        (
            Cell(names.station_name(result.scenario, station)),
            minutes_cell(waiting[station], "mean"),
            number_cell(row, "mean_open_hours"),
            number_cell(row, "longest"),
            number_cell(row, "longest_p95"),
        )
        for station, row in records(result.queue_summary()).items()
    ]
    return Sheet(
        "Lines: visitors waiting",
        (
            "Station",
            "Mean wait (min)",
            "Mean line while open",
            "Longest line of a day, mean",
            "Longest line on 19 of 20 days at most",
        ),
        one_group(rows),
    )


def seats_sheet(result: Result) -> Sheet:
    """Return whether the seats of each zone suffice."""
    rows = [
        (
            Cell(names.zone_name(result.scenario, zone)),
            Cell(wording.number(row["seats"])),
            number_cell(row, "largest_crowd"),
            number_cell(row, "seats_for_19_of_20_days"),
            percent_cell(row, "days_standing", tone="bad" if row["days_standing"] > 0.05 else ""),
            number_cell(row, "largest_standing"),
        )
        for zone, row in records(result.seats_summary()).items()
    ]
    return Sheet(
        "Seats, persons",
        (
            "Zone",
            "Seats",
            "Largest crowd of a day, mean",
            "Seats that suffice on 19 of 20 days",
            "Days on which somebody stands",
            "Most standing on a day, mean",
        ),
        one_group(rows),
    )


def counters_sheet(result: Result) -> Sheet:
    """Return how busy the counters of each station are."""
    rows = [
        (
            Cell(names.station_name(result.scenario, load.station)),
            Cell(str(load.counters)),
            Cell(wording.percent(load.utilization), tone="bad" if load.utilization > 0.9 else ""),
            Cell(wording.percent(load.busiest)),
            Cell(wording.number(load.overtime)),
        )
        for load in station_loads(result)
    ]
    return Sheet(
        "Counters",
        (
            "Station",
            "Counters",
            "Utilization",
            "Utilization of the busiest counter",
            "Overtime a day, all counters (min)",
        ),
        one_group(rows),
    )


@dataclass(frozen=True)
class CountersOf:
    """The counters of one station together."""

    station: str
    utilizations: tuple[float, ...]
    """By counter; NaN for one that is never on duty."""
    utilization: float
    """Busy over on-duty time of all counters; NaN where none is ever on duty."""
    overtime: float
    """Minutes a day, over all counters."""

    @property
    def counters(self) -> int:
        """The number of counters."""
        return len(self.utilizations)

    @property
    def busiest(self) -> float:
        """The utilization of the busiest counter."""
        return max((u for u in self.utilizations if not math.isnan(u)), default=math.nan)


def station_loads(result: Result) -> tuple[CountersOf, ...]:
    """Return the counters of each station together, in the order of the layout."""
    rows = list(records(result.counters()).values())
    found = []
    for station in dict.fromkeys(row["station"] for row in rows):
        here = [row for row in rows if row["station"] == station]
        on_duty = sum(row["on_duty"] for row in here)
        busy = sum(row["utilization"] * row["on_duty"] for row in here if row["on_duty"] > 0)
        found.append(
            CountersOf(
                station=station,
                utilizations=tuple(row["utilization"] for row in here),
                utilization=busy / on_duty if on_duty > 0 else math.nan,
                overtime=sum(row["overtime"] for row in here),
            )
        )
    return tuple(found)


def records(frame: pd.DataFrame) -> Records:
    """Return the rows of a data frame by label, in its order."""
    columns = [str(column) for column in frame.columns]
    rows = zip(*(frame[column].tolist() for column in frame.columns), strict=True)
    return {
        label: dict(zip(columns, row, strict=True))
        for label, row in zip(frame.index.tolist(), rows, strict=True)
    }


@dataclass(frozen=True)
class Differences:
    """The rows of `Pair.differences`: by group, and for groups together."""

    by_group: Records
    both: dict[str, Any]
    """All visits to groups that both halls have."""
    everybody: dict[str, Any]
    """All visits of the one hall against all visits of the other."""

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Differences:
        """Read them by place: a tenant may be called 'all' or 'both' too."""
        both, everybody = (records(frame.iloc[[place]]) for place in (-2, -1))
        return cls(records(frame.iloc[:-2]), *both.values(), *everybody.values())


def one_group(rows: Iterable[Row]) -> tuple[Group, ...]:
    """Return the rows as the only group."""
    return (Group("", tuple(rows)),)


def minutes_cell(row: dict[str, Any], name: str, *, narrow: bool = False) -> Cell:
    """Return minutes with one decimal, without decimals from 100 on."""
    return _estimate_cell(row, name, 0 if abs(row[name]) >= 99.95 else 1, narrow)


def number_cell(row: dict[str, Any], name: str, *, narrow: bool = False) -> Cell:
    """Return a count: small means with one decimal."""
    value = row[name]
    whole = isinstance(value, int) or abs(value) >= 99.95
    return _estimate_cell(row, name, 0 if whole else 1, narrow)


def percent_cell(row: dict[str, Any], name: str, *, narrow: bool = False, tone: str = "") -> Cell:
    """Return a share as a percentage."""
    plus_minus = "" if narrow else wording.half_width(row[f"{name}_half_width"] * 100)
    return Cell(wording.percent(row[name]), plus_minus, tone)


def kept_cell(row: dict[str, Any], *, narrow: bool = False) -> Cell:
    """Return the share of promises kept, marked where many are broken."""
    return percent_cell(row, "kept", narrow=narrow, tone="bad" if row["kept"] < 0.8 else "")


def _estimate_cell(row: dict[str, Any], name: str, decimals: int, narrow: bool) -> Cell:
    interval = math.nan if narrow else row.get(f"{name}_half_width", math.nan)
    if row[name] == 0 and not interval > 0:
        return Cell("0")
    return Cell(wording.number(row[name], decimals), wording.half_width(interval, decimals))


def labels(cells: Sequence[Cell]) -> list[str]:
    """Return the cells as plain text."""
    return [f"{cell.text} {cell.half_width}".rstrip() for cell in cells]
