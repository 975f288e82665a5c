"""Services: a visitor is served, at the counter's speed, perhaps broken off and taken up again."""

from __future__ import annotations

from collections.abc import Generator
from typing import cast

import simpy

from mppsim.engine.counters import longest_idle, wake
from mppsim.engine.hall import Hall
from mppsim.engine.joining import chosen_counter
from mppsim.engine.lines import able_counters, join_line
from mppsim.engine.outages import work
from mppsim.engine.trace import Outcome, Piece
from mppsim.plan.clock import TICK, on_grid_minutes


def be_served(hall: Hall, visitor: int, counter: int) -> Generator[simpy.Event, object, Outcome]:
    """Let a visitor be served; where the counter goes before the end, let him wait for another."""
    step, trace = hall.step_of[visitor], hall.trace
    trace.started[step] = hall.clock.now
    required = left = float(hall.day.steps.service_time[step])
    was_broken_off = False
    while True:
        hall.serving[counter] = True
        trace.counter[step], begun = counter, hall.clock.now
        speed = hall.counter_rules[counter].speed
        minutes = yield from work(hall, counter, at_least_a_tick(left / speed))
        broken_off = minutes > 0
        if broken_off or was_broken_off:
            trace.pieces.append(Piece(step, counter, begun, hall.clock.now))
        if not broken_off:
            return Outcome.SERVED
        was_broken_off, hall.serving[counter] = True, False
        rule = hall.station_rules[hall.layout.counter_station[counter]]
        left = at_least_a_tick(minutes * speed)
        if rule.shift_end == "restart":
            left = required
        call = yield from wait_at_the_head(hall, visitor)
        if isinstance(call, Outcome):
            return call
        counter = call


def wait_at_the_head(hall: Hall, visitor: int) -> Generator[simpy.Event, object, int | Outcome]:
    """Let a visitor whose service was broken off stand before those who have not been served."""
    chosen = chosen_counter(hall, visitor)
    join_line(hall, visitor)
    able = able_counters(hall, visitor) if chosen is None else [chosen]
    idle = longest_idle(hall, [counter for counter in able if counter not in hall.freed])
    if idle is not None:
        wake(hall, idle)
    called = hall.called[visitor] = hall.clock.event()
    yield called
    del hall.called[visitor]
    return cast("int | Outcome", called.value)


def at_least_a_tick(minutes: float) -> float:
    """Return a time on the grid of the clock, and more than none."""
    return max(TICK, on_grid_minutes(minutes))
