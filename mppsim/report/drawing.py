"""How figures look, and how they become SVG: the same bytes for the same numbers.

Colors are from Okabe and Ito (2008), Color Universal Design: told apart by color-blind readers.
"""

from __future__ import annotations

import html
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase
from matplotlib.ticker import FixedLocator, FuncFormatter

from mppsim.scenario.durations import clock_text

BEFORE, AFTER, NEW = "#5f6b7a", "#0072b2", "#d55e00"
STANDING, LIMIT, GRID = "#cc79a7", "#111111", "#d9dee4"

DASHES, DOTS = (0, (3, 1.5)), (0, (1.5, 1.5))

PANEL_SIZE = (3.1, 1.75)
"""Inches; a panel is drawn at this size in the report, beside or below others."""
PAGE_WIDTH = 7.2
MARGINS, _RIGHT = 0.69, 0.14
"""Inches beside the axes of a panel: both sides together, and the right one."""
ROW = 0.27
"""Inches for a row of a tall figure."""
_HEAD, _TITLE = 0.75, 0.42
"""Inches above all panels, and above each, where several are put into one figure."""
_LONGEST_TITLE = 46
_STYLE: Any = {  # matplotlib types the keys as literals
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "axes.labelsize": 8.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#8a94a0",
    "axes.labelcolor": "#333333",
    "axes.axisbelow": True,
    "xtick.color": "#333333",
    "ytick.color": "#333333",
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "svg.fonttype": "none",
    "text.parse_math": False,
}


class Drawing(Figure):
    """A figure that notebooks show by themselves; matplotlib's own needs pyplot's state for it."""

    def _repr_svg_(self) -> str:
        return _svg_bytes(self, "notebook").decode()


@dataclass(frozen=True)
class Panel:
    """A small figure: what it shows in a line, and how to draw it."""

    title: str
    remark: str
    """A few words after the title, such as '62 % within 15 min'."""
    description: str
    """What is seen, for those who cannot see it."""
    draw: Callable[[FigureBase], None]
    size: tuple[float, float] = PANEL_SIZE
    span: int = 1
    """Columns that the panel takes, where panels stand side by side."""
    group: str = ""
    """The heading under which the panel stands."""


@dataclass(frozen=True)
class Chart:
    """Panels that belong together, under one title and with one key to their marks."""

    title: str
    key: str
    panels: Sequence[Panel]
    columns: int = 3


@contextmanager
def style() -> Iterator[None]:
    """Draw in the style of the report, and put back the reader's own style afterwards."""
    with mpl.rc_context(_STYLE):
        yield


def figure_of(chart: Chart) -> Drawing:
    """Return one figure with all panels of a chart in rows, for notebooks and slides."""
    places, n_rows = _places(chart)
    n_columns = max((column + panel.span for panel, _, column in places), default=1)
    width = max((panel.size[0] / panel.span for panel in chart.panels), default=PANEL_SIZE[0])
    height = max((panel.size[1] for panel in chart.panels), default=PANEL_SIZE[1])
    heights = [_HEAD, *[_TITLE, height] * n_rows]
    with style():
        figure = Drawing(figsize=(max(n_columns * width, PAGE_WIDTH), sum(heights)))
        grid = figure.add_gridspec(len(heights), n_columns, height_ratios=heights)
        grid.update(left=0, right=1, top=1, bottom=0, wspace=0, hspace=0)
        head = figure.add_subfigure(grid[0, :])
        head.text(0.01, 0.62, chart.title, fontsize=12)
        head.text(0.01, 0.22, chart.key, fontsize=8.5, color="#333333")
        for panel, row, column in places:
            across = slice(column, column + panel.span)
            title = figure.add_subfigure(grid[1 + 2 * row, across])
            if chart.columns > 1:
                group = f"{panel.group}: " if panel.group else ""
                name = shortened(group + panel.title, _LONGEST_TITLE * panel.span)
                title.text(0.03 / panel.span, 0.45, name, fontsize=9)
                title.text(0.03 / panel.span, 0.02, panel.remark, fontsize=8, color="#444444")
            panel.draw(figure.add_subfigure(grid[2 + 2 * row, across]))
    return figure


def _places(chart: Chart) -> tuple[list[tuple[Panel, int, int]], int]:
    """Return each panel with its row and column, and the number of rows; none is broken."""
    places: list[tuple[Panel, int, int]] = []
    row, column = 0, 0
    for panel in chart.panels:
        if column + panel.span > chart.columns:
            row, column = row + 1, 0
        places.append((panel, row, column))
        column += panel.span
    return places, row + 1


