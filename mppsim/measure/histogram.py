"""Histograms of waiting times for the report's figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mppsim.measure.observations import Grouping, Observations, grouping
from mppsim.measure.pooled import Pooled, has_joined, pooled_visits
from mppsim.plan.clock import TICKS_PER_MINUTE
from mppsim.plan.plan import Floats

if TYPE_CHECKING:
    import pandas as pd

_WIDTHS = (0.5, 1, 2, 2.5, 5, 10, 15, 20, 30, 60)
_MOST_BINS = 30


def waiting_histogram(
    observations: Observations, tenant: str | None, edges: Floats, *, day: str | None = None
) -> pd.DataFrame:
    """Return how many visits to a tenant (None: to any) waited how long.

    One row a bin: low, high, count (over all replications), share, and cumulative, the share that
    waited at most `high`. A bin holds low < wait <= high, the first also wait = low; a last bin
    without end holds the rest. `edges` rise, from 0. Raises ValueError for an unknown tenant.
    """
    import pandas as pd

    if tenant is not None and tenant not in observations.layout.tenants:
        tenants = ", ".join(observations.layout.tenants)
        raise ValueError(f"tenant: found {tenant!r}; expected one of {tenants}")
    groups = grouping(observations, "all" if tenant is None else "tenant")
    chosen = 0 if tenant is None else groups.labels.index(tenant)
    joined = _joined(observations, groups, day).only(lambda rows: rows.group == chosen)
    highs = np.append(np.asarray(edges, np.float64)[1:], np.inf)
    count = np.zeros(len(highs), np.intp)
    for rows in joined.parts():
        bin_ = np.searchsorted(highs, rows.ticks / TICKS_PER_MINUTE, side="left")
        count += np.bincount(bin_, minlength=len(highs))
    below = count.cumsum()
    n = below[-1] or np.nan
    return pd.DataFrame(
        {"low": edges, "high": highs, "count": count, "share": count / n, "cumulative": below / n}
    )


def common_edges(*halls: Observations) -> Floats:
    """Return edges that suit every tenant of every hall: even bins, at most 30, from 0.

    They reach to the largest p99 of a tenant's waits.
    """
    longest = 0.0
    for observations in halls:
        groups = grouping(observations, "tenant")
        joined = _joined(observations, groups, None)
        (p99,) = joined.quantiles((0.99,))
        longest = max(longest, float(np.nan_to_num(p99.value).max(initial=0.0)))
    width = next((width for width in _WIDTHS if longest <= width * _MOST_BINS), None)
    if width is None:
        width = 60 * np.ceil(longest / (60 * _MOST_BINS))
    n_bins = max(int(np.ceil(longest / width)), 1)
    return np.arange(n_bins + 1, dtype=np.float64) * float(width)


def _joined(observations: Observations, groups: Grouping, day: str | None) -> Pooled:
    kept = observations.days_of(day)
    visits = pooled_visits(observations, groups, kept=kept, tenants_only=True)
    return visits.only(has_joined)
