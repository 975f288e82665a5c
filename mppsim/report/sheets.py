"""Tables of a hall as people read them: names instead of ids, rounded numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mppsim.engine.trace import Outcome
from mppsim.report import names, wording
from mppsim.report.cells import (
    Cell,
    Records,
    Sheet,
    kept_cell,
    minutes_cell,
    number_cell,
    one_group,
    percent_cell,
    records,
)
from mppsim.report.result import Result

if TYPE_CHECKING:
    pass


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
    columns = ("Station", "Came", *(wording.sentence(one.replace("_", " ")) for one in endings))
    note = (
        "Reneged: gave up waiting. Balked: left at the sight of the line. Refused: got no ticket. "
        "Dismissed: sent home at closing. Unserved: found the station closed. "
        "Blocked: found its room full. No show: did not come back from waiting elsewhere. "
        "Postponed: of all these, those who went home to come back on another day."
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
    loads = station_loads(result)
    in_vain = any(load.called_in_vain > 0 for load in loads)
    rows = [
        (
            Cell(names.station_name(result.scenario, load.station)),
            Cell(str(load.counters)),
            Cell(wording.percent(load.utilization), tone="bad" if load.utilization > 0.9 else ""),
            Cell(wording.percent(load.busiest)),
            Cell(wording.number(load.overtime)),
            *([Cell(wording.number(load.called_in_vain))] if in_vain else []),
        )
        for load in loads
    ]
    return Sheet(
        "Counters",
        (
            "Station",
            "Counters",
            "Utilization",
            "Utilization of the busiest counter",
            "Overtime a day, all counters (min)",
            *(["Calls in vain a day, all counters (min)"] if in_vain else []),
        ),
        one_group(rows),
        "Calls in vain: nobody came, because the visitor had left or missed it; not in the "
        "utilization."
        if in_vain
        else "",
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
    called_in_vain: float
    """As `overtime`: spent on calls that nobody answered."""

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
                called_in_vain=sum(row["called_in_vain"] for row in here),
            )
        )
    return tuple(found)
