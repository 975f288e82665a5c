"""Tables of visits and visitors: waiting, outcomes, whole visits; times in minutes.

Every table has its key as ordinary columns first and as a label in the index, and its rows in the
order of the layout (hours rising). Half-widths are those of 95 % intervals unless `confidence`
says otherwise; NaN where nothing, or too little, was observed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.trace import Outcome
from mppsim.measure.inference import Estimate, Index, ratio
from mppsim.measure.observations import Grouping, Observations, grouping
from mppsim.measure.pooled import (
    Mask,
    Pooled,
    Rows,
    ended,
    everybody,
    has_joined,
    pooled_journeys,
    pooled_visits,
)
from mppsim.measure.promise_counts import TURNED
from mppsim.measure.summary import Summary
from mppsim.plan.plan import Floats

if TYPE_CHECKING:
    import pandas as pd

Columns = dict[str, NDArray[np.generic]]
_GRID = 2.0**20
_OF_THE_JOINED = (
    Outcome.SERVED,
    Outcome.RENEGED,
    Outcome.DISMISSED,
    Outcome.UNSERVED,
    Outcome.NO_SHOW,
)
_NEVER_JOINED = (Outcome.BALKED, Outcome.REFUSED, Outcome.BLOCKED)


def waiting(
    observations: Observations,
    by: str = "tenant",
    *,
    day: str | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the time in line of all who joined one, served or not.

    `by` is tenant, service, visitor_class, hour (of arrival in the hall), kind (of day) or all, at
    tenants' counters; or station, at every counter. `day` keeps the days of one kind.

    n: visits that joined, over all replications. p50, p90, p95: quantiles of the pooled visits ("a
    visitor's p95"), unlike p95_typical_day (mean over days of the daily p95) and p95_bad_day (p95
    over days of the daily p95). kept: share served within the promise, of all who came to the
    counter (joined, balked or blocked) and were promised something. Raises ValueError for an
    unknown `by` or `day`.
    """
    groups = grouping(observations, by)
    visits = pooled_visits(
        observations, groups, kept=observations.days_of(day), tenants_only=by != "station"
    )
    joined = visits.only(has_joined)
    p50, p90, p95 = joined.quantiles((0.5, 0.9, 0.95))
    typical, bad = joined.daily_quantile(0.95)
    everyone, served, reneged = joined.sums(
        everybody, ended(Outcome.SERVED), ended(Outcome.RENEGED)
    )
    columns: Columns = {
        "n": everyone.count.sum(axis=0).astype(np.int64),
        **_estimate("mean", everyone.mean.estimate(confidence)),
        **_estimate("p50", p50.estimate(confidence)),
        **_estimate("p90", p90.estimate(confidence)),
        **_estimate("p95", p95.estimate(confidence)),
        **_estimate("kept", ratio(*kept_promises(visits), confidence=confidence)),
        **_estimate("p95_typical_day", typical.estimate(confidence)),
        **_estimate("p95_bad_day", bad.estimate(confidence)),
        "mean_served": served.mean.value,
        "mean_reneged": reneged.mean.value,
    }
    return groups.frame(columns)


