"""What groups of tenants add to waiting, and what remedies take away, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import FigureBase

from mppsim.report.cells import records
from mppsim.report.drawing import AFTER, LIMIT, NEW, PAGE_WIDTH, ROW, Chart, Panel, light_grid

if TYPE_CHECKING:
    from mppsim.report.attribution import Attribution


def attribution_chart(answer: Attribution) -> Chart:
    """Return the chart: a bar for each group (added) and each remedy (saved)."""
    added = [
        (row["group"], row["shapley"], row["shapley_half_width"], NEW)
        for row in records(answer.burdens()).values()
        if row["tenants"]
    ]
    saved = [
        (row["remedy"], -row["saved"], row["saved_half_width"], AFTER)
        for row in records(answer.remedies()).values()
    ]
    bars = [*added, *saved][::-1]
    size = (PAGE_WIDTH, ROW * len(bars) + 0.8)

    def draw(figure: FigureBase) -> None:
        axes = figure.add_axes((0.46, 0.55 / size[1], 0.52, 1 - 0.7 / size[1]))
        for row, (_, hours, half_width, color) in enumerate(bars):
            axes.barh(row, hours, height=0.62, color=color, alpha=0.5)
            axes.errorbar(hours, row, xerr=half_width, color=color, elinewidth=1.2)
        axes.set_yticks(range(len(bars)), [name for name, *_ in bars])
        axes.axvline(0, color=LIMIT, linewidth=1)
        axes.set_xlabel("hours in line a day")
        light_grid(axes, "x")

    panel = Panel(
        title="Who adds waiting, and what saves it",
        remark="",
        description="bars by group and remedy; the numbers are in the tables",
        draw=draw,
        size=size,
    )
    key = "Orange: added to the others (Shapley). Blue: saved by a remedy, all visitors. ± 95 %."
    return Chart(panel.title, key, [panel], columns=1)
