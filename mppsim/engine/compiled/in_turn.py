"""Days on which all are served in the order in which they come, at one station and by one line.

Then the next visitor goes to the counter that is free first, of several the lowest: of idle ones it
has been free longest, of busy ones it calls him. This is the recursion of Kiefer and Wolfowitz, for
one counter that of Lindley, and needs no events.

Why this way: 100,000 visitors of M/M/1 take an eighth of the time that the kernel takes for them.
Columns that say the same are one array, as what counts here is how much memory is written to.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from mppsim.engine.another_day import Mask
from mppsim.engine.compiled.jit import inner
from mppsim.engine.compiled.layout_tables import layout_tables
from mppsim.engine.compiled.pending import key_of, number_in, set_finish, ticks, time_of
from mppsim.engine.compiled.records import NEVER
from mppsim.engine.compiled.service import at_least_a_tick
from mppsim.engine.compiled.tables import NOT_IN_TURN, Hall
from mppsim.engine.trace import DayTrace, Outcome
from mppsim.plan.clock import TICK, TICKS_PER_MINUTE
from mppsim.plan.columns import is_left_out
from mppsim.plan.memory import borrowed
from mppsim.plan.plan import DayPlan, Layout
from mppsim.plan.rules import StationRule

SERVED = int(Outcome.SERVED)


def may_go_in_turn(layout: Layout, day: DayPlan, to_make: Mask) -> bool:
    """Tell whether a day can be such a day, if only all visitors come for one service."""
    if not is_one_line(layout):
        return False
    visitors, steps, door = day.visitors, day.steps, day.door
    left_out = (
        *(to_make, visitors.booking, visitors.stays, visitors.returns),
        *(steps.not_before, steps.ahead, steps.misses, steps.any_order, steps.remote),
        *(steps.instead, steps.only_after, steps.back, steps.another_day),
    )
    n = len(visitors.arrival)
    return bool(
        0 < n == len(steps.station)
        and all(map(is_left_out, left_out))
        and day.serve_all
        and not day.outages
        and all(len(duty) == 1 and duty[0].start < day.closing <= duty[0].end for duty in day.duty)
        and min(door.tickets.min(), door.service_tickets.min()) >= n
        and door.tickets_from.max() <= visitors.arrival[0]
        and door.last_ticket.min() >= day.closing
    )


@lru_cache(maxsize=8)
def is_one_line(layout: Layout) -> bool:
    """Tell whether a hall is one line in which nobody goes before others or leaves it."""
    rules = layout.station_rules or (StationRule(),)
    return bool(
        len(layout.stations) == 1
        and layout.counters
        and not layout_tables(layout).somebody_counts
        and not any(rule.serves for rule in layout.counter_rules)
        and not rules[0].shifted_breaks
        and (rules[0].discipline == "fifo" or len(layout.classes) == 1)
        and not layout.walk.any()
    )


def blank_in_turn(day: DayPlan) -> DayTrace:
    """Return a trace for `serve_in_turn` to fill."""
    n = len(day.visitors.arrival)
    memory = borrowed(21 * n)
    started, ended = memory[: 16 * n].view(np.float64).reshape(2, n)
    outcome = memory[20 * n :].view(np.int8)
    return DayTrace(
        joined=day.visitors.arrival,
        started=started,
        ended=ended,
        counter=memory[16 * n : 20 * n].view(np.int32),
        outcome=outcome,
        left=ended,
        visitor_outcome=outcome,
        entered=day.visitors.arrival,
        released=ended,
        admitted=day.visitors.arrival,
    )


@inner
def serve_in_turn(hall: Hall) -> int:
    """Serve all in the order in which they come; return 0, or that there is more to it."""
    day, before = hall.day[0], -NEVER
    for place in range(2 * day.n_leaves):
        hall.finish[place] = NEVER
    for counter in range(day.n_counters):
        set_finish(hall, counter, key_of(hall, hall.spans[counter].start, counter))
    for visitor in range(day.n_visitors):
        arrival = ticks(hall, hall.arrival[visitor])
        if not before <= arrival < day.closing or has_more_to_do(hall, visitor):
            return NOT_IN_TURN
        before, first_free = arrival, hall.finish[1]
        counter, start = number_in(hall, first_free), max(arrival, time_of(hall, first_free))
        minutes = at_least_a_tick(hall.service_time[visitor] / hall.counters[counter].speed)
        end = start + int(minutes * TICKS_PER_MINUTE)
        hall.started[visitor], hall.ended[visitor] = start * TICK, end * TICK
        hall.served_by[visitor], hall.outcome[visitor] = counter, SERVED
        set_finish(hall, counter, key_of(hall, end, counter))
    return NOT_IN_TURN if day.problem else 0


@inner
def has_more_to_do(hall: Hall, visitor: int) -> bool:
    """Tell whether a visitor does anything but to wait as long as need be, and to be served."""
    return (
        hall.first_step[visitor] != visitor
        or hall.station[visitor] != 0
        or hall.ordinal[visitor] < 0
        or hall.patience[visitor] != float("inf")
    )
