"""What each group of new tenants costs the others: time in line, and seats.

A tenant's effect depends on who else is there already. Its share is that of Shapley (1953), A value
for n-person games: the mean of what it adds over all orders in which the groups could come. The
shares add up to what all of them add together. All halls are simulated under the same luck, and the
shares are taken replication by replication, so that their intervals are those of independent means.
Many groups have too many sets: then each replication draws an order of its own (Castro, Gomez and
Tejada 2009), and the intervals tell of that luck too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from mppsim.measure.observations import grouping
from mppsim.measure.pooled import has_joined, pooled_visits
from mppsim.plan.plan import Floats
from mppsim.scenario import Scenario, load_scenario
from mppsim.scenario.errors import InputError, listed, nearest_name, quoted
from mppsim.study.executors import Workers
from mppsim.study.experiments import for_many
from mppsim.study.replications import Job, Progress, Run, replicate_each
from mppsim.study.run_store import RunStore

MOST_GROUPS = 6
"""Of which every set is simulated: 64 halls."""
Groups = dict[str, tuple[str, ...]]
Order = tuple[str, ...]
Asked = dict[frozenset[str], set[int]]
"""The replications of the hall with each set of groups."""


@dataclass(frozen=True, eq=False)
class Burden:
    """What the visitors of some tenants bear in one hall, by replication."""

    hours: Floats
    """In line a day, at all stations."""
    seats: Floats
    """Shape (replications, zones): most persons at once who want a seat, mean of the days."""


@dataclass(frozen=True, eq=False)
class AttributionStudy:
    """The halls with every set of groups, and what the tenants that were there bear in each."""

    plan: Scenario
    job: Job
    groups: Groups
    burdens: dict[frozenset[str], Burden]
    """By the groups that are there; not a number where a replication was not asked for."""
    orders: tuple[tuple[Order, ...], ...] = ()
    """For each replication those over which the shares are means; empty: over all orders."""

    def first(self, group: str) -> Burden:
        """Return what the group adds as the first to come."""
        return self._added(group, frozenset())

    def last(self, group: str) -> Burden:
        """Return what the group adds as the last to come."""
        return self._added(group, frozenset(self.groups) - {group})

    def shapley(self, group: str) -> Burden:
        """Return what the group adds on average over all orders, or over those that were drawn."""
        if self.orders:
            return self._mean_of_orders(group)
        others, n = [name for name in self.groups if name != group], len(self.groups)
        start = self.burdens[frozenset()]
        hours, seats = np.zeros_like(start.hours), np.zeros_like(start.seats)
        for size in range(n):
            weight = math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)
            for before in combinations(others, size):
                added = self._added(group, frozenset(before))
                hours, seats = hours + weight * added.hours, seats + weight * added.seats
        return Burden(hours, seats)

    def _mean_of_orders(self, group: str) -> Burden:
        parts = []
        for row, orders in enumerate(self.orders):
            before = [frozenset(order[: order.index(group)]) for order in orders]
            added = [self._added(group, those) for those in before]
            hours = np.mean([one.hours[row] for one in added])
            parts.append((hours, np.mean([one.seats[row] for one in added], axis=0)))
        return Burden(np.array([hours for hours, _ in parts]), np.array([two for _, two in parts]))

    def together(self) -> Burden:
        """Return what all groups add."""
        return _minus(self.burdens[frozenset(self.groups)], self.burdens[frozenset()])

    def _added(self, group: str, before: frozenset[str]) -> Burden:
        return _minus(self.burdens[before | {group}], self.burdens[before])


def attribute_waits(
    base: Scenario,
    plan: Scenario,
    *,
    groups: Mapping[str, Sequence[str]],
    job: Job,
    workers: Workers = 1,
    progress: Progress | None = None,
    runs: RunStore | None = None,
) -> AttributionStudy:
    """Find what each group of the tenants that `plan` adds to `base` costs those of the base.

    Without `groups` each new tenant is one. With more than six, the shares are means over orders
    drawn at random: for each replication one, and the same backwards. The halls are the plan
    without some of its new tenants, so that all else is as in the plan. Raises InputError for a
    plan without new tenants or without any of the base, for groups that do not hold each new tenant
    once, for a replay, and for a single replication.
    """
    if job.replications < 2:
        raise InputError(f"replications: found {job.replications}; expected at least 2")
    new = [name for name in plan.tenants if name not in base.tenants]
    if not new:
        raise InputError("attribute: found no tenant that the base does not have; expected some")
    if len(new) == len(plan.tenants):
        raise InputError("attribute: found no tenant of the base in the plan; expected some")
    if plan.replay is not None:
        raise InputError("attribute: found a replay, whose visitors are given; expected drawn ones")
    by_name: Groups = _checked(groups, new) if groups else {name: (name,) for name in new}
    orders = _drawn_orders([*by_name], job) if len(by_name) > MOST_GROUPS else ()
    asked = _sets_of_orders([*by_name], orders) if orders else _all_sets([*by_name], job)
    job = for_many(job, sum(map(len, asked.values())))
    jobs = [replace(job, scenario=_with_groups(plan, new, by_name, names)) for names in asked]
    done = replicate_each(
        jobs, workers=workers, progress=progress, runs=runs, only=[*asked.values()]
    )
    burdens = {
        names: _spread(burden_of(run, [*base.tenants]), sorted(asked[names]), job.replications)
        for names, run in zip(asked, done, strict=True)
    }
    return AttributionStudy(plan, job, by_name, burdens, orders)


def burden_of(run: Run, tenants: Sequence[str]) -> Burden:
    """Return what the visitors of some tenants bear, by replication."""
    seen = run.observations
    everywhere = np.ones(len(seen.kinds), bool)
    rows = pooled_visits(seen, grouping(seen, "tenant"), kept=everywhere, tenants_only=False)
    ours = [place for place, name in enumerate(seen.layout.tenants) if name in tenants]
    (joined,) = rows.sums(has_joined)
    minutes = joined.minutes[:, ours].sum(axis=1)
    (crowd,) = seen.daily(lambda one: one.over_time.largest_crowd, kept=everywhere)
    return Burden(minutes / 60 / len(seen.kinds), crowd.mean(axis=1))


def _all_sets(groups: Sequence[str], job: Job) -> Asked:
    everywhere = {*range(job.replications)}
    return {
        frozenset(names): everywhere
        for size in range(len(groups) + 1)
        for names in combinations(groups, size)
    }


def _drawn_orders(groups: Sequence[str], job: Job) -> tuple[tuple[Order, ...], ...]:
    """Return an order for each replication, and the same backwards.

    So replications stay independent and alike, and their intervals tell of the orders' luck too.
    """
    luck = np.random.default_rng(job.seed)
    drawn = [tuple(luck.permutation(groups).tolist()) for _ in range(job.replications)]
    return tuple((order, order[::-1]) for order in drawn)


def _sets_of_orders(groups: Sequence[str], orders: Sequence[Sequence[Order]]) -> Asked:
    """Return the sets that orders pass through, and everywhere those of the first and the last."""
    everywhere = {*range(len(orders))}
    ends = [frozenset[str](), *(frozenset({one}) for one in groups)]
    asked = {names: everywhere for one in ends for names in (one, frozenset(groups) - one)}
    for number, both in enumerate(orders):
        for order in both:
            for place in range(len(order)):
                names = frozenset(order[:place])
                asked[names] = asked.get(names, set()) | {number}
    return asked


def _spread(burden: Burden, numbers: Sequence[int], n: int) -> Burden:
    """Return a burden with a row for each of n replications, known for some."""
    hours, seats = np.full(n, np.nan), np.full((n, burden.seats.shape[1]), np.nan)
    hours[numbers], seats[numbers] = burden.hours, burden.seats
    return Burden(hours, seats)


def _minus(one: Burden, other: Burden) -> Burden:
    return Burden(one.hours - other.hours, one.seats - other.seats)


def _with_groups(
    plan: Scenario, new: Sequence[str], groups: Groups, names: frozenset[str]
) -> Scenario:
    """Return the plan with these groups of its new tenants only."""
    present = {tenant for name in names for tenant in groups[name]}
    tenants = {
        name: tenant for name, tenant in plan.tenants.items() if name not in new or name in present
    }
    return load_scenario(plan.model_copy(update={"tenants": tenants}))


def _checked(groups: Mapping[str, Sequence[str]], new: Sequence[str]) -> Groups:
    named = [tenant for tenants in groups.values() for tenant in tenants]
    for tenant in named:
        if tenant not in new:
            near = nearest_name(tenant, new)
            hint = f"; did you mean {quoted(near)}?" if near else ""
            raise InputError(f"group: found {quoted(tenant)}; expected one of {listed(new)}{hint}")
    wrong = [tenant for tenant in new if named.count(tenant) != 1]
    if wrong:
        found = f"found {listed(wrong)} in no group, or in several"
        raise InputError(f"group: {found}; expected each new tenant in one")
    return {name: tuple(tenants) for name, tenants in groups.items()}
