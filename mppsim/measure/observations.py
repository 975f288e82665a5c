"""Observations: the summaries of many replications, and their visits sorted into groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mppsim.measure.inference import Index
from mppsim.measure.summary import Codes, Journeys, Summary, Visits
from mppsim.plan.plan import Floats, Layout

if TYPE_CHECKING:
    import pandas as pd

Rows = Visits | Journeys
Label = str | int


@dataclass(frozen=True)
class Observations:
    """What many replications of one hall showed.

    `weekdays` and `kinds` have one entry a day of a replication. The summaries, each of one
    replication or of several, are kept in the order of (seed, replication), in whatever order they
    come. Raises ValueError where there is none, or one is there twice.
    """

    layout: Layout
    weekdays: tuple[str, ...]
    kinds: tuple[str, ...]
    summaries: Sequence[Summary]
    keys: Sequence[tuple[int, int]] = field(init=False, repr=False)
    """Seed and number of each replication."""

    def __post_init__(self) -> None:
        """Put the summaries in order."""
        by_summary = [replication_keys(summary) for summary in self.summaries]
        keys = [key for of_one in by_summary for key in of_one]
        if not keys:
            raise ValueError("no replication; expected at least one")
        if len(set(keys)) < len(keys):
            raise ValueError("a replication is there twice; expected each (seed, replication) once")
        if keys != sorted(keys):
            ordered = tuple(sorted(self.summaries, key=replication_keys))
            object.__setattr__(self, "summaries", ordered)
        object.__setattr__(self, "keys", keys)

    @property
    def n_replications(self) -> int:
        """How many replications there are."""
        return len(self.keys)

    @property
    def kind_names(self) -> tuple[str, ...]:
        """The kinds of day, in the order in which a week meets them."""
        return tuple(dict.fromkeys(self.kinds))

    def days_of(self, kind: str | None) -> NDArray[np.bool_]:
        """Return which days of a replication are of this kind; None and 'all' mean every day.

        Raises ValueError for a kind that no day has.
        """
        if kind is None or (kind == "all" and kind not in self.kinds):
            return np.ones(len(self.kinds), bool)
        if kind not in self.kinds:
            raise ValueError(f"day: found {kind!r}; expected one of {', '.join(self.kind_names)}")
        return np.array([name == kind for name in self.kinds])

    def daily(
        self, *measures: Callable[[Summary], NDArray[Any]], kept: NDArray[np.bool_]
    ) -> list[NDArray[Any]]:
        """Return what measures make of the days of the summaries, for the kept ones.

        A measure has one entry a day first; returned is the shape (replications, kept days, ...).
        """
        found = zip(*([of(one) for of in measures] for one in self.summaries), strict=True)
        shape, rows = (self.n_replications, int(kept.sum())), np.tile(kept, self.n_replications)
        together = (np.concatenate(parts)[rows] for parts in found)
        return [days.reshape(*shape, *days.shape[1:]) for days in together]

    def counted(
        self, rows_of: Callable[[Summary], tuple[NDArray[Any], ...]], n_groups: int
    ) -> Floats:
        """Return the rows of the summaries, or their weights, shape (replications, groups).

        Rows are the day of each, its group and, if need be, its weight.
        """
        n_days, parts = np.intp(len(self.kinds)), []
        for summary in self.summaries:
            day, group, *weight = rows_of(summary)
            cell = day // n_days * n_groups + group
            shape = summary.n_replications, n_groups
            sums = np.bincount(cell, weight[0] if weight else None, shape[0] * shape[1])
            parts.append(sums.reshape(shape))
        return np.concatenate(parts).astype(np.float64)


def replication_keys(summary: Summary) -> list[tuple[int, int]]:
    """Return what the replications of a summary are known by."""
    first = summary.replication
    return [(summary.seed, number) for number in range(first, first + summary.n_replications)]


@dataclass(frozen=True, eq=False)
class Grouping:
    """A way to put rows into groups: the groups' names, and the group of each row."""

    columns: dict[str, list[Label]]
    """The key columns of a table, one row a group."""
    labels: list[Label]
    of: Callable[[Rows], Index]

    def frame(self, columns: dict[str, NDArray[np.generic]]) -> pd.DataFrame:
        """Return a table with one row a group: the key, then the given columns."""
        import pandas as pd

        return pd.DataFrame({**self.columns, **columns}, index=pd.Index(self.labels))


def grouping(observations: Observations, by: str) -> Grouping:
    """Return the groups that a table has one row for each, in the order of the layout.

    Raises ValueError for an unknown `by`.
    """
    makers: dict[str, Callable[[Observations], Grouping]] = {
        "tenant": _by_tenant,
        "service": _by_service,
        "station": lambda those: _by_code("station", those.layout.stations),
        "visitor_class": lambda those: _by_code("visitor_class", those.layout.classes),
        "booking": lambda those: _by_code("booking", ("walk_in", "appointment")),
        "hour": _by_hour,
        "kind": _by_kind,
        "all": lambda _: Grouping(
            {"all": ["all"]}, ["all"], lambda rows: np.zeros(len(rows.day), np.intp)
        ),
    }
    if by not in makers:
        raise ValueError(f"by: found {by!r}; expected one of {', '.join(makers)}")
    return makers[by](observations)


def service_labels(layout: Layout) -> list[Label]:
    """Return 'tenant/service' for each service."""
    tenants = [layout.tenants[tenant] for tenant in layout.service_tenant]
    return [f"{tenant}/{name}" for tenant, name in zip(tenants, layout.services, strict=True)]


def _by_tenant(observations: Observations) -> Grouping:
    layout = observations.layout
    names: list[Label] = list(layout.tenants)
    return Grouping(
        {"tenant": names}, names, lambda rows: layout.service_tenant[rows.service].astype(np.intp)
    )


def _by_service(observations: Observations) -> Grouping:
    layout = observations.layout
    columns: dict[str, list[Label]] = {
        "tenant": [layout.tenants[tenant] for tenant in layout.service_tenant],
        "service": list(layout.services),
    }
    return Grouping(columns, service_labels(layout), lambda rows: rows.service.astype(np.intp))


def _by_code(column: str, names: Sequence[str]) -> Grouping:
    labels: list[Label] = list(names)

    def of(rows: Rows) -> Index:
        codes: Codes = getattr(rows, column)
        return codes.astype(np.intp)

    return Grouping({column: labels}, labels, of)


def _by_hour(observations: Observations) -> Grouping:
    """Group by the hour of arrival in the hall, from the first to the last that anybody came in."""
    seen = [summary.journeys.hour for summary in observations.summaries]
    seen = [hours for hours in seen if len(hours)]
    first = min((int(hours.min()) for hours in seen), default=0)
    last = max((int(hours.max()) for hours in seen), default=-1)
    hours: list[Label] = list(range(first, last + 1))
    return Grouping({"hour": hours}, hours, lambda rows: rows.hour.astype(np.intp) - first)


def _by_kind(observations: Observations) -> Grouping:
    names: list[Label] = list(observations.kind_names)
    kind_of_day = np.array([names.index(kind) for kind in observations.kinds], np.intp)
    return Grouping(
        {"kind": names}, names, lambda rows: kind_of_day[rows.day % np.intp(len(kind_of_day))]
    )
