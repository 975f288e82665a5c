"""Figures: what is drawn is what the tables say."""

import matplotlib as mpl
import numpy as np
import pytest
from support.results import comparison_of, health_moves_in, nobody_comes, result_of

from mppsim.report import Result
from mppsim.report.drawing import svg_of
from mppsim.report.figures_counters import utilization_panel
from mppsim.report.figures_over_time import queue_panels, seats_panels
from mppsim.report.figures_waiting import Scale, waiting_pair_panels, waiting_panels

FIGURES = ("waiting", "queue", "seats", "utilization")


@pytest.mark.parametrize("name", FIGURES)
def test_figures_leave_the_state_of_matplotlib_alone(name: str) -> None:
    before = dict(mpl.rcParams)
    figure = getattr(result_of().plot, name)()
    assert dict(mpl.rcParams) == before
    assert figure._repr_svg_().count("<svg") == 1


@pytest.mark.parametrize("name", [*FIGURES, "change"])
def test_a_comparison_draws_the_same_figures_and_the_change(name: str) -> None:
    plot = comparison_of(result_of(), result_of(health_moves_in)).plot
    assert getattr(plot, name)().subfigs


@pytest.mark.parametrize("name", FIGURES)
def test_a_hall_without_visitors_can_be_drawn(name: str) -> None:
    assert getattr(result_of(nobody_comes).plot, name)().subfigs


def test_the_curve_passes_through_the_share_that_does_not_wait_and_the_promise() -> None:
    from matplotlib.figure import Figure

    result = result_of()
    panel = next(panel for panel in waiting_panels(result) if panel.title == "bank")
    figure = Figure(figsize=panel.size)
    panel.draw(figure)
    axes = figure.axes[0]
    minutes, reached = map(np.asarray, axes.lines[0].get_data())
    waits = bank_waits(result)
    assert reached[0] == pytest.approx((waits == 0).mean(), abs=1e-12)
    promise = int(np.argmin(np.abs(minutes - 15)))
    assert reached[promise] == pytest.approx((waits <= 15).mean(), abs=1e-12)


def bank_waits(result: Result) -> np.ndarray:
    station = result.run.observations.layout.stations.index("bank")
    visits = [summary.visits for summary in result.run.summaries]
    ticks = np.concatenate([v.wait[(v.station == station) & (v.wait >= 0)] for v in visits])
    return ticks / 2**20


def test_equal_panels_are_equal_bytes_and_ids_are_apart() -> None:
    first, second = (waiting_panels(result_of())[0] for _ in range(2))
    assert svg_of(first, name="a") == svg_of(second, name="a")
    assert 'id="b-' in svg_of(first, name="b")


def test_new_tenants_are_grouped_and_come_last() -> None:
    pair = comparison_of(result_of(), result_of(health_moves_in)).pairs[0]
    groups = [panel.group for panel in waiting_pair_panels(pair)]
    assert groups == ["", "", "", "New tenants"]


def test_long_waits_take_wide_panels_on_the_same_scale() -> None:
    scale = Scale(width=2.5)
    assert [scale.span(longest) for longest in (40, 41, 200)] == [1, 2, 3]
    assert scale.edges(2)[-1] > 2 * scale.edges(1)[-1]


def test_panels_describe_themselves() -> None:
    result = result_of()
    panels = [*queue_panels(result), *seats_panels(result), utilization_panel(result)]
    assert all(panel.title and panel.description for panel in panels)
