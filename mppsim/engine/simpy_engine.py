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

from mppsim.engine.calls import leave_line, n_waiting
from mppsim.engine.counters import free, longest_idle, roster
from mppsim.engine.door import closed_to_visitors, closing, gets_ticket_at, refused
from mppsim.engine.due import Due, Process
from mppsim.engine.hall import Hall
from mppsim.engine.order import Kind
from mppsim.engine.trace import DayTrace, Outcome
from mppsim.plan.plan import DayPlan, Layout


def simulate_day(layout: Layout, day: DayPlan) -> DayTrace:
    """Run one day until the last visitor has left, and return what happened."""
    hall = Hall(layout, day)
    for counter in range(len(layout.counters)):
        hall.clock.process(roster(hall, counter))
    hall.clock.process(closing(hall))
    for visitor in range(len(day.visitors.arrival)):
        hall.clock.process(visit(hall, visitor))
    hall.clock.run()
    return hall.trace


def visit(hall: Hall, visitor: int) -> Process:
    """Let a visitor come, make each step of the visit, and leave."""
    visitors, trace = hall.day.visitors, hall.trace
    first, end = visitors.first_step[visitor : visitor + 2].tolist()
    time = gets_ticket_at(hall, visitor)
    for step in range(first, end):
        yield Due(hall.clock, time, Kind.WALK_IN, visitor)
        if step == first and refused(hall, visitor):
            outcome = Outcome.REFUSED
        else:
            outcome = yield from take_step(hall, visitor, step)
        time = hall.clock.now
        trace.ended[step], trace.outcome[step] = time, outcome
        if outcome != Outcome.SERVED:
            break
    trace.left[visitor], trace.visitor_outcome[visitor] = time, outcome


def take_step(hall: Hall, visitor: int, step: int) -> Generator[simpy.Event, object, Outcome]:
    """Let a visitor join the line of a station, wait and be served; say how it ended."""
    steps, trace = hall.day.steps, hall.trace
    station = int(steps.station[step])
    turned_away = closed_to_visitors(hall, station)
    if not turned_away and too_long(hall, station):
        return Outcome.BALKED
    trace.joined[step] = hall.clock.now
    if turned_away:
        return turned_away
    counter = longest_idle(hall, station)
    if counter is None:
        call = yield from wait(hall, visitor, step)
        if isinstance(call, Outcome):
            return call
        counter = call
    hall.serving[counter] = True
    trace.started[step], trace.counter[step] = hall.clock.now, counter
    yield Due(hall.clock, hall.clock.now + float(steps.service_time[step]), Kind.FINISH, counter)
    hall.serving[counter] = False
    free(hall, counter)
    return Outcome.SERVED


def wait(hall: Hall, visitor: int, step: int) -> Generator[simpy.Event, object, int | Outcome]:
    """Let a visitor stand in line until a counter calls, patience ends or the hall says so."""
    steps, patience = hall.day.steps, float(hall.day.steps.patience[step])
    line = hall.lines[steps.station[step]][hall.day.visitors.visitor_class[visitor]]
    line.append(visitor)
    if patience == 0:
        leave_line(hall, visitor, step, line)
        return Outcome.RENEGED
    if steps.misses[step]:
        hall.missing[visitor] = step
    called = hall.called[visitor] = hall.clock.event()
    if patience == float("inf"):
        yield called
    else:
        yield called | Due(hall.clock, hall.clock.now + patience, Kind.RENEGE, visitor)
    del hall.called[visitor]
    if not called.triggered:
        leave_line(hall, visitor, step, line)
        return Outcome.RENEGED
    return cast("int | Outcome", called.value)


def too_long(hall: Hall, station: int) -> bool:
    """Tell whether a visitor balks at the line of a station, all classes counted."""
    return n_waiting(hall, station) > int(hall.layout.balk_above[station])