def outcomes(
    observations: Observations,
    by: str = "tenant",
    *,
    day: str | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return how visits ended, as mean numbers a day.

    offered = joined + balked + refused + blocked and joined = served + reneged + dismissed +
    unserved + no_show, to the last bit: the means are whole multiples of 2**-20 visitor. Who was
    refused at the hall's door counts at his own service, and `by="station"` at the first station of
    his journey. n: visits offered, over all replications. `by` and `day` are those of `waiting`.

    postponed: of these, after how many the visitor left in order to come back on another day;
    carried_over: of those, how many on a replication's last day, so that nobody sees them return.
    """
    kept = observations.days_of(day)
    groups = grouping(observations, by)
    visits = pooled_visits(observations, groups, kept=kept, tenants_only=by != "station")
    days = np.tile(_days_each(observations, by, kept), (visits.n_replications, 1))
    those = (*_OF_THE_JOINED, *_NEVER_JOINED)
    by_outcome = visits.counts(*map(ended, those))
    counts = {one.name.lower(): count for one, count in zip(those, by_outcome, strict=True)}
    joined = sum(by_outcome[: len(_OF_THE_JOINED)], np.zeros_like(by_outcome[0]))
    offered = sum(by_outcome[len(_OF_THE_JOINED) :], joined)
    means = _that_add_up(counts, days)
    columns: Columns = {"n": offered.sum(axis=0).astype(np.int64)}
    for name, count in {"offered": offered, "joined": joined, **counts}.items():
        half_width = ratio(count, days, confidence=confidence).half_width
        columns |= _estimate(name, Estimate(means[name], half_width))
    last = len(observations.weekdays) - 1
    for name, first_day in (("postponed", 0), ("carried_over", last)):
        count = _postponed(observations, groups, kept, first_day, tenants_only=by != "station")
        columns |= _estimate(name, ratio(count, days, confidence=confidence))
    return groups.frame(columns)


def sojourn(
    observations: Observations,
    by: str = "tenant",
    *,
    day: str | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return the time from arrival to leaving of those whose whole visit was served.

    `by` is tenant or service (that the visitor came for), visitor_class, hour, kind or all. Raises
    ValueError for another `by`.
    """
    if by == "station":
        raise ValueError("by: found 'station'; expected tenant, service, visitor_class, hour, ...")
    groups = grouping(observations, by)
    journeys = pooled_journeys(observations, groups, kept=observations.days_of(day))
    served = journeys.only(ended(Outcome.SERVED))
    p50, p90, p95 = served.quantiles((0.5, 0.9, 0.95))
    (sums,) = served.sums(everybody)
    columns: Columns = {
        "n": sums.count.sum(axis=0).astype(np.int64),
        **_estimate("mean", sums.mean.estimate(confidence)),
        **_estimate("p50", p50.estimate(confidence)),
        **_estimate("p90", p90.estimate(confidence)),
        **_estimate("p95", p95.estimate(confidence)),
    }
    return groups.frame(columns)


def kept_promises(visits: Pooled) -> tuple[Floats, Floats]:
    """Return promises kept and promises made, each of shape (replications, groups)."""
    promised = visits.only(lambda rows: came(rows) & (rows.promise >= 0))
    in_time, count = promised.counts(
        lambda rows: (rows.outcome == Outcome.SERVED) & (rows.ticks <= rows.promise), everybody
    )
    return in_time, count


def came(rows: Rows) -> Mask:
    """Tell who came to the counter, whether they joined the line or not."""
    is_here = has_joined(rows)
    for outcome in TURNED:
        is_here |= ended(outcome)(rows)
    return is_here


def _estimate(name: str, estimate: Estimate) -> Columns:
    return {name: estimate.value, f"{name}_half_width": estimate.half_width}


def _days_each(observations: Observations, by: str, kept: NDArray[np.bool_]) -> Floats:
    """Return the number of kept days of a replication on which each group may have visits."""
    if by == "kind":
        kinds = np.array(observations.kinds)[kept]
        return np.array([(kinds == name).sum() for name in observations.kind_names], np.float64)
    return np.array([kept.sum()], np.float64)


def _postponed(
    observations: Observations,
    groups: Grouping,
    kept: NDArray[np.bool_],
    first_day: int,
    *,
    tenants_only: bool,
) -> Floats:
    """Return the visits that ended for another day, shape (replications, groups)."""
    at_tenant = observations.layout.station_tenant >= 0

    def rows_of(summary: Summary) -> tuple[Index, Index]:
        visits = summary.visits.only(np.flatnonzero(summary.visits.postponed))
        day = visits.day % np.intp(len(kept))
        rows = kept[day] & (day >= first_day)
        if tenants_only:
            rows &= at_tenant[visits.station]
        return visits.day[rows], groups.of(visits)[rows]

    return observations.counted(rows_of, len(groups.labels))


def _that_add_up(counts: dict[str, Floats], days: Floats) -> dict[str, Floats]:
    """Return the mean of each count a day on a grid of 2**-20, and of their totals.

    The running totals are rounded and the parts are their differences, so no sum is off by a bit.
    """
    n_days = days.sum(axis=0)
    n_days[n_days == 0] = np.nan
    totals = np.cumsum([count.sum(axis=0) for count in counts.values()], axis=0) / n_days
    totals = np.round(totals * _GRID) / _GRID
    parts = np.diff(totals, axis=0, prepend=0)
    joined = totals[len(_OF_THE_JOINED) - 1]
    return {**dict(zip(counts, parts, strict=True)), "joined": joined, "offered": totals[-1]}
