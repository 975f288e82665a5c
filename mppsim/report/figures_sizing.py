"""The frontier of a sizing: what waiting is left at what cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import FigureBase

from mppsim.report.drawing import AFTER, BEFORE, NEW, PAGE_WIDTH, Chart, Panel, light_grid

if TYPE_CHECKING:
    from mppsim.report.sizing import Sizing


def frontier_chart(sizing: Sizing) -> Chart:
    """Return the chart: halls by cost and mean wait, the one that was found marked."""
    frontier = sizing.frontier()

    def draw(figure: FigureBase) -> None:
        axes = figure.add_axes((0.09, 0.17, 0.88, 0.78))
        axes.plot(frontier["cost"], frontier["mean_wait"], color=BEFORE, linewidth=1)
        for good, color in ((True, AFTER), (False, BEFORE)):
            here = frontier[(frontier["broken"] == 0) == good]
            axes.errorbar(
                here["cost"],
                here["mean_wait"],
                yerr=here["mean_wait_half_width"],
                fmt="o" if good else "x",
                color=color,
                markersize=5,
                elinewidth=1,
            )
        found = frontier[frontier["is_found"]]
        axes.plot(
            found["cost"], found["mean_wait"], "o", markersize=13, fillstyle="none", color=NEW
        )
        axes.set_xlabel("cost of all counters that were sized")
        axes.set_ylabel("mean wait at a station (min)")
        axes.set_ylim(bottom=0)
        light_grid(axes, "both")

    panel = Panel(
        title="What waiting is left at what cost",
        remark="",
        description="halls by cost and mean wait; the numbers are in the table of the frontier",
        draw=draw,
        size=(PAGE_WIDTH, 3.2),
    )
    key = "Disk: keeps every bound. Cross: does not. Ring: the hall that was found. Bars: ± 95 %."
    return Chart(panel.title, key, [panel], columns=1)
