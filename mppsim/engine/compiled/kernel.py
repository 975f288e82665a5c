"""The kernel: a day of the hall as it happens, one event after the other.

Why this way, measured on the day of benchmarks/hall_day.yaml: functions that are compiled into one,
which counts no references, run ten times as fast as functions that call each other with arrays. The
time is spread evenly over all that happens: without any of what the day does not need, such as
rooms, balking, appointments and papers, it is a fifth less (see plain.py). What counts besides is
how long it takes until it is known which event is next: without the division by a counter's speed,
which is mostly 1, and rounded in one instruction, the time is a sixteenth less.
"""

from __future__ import annotations

from mppsim.engine.compiled.counters import free, look, release
from mppsim.engine.compiled.door import close, gets_ticket_at
from mppsim.engine.compiled.in_turn import serve_in_turn
from mppsim.engine.compiled.jit import apart, inner
from mppsim.engine.compiled.joining import choose_again
from mppsim.engine.compiled.journeys import first_zone
from mppsim.engine.compiled.outages import outage_begins, outage_ends
from mppsim.engine.compiled.patience import has_left
from mppsim.engine.compiled.pending import key_of, next_key, number_in, number_of, push, put, take
from mppsim.engine.compiled.pointers import hall_at, plain_hall_at
from mppsim.engine.compiled.records import NEVER, NOBODY
from mppsim.engine.compiled.rooms import is_held_for
from mppsim.engine.compiled.rosters import back_from, counts_as_shift, plan_next_span
from mppsim.engine.compiled.service import break_off
from mppsim.engine.compiled.tables import ARRIVES, HERE, SAME_BOOKING, Hall
from mppsim.engine.compiled.visits import (
    SERVED,
    be_answered,
    finish,
    renege,
    step_over,
    visit,
)


def run_at(address: int) -> int:
    """Run a day in the hall at an address."""
    return run_day(hall_at(address))


def run_plain_at(address: int) -> int:
    """Run a plain day in the hall at an address."""
    return run(plain_hall_at(address))


@inner
def run_day(hall: Hall) -> int:
    """Run a day in the way that it says; return 0, or the problem that ended it."""
    return serve_in_turn(hall) if hall.day[0].in_turn else run(hall)


@inner
def run(hall: Hall) -> int:
    """Run a day until the last visitor has left; return 0, or the problem that ended it.

    What mostly follows at once, a look after a service and then who moves on, is tried for in this
    order, which is that of engine/order.py.
    """
    set_out(hall)
    day = hall.day[0]
    while not day.problem:
        key = next_key(hall)
        if key == NEVER:
            break
        if number_in(hall, key) < day.looks:
            counters_change(hall, take(hall, key))
            key = next_key(hall)
        if number_in(hall, key) == day.looks:
            take(hall, key)
            look(hall)
            go_on(hall)
            key = next_key(hall)
        if key != NEVER and number_in(hall, key) >= day.reneges:
            visitor_comes(hall, key, take(hall, key))
    if not day.timed:
        all_who_wait_leave(hall)
    return day.problem


@inner
def counters_change(hall: Hall, number: int) -> None:
    """Let the event with a number happen now, one of those before the look."""
    day = hall.day[0]
    if number < day.counter_on:
        work_ends(hall, number)
    elif number < day.counter_off:
        counter_on(hall, number - day.counter_on)
    elif number < day.closes:
        counter_off(hall, number - day.counter_off)
    elif number == day.closes:
        close(hall)
        go_on_apart(hall)
    elif number < day.outage_ends:
        outage_begins(hall, number - day.outage_begins)
    else:
        outage_ends(hall, number - day.outage_ends)


@inner
def go_on(hall: Hall) -> None:
    """Let those go on whose wait is over."""
    day, answered = hall.day[0], 0
    while answered < day.n_called:
        visitor = hall.called[answered]
        outcome = be_answered(hall, visitor)
        if outcome:
            step_over_apart(hall, visitor, outcome)
        answered += 1
    day.n_called = 0


@apart
def go_on_apart(hall: Hall) -> None:
    """Let those go on whose wait is over, which is rare except after a look."""
    go_on(hall)


