"""The figures of a sweep: how a measure moves over two factors, and which factor moves it most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np
from matplotlib.colors import Normalize
from matplotlib.figure import Figure, FigureBase

from mppsim.plan.plan import Floats
from mppsim.report.drawing import AFTER, BEFORE, Chart, Panel, figure_of, light_grid, margins
from mppsim.report.sweep import SENSITIVE, SweepResult, label
from mppsim.scenario.errors import InputError
from mppsim.study.factors import numeric

_COLORS = "cividis"
"""Read alike by those who are color-blind, and in print."""
_MOST_CELLS = 15
"""Values of a factor that a heat map has room for; more become dots."""
_WIDTH, _CELL, _FRAME = 7.2, 0.38, 1.0


@dataclass(frozen=True)
class SweepPlots:
    """The figures of one sweep."""

    result: SweepResult

    def heat_map(
        self,
        measure: str | None = None,
        place: str | None = None,
        *,
        x: str | None = None,
        y: str | None = None,
    ) -> Figure:
        """Draw a measure over two factors, the first two unless named; means over all others.

        With one factor it is a line with intervals. Raises InputError for a name that is not there.
        """
        return figure_of(heat_chart(self.result, measure, place, x=x, y=y))

    def tornado(self, measure: str | None = None, place: str | None = None) -> Figure:
        """Draw how far each factor moves a measure, the strongest on top."""
        return figure_of(tornado_chart(self.result, measure, place))


def heat_chart(
    result: SweepResult,
    measure: str | None = None,
    place: str | None = None,
    *,
    x: str | None = None,
    y: str | None = None,
) -> Chart:
    """Return a measure over two factors, or over the only one."""
    number, place = result.one(measure, place)
    for name in (x, y):
        if name is not None and name not in result.paths:
            known = ", ".join(result.paths)
            raise InputError(f"factor: found {name!r}; expected one of {known}")
    if result.swept.sweep.design == "one_at_a_time":
        raise InputError("design: found one_at_a_time; expected another for a heat map")
    x = x or next((path for path in result.paths if path != y), result.paths[0])
    y = y or next((path for path in result.paths if path != x), None)
    line = y is None or y == x
    panel = _line(result, number, place, x) if line else _map(result, number, place, x, y or x)
    title = result.swept.base[number].title(place)
    return Chart(title, panel.description, [panel], columns=1)


def tornado_chart(
    result: SweepResult, measure: str | None = None, place: str | None = None
) -> Chart:
    """Return how far each factor moves a measure."""
    number, place = result.one(measure, place)
    panel = _tornado(result, number, place)
    title = f"Which factor moves it most: {result.swept.base[number].title(place)}"
    return Chart(title, panel.description, [panel], columns=1)


def _values(result: SweepResult, number: int, place: str) -> tuple[Floats, Floats]:
    """Return value and half-width at each point."""
    pairs = [row[number].measured.at(place) for row in result.swept.cells]
    return np.array([value for value, _ in pairs]), np.array([width for _, width in pairs])


def _along(result: SweepResult, path: str) -> list[float | str]:
    """Return the value of a factor at each point; NaN where the hall is as it is."""
    return [
        numeric(point[path]) if path in point else float("nan") for point in result.swept.points
    ]


def _line(result: SweepResult, number: int, place: str, x: str) -> Panel:
    value, half_width = _values(result, number, place)
    along = _along(result, x)

    def draw(figure: FigureBase) -> None:
        margins(figure, (_WIDTH, 3.0), left=0.8, bottom=0.6)
        axes = figure.add_subplot()
        levels = _levels(along)
        place_of = np.array([levels.index(one) if _has_words(along) else one for one in along])
        by_place = np.argsort(place_of, kind="stable")  # a design may draw its points in any order
        at, bars = place_of[by_place], np.nan_to_num(half_width[by_place])
        axes.errorbar(at, value[by_place], bars, fmt="o-", color=AFTER, capsize=3)
        if _has_words(along):
            axes.set_xticks(range(len(levels)), list(map(str, levels)))
        axes.set_xlabel(x)
        axes.set_ylabel(_unit(result, number))
        light_grid(axes)

    return Panel(x, "", "Dots: means. Bars: 95 % intervals.", draw, size=(_WIDTH, 3.0))


def _map(result: SweepResult, number: int, place: str, x: str, y: str) -> Panel:
    value, _ = _values(result, number, place)
    across, up = _along(result, x), _along(result, y)
    columns, rows = _levels(across), _levels(up)
    if max(len(columns), len(rows)) > _MOST_CELLS or not columns or not rows:
        return _dots(result, number, (across, x), (up, y), value)
    cells = np.full((len(rows), len(columns)), np.nan)
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            here = [k for k in range(len(value)) if across[k] == column and up[k] == row]
            cells[i, j] = value[here].mean() if here else np.nan
    size = (_WIDTH, _FRAME + _CELL * len(rows))
    is_share = result.swept.base[number].measure.is_share

    def draw(figure: FigureBase) -> None:
        margins(figure, size, left=1.3, bottom=0.6, top=0.1)
        axes = figure.add_subplot()
        norm = Normalize(np.nanmin(cells), np.nanmax(cells))
        image = axes.imshow(cells, cmap=_COLORS, norm=norm, aspect="auto", origin="lower")
        for (i, j), number_there in np.ndenumerate(cells):
            if not np.isnan(number_there):
                shade = "black" if norm(number_there) > 0.55 else "white"
                axes.text(
                    j, i, _short(number_there, is_share), ha="center", va="center", color=shade
                )
        axes.set_xticks(range(len(columns)), list(map(label, columns)))
        axes.set_yticks(range(len(rows)), list(map(label, rows)))
        axes.set_xlabel(x)
        axes.set_ylabel(y)
        figure.colorbar(image, ax=axes, label=_unit(result, number), pad=0.02)

    others = len(result.paths) > 2
    key = "Each cell: the mean over all other factors." if others else "Each cell: one variant."
    return Panel(f"{x} and {y}", "", key, draw, size=size)


def _dots(
    result: SweepResult,
    number: int,
    across: tuple[list[float | str], str],
    up: tuple[list[float | str], str],
    value: Floats,
) -> Panel:
    size = (_WIDTH, 4.2)

    def draw(figure: FigureBase) -> None:
        margins(figure, size, left=0.9, bottom=0.6, top=0.1)
        axes = figure.add_subplot()
        dots = axes.scatter(across[0], up[0], c=value, cmap=_COLORS, s=42, edgecolors="none")
        axes.set_xlabel(across[1])
        axes.set_ylabel(up[1])
        light_grid(axes, "both")
        figure.colorbar(dots, ax=axes, label=_unit(result, number), pad=0.02)

    return Panel(f"{across[1]} and {up[1]}", "", "Each dot: one variant.", draw, size=size)


@dataclass(frozen=True)
class _Bar:
    """How far a factor moves a measure to one side, with the half-width of that."""

    path: str
    to: float
    half_width: float


def _tornado(result: SweepResult, number: int, place: str) -> Panel:
    bars, label_, key = _bars(result, number, place)
    reach = {path: max(abs(bar.to) for bar in bars if bar.path == path) for path in result.paths}
    order = sorted(result.paths, key=lambda path: reach[path])
    size = (_WIDTH, _FRAME + 0.3 * len(order))

    def draw(figure: FigureBase) -> None:
        margins(figure, size, left=2.9, bottom=0.55, top=0.1)
        axes = figure.add_subplot()
        for bar in bars:
            spot, color = order.index(bar.path), BEFORE if bar.to < 0 else AFTER
            axes.barh(spot, bar.to, color=color, height=0.6)
            axes.errorbar(bar.to, spot, xerr=bar.half_width, color="#111111", capsize=2)
        axes.set_yticks(range(len(order)), [_tail(path) for path in order])
        axes.axvline(0, color="#111111", linewidth=0.8)
        axes.set_xlabel(label_)
        light_grid(axes, "x")

    return Panel("Which factor moves it most", "", key, draw, size=size)


def _bars(result: SweepResult, number: int, place: str) -> tuple[list[_Bar], str, str]:
    """Return the bars of a tornado, what their length is, and how to read them."""
    design, unit = result.swept.sweep.design, _unit(result, number)
    if design in SENSITIVE:
        text = result.swept.base[number].measure.text
        table = result.sensitivity()
        here = table[(table["measure"] == text) & (table["place"] == place)]
        column = "mean_effect" if design == "morris" else "total"
        pairs = zip(here["factor"], here[column], here[f"{column}_half_width"], strict=True)
        bars = [_Bar(path, float(value), float(width)) for path, value, width in pairs]
        if design == "morris":
            length = f"mean effect of the whole range, {unit}"
            return bars, length, "Morris: mean of the absolute effects, with 95 % intervals."
        return bars, "share of the variance", "Sobol: total shares, with 95 % intervals."
    bars = [
        _Bar(next(iter(point)), *row[number].difference.at(place))
        for point, row in zip(result.swept.points, result.swept.cells, strict=True)
        if len(point) == 1
    ]
    if {bar.path for bar in bars} != set(result.paths):
        expectation = "one_at_a_time, morris or sobol for a tornado"
        raise InputError(f"design: found {design}; expected {expectation}")
    key = "Gray: less. Blue: more. Lines: 95 % intervals of paired differences."
    return bars, f"difference from the hall as it is, {unit}", key


def _levels(along: Sequence[float | str]) -> list[Any]:
    """Return the values of a factor in order, without NaN; words as they come."""
    known = [one for one in dict.fromkeys(along) if isinstance(one, str) or not isnan(one)]
    return known if _has_words(known) else sorted(known)


def _has_words(along: Sequence[float | str]) -> bool:
    return any(isinstance(one, str) for one in along)


def _short(value: float, is_share: bool) -> str:
    return f"{value:.2f}" if is_share or abs(value) < 1 else f"{value:.3g}"


def _tail(path: str, longest: int = 38) -> str:
    return path if len(path) <= longest else f"…{path[-longest + 1 :]}"


def _unit(result: SweepResult, number: int) -> str:
    measure = result.swept.base[number].measure
    if measure.is_share:
        return "share"
    return "persons" if measure.what == "standing" else "minutes"
