"""The figures of a result and of a comparison, each as one matplotlib Figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mppsim.report import charts
from mppsim.report.drawing import figure_of
from mppsim.report.result import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from mppsim.report.comparison import Pair


@dataclass(frozen=True)
class ResultPlots:
    """The figures of one hall."""

    hall: Result

    def waiting(self) -> Figure:
        """Draw the waiting times at each tenant: shares, cumulative curve and promise."""
        return figure_of(charts.waiting_chart(self.hall))

    def queue(self) -> Figure:
        """Draw the lines over the day: the mean of the days, and the band of nine days in ten."""
        return figure_of(charts.queue_chart(self.hall))

    def seats(self) -> Figure:
        """Draw the persons in each zone over the day against its seats."""
        return figure_of(charts.seats_chart(self.hall))

    def utilization(self) -> Figure:
        """Draw how busy the counters are, and their overtime."""
        return figure_of(charts.utilization_chart(self.hall))


@dataclass(frozen=True)
class PairPlots:
    """The figures of two halls, before and after."""

    pair: Pair

    def waiting(self) -> Figure:
        """Draw the waiting times at each tenant: before as outline, after filled, new ones last."""
        return figure_of(charts.waiting_chart(self.pair))

    def change(self) -> Figure:
        """Draw mean and p90 of the wait at each tenant, before and after."""
        return figure_of(charts.change_chart(self.pair))

    def queue(self) -> Figure:
        """Draw the lines over the day, before and after."""
        return figure_of(charts.queue_chart(self.pair))

    def seats(self) -> Figure:
        """Draw the persons in each zone over the day against its seats, before and after."""
        return figure_of(charts.seats_chart(self.pair))

    def utilization(self) -> Figure:
        """Draw how busy the counters are, and their overtime, before and after."""
        return figure_of(charts.utilization_chart(self.pair))
