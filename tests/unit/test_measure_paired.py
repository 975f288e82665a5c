"""Paired differences between two halls that met the same visitors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from support.traced import PASSPORTS, Day, Visit, observed, row, served, waits

from mppsim.measure import Observations, paired_difference, waiting


def hall(change: Callable[[float], float], n_replications: int = 12) -> Observations:
    """Return a hall with random waits at the first tenant, each changed in the same way."""
    random = np.random.default_rng(4)
    replications = []
    for _ in range(n_replications):
        days = []
        for weekday in ("mon", "tue"):
            busy = random.gamma(4, 5)
            minutes = np.round(random.exponential(busy, int(random.integers(20, 40))))
            days.append(Day(waits(*(change(m) for m in minutes)), weekday=weekday))
        replications.append(days)
    return observed(*replications)


def test_a_common_shift_is_found_without_error() -> None:
    base, other = hall(lambda m: m), hall(lambda m: m + 3)
    those = row(paired_difference(base, other), "permits")
    assert those["mean_difference"] == pytest.approx(3, rel=1e-12)  # rounding only
    assert those["mean_difference_half_width"] < 1e-12  # rounding only
    assert those["p95_difference"] == 3
    assert those["p95_difference_half_width"] < 1e-9  # rounding; the p95 alone is off by minutes
    assert row(waiting(base), "permits")["p95_half_width"] > 5
    assert those["verdict"] == "longer"


def test_the_other_way_round_is_shorter() -> None:
    those = row(paired_difference(hall(lambda m: m), hall(lambda m: m / 2)), "permits")
    assert those["mean_difference"] < -those["mean_difference_half_width"]
    assert those["verdict"] == "shorter"
    assert those["kept_difference"] > 0


def test_where_the_interval_holds_zero_nothing_is_claimed() -> None:
    table = paired_difference(hall(lambda m: m), hall(lambda m: m + np.cos(np.pi * m)))
    assert table.loc["permits", "verdict"] == "cannot tell"
    assert table.loc["passports", "verdict"] == "cannot tell"  # nobody came
    single = paired_difference(hall(lambda m: m, 1), hall(lambda m: m + 9, 1))
    assert single.loc["permits", "verdict"] == "cannot tell"  # one pair shows no spread


def test_columns_of_both_halls_agree_with_their_own_tables() -> None:
    base, other = hall(lambda m: m), hall(lambda m: 2 * m)
    those = row(paired_difference(base, other), "permits")
    assert those["mean_base"] == waiting(base).loc["permits", "mean"]
    assert those["kept_other"] == waiting(other).loc["permits", "kept"]
    assert those["p90_difference"] == those["p90_other"] - those["p90_base"]


def test_only_replications_and_tenants_of_both_halls_are_compared() -> None:
    base, other = hall(lambda m: m, 8), hall(lambda m: m + 1, 5)
    table = paired_difference(base, other, by="service")
    assert table["n"].tolist() == [5] * 5
    assert table.index.tolist() == [
        "permits/new",
        "permits/renewal",
        "passports/only",
        "both",
        "all",
    ]


def test_all_compares_every_visit_of_the_two_halls() -> None:
    added = [Visit(600.0, [served(PASSPORTS, 600.0, 30.0, 1.0, counter=3)], service=2)]
    base = observed(*[[Day(waits(10))]] * 3)
    other = observed(*[[Day([*waits(10), *added])]] * 3)
    assert paired_difference(base, other).loc["all", "mean_difference"] == 10
    assert paired_difference(base, other).loc["permits", "mean_difference"] == 0
    assert paired_difference(base, other).loc["permits", "verdict"] == "unchanged"


def test_halls_that_share_no_replication_or_no_days_are_refused() -> None:
    base = hall(lambda m: m)
    reseeded = [replace(summary, seed=2) for summary in base.summaries]
    with pytest.raises(ValueError, match="same seed"):
        paired_difference(base, replace(base, summaries=reseeded))
    with pytest.raises(ValueError, match="expected those of the base"):
        paired_difference(base, observed([Day(waits(1))]))
