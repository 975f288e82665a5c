"""Figures over the clock: lines and seats, as the mean of the days and the band of days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.ticker import MaxNLocator

from mppsim.report import names, wording
from mppsim.report.drawing import (
    AFTER,
    BEFORE,
    DASHES,
    LIMIT,
    NEW,
    PANEL_SIZE,
    STANDING,
    Panel,
    clock_axis,
    light_grid,
    single_axes,
)
from mppsim.report.result import Result

if TYPE_CHECKING:
    import pandas as pd

MOST_LINES = 9
"""Lines that are drawn: the shared stations', and the longest at tenants'."""
SEATS_SIZE = (4.7, 2.3)


def queue_panels(result: Result, base: Result | None = None) -> list[Panel]:
    """Return the line over the day at the shared stations and at the tenants with longest lines.

    With a base, its mean is drawn too, and tenants that it does not have stand apart.
    """
    curves = _over_all_days(result.queue(), "station")
    before = _over_all_days(base.queue(), "station") if base else {}
    peak = {station: float(curve["mean"].max()) for station, curve in curves.items()}
    shared = [station for station in result.scenario.stations if peak[station] > 0]
    tenants = [t for t in result.scenario.tenants if peak[t] > 0]
    busiest = sorted(tenants, key=lambda tenant: -peak[tenant])[: MOST_LINES - len(shared)]
    chosen = shared + [tenant for tenant in tenants if tenant in busiest]
    if base:
        chosen.sort(key=lambda station: station not in before)
    span = _span(result, [curves[station]["high"] for station in chosen], curves)
    return [
        _queue_panel(result, station, curves[station], before.get(station), span, base is not None)
        for station in chosen
    ]


def seats_panels(result: Result, base: Result | None = None) -> list[Panel]:
    """Return the persons in each zone over the day, against its seats."""
    curves = _over_all_days(result.seats(), "zone")
    before = _over_all_days(base.seats(), "zone") if base else {}
    zones = [zone for zone, curve in curves.items() if curve["persons_high"].max() > 0]
    span = _span(result, [curves[zone]["persons_high"] for zone in zones], curves)
    return [_seats_panel(result, zone, curves[zone], before.get(zone), span) for zone in zones]


def _queue_panel(
    result: Result,
    station: str,
    curve: pd.DataFrame,
    before: pd.DataFrame | None,
    span: tuple[float, float],
    compared: bool,
) -> Panel:
    is_new = compared and before is None
    color = NEW if is_new else AFTER
    top = int(np.argmax(curve["mean"]))
    peak, clock = float(curve["mean"].iloc[top]), str(curve["clock"].iloc[top])

    def draw(figure: FigureBase) -> None:
        axes = single_axes(figure, PANEL_SIZE)
        light_grid(axes)
        axes.fill_between(
            curve["time"], curve["low"], curve["high"], color=color, alpha=0.22, linewidth=0
        )
        axes.plot(curve["time"], curve["mean"], color=color, linewidth=1.6)
        if before is not None:
            axes.plot(before["time"], before["mean"], color=BEFORE, linewidth=1.2, linestyle=DASHES)
        axes.set_ylim(0, max(float(curve["high"].max()), 1.0) * 1.05)
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        clock_axis(axes, *span)
        axes.set_ylabel("visitors waiting")

    most = wording.number(peak, 0 if peak >= 9.95 else 1)
    return Panel(
        title=names.station_name(result.scenario, station),
        remark=f"most at {clock}: {most} on average",
        description=f"visitors waiting over the day, on average at most {most}, at {clock}",
        draw=draw,
        group="New tenants" if is_new else "",
    )


def _seats_panel(
    result: Result,
    zone: str,
    curve: pd.DataFrame,
    before: pd.DataFrame | None,
    span: tuple[float, float],
) -> Panel:
    # Seats, and standing beyond them, in two colors: each clips the band to its side of the line.
    n_seats = int(curve["seats"].iloc[0])
    old_seats = n_seats if before is None else int(before["seats"].iloc[0])
    high = curve["persons_high"]

    def draw(figure: FigureBase) -> None:
        axes = single_axes(figure, SEATS_SIZE)
        light_grid(axes)
        time, low = curve["time"], curve["persons_low"]
        for clip, color, alpha in ((np.minimum, AFTER, 0.22), (np.maximum, STANDING, 0.6)):
            band = clip(low, n_seats), clip(high, n_seats)
            axes.fill_between(time, *band, color=color, alpha=alpha, linewidth=0)
        axes.plot(time, curve["persons_mean"], color=AFTER, linewidth=1.6)
        if before is not None:
            axes.plot(
                before["time"],
                before["persons_mean"],
                color=BEFORE,
                linewidth=1.2,
                linestyle=DASHES,
            )
        axes.axhline(n_seats, color=LIMIT, linewidth=1.1)
        axes.set_ylim(0, max(float(high.max()), n_seats) * 1.18)
        axes.annotate(
            f"{n_seats} seats",
            (span[1], n_seats),
            (-2, 3),
            textcoords="offset points",
            fontsize=8,
            horizontalalignment="right",
        )
        axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        clock_axis(axes, *span)
        axes.set_ylabel("persons")

    most = wording.number(float(curve["persons_mean"].max()))
    seats = f"{n_seats} seats" if old_seats == n_seats else f"{n_seats} seats, {old_seats} before"
    return Panel(
        title=names.zone_name(result.scenario, zone),
        remark=seats,
        description=f"persons who want a seat over the day, on average at most {most}; {seats}",
        draw=draw,
        size=SEATS_SIZE,
    )


def _draw_before(axes: Axes, time: pd.Series[float], mean: pd.Series[float]) -> None:
    axes.plot(time, mean, color=BEFORE, linewidth=1.2, linestyle=DASHES)


def _over_all_days(table: pd.DataFrame, key: str) -> dict[str, pd.DataFrame]:
    """Return the curves over all days, by station or zone."""
    every_day = table[table["kind"] == "all"].reset_index(drop=True)
    return {
        str(name): rows.reset_index(drop=True) for name, rows in every_day.groupby(key, sort=False)
    }


def _span(
    result: Result, highs: list[pd.Series[float]], curves: dict[str, pd.DataFrame]
) -> tuple[float, float]:
    """Return the piece of the day to draw: the opening hours, and whenever somebody waits."""
    weekdays = result.run.observations.weekdays
    days = [day for weekday, day in result.scenario.days.items() if weekday in weekdays]
    start, end = min(day.open for day in days), max(day.close for day in days)
    for high in highs:
        time = next(iter(curves.values()))["time"][high > 0]
        if len(time):
            start, end = min(start, float(time.min())), max(end, float(time.max()))
    return 30 * (start // 30), -30 * (-end // 30)
