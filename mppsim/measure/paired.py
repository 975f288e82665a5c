"""Paired differences: two halls that met the same visitors, replication by replication."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mppsim.measure.apart import one_by_one
from mppsim.measure.inference import linear_ratio
from mppsim.measure.observations import Label, Observations, grouping
from mppsim.measure.pooled import Pooled, everybody, has_joined, pooled_visits
from mppsim.measure.simultaneous import is_certain, is_unchanged, more_replications
from mppsim.measure.tables import kept_promises

if TYPE_CHECKING:
    import pandas as pd


def paired_difference(
    base: Observations,
    other: Observations,
    by: str = "tenant",
    *,
    n_comparisons: int = 1,
    day: str | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return how waiting at tenants' counters differs, other minus base, with paired intervals.

    Only replications of the same seed and number are compared (n pairs). One row for each group
    that both halls have, then 'both' for all of these together, and 'all' for every visit of the
    one hall against every visit of the other. For mean, p90, p95 and kept: `_base`, `_other`,
    `_difference`, and the half-width of the difference. verdict: the mean wait is 'longer',
    'shorter', 'unchanged' (in every replication), or we 'cannot tell'; all of them hold at once,
    also with those of as many other halls as are compared with the base. more_days: how many more
    would be likely to tell. Raises ValueError where the halls have no replication, or not the same
    days, in common.
    """
    import pandas as pd

    base, other = pairs(base, other)
    n = base.n_replications
    first, second = _Side.of(base, by, day), _Side.of(other, by, day)
    shared = [label for label in first.labels if label in second.labels]
    places = [first.labels.index(label) for label in shared]
    key = {
        name: [values[place] for place in places]
        for name, values in grouping(base, by).columns.items()
    }
    rows = _differences(first.only(shared), second.only(shared), n_comparisons, confidence)
    tables = [pd.DataFrame({**key, "n": n, **rows}, index=pd.Index(shared))]
    together = {"both": (shared, shared), "all": (first.labels, second.labels)}
    for name, (ours, theirs) in together.items() if by != "all" else ():
        rows = _differences(first.merged(ours), second.merged(theirs), n_comparisons, confidence)
        named = dict.fromkeys(key, name)
        tables.append(pd.DataFrame({**named, "n": n, **rows}, index=pd.Index([name])))
    return pd.concat(tables)


@dataclass(frozen=True, eq=False)
class _Side:
    """One of the two halls."""

    labels: list[Label]
    visits: Pooled

    @classmethod
    def of(cls, observations: Observations, by: str, day: str | None) -> _Side:
        groups, kept = grouping(observations, by), observations.days_of(day)
        return cls(
            groups.labels,
            pooled_visits(observations, groups, kept=kept, tenants_only=by != "station"),
        )

    def only(self, labels: list[Label]) -> Pooled:
        """Return the visits of these groups, in this order."""
        places = {label: place for place, label in enumerate(labels)}
        return self.visits.regrouped([places.get(label, -1) for label in self.labels], len(places))

    def merged(self, labels: list[Label]) -> Pooled:
        """Return the visits of these groups as one group."""
        return self.visits.regrouped([0 if label in labels else -1 for label in self.labels], 1)


def pairs(base: Observations, other: Observations) -> tuple[Observations, Observations]:
    """Return both with the replications that the two have in common."""
    if base.weekdays != other.weekdays:
        found = ", ".join(other.weekdays)
        raise ValueError(f"days: found {found}; expected those of the base, {base.weekdays}")
    keys = {*base.keys} & {*other.keys}
    if not keys:
        raise ValueError("no replication in common; expected runs with the same seed")
    return _only(base, keys), _only(other, keys)


def _only(observations: Observations, keys: set[tuple[int, int]]) -> Observations:
    if len(keys) == observations.n_replications:
        return observations
    each = one_by_one(observations.summaries)
    summaries = [one for one in each if (one.seed, one.replication) in keys]
    return replace(observations, summaries=summaries)


def _differences(
    base: Pooled, other: Pooled, n_comparisons: int, confidence: float
) -> dict[str, NDArray[np.generic] | list[str]]:
    """Return the columns of the table."""
    columns: dict[str, NDArray[np.generic] | list[str]] = {}
    joined = [visits.only(has_joined) for visits in (base, other)]
    estimates = [
        (those.mean(), *those.quantiles((0.9, 0.95)), linear_ratio(*kept_promises(visits)))
        for those, visits in zip(joined, (base, other), strict=True)
    ]
    for name, first, second in zip(("mean", "p90", "p95", "kept"), *estimates, strict=True):
        difference = second.minus(first).estimate(confidence)
        columns[f"{name}_base"], columns[f"{name}_other"] = first.value, second.value
        columns[f"{name}_difference"] = difference.value
        columns[f"{name}_difference_half_width"] = difference.half_width
    mean = estimates[1][0].minus(estimates[0][0])
    told = is_certain(mean, n_comparisons=n_comparisons, confidence=confidence)
    (before,), (after,) = (those.counts(everybody) for those in joined)
    unchanged = is_unchanged(mean) & (before == after).all(axis=0)
    columns["verdict"] = np.where(
        unchanged,
        "unchanged",
        np.where(told, np.where(mean.value > 0, "longer", "shorter"), "cannot tell"),
    ).tolist()
    more = more_replications(mean, n_comparisons=n_comparisons, confidence=confidence)
    columns["more_days"] = more * joined[0].n_days_each
    return columns
