"""Tables over the clock and the day: lines, seats, counters, overrun; times in minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mppsim.measure.inference import (
    Estimate,
    linear_quantile_over_days,
    quantiles_of_sorted,
    ratio,
)
from mppsim.measure.observations import Observations
from mppsim.measure.summary import Summary
from mppsim.plan.plan import Floats

if TYPE_CHECKING:
    import pandas as pd

Curves = NDArray[np.integer]
BAND = 0.9
"""Share of the days that a band over the clock holds."""


def queue(observations: Observations) -> pd.DataFrame:
    """Return the visitors waiting at each station every 5 minutes, by kind of day and over all.

    mean over days; low to high: the band that holds the middle 90 % of days at that time.
    """
    import pandas as pd

    stations = observations.layout.stations
    tables = []
    for station, name in enumerate(stations):
        for kind, days in _curves(observations, _lines_at(station)):
            key = _clock_key(observations, "station", name, kind)
            tables.append(pd.DataFrame({**key, **_band("", days)}, index=[name] * days.shape[1]))
    return pd.concat(tables)


def seats(observations: Observations) -> pd.DataFrame:
    """Return seats in use and persons standing in each zone every 5 minutes, by kind and over all.

    persons = in use + standing: the parties of the waiting and the companions of those being
    served. Columns as in `queue`, with the name in front.
    """
    import pandas as pd

    layout = observations.layout
    tables = []
    for zone, name in enumerate(layout.zones):
        n_seats = int(layout.seats[zone])
        for kind, days in _curves(observations, _persons_in(zone)):
            persons = days.astype(np.int32)
            columns = {
                **_clock_key(observations, "zone", name, kind),
                "seats": n_seats,
                **_band("in_use_", np.minimum(persons, n_seats)),
                **_band("standing_", (persons - n_seats).clip(0)),
                **_band("persons_", persons),
            }
            tables.append(pd.DataFrame(columns, index=[name] * days.shape[1]))
    return pd.concat(tables)


def seats_summary(
    observations: Observations, *, day: str | None = None, confidence: float = 0.95
) -> pd.DataFrame:
    """Return whether the seats of each zone suffice, one row a zone.

    n: days. largest_crowd: mean over days of the largest number of persons at once.
    seats_for_19_of_20_days: its 95 % quantile over days. days_standing: share of days on which
    somebody stands. largest_standing: mean over days of the most persons standing at once.
    """
    import pandas as pd

    layout, kept = observations.layout, observations.days_of(day)
    (crowd,) = _daily(observations, kept, lambda summary: summary.over_time.largest_crowd)
    standing = (crowd - layout.seats).clip(0)
    columns = {
        "zone": list(layout.zones),
        "seats": layout.seats,
        "n": np.full(len(layout.zones), crowd.shape[0] * crowd.shape[1]),
        **_mean_over_days("largest_crowd", crowd, confidence),
        **_p95_over_days("seats_for_19_of_20_days", crowd, confidence),
        **_mean_over_days("days_standing", (standing > 0).astype(np.float64), confidence),
        **_mean_over_days("largest_standing", standing, confidence),
    }
    return pd.DataFrame(columns, index=list(layout.zones))


def density(observations: Observations) -> pd.DataFrame:
    """Return persons per square meter of each zone with an area, every 5 minutes, as `queue`."""
    import pandas as pd

    layout = observations.layout
    tables = []
    for index, (zone, area) in enumerate(layout.areas.items()):
        name = layout.zones[zone]
        for kind, days in _curves(observations, _present_in(index)):
            columns = {
                **_clock_key(observations, "zone", name, kind),
                "area": area,
                **_band("", days / area),
            }
            tables.append(pd.DataFrame(columns, index=[name] * days.shape[1]))
    return pd.concat(tables) if tables else pd.DataFrame({"zone": [], "area": []})


def density_summary(
    observations: Observations, *, day: str | None = None, confidence: float = 0.95
) -> pd.DataFrame:
    """Return how dense each zone with an area gets, one row a zone, in persons per square meter.

    n: days. largest: mean over days of the densest moment; largest_p95: its 95 % quantile over
    days.
    """
    import pandas as pd

    layout, kept = observations.layout, observations.days_of(day)
    names = [layout.zones[zone] for zone in layout.areas]
    areas = np.array([*layout.areas.values()])
    (largest,) = _daily(observations, kept, lambda summary: summary.over_time.largest_present)
    largest = largest / areas
    columns = {
        "zone": names,
        "area": areas,
        "n": np.full(len(names), largest.shape[0] * largest.shape[1]),
        **_mean_over_days("largest", largest, confidence),
        **_p95_over_days("largest_p95", largest, confidence),
    }
    return pd.DataFrame(columns, index=names)


def gate(observations: Observations, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return who waits outside because the hall is full, by kind of day and over all.

    n: visitors, over all replications. waited: share of them who wait outside. mean: minutes
    outside, of all visitors. longest: mean over days of the most persons outside at once;
    longest_p95: its 95 % quantile over days.
    """
    import pandas as pd

    rows = []
    for kind in (*observations.kind_names, "all"):
        kept = observations.days_of(None if kind == "all" else kind)
        came, waited, minutes, longest = _daily(
            observations,
            kept,
            lambda summary: summary.gate.came[:, None],
            lambda summary: summary.gate.waited[:, None],
            lambda summary: summary.gate.minutes[:, None],
            lambda summary: summary.gate.longest[:, None],
        )
        total = came.sum(axis=1)
        share = ratio(waited.sum(axis=1), total, confidence=confidence)
        mean = ratio(minutes.sum(axis=1), total, confidence=confidence)
        columns = {
            "n": np.array([came.sum()], np.int64),
            **_columns("waited", share),
            **_columns("mean", mean),
            **_mean_over_days("longest", longest, confidence),
            **_p95_over_days("longest_p95", longest, confidence),
        }
        rows.append(pd.DataFrame({"kind": [kind], **columns}, index=[kind]))
    return pd.concat(rows)


