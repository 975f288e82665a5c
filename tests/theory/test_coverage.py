"""The intervals of the tables against exact values; `make coverage` is the long version."""

from __future__ import annotations

from support.coverage import covered


def test_95_percent_intervals_of_means_shares_and_quantiles_hold_the_exact_values() -> None:
    shares = covered(100)
    assert set(shares) == {"mean", "p50", "p90", "p95", "kept"}
    # 93 to 97 % over many studies; of 100 studies one and a half standard errors more are 3 %.
    assert all(0.90 <= share <= 1.0 for share in shares.values()), shares
