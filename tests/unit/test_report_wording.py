"""Numbers as people read them."""

import math

import pytest

from mppsim.report import wording


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (-0.04, 1, "0.0"),
        (-1.25, 0, f"{wording.MINUS}1"),
        (1234.5, 0, "1,234"),
        (math.nan, 1, wording.NOTHING),
    ],
)
def test_numbers_have_no_negative_zero_and_a_true_minus_sign(
    value: float, decimals: int, text: str
) -> None:
    assert wording.number(value, decimals) == text


def test_a_half_width_is_never_shown_as_zero_unless_it_is() -> None:
    assert wording.half_width(0.004, 1) == "± 0.1"
    assert wording.half_width(0.0, 1) == "± 0.0"
    assert wording.half_width(math.nan, 1) == ""


@pytest.mark.parametrize(
    ("share", "text"), [(0.999, "99 %"), (1.0, "100 %"), (0.001, "1 %"), (0.0, "0 %")]
)
def test_a_share_is_all_or_nothing_only_if_it_is(share: float, text: str) -> None:
    assert wording.percent(share) == text


@pytest.mark.parametrize(
    ("value", "text"), [(8.44, "8.4 min"), (9.96, "10 min"), (1.0, "1 min"), (24.4, "24 min")]
)
def test_minutes_in_sentences_have_the_decimals_that_mean_something(
    value: float, text: str
) -> None:
    assert wording.minutes(value) == text


def test_lists_and_counts_read_like_prose() -> None:
    assert wording.listed(["a", "b", "c"]) == "a, b and c"
    assert wording.counted(9, "new tenant") == "nine new tenants"
    assert wording.counted(24, "tenant") == "24 tenants"
