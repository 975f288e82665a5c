"""The SimPy engine: a day of the hall as it happens. It is the specification, so it stays plain.

Visitors, the counters' rosters and the closing are SimPy processes. Lines are deques, one for each
station and class, and a counter takes the next visitor by an ordinary function call.

Why this way: simpy's Resource decides itself who is next and when; here the order of simultaneous
events is part of the model (engine/order.py), so every wait for a time is a `Due` with a rank.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import cast

import simpy

from mppsim.engine.another_day import GIVEN_UP, Mask, goes_on_another_day
from mppsim.engine.balking import balks
from mppsim.engine.door import (
    back_too_late,
    closed_to_visitors,
    closing,
    comes,
    gets_ticket_at,
    leave,
    let_in,
)
from mppsim.engine.due import Due, Process
from mppsim.engine.elsewhere import goes_elsewhere, wait_elsewhere
from mppsim.engine.hall import Hall, Turn
from mppsim.engine.joining import free_counter
from mppsim.engine.journeys import (
    elsewhere,
    first_at_a_station,
    first_zone,
    next_step,
    steps_of_visit,
    walking_time,
    zone_of,
)
from mppsim.engine.lines import able_counters
from mppsim.engine.order import Kind
from mppsim.engine.outages import outage
from mppsim.engine.patience import patience_left, spend_patience
from mppsim.engine.policy import Policy
from mppsim.engine.rooms import (
    come_in,
    enter,
    give_up,
    leave_counter,
    let_go,
    may_be_held,
    stand_in_line,
    turns_away,
)
from mppsim.engine.rosters import roster
from mppsim.engine.service import be_served
from mppsim.engine.trace import DayTrace, Outcome
from mppsim.plan.plan import AWAY, HEAD, DayPlan, Layout


def simulate_day(
    layout: Layout, day: DayPlan, to_make: Mask | None = None, policy: Policy | None = None
) -> DayTrace:
    """Run one day until the last visitor has left, and return what happened.

    `to_make`: which steps are made, by default those of a day before which there was none.
    `policy`: whom the counters call, in place of the disciplines of their stations.
    """
    hall = Hall(layout, day, to_make, policy)
    for counter in range(len(layout.counters)):
        hall.clock.process(roster(hall, counter))
    for number in range(len(day.outages)):
        hall.clock.process(outage(hall, number))
    hall.clock.process(closing(hall))
    for visitor in range(len(day.visitors.arrival)):
        if left := steps_of_visit(hall, visitor):
            hall.clock.process(visit(hall, visitor, left))
    hall.clock.run()
    return hall.trace


def visit(hall: Hall, visitor: int, left: list[int]) -> Process:
    """Let a visitor come, make the steps that are left of the visit, and leave."""
    trace = hall.trace
    zone, last = first_zone(hall, visitor), None
    yield comes(hall, visitor, gets_ticket_at(hall, visitor))
    while left:
        if last is None and not (yield from let_in(hall, visitor)):
            step, outcome = first_at_a_station(hall, left), Outcome.REFUSED
        else:
            step = next_step(hall, left, last)
            ahead = [other for other in left if other != step]
            outcome = yield from make_step(hall, visitor, step, ahead, zone)
        trace.ended[step], trace.outcome[step] = hall.clock.now, outcome
        if goes_on_another_day(hall.day, step, outcome):
            outcome = Outcome.POSTPONED
            break
        if outcome == Outcome.SERVED:
            left.remove(step)
        elif outcome in GIVEN_UP and hall.day.steps.instead[step]:
            left = elsewhere(hall, visitor, left, step)
        else:
            break
        last, zone = step, zone_of(hall, step, zone)
        if left:
            yield comes(hall, visitor, hall.clock.now)
    let_go(hall, visitor)
    stay = float(hall.day.visitors.stays[visitor])
    if stay and outcome == Outcome.SERVED:
        yield Due(hall.clock, hall.clock.now + stay, Kind.WALK_IN, visitor)
    trace.left[visitor], trace.visitor_outcome[visitor] = hall.clock.now, outcome
    leave(hall, visitor)


def make_step(
    hall: Hall, visitor: int, step: int, ahead: list[int], zone: int
) -> Generator[simpy.Event, object, Outcome]:
    """Let a visitor walk from a zone to a station and be served there, or be away for a while."""
    station = int(hall.day.steps.station[step])
    if not may_be_held(hall, [step]):
        let_go(hall, visitor)
    if station == AWAY:
        end = hall.clock.now + float(hall.day.steps.service_time[step])
        yield comes(hall, visitor, end)
        return Outcome.SERVED
    walk = walking_time(hall, zone, station)
    if walk:
        yield comes(hall, visitor, hall.clock.now + walk)
    return (yield from take_step(hall, visitor, step, ahead))


def take_step(
    hall: Hall, visitor: int, step: int, ahead: list[int]
) -> Generator[simpy.Event, object, Outcome]:
    """Let a visitor join the line of a station, wait and be served; say how it ended."""
    visitors, steps, trace = hall.day.visitors, hall.day.steps, hall.trace
    if steps.not_before[step] > -float("inf"):
        trace.came[step] = hall.clock.now
    if hall.clock.now < steps.not_before[step]:
        let_go(hall, visitor)
        yield comes(hall, visitor, float(steps.not_before[step]))
    station, hall.step_of[visitor] = int(steps.station[step]), step
    turned_away = closed_to_visitors(hall, able_counters(hall, visitor)) or back_too_late(
        hall, step
    )
    expected_here = step == visitors.first_step[visitor] and visitors.is_expected(visitor)
    if not (turned_away or expected_here) and balks(hall, visitor, station):
        return Outcome.BALKED
    counter = None if turned_away else free_counter(hall, visitor)
    if not turned_away and counter is None and turns_away(hall, station):
        return Outcome.BLOCKED
    trace.joined[step] = hall.clock.now
    if turned_away:
        return turned_away
    hall.turn[visitor] = Turn(steps.back[step] != HEAD, hall.clock.now, next(hall.joining), visitor)
    if counter is None:
        call = yield from wait(hall, visitor, step)
        spend_patience(hall, visitor, step)
        if isinstance(call, Outcome):
            return call
        counter = call
    else:
        enter(hall, visitor, step)
    outcome = yield from be_served(hall, visitor, counter)
    counter = int(trace.counter[step])
    if outcome != Outcome.SERVED:
        return outcome
    if may_be_held(hall, ahead):
        hall.held[visitor] = counter, step
    else:
        leave_counter(hall, counter, step)
    return outcome


def wait(hall: Hall, visitor: int, step: int) -> Generator[simpy.Event, object, int | Outcome]:
    """Let a visitor stand in line until a counter calls, patience ends or the hall says so."""
    steps, patience = hall.day.steps, patience_left(hall, visitor, step)
    stand_in_line(hall, visitor, step)
    if patience == 0:
        give_up(hall, visitor, step)
        return Outcome.RENEGED
    if steps.misses[step]:
        hall.missing[visitor] = step
    called = hall.called[visitor] = hall.clock.event()
    if goes_elsewhere(hall, visitor, step):
        hall.clock.process(wait_elsewhere(hall, visitor, step))
    if patience == float("inf"):
        yield called
    else:
        yield called | Due(hall.clock, hall.clock.now + patience, Kind.RENEGE, visitor)
    del hall.called[visitor]
    if not called.triggered:
        give_up(hall, visitor, step)
        return Outcome.RENEGED
    call = cast("int | Outcome", called.value)
    come_in(hall, visitor, step, is_called=not isinstance(call, Outcome))
    return call