def queue_summary(
    observations: Observations, *, day: str | None = None, confidence: float = 0.95
) -> pd.DataFrame:
    """Return how long the line of each station is, one row a station.

    n: days. mean_open_hours: the time average from opening to closing. longest: mean over days of
    the longest line of the day; longest_p95: its 95 % quantile over days.
    """
    import pandas as pd

    stations, kept = list(observations.layout.stations), observations.days_of(day)
    minutes, hours, longest = _daily(
        observations,
        kept,
        lambda summary: summary.over_time.queue_minutes_open,
        lambda summary: (summary.closing - summary.opening)[:, None],
        lambda summary: summary.over_time.longest_queue,
    )
    average = ratio(minutes.sum(axis=1), hours.sum(axis=1), confidence=confidence)
    columns = {
        "station": stations,
        "n": np.full(len(stations), longest.shape[0] * longest.shape[1]),
        **_columns("mean_open_hours", average),
        **_mean_over_days("longest", longest, confidence),
        **_p95_over_days("longest_p95", longest, confidence),
    }
    return pd.DataFrame(columns, index=stations)


def counters(
    observations: Observations, *, day: str | None = None, confidence: float = 0.95
) -> pd.DataFrame:
    """Return how busy each counter is.

    on_duty and overtime: mean minutes a day. utilization: busy minutes on duty over minutes on
    duty, NaN for a counter that is never on duty. blocked: mean minutes a day with somebody who
    finds no place ahead; out: mean minutes on duty a day in an outage. n: days.
    """
    import pandas as pd

    layout, kept = observations.layout, observations.days_of(day)
    on_duty, busy, overtime, in_vain, blocked, out = _daily(
        observations,
        kept,
        lambda summary: summary.counters.on_duty,
        lambda summary: summary.counters.busy,
        lambda summary: summary.counters.overtime,
        lambda summary: summary.counters.called_in_vain,
        lambda summary: summary.counters.blocked,
        lambda summary: summary.counters.out,
    )
    utilization = ratio(busy.sum(axis=1), on_duty.sum(axis=1), confidence=confidence)
    columns = {
        "station": [layout.stations[station] for station in layout.counter_station],
        "counter": list(layout.counters),
        "n": np.full(len(layout.counters), busy.shape[0] * busy.shape[1]),
        "on_duty": on_duty.mean(axis=(0, 1)),
        **_columns("utilization", utilization),
        **_mean_over_days("overtime", overtime, confidence),
        **_mean_over_days("called_in_vain", in_vain, confidence),
        **_mean_over_days("blocked", blocked, confidence),
        **_mean_over_days("out", out, confidence),
    }
    return pd.DataFrame(columns, index=list(layout.counters))


