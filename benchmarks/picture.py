"""The picture: CPU time a visitor of each program, and how it grows with the hall."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path

from benchmarks.children import Child

Runs = dict[str, list[Child]]
COLORS = {
    "mppsim, compiled": "#00579c",
    "mppsim, SimPy engine": "#6ea6d8",
    "SimPy": "#767676",
    "Ciw": "#9c9c9c",
    "salabim": "#bdbdbd",
    "Cimba": "#b5651d",
}


def draw(timed: dict[str, Runs], scaled: dict[str, list[tuple[str, Runs]]], path: Path) -> None:
    """Draw bars for the workloads and lines for the scaling, on logarithmic axes."""
    from matplotlib import rcParams
    from matplotlib.figure import Figure

    rcParams["svg.hashsalt"] = "mppsim"
    figure = Figure(figsize=(11, 6.4), layout="constrained")
    upper, lower = figure.subfigures(2, 1, squeeze=False)[:, 0]
    (bars,) = upper.subplots(1, len(timed), squeeze=False)
    (lines,) = lower.subplots(1, len(scaled), squeeze=False)
    for axes, (title, runs) in zip(bars, timed.items(), strict=True):
        names = list(runs)[::-1]
        values = [_median(runs[name]) for name in names]
        axes.barh(names, values, color=[COLORS[name] for name in names])
        axes.set_xscale("log")
        axes.set_xlim(right=max(values) * 12)
        for place, value in enumerate(values):
            axes.annotate(f" {value:,.0f}", (value, place), va="center", fontsize=9)
        axes.set_title(f"{title},\nns a visitor", fontsize=10, loc="left")
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(axis="both", labelsize=9)
    for axes, (kind, loads) in zip(lines, scaled.items(), strict=True):
        times = [float(load.partition("=")[2] or 1) for load, _ in loads]
        for name in loads[0][1]:
            values = [_median(runs[name]) for _, runs in loads]
            axes.plot(times, values, marker="o", color=COLORS[name], label=name)
        axes.set_xscale("log", base=2)
        axes.set_xticks(times, [f"{one:g}" for one in times])
        axes.set_yscale("log")
        axes.set_title(f"The hall with .. times the {kind}, ns a visitor", fontsize=10, loc="left")
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(axis="both", labelsize=9)
    axes.legend(fontsize=9, frameon=False)
    figure.savefig(path, metadata={"Date": None})


def _median(runs: Sequence[Child]) -> float:
    return statistics.median(one.nanoseconds for one in runs)
