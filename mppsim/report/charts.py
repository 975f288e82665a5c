"""The charts of a hall, or of a hall beside its base: what they are called and how to read them."""

from __future__ import annotations

from mppsim.report import figures_counters, figures_over_time, figures_waiting
from mppsim.report.comparison import Pair
from mppsim.report.drawing import Chart
from mppsim.report.result import Result

_BAND = "Line: mean of all days. Band: nine days in ten lie in it."


def waiting_chart(hall: Result | Pair) -> Chart:
    """Return the distributions of waiting times, a panel a tenant."""
    key = "Bars: share of visits. Curve: share that waits at most so long. Dots: the promise."
    if isinstance(hall, Pair):
        panels = figures_waiting.waiting_pair_panels(hall)
        return Chart("How waiting times are spread", f"{key} {_colors(hall)}", panels)
    return Chart("How waiting times are spread", key, figures_waiting.waiting_panels(hall))


def change_chart(pair: Pair) -> Chart:
    """Return mean and p90 at each tenant, before and after."""
    key = "Ring: before. Blue disk: after."
    if pair.new_tenants:
        key += " Orange diamond: new tenant."
    panel = figures_waiting.change_panel(pair)
    return Chart(panel.title, key, [panel], columns=1)


def queue_chart(hall: Result | Pair) -> Chart:
    """Return the lines over the day, at the shared stations and where they are longest."""
    result, base, colors = _sides(hall)
    panels = figures_over_time.queue_panels(result, base)
    return Chart("Visitors waiting over the day", f"{_BAND} {colors}".rstrip(), panels)


def seats_chart(hall: Result | Pair) -> Chart:
    """Return the persons in each zone over the day, against its seats."""
    result, base, colors = _sides(hall)
    key = f"{_BAND} Above the seats, in pink, people stand. {colors}".rstrip()
    panels = figures_over_time.seats_panels(result, base)
    return Chart("Persons and seats over the day", key, panels, columns=2)


def utilization_chart(hall: Result | Pair) -> Chart:
    """Return how busy the counters are, and their overtime."""
    result, base, colors = _sides(hall)
    key = f"Bar: all counters of the station. Dot: one of several counters. {colors}".rstrip()
    panel = figures_counters.utilization_panel(result, base)
    return Chart(panel.title, key, [panel], columns=1)


def _sides(hall: Result | Pair) -> tuple[Result, Result | None, str]:
    """Return the hall that is drawn, the base beside it, and what the colors mean."""
    if isinstance(hall, Pair):
        return hall.other, hall.base, _colors(hall)
    return hall, None, ""


def _colors(pair: Pair) -> str:
    new = " Orange: new." if pair.new_tenants else ""
    return f"Gray: before. Blue: after.{new}"
