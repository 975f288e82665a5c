from __future__ import annotations

import math

import numpy as np
import pytest

from mppsim.theory.erlang import WaitingLine
from mppsim.theory.time_varying import (
    DaysOfLine,
    Flow,
    Piece,
    Staying,
    busy_if_unlimited,
    fluid_flows,
    modified_offered_load,
    pointwise_stationary,
)

HALL = [0.5, 0.9, 0.7, 0.5, 0.3, 0.4, 0.2]
"""Visitors a minute in the hours of a morning with a rush."""


def hours(rates: list[float], counters: float) -> list[Piece]:
    return [Piece(60 * n, 60 * n + 60, rate, counters) for n, rate in enumerate(rates)]


def flow_of(days: list[list[Piece]], service: float, staying: Staying | None = None) -> Flow:
    return fluid_flows([DaysOfLine(days, service, staying=staying)])[0]


def test_the_load_of_a_wave_of_visitors_lags_as_eick_massey_and_whitt_say() -> None:
    """(1993), section 4: 1 + b sin(g t) gives 1 + b (sin(g t) - g cos(g t)) / (1 + g^2)."""
    step, b, g, load = 0.001, 0.5, 1.3, 0.0
    for n in range(20_000):
        _, load = busy_if_unlimited(load, 1 + b * math.sin(g * (n + 0.5) * step), 1.0, step)
    t = 20.0  # twenty service times after the empty start, which is e^-20 by then
    expected = 1 + b * (math.sin(g * t) - g * math.cos(g * t)) / (1 + g**2)
    assert load == pytest.approx(expected, rel=1e-6)


def test_a_piece_that_lasts_is_its_steady_state_in_all_three_ways() -> None:
    steady, always = WaitingLine(0.5, 8, 6).mean_wait, [Piece(0, 20_000, 0.5, 6)]
    assert pointwise_stationary(always, 8) == pytest.approx([steady])
    assert modified_offered_load(always, 8) == pytest.approx([steady], rel=0.01)  # begins empty
    assert flow_of([always], 8).mean_wait() == pytest.approx(steady, rel=0.01)


def test_a_counter_for_half_of_a_piece_does_half_of_the_work() -> None:
    slow = WaitingLine(0.05, 16, 1).mean_wait
    assert pointwise_stationary([Piece(0, 60, 0.05, 0.5)], 8) == pytest.approx([slow])


def test_at_an_overload_only_the_flow_has_an_answer() -> None:
    day = hours([0.1, 0.3, 0.4, 0.3, 0.2, 0.1, 0.1], 2)
    assert math.inf in pointwise_stationary(day, 8)
    assert math.inf in modified_offered_load(day, 8)
    # Kolmogorov's equations, solved on a grid of 0.02 min, give 39.9 min.
    assert flow_of([day], 8).mean_wait() == pytest.approx(39.93, rel=0.2)


@pytest.mark.parametrize(
    ("counters", "wait", "within"),
    [(5, 18.32, 0.545), (6, 6.85, 0.818), (8, 0.996, 0.992)],
)
def test_the_flow_is_near_the_exact_wait_of_a_day(
    counters: int, wait: float, within: float
) -> None:
    """Exact: Kolmogorov's equations of M(t)/M/c on a grid of 0.02 min; 15 min promised."""
    flow = flow_of([hours(HALL, counters)], 8)
    assert flow.mean_wait() == pytest.approx(wait, rel=0.2)  # what the method is good for
    assert flow.within(15) == pytest.approx(within, abs=0.1)


def test_the_bank_of_law_and_kelton_as_a_flow() -> None:
    """Five tellers from 9 to 17, one visitor a minute, 4 min: exactly 2.078 min, 85.2 % <= 5."""
    flow = flow_of([[Piece(0, 480, 1.0, 5)]], 4.0)
    assert flow.mean_wait() == pytest.approx(2.078, rel=0.03)
    assert flow.within(5) == pytest.approx(0.8525, abs=0.01)


def test_who_comes_while_nobody_is_there_waits_for_the_opening() -> None:
    """60 visitors in the hour before one counter of 1 min opens: 30 min until then, and 30 more."""
    before = [Piece(-60, 0, 1.0, 0.0), Piece(0, 60, 0.0, 1.0)]
    assert flow_of([before], 1.0).mean_wait() == pytest.approx(
        60, rel=0.03
    )  # the line grows within a step


def test_those_who_do_not_stay_are_in_no_line() -> None:
    def half(line: np.ndarray, wait: np.ndarray) -> np.ndarray:
        return np.full_like(line, 0.5)

    crowd, few = hours(HALL, 5), hours([rate / 2 for rate in HALL], 5)
    assert flow_of([crowd], 8, staying=half).wait == pytest.approx(flow_of([few], 8).wait)


def test_lines_that_go_together_are_each_as_if_alone() -> None:
    closed = [Piece(-30, 0, 0.4, 0.0), *hours([0.4, 0.2, 0.1], 2)]
    lunch = [Piece(0, 60, 0.5, 3), Piece(60, 120, 0.5, 0), Piece(120, 180, 0.1, 4)]
    lines = [
        DaysOfLine([hours([0.1, 0.3, 0.2], 1.5)], 4.0, 0.5),
        DaysOfLine([closed], 8.0),
        DaysOfLine([lunch], 5.0, staying=lambda line, wait: 1 / (1 + wait)),
        DaysOfLine([hours([0.3, 0.9, 0.0], 2)], 2.0, 1.4),
    ]
    for line, flow in zip(lines, fluid_flows(lines), strict=True):
        alone = fluid_flows([line])[0]
        assert flow.wait == pytest.approx(alone.wait, rel=1e-12)
        assert flow.time.tolist() == alone.time.tolist()
