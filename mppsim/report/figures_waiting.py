"""Figures of waiting times: the distribution at each tenant, and before against after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.ticker import PercentFormatter

from mppsim import measure
from mppsim.plan.plan import Floats
from mppsim.report import names, wording
from mppsim.report.cells import Differences, records
from mppsim.report.comparison import Pair
from mppsim.report.drawing import (
    AFTER,
    BEFORE,
    DASHES,
    DOTS,
    LIMIT,
    MARGINS,
    NEW,
    PAGE_WIDTH,
    PANEL_SIZE,
    ROW,
    Panel,
    light_grid,
    single_axes,
    tall_axes,
)
from mppsim.report.result import Result

_WIDTHS = (0.5, 1.0, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0, 30.0, 60.0, 120.0)
BARS, COLUMNS = 16, 3
_IN_ONE_COLUMN = 0.8
"""Share of the tenants whose p95 lies within a panel of one column."""
_FINE = 10
"""Points of the cumulative curve in the width of a bar."""
_TICK = 2.0**-20
"""One step of the clock, in minutes: whoever waits less does not wait."""


def waiting_panels(result: Result) -> list[Panel]:
    """Return the distribution of waiting times at each tenant."""
    scale = scale_for(result)
    waiting = records(result.waiting())
    return [
        _panel(tenant, result, None, scale, waiting[tenant])
        for tenant in result.scenario.tenants
        if waiting[tenant]["n"]
    ]


def waiting_pair_panels(pair: Pair) -> list[Panel]:
    """Return the distributions before and after; the tenants new in the other hall come last."""
    scale = scale_for(pair.base, pair.other)
    waiting = records(pair.other.waiting())
    panels = [
        _panel(tenant, pair.other, pair.base, scale, waiting[tenant])
        for tenant in pair.shared_tenants
        if waiting[tenant]["n"]
    ]
    new = [
        _panel(tenant, pair.other, None, scale, waiting[tenant], NEW, "New tenants")
        for tenant in pair.new_tenants
        if waiting[tenant]["n"]
    ]
    return panels + new


def scale_for(*results: Result) -> Scale:
    """Return a scale that shows most tenants in one column, with bars of an even width."""
    p95 = [row["p95"] for result in results for row in records(result.waiting()).values()]
    known = np.array([value for value in p95 if not np.isnan(value)])
    longest = float(np.quantile(known, _IN_ONE_COLUMN)) if len(known) else 1.0
    suitable = (width for width in _WIDTHS if longest <= width * BARS)
    return Scale(next(suitable, longest / BARS))


@dataclass(frozen=True)
class Scale:
    """Minutes to inches, the same in all panels, so that long waits take wide panels."""

    width: float
    """Minutes in the width of a bar; a panel of one column has BARS of them."""

    def span(self, longest: float) -> int:
        """Return how many columns show waits up to here, as far as there are columns."""
        fits = (k for k in range(1, COLUMNS + 1) if longest <= self.width * self.n_bars(k))
        return next(fits, COLUMNS)

    def n_bars(self, span: int) -> int:
        """Return how many bars there is room for."""
        axes = PANEL_SIZE[0] - MARGINS
        return int(BARS * (span * PANEL_SIZE[0] - MARGINS) / axes)

    def edges(self, span: int) -> Floats:
        """Return the edges of the bars in so many columns."""
        return np.arange(self.n_bars(span) + 1, dtype=np.float64) * self.width


def change_panel(pair: Pair) -> Panel:
    """Return mean and p90 of the wait at each tenant, before and after, in one tall figure."""
    differences = Differences.of(pair.differences()).by_group
    waiting = records(pair.other.waiting())
    shared = [t for t in pair.shared_tenants if not np.isnan(differences[t]["mean_difference"])]
    rows = [*shared, *(tenant for tenant in pair.new_tenants if waiting[tenant]["n"])]
    size = (PAGE_WIDTH, ROW * len(rows) + 0.75)

    def draw(figure: FigureBase) -> None:
        labels = [names.station_name(pair.other.scenario, tenant) for tenant in rows]
        titles = ("Mean wait", "Nine in ten wait at most")
        for axes, name, title in zip(
            tall_axes(figure, size, labels), ("mean", "p90"), titles, strict=True
        ):
            before = [differences[tenant][f"{name}_base"] for tenant in shared]
            after = [waiting[tenant][name] for tenant in rows]
            _draw_change(axes, before, after)
            axes.set_title(title, fontsize=9, loc="left")

    return Panel(
        title="Mean wait, and what nine in ten wait at most, before and after",
        remark="",
        description=(
            "one row a tenant: a ring for before, a disk for after, a diamond for new tenants; "
            "the numbers are in the table above"
        ),
        draw=draw,
        size=size,
    )


def _draw_change(axes: Axes, before: Sequence[float], after: Sequence[float]) -> None:
    """Draw a row for each tenant; those beyond the length of `before` are new."""
    n_shared = len(before)
    rows = range(len(after))
    axes.hlines(rows[:n_shared], before, after[:n_shared], color="#9aa5b1", linewidth=2, zorder=1)
    axes.plot(before, rows[:n_shared], "o", color="white", markeredgecolor=BEFORE, markersize=5.5)
    axes.plot(after[:n_shared], rows[:n_shared], "o", color=AFTER, markersize=5.5)
    axes.plot(after[n_shared:], rows[n_shared:], "D", color=NEW, markersize=5)
    if 0 < n_shared < len(after):
        axes.axhline(n_shared - 0.5, color=LIMIT, linewidth=0.8)
    axes.set_xlim(left=0)
    axes.set_xlabel("minutes")
    light_grid(axes, "both")


def _panel(
    tenant: str,
    result: Result,
    base: Result | None,
    scale: Scale,
    row: dict[str, float],
    color: str = AFTER,
    group: str = "",
) -> Panel:
    span = scale.span(row["p90"])
    size = (span * PANEL_SIZE[0], PANEL_SIZE[1])
    edges = scale.edges(span)
    after = _Distribution.of(result, tenant, edges)
    before = _Distribution.of(base, tenant, edges) if base else None
    promised = names.promises(result.scenario, tenant)
    kept = wording.percent(row["kept"])
    limit = f"{promised[0]:g} min" if len(promised) == 1 else "the promise"
    remark = f"{kept} within {limit}" if promised else f"mean {wording.minutes(row['mean'])}"
    return Panel(
        title=names.station_name(result.scenario, tenant),
        remark=remark,
        description=(
            f"waiting times, mean {wording.minutes(row['mean'])}, half at most "
            f"{wording.minutes(row['p50'])}, nine in ten at most {wording.minutes(row['p90'])}; "
            f"{remark}"
        ),
        draw=lambda figure: _draw_distribution(
            single_axes(figure, size), after, before, promised, color
        ),
        size=size,
        span=span,
        group=group,
    )


@dataclass(frozen=True, eq=False)
class _Distribution:
    """The waits at a tenant: shares in bars, and the share that waited at most so long."""

    edges: Floats
    shares: Floats
    time: Floats
    reached: Floats

    @classmethod
    def of(cls, result: Result, tenant: str, edges: Floats) -> _Distribution:
        fine = np.linspace(0.0, edges[-1], _FINE * (len(edges) - 1) + 1)
        points = np.concatenate([[0.0, _TICK / 2], fine[1:]])
        table = measure.waiting_histogram(result.run.observations, tenant, points)
        # Row k reaches to point k + 1: the first holds those who do not wait at all.
        reached = table["cumulative"].to_numpy()[:-1]
        at_edges = np.concatenate([[0.0], reached[_FINE::_FINE]])
        return cls(edges, np.diff(at_edges), fine, reached)


def _draw_distribution(
    axes: Axes,
    after: _Distribution,
    before: _Distribution | None,
    promised: Sequence[float],
    color: str,
) -> None:
    edges = after.edges
    width, end = edges[1] - edges[0], edges[-1]
    light_grid(axes)
    axes.bar(edges[:-1], after.shares, width=0.92 * width, align="edge", color=color, alpha=0.45)
    axes.plot(after.time, after.reached, color=color, linewidth=1.6)
    if before is not None:
        axes.stairs(before.shares, edges, color=BEFORE, linewidth=1.1)
        axes.plot(before.time, before.reached, color=BEFORE, linewidth=1.2, linestyle=DASHES)
    for limit in promised:
        if limit < end:
            axes.axvline(limit, color=LIMIT, linewidth=1, linestyle=DOTS)
    axes.set_xlim(0, end)
    axes.set_ylim(0, 1.03)
    axes.set_yticks([0, 0.5, 1])
    axes.yaxis.set_major_formatter(PercentFormatter(1, symbol=" %"))
    axes.set_xlabel("minutes waited")
