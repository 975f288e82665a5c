"""Figures of counters: how busy each is, and how long it works beyond its hours."""

from __future__ import annotations

import math

from matplotlib.figure import FigureBase
from matplotlib.ticker import PercentFormatter

from mppsim.report import names
from mppsim.report.drawing import (
    AFTER,
    BEFORE,
    LIMIT,
    NEW,
    PAGE_WIDTH,
    ROW,
    Panel,
    light_grid,
    tall_axes,
)
from mppsim.report.result import Result
from mppsim.report.sheets import station_loads


def utilization_panel(result: Result, base: Result | None = None) -> Panel:
    """Return utilization and overtime of the counters of each station.

    A bar for the station, a dot for each counter where they are several; with a base, a tick where
    the bar ended before, and stations that it does not have in their own color.
    """
    before = {load.station: load for load in station_loads(base)} if base else {}
    loads = sorted(
        station_loads(result), key=lambda load: base is not None and load.station not in before
    )
    labels = [names.station_name(result.scenario, load.station) for load in loads]
    size = (PAGE_WIDTH, ROW * len(loads) + 0.75)

    def draw(figure: FigureBase) -> None:
        busy, late = tall_axes(figure, size, labels)
        for row, load in enumerate(loads):
            color = NEW if base and load.station not in before else AFTER
            busy.barh(row, _or_zero(load.utilization), height=0.62, color=color, alpha=0.5)
            late.barh(row, load.overtime, height=0.62, color=color, alpha=0.5)
            if load.counters > 1:
                dots = [u for u in load.utilizations if not math.isnan(u)]
                busy.plot(dots, [row] * len(dots), "o", color=color, markersize=2.6)
            if load.station in before:
                old = before[load.station]
                for axes, value in ((busy, _or_zero(old.utilization)), (late, old.overtime)):
                    axes.plot([value] * 2, [row - 0.38, row + 0.38], color=BEFORE, linewidth=1.8)
        busy.axvline(1, color=LIMIT, linewidth=1)
        busy.set_xlim(0, 1.03)
        busy.set_xticks([0, 0.25, 0.5, 0.75, 1])
        busy.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
        busy.set_xlabel("of the time on duty")
        busy.set_title("Busy", fontsize=9, loc="left")
        late.set_xlim(left=0)
        late.set_xlabel("minutes a day, all counters")
        late.set_title("Overtime", fontsize=9, loc="left")
        for axes in (busy, late):
            light_grid(axes, "x")
            if len(before) > 0 and loads[-1].station not in before:
                n_old = sum(load.station in before for load in loads)
                axes.axhline(n_old - 0.5, color=LIMIT, linewidth=0.8)

    return Panel(
        title="Utilization and overtime of the counters",
        remark="",
        description="one row a station; the numbers are in the table below",
        draw=draw,
        size=size,
    )


def _or_zero(value: float) -> float:
    return 0.0 if math.isnan(value) else value
