"""The growth that is left at each bound, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import FigureBase
from matplotlib.ticker import PercentFormatter

from mppsim.report.drawing import AFTER, LIMIT, NEW, PAGE_WIDTH, ROW, Chart, Panel, light_grid

if TYPE_CHECKING:
    from mppsim.report.headroom import Headroom


def headroom_chart(headroom: Headroom) -> Chart:
    """Return the chart: a row a bound, where it breaks as the hall grows, and the interval."""
    growths = sorted(
        (one for one in headroom.study.growths if one.who is None), key=lambda one: -one.level
    )
    highest = max(headroom.study.levels[None]) - 1
    size = (PAGE_WIDTH, ROW * len(growths) + 0.8)

    def draw(figure: FigureBase) -> None:
        axes = figure.add_axes((0.32, 0.55 / size[1], 0.65, 1 - 0.7 / size[1]))
        for row, one in enumerate(growths):
            low, level, high = (min(x - 1, highest) for x in (one.low, one.level, one.high))
            color = NEW if one.level < 1 else AFTER
            axes.plot([low, high], [row, row], color=color, linewidth=5, alpha=0.35)
            marker = ">" if one.level - 1 > highest else "o"
            axes.plot([level], [row], marker, color=color, markersize=5)
        axes.set_yticks(range(len(growths)), [one.bound.label for one in growths])
        axes.set_ylim(-0.7, len(growths) - 0.3)
        axes.axvline(0, color=LIMIT, linewidth=1)
        axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
        axes.set_xlabel("growth of demand at which the bound breaks, all tenants together")
        light_grid(axes, "x")

    panel = Panel(
        title="How much demand may grow",
        remark="",
        description="one row a bound; the numbers are in the table of growth",
        draw=draw,
        size=size,
    )
    key = "Dot: the bound breaks. Band: 95 % interval. Arrow: kept at all levels looked at."
    return Chart(panel.title, key, [panel], columns=1)
