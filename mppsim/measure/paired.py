"""Paired differences: two halls that met the same visitors, replication by replication."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mppsim.measure.inference import (
    Estimate,
    Index,
    percentile_half_width,
    ratio_difference,
)
from mppsim.measure.observations import Label, Observations, grouping, replication_key
from mppsim.measure.pooled import Pooled, pooled_visits
from mppsim.measure.tables import kept_promises
from mppsim.plan.plan import Floats

if TYPE_CHECKING:
    import pandas as pd

_PROBABILITIES = (0.9, 0.95)


def paired_difference(
    base: Observations,
    other: Observations,
    by: str = "tenant",
    *,
    day: str | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return how waiting at tenants' counters differs, other minus base, with paired intervals.

    Only replications of the same seed and number are compared (n pairs). One row for each group
    that both halls have, then 'both' for all of these together, and 'all' for every visit of the
    one hall against every visit of the other. For mean, p90, p95 and kept: `_base`, `_other`,
    `_difference`, and the half-width of the difference. verdict: the mean wait is 'longer',
    'shorter', 'unchanged' (to the last tick, in every replication), or we 'cannot tell' (the
    interval holds 0). Raises ValueError where the halls have no replication, or not the same days,
    in common.
    """
    import pandas as pd

    base, other = pairs(base, other)
    kept = base.days_of(day)
    n = len(base.summaries)
    first, second = _Side.of(base, by, kept), _Side.of(other, by, kept)
    shared = [label for label in first.labels if label in second.labels]
    places = [first.labels.index(label) for label in shared]
    key = {
        name: [values[place] for place in places]
        for name, values in grouping(base, by).columns.items()
    }
    rows = _differences(first.only(shared), second.only(shared), confidence)
    tables = [pd.DataFrame({**key, "n": n, **rows}, index=pd.Index(shared))]
    together = {"both": (shared, shared), "all": (first.labels, second.labels)}
    for name, (ours, theirs) in together.items() if by != "all" else ():
        rows = _differences(first.merged(ours), second.merged(theirs), confidence)
        named = dict.fromkeys(key, name)
        tables.append(pd.DataFrame({**named, "n": n, **rows}, index=pd.Index([name])))
    return pd.concat(tables)


@dataclass(frozen=True, eq=False)
class _Side:
    """One of the two halls."""

    labels: list[Label]
    groups: Index
    joined: Pooled
    mean: tuple[Floats, Floats]
    kept: tuple[Floats, Floats]

    @classmethod
    def of(cls, observations: Observations, by: str, kept: NDArray[np.bool_]) -> _Side:
        groups = grouping(observations, by)
        visits = pooled_visits(observations, groups, kept=kept, tenants_only=by != "station")
        joined = visits.only(visits.ticks >= 0)
        mean = (joined.minutes(), joined.counts())
        everything = np.arange(len(groups.labels))
        return cls(groups.labels, everything, joined, mean, kept_promises(visits))

    def only(self, labels: Iterable[Label]) -> _Side:
        """Return the side with these groups only, in this order."""
        groups = np.array([self.labels.index(label) for label in labels], np.intp)
        (total, count), (kept, made) = self.mean, self.kept
        return replace(
            self,
            groups=groups,
            mean=(total[:, groups], count[:, groups]),
            kept=(kept[:, groups], made[:, groups]),
        )

    def merged(self, labels: Iterable[Label]) -> _Side:
        """Return the side with these groups as one."""
        groups = np.array([self.labels.index(label) for label in labels], np.intp)
        joined = self.joined.only(np.isin(self.joined.group, groups))
        (total, count), (kept, made) = self.mean, self.kept

        def summed(columns: Floats) -> Floats:
            return np.asarray(columns[:, groups].sum(axis=1, keepdims=True))

        return replace(
            self,
            groups=np.zeros(1, np.intp),
            joined=replace(joined, group=np.zeros_like(joined.group), n_groups=1),
            mean=(summed(total), summed(count)),
            kept=(summed(kept), summed(made)),
        )

    def quantiles(self) -> tuple[list[Floats], Floats]:
        values, resampled = self.joined.resampled(_PROBABILITIES, self.joined.weights)
        return [value[self.groups] for value in values], resampled[self.groups]


def pairs(base: Observations, other: Observations) -> tuple[Observations, Observations]:
    """Return both with the replications that the two have in common."""
    if base.weekdays != other.weekdays:
        found = ", ".join(other.weekdays)
        raise ValueError(f"days: found {found}; expected those of the base, {base.weekdays}")
    keys = {replication_key(summary) for summary in base.summaries}
    keys &= {replication_key(summary) for summary in other.summaries}
    if not keys:
        raise ValueError("no replication in common; expected runs with the same seed")
    return _only(base, keys), _only(other, keys)


def _only(observations: Observations, keys: set[tuple[int, int]]) -> Observations:
    summaries = [one for one in observations.summaries if replication_key(one) in keys]
    return replace(observations, summaries=summaries)


def _differences(
    base: _Side, other: _Side, confidence: float
) -> dict[str, NDArray[np.generic] | list[str]]:
    """Return the columns of the table."""
    columns: dict[str, NDArray[np.generic] | list[str]] = {}

    def put(name: str, first: Floats, second: Floats, difference: Estimate) -> None:
        columns[f"{name}_base"], columns[f"{name}_other"] = first, second
        columns[f"{name}_difference"] = difference.value
        columns[f"{name}_difference_half_width"] = difference.half_width

    mean = ratio_difference(base.mean, other.mean, confidence=confidence)
    put("mean", _share(base.mean), _share(other.mean), mean)
    (base_values, base_resampled), (other_values, other_resampled) = (
        base.quantiles(),
        other.quantiles(),
    )
    half_width = np.full((len(base.groups), len(_PROBABILITIES)), np.nan)
    for group, resampled in enumerate(other_resampled - base_resampled):
        half_width[group] = percentile_half_width(resampled, confidence=confidence)
    for k, (name, first, second) in enumerate(
        zip(("p90", "p95"), base_values, other_values, strict=True)
    ):
        put(name, first, second, Estimate(second - first, half_width[:, k]))
    kept = ratio_difference(base.kept, other.kept, confidence=confidence)
    put("kept", _share(base.kept), _share(other.kept), kept)
    same = np.all((base.mean[0] == other.mean[0]) & (base.mean[1] == other.mean[1]), axis=0)
    somebody = base.mean[1].sum(axis=0) > 0
    columns["verdict"] = [
        "unchanged" if equal else _verdict(*pair)
        for equal, *pair in zip(same & somebody, mean.value, mean.half_width, strict=True)
    ]
    return columns


def _share(pair: tuple[Floats, Floats]) -> Floats:
    total, count = pair
    made = count.sum(axis=0)
    return np.asarray(total.sum(axis=0) / np.where(made > 0, made, np.nan))


def _verdict(difference: float, half_width: float) -> str:
    if difference > half_width:
        return "longer"
    return "shorter" if difference < -half_width else "cannot tell"
