"""The summary: what a run keeps of a trace, as small arrays for one replication."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.trace import Outcome, Trace
from mppsim.measure.counters import CounterMinutes, counter_minutes
from mppsim.measure.gate import AtGate, at_gate
from mppsim.measure.over_time import OverTime, over_time
from mppsim.measure.promise_counts import PromiseCounts, count_promises, step_times
from mppsim.measure.side_by_side import AllVisitors, Days
from mppsim.plan.clock import TICKS_PER_MINUTE
from mppsim.plan.draw import Drawer
from mppsim.plan.plan import Channel, Floats, Integers, Layout

Codes = NDArray[np.unsignedinteger]
"""Indices in the smallest unsigned type that holds them."""
Ticks = NDArray[np.int32] | NDArray[np.int64]
"""Times in ticks of 2**-20 minute; 64 bits where one is longer than 34 hours."""


@dataclass(frozen=True, eq=False)
class Journeys:
    """One row a visitor who came, in the order of days and arrivals."""

    day: Codes
    service: Codes
    """The service that the visitor came for."""
    visitor_class: Codes
    hour: NDArray[np.uint8]
    """Hour of the clock in which the visitor came to the hall; 255 for any later one."""
    outcome: NDArray[np.uint8]
    booking: NDArray[np.uint8]
    """1 for who has an appointment, else 0."""
    sojourn: Ticks
    """From arrival to leaving."""
    known_by: NDArray[np.signedinteger]
    """Two halls that met the same visitors have the same one where day, service and this agree."""


@dataclass(frozen=True, eq=False)
class Visits:
    """One row a step that was reached, in the order of days, visitors and steps."""

    journeys: Journeys
    visitor: Integers
    """Whose step it is: a row of `journeys`."""
    station: Codes
    service: Codes
    """The service given; for who was refused at the door the one he came for."""
    outcome: NDArray[np.uint8]
    wait: Ticks
    """Time in line, served or not; -1 for who never joined, or did not come back to it."""
    postponed: NDArray[np.bool_]
    """Whether the visitor left here in order to come back on another day."""

    def only(self, rows: NDArray[np.intp]) -> Visits:
        """Return these visits."""
        return Visits(
            self.journeys,
            self.visitor[rows],
            self.station[rows],
            self.service[rows],
            self.outcome[rows],
            self.wait[rows],
            self.postponed[rows],
        )

    @property
    def day(self) -> Codes:
        """By visit, as the three that follow."""
        return self.journeys.day[self.visitor]

    @property
    def visitor_class(self) -> Codes:
        """See `Journeys`."""
        return self.journeys.visitor_class[self.visitor]

    @property
    def hour(self) -> NDArray[np.uint8]:
        """See `Journeys`."""
        return self.journeys.hour[self.visitor]

    @property
    def booking(self) -> NDArray[np.uint8]:
        """See `Journeys`."""
        return self.journeys.booking[self.visitor]


@dataclass(frozen=True, eq=False)
class Summary:
    """Some replications that follow each other, with all their days one behind the other.

    What is not said otherwise has one entry a day.
    """

    seed: int
    replication: int
    """The first of them."""
    n_replications: int
    visits: Visits
    over_time: OverTime
    counters: CounterMinutes
    opening: Floats
    closing: Floats
    overrun: Floats
    """Minutes from closing to the end of the last service, 0 if that came before."""
    promises: PromiseCounts
    gate: AtGate
    channels: Integers
    """Shape (days, services, 5): the numbers of `Channel`."""
    early_minutes: Floats
    """Shape (days, services): spent at the station before joining, too early for the slot."""
    elsewhere: Floats
    """Shape (days, services, 2): how many waited elsewhere, and their minutes there."""

    @property
    def journeys(self) -> Journeys:
        """One row a visitor."""
        return self.visits.journeys


def summarize(*traces: Trace) -> Summary:
    """Return the summary of one replication, or of several that follow each other."""
    return summarize_all(traces)


def summarize_all(traces: Iterable[Trace], n: int = 1, *, compiled: bool = False) -> Summary:
    """Return the summary of about n replications that follow each other.

    `compiled`: of traces of the compiled engine, each measured as it comes; the bits are the same.
    """
    if compiled:
        from mppsim.measure.compiled.summing import summarize_compiled

        return summarize_compiled(traces, n)
    traces = tuple(traces)
    days, first = Days.of(traces), traces[0].plan
    visits = _visits(days)
    return Summary(
        seed=first.seed,
        replication=first.replication,
        n_replications=len(traces),
        visits=visits,
        over_time=over_time(days),
        counters=counter_minutes(days),
        opening=days.opening,
        closing=days.closing,
        overrun=_overrun(days),
        promises=count_promises(days.layout, visits, step_times(days)),
        gate=at_gate(days),
        channels=channel_numbers(days.layout, [plan.channels for plan in days.plans]),
        early_minutes=_early_minutes(days),
        elsewhere=_elsewhere(days),
    )


def summarize_unseen(drawer: Drawer, numbers: range) -> Summary | None:
    """Return the summary of replications of which nobody sees plan and trace, run compiled.

    None where all that can be seen must be made.
    """
    from mppsim.measure.compiled import unseen

    return unseen.summarize_unseen(drawer, numbers)


def _visits(days: Days) -> Visits:
    layout, steps, rows = days.layout, days.steps, days.own_visits
    wait = (steps.line_left - steps.joined)[rows]
    if layout.remote:
        wait[steps.outcome[rows] == Outcome.NO_SHOW] = np.nan
    return Visits(
        journeys=_journeys(days),
        visitor=days.own_number(steps.visitor[rows]),
        station=codes(steps.station, len(layout.stations))[rows],
        service=codes(steps.service, len(layout.services))[rows],
        outcome=steps.outcome.view(np.uint8)[rows],
        wait=_ticks(wait),
        postponed=steps.postponed[rows],
    )


def _journeys(days: Days) -> Journeys:
    layout, visitors, rows = days.layout, days.visitors, days.own_visitors
    return Journeys(
        day=codes(visitors.day, len(days))[rows],
        service=codes(visitors.service, len(layout.services))[rows],
        visitor_class=codes(visitors.planned("visitor_class"), len(layout.classes))[rows],
        hour=np.minimum(visitors.arrival / 60, 255).astype(np.uint8)[rows],
        outcome=visitors.outcome.view(np.uint8)[rows],
        booking=visitors.booked.view(np.uint8)[rows],
        sojourn=_ticks((visitors.left - visitors.arrival)[rows]),
        known_by=_known_by(visitors)[rows],
    )


def _known_by(visitors: AllVisitors) -> NDArray[np.signedinteger]:
    """Return each visitor's ordinal, told apart from that of who comes back from the day before."""
    number = visitors.planned("ordinal").astype(np.int64) * 2 + (visitors.planned("returns") >= 0)
    return number.astype(known_by_type(number.min(initial=-1), number.max(initial=0)))


