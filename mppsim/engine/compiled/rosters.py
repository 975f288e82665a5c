"""Rosters: counters come on duty and go, and what becomes of a service that lasts longer."""

from __future__ import annotations

from mppsim.engine.compiled.jit import apart, inner
from mppsim.engine.compiled.pending import put
from mppsim.engine.compiled.records import NOBODY
from mppsim.engine.compiled.tables import Hall
from mppsim.plan.clock import TICK


@apart
def plan_next_span(hall: Hall, counter: int) -> None:
    """Let a counter come on duty for its next span, as far as a late break leaves any of it.

    Nobody comes on duty once the doors are closed.
    """
    me, day = hall.counters[counter], hall.day[0]
    while me.span < me.end_span:
        span = hall.spans[me.span]
        start = max(span.start, me.back)
        if start >= day.closing:
            me.span = me.end_span
        elif start >= span.end:
            me.span += 1
        else:
            me.start = start
            put(hall, start, day.counter_on + counter)
            return


@inner
def counts_as_shift(hall: Hall, counter: int) -> None:
    """Plan when a counter that has just come on duty goes; who is there at closing may stay."""
    me, day = hall.counters[counter], hall.day[0]
    span = hall.spans[me.span]
    if day.serve_all and span.end >= day.closing:
        note_duty(hall, counter, span.end)
    else:
        put(hall, max(me.start, last_call(hall, counter)), day.counter_off + counter)


@inner
def last_call(hall: Hall, counter: int) -> int:
    """Return when a counter stops taking visitors: at the end, or earlier where a shift ends."""
    span = hall.spans[hall.counters[counter].span]
    if not span.ends_shift:
        return span.end
    return span.end - hall.stations[hall.counters[counter].station].stop_taking


@apart
def back_from(hall: Hall, counter: int, late: int) -> None:
    """Note that a counter is off duty; the break that follows began so late."""
    me = hall.counters[counter]
    end = hall.spans[me.span].end
    if me.span + 1 == me.end_span:
        late = 0
    else:
        me.back = hall.spans[me.span + 1].start + late
    note_duty(hall, counter, max(end, min(end + late, hall.day[0].closing)))
    me.span += 1


@inner
def note_duty(hall: Hall, counter: int, end: int) -> None:
    """Note when a counter was on duty, where its breaks may be other than planned."""
    me, day = hall.counters[counter], hall.day[0]
    if hall.stations[me.station].shifted_breaks:
        duty = hall.duty[day.n_duty]
        duty.step, duty.counter = NOBODY, counter
        duty.started, duty.ended = me.start * TICK, end * TICK
        day.n_duty += 1
