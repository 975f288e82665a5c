"""The procedure that decides whether a mean is above 0, against what it promises."""

from __future__ import annotations

import numpy as np
import pytest

from mppsim.study.feasibility import FIRST_STAGE, FeasibilityTest


def numbers(mean: float, row: int, n: int = 4000) -> np.ndarray:
    return mean + np.random.default_rng([7, row]).standard_normal(n)


@pytest.mark.parametrize("mean", [0.3, -0.3])
def test_wrong_answers_are_as_rare_as_promised(mean: float) -> None:
    """At the edge of the zone, where it is hardest; 1,000 runs, error 0.05."""
    test = FeasibilityTest(error=0.05, indifference=0.3)
    verdicts = [test.verdict(numbers(mean, row)) for row in range(1000)]
    wrong = verdicts.count(mean < 0)
    assert None not in verdicts
    assert 5 <= wrong <= 50 + 21  # 0.05 and three standard errors; not a test that never ends


def test_a_clear_answer_comes_with_the_first_stage() -> None:
    test = FeasibilityTest(error=0.001, indifference=0.3)
    assert test.verdict(numbers(9.0, 1, FIRST_STAGE)) is True
    assert test.verdict(numbers(-9.0, 1, FIRST_STAGE)) is False
    assert test.verdict(numbers(9.0, 1, FIRST_STAGE - 1)) is None


def test_an_answer_does_not_depend_on_how_many_numbers_come_at_a_time() -> None:
    test, all_ = FeasibilityTest(error=0.01, indifference=0.1), numbers(0.02, 3)
    first = next(n for n in range(1, 4000) if test.verdict(all_[:n]) is not None)
    assert test.verdict(all_) == test.verdict(all_[:first])


def test_numbers_that_never_vary_are_decided_at_once() -> None:
    assert FeasibilityTest(0.001, 0.1).verdict(np.full(FIRST_STAGE, 0.001)) is True