def known_by_type(lowest: int, highest: int) -> np.dtype[Any]:
    """Return the type of what visitors are known by."""
    return np.result_type(*(np.min_scalar_type(int(bound)) for bound in (lowest, highest)))


def _overrun(days: Days) -> Floats:
    """Return how long after closing the last service of each day ends."""
    rows, last = days.steps.served, days.closing.copy()
    late = rows[days.steps.ended[rows] > days.closing[days.steps.day[rows]]]
    np.maximum.at(last, days.steps.day[late], days.steps.ended[late])
    return last - days.closing


def channel_numbers(
    layout: Layout, days: Sequence[Mapping[int, Channel | NDArray[np.int64]]]
) -> Integers:
    """Return the numbers of all channels, shape (days, services, 5)."""
    numbers = np.zeros((len(days), len(layout.services), len(Channel._fields)), np.int32)
    for day, channels in enumerate(days):
        for service, channel in channels.items():
            numbers[day, service] = channel
    return numbers


def _early_minutes(days: Days) -> Floats:
    n_services = len(days.layout.services)
    total = np.zeros((len(days), n_services))
    if days.steps.has_slots:
        steps = days.steps
        rows = np.flatnonzero(steps.joined > steps.came)
        place = (steps.day[rows], steps.service[rows])
        np.add.at(total, place, steps.joined[rows] - steps.came[rows])
    return total


def _elsewhere(days: Days) -> Floats:
    total = np.zeros((len(days), len(days.layout.services), 2))
    if days.layout.remote:
        steps = days.steps
        rows = np.flatnonzero(~np.isnan(steps.returned))
        minutes = np.fmin(steps.returned, steps.line_left)[rows] - steps.joined[rows]
        place = (steps.day[rows], steps.service[rows])
        np.add.at(total, place, np.column_stack([np.ones(len(rows)), minutes]))
    return total


def _ticks(minutes: Floats) -> Ticks:
    """Return times in ticks, -1 for NaN."""
    ticks = np.nan_to_num(minutes * TICKS_PER_MINUTE, copy=False, nan=-1.0)
    return ticks.astype(ticks_type(ticks.max(initial=0)))


def ticks_type(longest: float) -> type[np.signedinteger]:
    """Return the type of times in ticks."""
    return np.int32 if longest < 2**31 else np.int64


def codes(index: NDArray[np.integer], n: int) -> Codes:
    """Return indices below n in their type."""
    return index.astype(np.min_scalar_type(max(n - 1, 0)))
