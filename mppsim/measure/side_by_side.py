"""The days of some replications side by side: one table of all visitors, one of all steps.

A column is put together when it is first asked for; most halls never need most of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.another_day import postponed_after
from mppsim.engine.trace import DayTrace, Outcome, Trace
from mppsim.plan.plan import AWAY, DayPlan, Floats, Integers, Layout

Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Days:
    """The days of some replications of one hall, numbered through."""

    layout: Layout
    plans: tuple[DayPlan, ...]
    facts: tuple[DayTrace, ...]

    @classmethod
    def of(cls, traces: Sequence[Trace]) -> Days:
        """Return the days of these traces, in order."""
        plans = tuple(day for trace in traces for day in trace.plan.days)
        return cls(
            traces[0].plan.layout, plans, tuple(day for trace in traces for day in trace.days)
        )

    def __len__(self) -> int:
        return len(self.plans)

    @cached_property
    def opening(self) -> Floats:
        """By day."""
        return np.array([day.opening for day in self.plans])

    @cached_property
    def closing(self) -> Floats:
        """By day."""
        return np.array([day.closing for day in self.plans])

    @cached_property
    def visitors(self) -> AllVisitors:
        """One row a visitor, delegations among them."""
        return AllVisitors(self)

    @cached_property
    def steps(self) -> AllSteps:
        """One row a step, reached or not."""
        return AllSteps(self)

    @cached_property
    def own_visitors(self) -> Index | slice:
        """The rows of the tenants' visitors who came."""
        others = self.visitors.is_other
        return np.flatnonzero(~others) if others.any() else slice(None)

    @cached_property
    def own_visits(self) -> Index:
        """The rows of the steps that they reached."""
        rows, others = self.steps.reached, self.visitors.is_other
        return rows[~others[self.steps.visitor[rows]]] if others.any() else rows

    def own_number(self, visitor: Integers) -> Integers:
        """Return the number of each tenant's visitor among all of them."""
        others = self.visitors.is_other
        return visitor - others.cumsum(dtype=np.int32)[visitor] if others.any() else visitor


@dataclass(frozen=True, eq=False)
class AllVisitors:
    """The visitors of all days, in the order of days and arrivals."""

    days: Days

    def planned(self, name: str) -> NDArray[Any]:
        """Return a column of the plans."""
        return np.concatenate([getattr(day.visitors, name) for day in self.days.plans])

    def happened(self, name: str) -> NDArray[Any]:
        """Return a column of the traces."""
        return np.concatenate([getattr(day, name) for day in self.days.facts])

    @cached_property
    def n_by_day(self) -> Index:
        """How many visitors each day has."""
        return np.array([len(day.visitors.arrival) for day in self.days.plans], np.intp)

    @cached_property
    def day(self) -> Integers:
        """The day of each visitor."""
        return np.repeat(np.arange(len(self.days), dtype=np.int32), self.n_by_day)

    @cached_property
    def arrival(self) -> Floats:
        """When each visitor comes."""
        return self.planned("arrival")

    @cached_property
    def party(self) -> Integers:
        """How many persons each visitor is."""
        return self.planned("party")

    @cached_property
    def booked(self) -> Mask:
        """Who has an appointment."""
        return np.asarray(self.planned("booking") >= 0)

    @cached_property
    def left(self) -> Floats:
        """When each visitor left the hall."""
        return self.happened("left")

    @cached_property
    def outcome(self) -> NDArray[np.int8]:
        """How each whole visit ended."""
        return self.happened("visitor_outcome")

    @cached_property
    def service(self) -> Integers:
        """What each visitor comes for; means nothing for a delegation."""
        return self.planned("service")

    @cached_property
    def is_other(self) -> Mask:
        """Who is no visitor of a tenant who came: delegations, and those who did not come back."""
        return np.asarray((self.planned("stay_zone") >= 0) | (self.outcome == Outcome.NOT_REACHED))