def svg_of(panel: Panel, *, name: str) -> str:
    """Return a panel as an SVG element for a page; `name` keeps its ids apart from others'."""
    with style():
        figure = Drawing(figsize=panel.size)
        panel.draw(figure)
        text = _svg_bytes(figure, name).decode()
    return _inlined(text, name, panel)


def single_axes(figure: FigureBase, size: tuple[float, float]) -> Axes:
    """Return the only axes of a panel, with room for its labels."""
    margins(figure, size, left=MARGINS - _RIGHT, bottom=0.46)
    return figure.add_subplot()


def margins(
    figure: FigureBase, size: tuple[float, float], *, left: float, bottom: float, top: float = 0.08
) -> None:
    """Set the margins around the axes, in inches; fixed, so that panels below others line up."""
    width, height = size
    figure.subplots_adjust(
        left=left / width, right=1 - _RIGHT / width, bottom=bottom / height, top=1 - top / height
    )


def tall_axes(
    figure: FigureBase, size: tuple[float, float], labels: Sequence[str]
) -> Sequence[Axes]:
    """Return two axes side by side that share rows with labels, the first row on top."""
    shown = [shortened(label, 40) for label in labels]
    left = 0.2 + 0.068 * max(map(len, shown), default=0)
    margins(figure, size, left=left, bottom=0.5, top=0.25)
    pair: Sequence[Axes] = figure.subplots(1, 2, sharey=True, gridspec_kw={"wspace": 0.14})
    pair[0].set_yticks(range(len(shown)), shown)
    pair[0].set_ylim(len(shown) - 0.4, -0.6)
    for axes in pair:
        axes.tick_params(axis="y", length=0)
    return pair


def shortened(text: str, longest: int) -> str:
    """Return a text that is cut, with an ellipsis, where there is no room for more."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


_ROOM_OF_A_LABEL = 0.07
"""The part of an axis that half a time takes; nearer to the end it would be cut."""


def clock_axis(axes: Axes, start: float, end: float) -> None:
    """Make the x-axis a piece of the day, with times as HH:MM."""
    hours = (end - start) / 60
    step = 60 * next((step for step in (1, 2, 3, 4) if hours / step <= 5.5), 6)
    first = -(-start // step) * step
    ticks = [first + step * k for k in range(int((end - first) // step) + 1)]
    axes.set_xlim(start, end)
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda minute, _: clock_text(minute)))
    if end - ticks[-1] < _ROOM_OF_A_LABEL * (end - start):
        axes.get_xticklabels()[-1].set_horizontalalignment("right")


def light_grid(axes: Axes, axis: Literal["x", "y", "both"] = "y") -> None:
    """Draw thin lines behind the data."""
    axes.grid(visible=True, axis=axis, color=GRID, linewidth=0.6)


def _svg_bytes(figure: Figure, salt: str) -> bytes:
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    buffer = BytesIO()
    # A script that the font lacks is drawn by the reader's own fonts: the text stays text.
    with (
        mpl.rc_context({"svg.hashsalt": salt, "svg.fonttype": "none"}),
        warnings.catch_warnings(),
    ):
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        metadata = {"Date": None, "Creator": None, "Format": None, "Type": None}
        FigureCanvasSVG(figure).print_svg(buffer, metadata=metadata)  # type: ignore[no-untyped-call]  # matplotlib's
    return buffer.getvalue()


def _inlined(text: str, name: str, panel: Panel) -> str:
    """Return the svg element alone: described, scalable, in the page's font, with its own ids."""
    body = text[text.index("<svg") :]
    body = re.sub(r"\s*<(metadata|style)\b.*?</\1>", "", body, flags=re.DOTALL)
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', body))
    body = re.sub(
        r' id="([^"]*)"',
        lambda match: f' id="{name}-{match[1]}"' if match[1] in used else "",
        body,
    )
    body = re.sub(r'(href="#|url\(#)', rf"\g<1>{name}-", body)
    body = re.sub(r" font-family: [^;]*;| transform=\"rotate\(-0 [^)]*\)\"", "", body)
    body = re.sub(r"\s*\n\s*", "\n", body)
    width, height = (round(72 * inches, 3) for inches in panel.size)
    label = html.escape(f"{panel.title}: {panel.description}", quote=True)
    tag = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{label}">'
    )
    return re.sub(r"<svg[^>]*>", lambda _: tag, body, count=1)