def overrun(observations: Observations, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return how long the last service ends after closing, by kind of day and over all; n: days."""
    import pandas as pd

    kinds = [*observations.kind_names, "all"]
    rows = []
    for kind in kinds:
        kept = observations.days_of(None if kind == "all" else kind)
        (minutes,) = _daily(observations, kept, lambda summary: summary.overrun[:, None])
        row = {
            "n": np.full(1, minutes.shape[0] * minutes.shape[1]),
            **_mean_over_days("overrun", minutes, confidence),
            **_p95_over_days("overrun_p95", minutes, confidence),
        }
        rows.append(pd.DataFrame({"kind": [kind], **row}, index=[kind]))
    return pd.concat(rows)


def _lines_at(station: int) -> Callable[[Summary], Curves]:
    return lambda summary: summary.over_time.queue[:, station]


def _persons_in(zone: int) -> Callable[[Summary], Curves]:
    return lambda summary: summary.over_time.persons[:, zone]


def _present_in(measured: int) -> Callable[[Summary], Curves]:
    return lambda summary: summary.over_time.present[:, measured]


def _curves(
    observations: Observations, of: Callable[[Summary], Curves]
) -> Iterator[tuple[str, Curves]]:
    """Yield each kind of day, then 'all', with the curves of its days, shape (days, points)."""
    everywhere = observations.days_of(None)
    (curves,) = observations.daily(of, kept=everywhere)
    for kind in (*observations.kind_names, "all"):
        kept = observations.days_of(None if kind == "all" else kind)
        yield kind, curves[:, kept].reshape(-1, curves.shape[2])


def _clock_key(observations: Observations, column: str, name: str, kind: str) -> dict[str, object]:
    time = observations.summaries[0].over_time.grid
    clock = [f"{int(minute) // 60:02d}:{int(minute) % 60:02d}" for minute in time]
    return {column: name, "kind": kind, "time": time, "clock": clock}


def _band(prefix: str, days: NDArray[np.number]) -> dict[str, Floats]:
    """Return the mean over days at each point, and the band that holds the middle of the days."""
    n_days, n_points = days.shape
    ordered = np.sort(days.T, axis=1).ravel()
    first, count = np.arange(n_points) * n_days, np.full(n_points, n_days)
    return {
        f"{prefix}mean": days.mean(axis=0),
        f"{prefix}low": quantiles_of_sorted(ordered, first, count, (1 - BAND) / 2),
        f"{prefix}high": quantiles_of_sorted(ordered, first, count, (1 + BAND) / 2),
    }


def _daily(
    observations: Observations,
    kept: NDArray[np.bool_],
    *measures: Callable[[Summary], NDArray[np.generic]],
) -> list[Floats]:
    """Return the daily numbers of all replications, shape (replications, kept days, groups)."""
    return [days.astype(np.float64) for days in observations.daily(*measures, kept=kept)]


def _mean_over_days(name: str, daily: Floats, confidence: float) -> dict[str, Floats]:
    days = np.full((daily.shape[0], 1), daily.shape[1], np.float64)
    return _columns(name, ratio(daily.sum(axis=1), days, confidence=confidence))


def _p95_over_days(name: str, daily: Floats, confidence: float) -> dict[str, Floats]:
    return _columns(name, linear_quantile_over_days(daily, 0.95).estimate(confidence))


def _columns(name: str, estimate: Estimate) -> dict[str, Floats]:
    return {name: estimate.value, f"{name}_half_width": estimate.half_width}
