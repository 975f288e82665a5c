"""The summary: what a run keeps of a trace, as small arrays for one replication."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.trace import Outcome, Trace
from mppsim.measure.counters import CounterMinutes, counter_minutes
from mppsim.measure.delegations import of_tenants, stays_of
from mppsim.measure.gate import AtGate, at_gate
from mppsim.measure.over_time import OverTime, over_time
from mppsim.measure.promise_counts import PromiseCounts, count_promises
from mppsim.measure.reached import Reached, arrival_hours, reached_steps
from mppsim.plan.clock import TICK, TICKS_PER_MINUTE
from mppsim.plan.plan import Channel, Floats, Integers, Plan

Codes = NDArray[np.unsignedinteger]
"""Indices in the smallest unsigned type that holds them."""
Ticks = NDArray[np.int32] | NDArray[np.int64]
"""Times in ticks of 2**-20 minute; 64 bits where one is longer than 34 hours."""


@dataclass(frozen=True, eq=False)
class Visits:
    """One row a step that was reached, in the order of days, visitors and steps."""

    day: Codes
    station: Codes
    service: Codes
    """The service given; for who was refused at the door the one he came for."""
    visitor_class: Codes
    hour: NDArray[np.uint8]
    """Hour of the clock in which the visitor came to the hall."""
    outcome: NDArray[np.uint8]
    wait: Ticks
    """Time in line, served or not; -1 for who never joined."""
    booking: NDArray[np.uint8]
    """1 for who has an appointment, else 0."""
    postponed: NDArray[np.bool_]
    """Whether the visitor left here in order to come back on another day."""


@dataclass(frozen=True, eq=False)
class Journeys:
    """One row a visitor who came, in the order of days and arrivals."""

    day: Codes
    service: Codes
    """The service that the visitor came for."""
    visitor_class: Codes
    hour: NDArray[np.uint8]
    outcome: NDArray[np.uint8]
    booking: NDArray[np.uint8]
    sojourn: Ticks
    """From arrival to leaving."""


@dataclass(frozen=True, eq=False)
class Summary:
    """One replication, all its days; `opening`, `closing` and `overrun` have one entry a day."""

    seed: int
    replication: int
    visits: Visits
    journeys: Journeys
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


def summarize(trace: Trace) -> Summary:
    """Return the summary of one replication."""
    plan = trace.plan
    steps = reached_steps(trace)
    own = of_tenants(trace)
    own_steps = steps if own is trace else reached_steps(own)
    visits, journeys = _visits(plan, own_steps), _journeys(own)
    closing = np.array([day.closing for day in plan.days])
    return Summary(
        seed=plan.seed,
        replication=plan.replication,
        visits=visits,
        journeys=journeys,
        over_time=over_time(plan, steps, stays_of(trace)),
        counters=counter_minutes(trace, steps),
        opening=np.array([day.opening for day in plan.days]),
        closing=closing,
        overrun=_overrun(steps, closing),
        promises=count_promises(own, visits, journeys),
        gate=at_gate(trace),
        channels=_channels(plan),
        early_minutes=_early_minutes(plan, steps),
    )


def _early_minutes(plan: Plan, steps: Reached) -> Floats:
    n_days, n_services = len(plan.days), len(plan.layout.services)
    early = np.nan_to_num(steps.joined - steps.came)
    total = np.bincount(steps.day * n_services + steps.service, early, n_days * n_services)
    return np.asarray(total, np.float64).reshape(n_days, n_services)


def _channels(plan: Plan) -> Integers:
    numbers = np.zeros((len(plan.days), len(plan.layout.services), len(Channel._fields)), np.int32)
    for day, planned in enumerate(plan.days):
        for service, channel in planned.channels.items():
            numbers[day, service] = channel
    return numbers


def _visits(plan: Plan, steps: Reached) -> Visits:
    layout = plan.layout
    wait = steps.line_left - steps.joined
    return Visits(
        day=_codes(steps.day, len(plan.days)),
        station=_codes(steps.station, len(layout.stations)),
        service=_codes(steps.service, len(layout.services)),
        visitor_class=_codes(steps.visitor_class, len(layout.classes)),
        hour=steps.hour,
        outcome=steps.outcome.astype(np.uint8),
        wait=_ticks(np.where(np.isnan(wait), -TICK, wait)),
        booking=steps.booked.astype(np.uint8),
        postponed=steps.postponed,
    )


def _journeys(trace: Trace) -> Journeys:
    plan, layout = trace.plan, trace.plan.layout
    visitors = [day.visitors for day in plan.days]
    arrival = np.concatenate([day.arrival for day in visitors])
    left = np.concatenate([day.left for day in trace.days])
    outcome = np.concatenate([day.visitor_outcome for day in trace.days])
    day = np.repeat(np.arange(len(visitors)), [len(day.arrival) for day in visitors])
    return Journeys(
        day=_codes(day, len(visitors)),
        service=_codes(np.concatenate([day.service for day in visitors]), len(layout.services)),
        visitor_class=_codes(
            np.concatenate([day.visitor_class for day in visitors]), len(layout.classes)
        ),
        hour=arrival_hours(arrival),
        outcome=outcome.astype(np.uint8),
        booking=(np.concatenate([day.booking for day in visitors]) >= 0).astype(np.uint8),
        sojourn=_ticks(left - arrival),
    )


def _overrun(steps: Reached, closing: Floats) -> Floats:
    served = steps.outcome == Outcome.SERVED
    last = closing.copy()
    np.maximum.at(last, steps.day[served], steps.ended[served])
    return last - closing


def _ticks(minutes: Floats) -> Ticks:
    ticks = minutes * TICKS_PER_MINUTE
    fits = ticks.max(initial=0) < 2**31
    return ticks.astype(np.int32) if fits else ticks.astype(np.int64)


def _codes(index: NDArray[np.integer], n: int) -> Codes:
    return index.astype(np.min_scalar_type(max(n - 1, 0)))
