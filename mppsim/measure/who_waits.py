"""Who waits longer: the visitors who come to both of two halls, one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.trace import Outcome
from mppsim.measure.apart import one_by_one
from mppsim.measure.inference import Index, linear_ratio
from mppsim.measure.observations import Observations, service_labels
from mppsim.measure.paired import pairs
from mppsim.plan.clock import TICKS_PER_MINUTE
from mppsim.plan.plan import Floats

if TYPE_CHECKING:
    import pandas as pd

Mask = NDArray[np.bool_]
BY = {"tenant": ("tenant",), "hour": ("hour",), "tenant and hour": ("tenant", "hour"), "all": ()}
_HOURS = 256


def who_waits(
    base: Observations,
    other: Observations,
    by: str = "tenant and hour",
    *,
    than: float = 1.0,
    day: str | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return for which visitors of the base the other hall changes the wait, all lines together.

    One row a group of visitors who come to both halls: by the tenant that they come for, the hour
    of arrival, both, or all. n: their number over all replications. Of those served in both halls,
    longer and shorter are the shares whose wait changes by more than `than` minutes, and change is
    the mean change in minutes; lost is the share of all who are served in the base alone, gained
    in the other alone. Raises ValueError for an unknown `by`, and as `paired_difference`.
    """
    import pandas as pd

    if by not in BY:
        raise ValueError(f"by: found {by!r}; expected one of {', '.join(BY)}")
    base, other = pairs(base, other)
    both = _Both.of(base, other, day)
    code, group = np.unique(both.code(BY[by]), return_inverse=True)
    served = both.served_before & both.served_after
    everybody = both.counted(group, len(code), np.ones(len(group)))
    shares = {
        "longer": (served & (both.change > than), served),
        "shorter": (served & (both.change < -than), served),
        "change": (np.where(served, both.change, 0), served),
        "lost": (both.served_before & ~both.served_after, None),
        "gained": (both.served_after & ~both.served_before, None),
    }
    columns: dict[str, NDArray[np.generic]] = {"n": everybody.sum(axis=0).astype(np.int64)}
    for name, (rows, of) in shares.items():
        count = everybody if of is None else both.counted(group, len(code), of)
        estimate = linear_ratio(both.counted(group, len(code), rows), count).estimate(confidence)
        columns[name], columns[f"{name}_half_width"] = estimate.value, estimate.half_width
    tenants = [base.layout.tenants[tenant] for tenant in code // _HOURS]
    key = {"tenant": tenants, "hour": (code % _HOURS).tolist()}
    return pd.DataFrame({**{name: key[name] for name in BY[by]}, **columns})


@dataclass(frozen=True, eq=False)
class _Both:
    """One row a visitor who comes to both halls; tenant and hour are those of the base."""

    n_replications: int
    replication: Index
    tenant: Index
    hour: Index
    served_before: Mask
    served_after: Mask
    change: Floats
    """Minutes in line, other minus base."""

    @classmethod
    def of(cls, base: Observations, other: Observations, day: str | None) -> _Both:
        services = service_labels(base.layout)
        before, after = (_Visitors.of(side, services, day) for side in (base, other))
        _, first, second = np.intersect1d(
            before.key, after.key, assume_unique=True, return_indices=True
        )
        return cls(
            n_replications=base.n_replications,
            replication=before.replication[first],
            tenant=base.layout.service_tenant[before.service[first]].astype(np.intp),
            hour=before.hour[first],
            served_before=before.served[first],
            served_after=after.served[second],
            change=after.wait[second] - before.wait[first],
        )

    def code(self, by: tuple[str, ...]) -> Index:
        """Return one number for each group of visitors."""
        return self.tenant * (_HOURS * ("tenant" in by)) + self.hour * ("hour" in by)

    def counted(self, group: Index, n_groups: int, weight: NDArray[np.generic]) -> Floats:
        """Return the sum of the weights, shape (replications, groups)."""
        cell = self.replication * n_groups + group
        total = np.bincount(cell, weight.astype(float), self.n_replications * n_groups)
        return np.asarray(total, np.float64).reshape(self.n_replications, n_groups)


@dataclass(frozen=True, eq=False)
class _Visitors:
    """The visitors of all replications of a hall, each with what only he has."""

    key: NDArray[np.int64]
    replication: Index
    service: Index
    hour: Index
    served: Mask
    wait: Floats
    """Minutes in all lines together."""

    @classmethod
    def of(
        cls, observations: Observations, services: list[str | int], day: str | None
    ) -> _Visitors:
        """Return those who come for one of the services, on the days of a kind."""
        kept = observations.days_of(day)
        places = {label: place for place, label in enumerate(services)}
        known = [places.get(label, -1) for label in service_labels(observations.layout)]
        parts = []
        for replication, summary in enumerate(one_by_one(observations.summaries)):
            journeys, visits = summary.journeys, summary.visits
            wait = np.bincount(visits.visitor, visits.wait.clip(0), len(journeys.day))
            service = np.array(known, np.intp)[journeys.service]
            key = (replication * len(kept) + journeys.day.astype(np.int64)) * len(
                services
            ) + service
            # Ordinals of booked visitors begin at a million; 2**24 leaves room for them.
            key = (key << 24) + journeys.known_by
            wanted = (service >= 0) & kept[journeys.day]
            columns = (
                key,
                np.full(len(key), replication),
                service,
                journeys.hour.astype(np.intp),
                journeys.outcome == Outcome.SERVED,
                wait / TICKS_PER_MINUTE,
            )
            parts.append([column[wanted] for column in columns])
        return cls(*map(np.concatenate, zip(*parts, strict=True)))