@apart
def step_over_apart(hall: Hall, visitor: int, outcome: int) -> None:
    """Let a step be over in one of the rarer ways."""
    step_over(hall, visitor, outcome)


@inner
def visitor_comes(hall: Hall, key: int, number: int) -> None:
    """Let happen what a visitor waits for."""
    day = hall.day[0]
    if day.timed and number < day.booked:
        visitor = number - day.reneges
        outcome = renege(hall, visitor, key)
    else:
        is_booked = number < day.walk_in
        visitor = hall.booked[number - day.booked] if is_booked else number - day.walk_in
        outcome = visit(hall, visitor)
    if outcome:
        step_over_apart(hall, visitor, outcome)
    if day.n_called:
        go_on_apart(hall)


@inner
def work_ends(hall: Hall, counter: int) -> None:
    """Let a counter finish a service, or a call in vain."""
    if hall.counters[counter].step == NOBODY:
        release(hall, counter)
    else:
        step_over(hall, finish(hall, counter), SERVED)


@inner
def counter_on(hall: Hall, counter: int) -> None:
    """Let a counter come on duty."""
    hall.counters[counter].on_duty = 1
    free(hall, counter)
    choose_again(hall, hall.counters[counter].station)
    counts_as_shift(hall, counter)


@inner
def counter_off(hall: Hall, counter: int) -> None:
    """Let a counter go off duty; a break that waits for the end of a service comes later."""
    me = hall.counters[counter]
    station, span = hall.stations[me.station], hall.spans[me.span]
    me.on_duty = 0
    choose_again(hall, me.station)
    if me.serving and station.breaks_off and span.ends_shift:
        if (me.running or me.stopped) and span.end < hall.day[0].closing:
            break_off(hall, counter)
    elif me.serving and station.shifted_breaks:
        me.leaving = 1
        return
    back_from(hall, counter, 0)
    plan_next_span(hall, counter)


@inner
def set_out(hall: Hall) -> None:
    """Plan all that is known before the day begins."""
    day = hall.day[0]
    hall.soon[0] = hall.heap[0] = NEVER
    for place in range(2 * day.n_leaves):
        hall.finish[place] = NEVER
    for counter in range(day.n_counters):
        plan_next_span(hall, counter)
    for number in range(day.n_outages):
        put(hall, hall.outages[number].begin, day.outage_begins + number)
    put(hall, day.closing, day.closes)
    latest = -1
    for visitor in range(day.n_visitors):
        if not expect(hall, visitor):
            continue
        key = key_of(hall, gets_ticket_at(hall, visitor), number_of(hall, visitor))
        if key > latest:
            hall.arrivals[day.n_arrivals] = latest = key
            day.n_arrivals += 1
        else:
            push(hall, key)
    hall.arrivals[day.n_arrivals] = NEVER


@inner
def expect(hall: Hall, visitor: int) -> bool:
    """Set down a visitor who has not come yet; tell whether he will."""
    me, first = hall.visitors[visitor], hall.first_step[visitor]
    comes = False
    me.step, me.left = NOBODY, first
    me.held_counter, me.held_step, me.phase = NOBODY, NOBODY, ARRIVES
    me.inside = me.seeks = me.waits = 0
    hall.waited[visitor] = 0
    me.zone = first_zone(hall, visitor)
    for step in range(first, hall.first_step[visitor + 1]):
        ticket = hall.steps[step]
        ticket.dead = ticket.missing = ticket.broken = 0
        hall.whereabouts[step] = HERE
        ticket.done, ticket.deadline = not hall.to_make[step], NEVER
        comes = comes or hall.to_make[step]
        if hall.day[0].has_rooms and is_held_for(hall, step):
            me.held_step = step
    booking = hall.booking[visitor]
    if booking >= 0:
        if hall.booked[booking] != NOBODY:
            hall.day[0].problem = SAME_BOOKING
        hall.booked[booking] = visitor
    return comes


@inner
def all_who_wait_leave(hall: Hall) -> None:
    """Let those leave whose patience ends after the last event."""
    hall.day[0].now = hall.day[0].last_time + 1
    for line in range(hall.day[0].n_lines):
        step = hall.lines[line].head
        while step != NOBODY:
            has_left(hall, step)
            step = hall.steps[step].behind