@dataclass(frozen=True, eq=False)
class AllSteps:
    """The steps of all days, in the order of days, visitors and steps.

    Times are minutes since midnight of the row's day, NaN for what did not happen.
    """

    days: Days

    def planned(self, name: str) -> NDArray[Any]:
        """Return a column of the plans."""
        return np.concatenate([getattr(day.steps, name) for day in self.days.plans])

    def happened(self, name: str) -> NDArray[Any]:
        """Return a column of the traces."""
        return np.concatenate([getattr(day, name) for day in self.days.facts])

    @cached_property
    def n_by_day(self) -> Index:
        """How many steps each day has."""
        return np.array([len(day.steps.station) for day in self.days.plans], np.intp)

    @cached_property
    def n_by_visitor(self) -> Integers:
        """How many steps each visitor has."""
        return np.concatenate([np.diff(day.visitors.first_step) for day in self.days.plans])

    @cached_property
    def day(self) -> Integers:
        """The day of each step."""
        return np.repeat(np.arange(len(self.days), dtype=np.int32), self.n_by_day)

    @cached_property
    def visitor(self) -> Integers:
        """Whose step it is: a row of the table of visitors."""
        n = self.n_by_visitor
        return np.repeat(np.arange(len(n), dtype=np.int32), n)

    @cached_property
    def station(self) -> Integers:
        """AWAY for a delay."""
        return self.planned("station")

    @cached_property
    def service(self) -> Integers:
        """The service given: the tenant's at a tenant's counters, else what the visit is for."""
        return self.planned("service")

    @cached_property
    def outcome(self) -> NDArray[np.int8]:
        """How each step ended."""
        return self.happened("outcome")

    @cached_property
    def counter(self) -> Integers:
        """Who served; -1 where nobody did."""
        return self.happened("counter")

    @cached_property
    def joined(self) -> Floats:
        """NaN for who never stood in the line."""
        return self.happened("joined")

    @cached_property
    def started(self) -> Floats:
        """NaN for who was never served."""
        return self.happened("started")

    @cached_property
    def ended(self) -> Floats:
        """When the visitor left the station."""
        return self.happened("ended")

    @cached_property
    def has_slots(self) -> bool:
        """Whether anybody may be too early for an appointment."""
        return bool((self.planned("not_before") > -np.inf).any())

    @cached_property
    def came(self) -> Floats:
        """When the visitor was at the station: before `joined` if too early for an appointment."""
        came = self.happened("came")
        return np.where(np.isnan(came), self.joined, came)

    @cached_property
    def entered(self) -> Floats:
        """When the visitor was in the room of the station, or at its counter."""
        return self.happened("entered")

    @cached_property
    def returned(self) -> Floats:
        """When the visitor was back who waited elsewhere: infinite if never, NaN if always here."""
        return self.happened("returned")

    @cached_property
    def released(self) -> Floats:
        """When the counter was left."""
        return self.happened("released")

    @cached_property
    def postponed(self) -> Mask:
        """After which steps the visitor left in order to come back on another day."""
        if not self.planned("another_day").any():
            return np.zeros(len(self.outcome), np.bool_)
        days = zip(self.days.plans, self.days.facts, strict=True)
        return np.concatenate([postponed_after(plan, facts) for plan, facts in days])

    @cached_property
    def line_left(self) -> Floats:
        """When the wait was over: the start of the service, or the moment of leaving.

        A service broken off is no wait.
        """
        return np.fmin(self.started, self.ended)

    @cached_property
    def reached(self) -> Index:
        """The rows of steps at a station that were reached."""
        return np.flatnonzero((self.outcome != Outcome.NOT_REACHED) & (self.station != AWAY))

    @cached_property
    def served(self) -> Index:
        """The rows of steps that were served at a counter."""
        return np.flatnonzero((self.outcome == Outcome.SERVED) & (self.station != AWAY))

    @cached_property
    def waiting(self) -> Index:
        """The rows of those who stood in a line for any time at all."""
        return np.flatnonzero(self.line_left > self.joined)
