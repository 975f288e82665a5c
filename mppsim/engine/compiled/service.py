"""Services: a visitor is served, at the counter's speed, perhaps broken off and taken up again."""

from __future__ import annotations

from mppsim.engine.compiled.counters import longest_idle, wake
from mppsim.engine.compiled.jit import apart, inner, nearest
from mppsim.engine.compiled.joining import chosen_counter
from mppsim.engine.compiled.lines import able_counters, join_line
from mppsim.engine.compiled.outages import work
from mppsim.engine.compiled.pending import finish_never, minutes_now
from mppsim.engine.compiled.records import NOBODY
from mppsim.engine.compiled.tables import ONE, Hall
from mppsim.plan.clock import TICK, TICKS_PER_MINUTE

_SHIFT = 1.5 * 2**32


@inner
def be_served(hall: Hall, step: int, counter: int) -> None:
    """Let a visitor's service begin."""
    hall.started[step] = minutes_now(hall)
    serve(hall, step, counter, hall.service_time[step])


@inner
def serve(hall: Hall, step: int, counter: int, left: float) -> None:
    """Let a counter do what is left of a service: minutes, at speed 1."""
    me = hall.counters[counter]
    me.serving, me.step, me.piece_begun = 1, step, hall.day[0].now
    me.visitor = hall.steps[step].visitor
    hall.served_by[step] = counter
    if me.speed != 1.0:  # rare, and nothing takes longer than to divide
        left /= me.speed
    minutes = max(1, nearest(left * TICKS_PER_MINUTE))
    me.minutes = minutes
    work(hall, counter, minutes)


@apart
def break_off(hall: Hall, counter: int) -> None:
    """Break off the service of a counter; the visitor waits for another one."""
    me = hall.counters[counter]
    if me.running:
        me.left -= hall.day[0].now - me.begun
    elif me.restarting:
        me.left = me.minutes
    me.running = me.stopped = me.restarting = me.serving = 0
    finish_never(hall, counter)
    note_piece(hall, counter)
    ticket = hall.steps[me.step]
    ticket.broken = 1
    if hall.stations[me.station].restarts:
        hall.unserved[me.step] = hall.service_time[me.step]
    else:
        hall.unserved[me.step] = at_least_a_tick(me.left * TICK * me.speed)
    wait_at_the_head(hall, ticket.visitor, me.step)


@apart
def note_piece(hall: Hall, counter: int) -> None:
    """Note a piece of a service that is broken off, or goes on with one."""
    me, day = hall.counters[counter], hall.day[0]
    piece = hall.pieces[day.n_pieces]
    piece.step, piece.counter = me.step, counter
    piece.started, piece.ended = me.piece_begun * TICK, day.now * TICK
    day.n_pieces += 1


@inner
def wait_at_the_head(hall: Hall, visitor: int, step: int) -> None:
    """Let a visitor whose service was broken off stand before those who have not been served."""
    first, end = able_counters(hall, visitor, step)
    chosen = NOBODY
    if hall.stations[hall.station[step]].lines != ONE:
        chosen = chosen_counter(hall, visitor, step)
    join_line(hall, visitor, step)
    idle = longest_idle(hall, first, end, chosen, False)
    if idle != NOBODY:
        wake(hall, idle)


@inner
def at_least_a_tick(minutes: float) -> float:
    """Return a time on the grid of the clock, and more than none."""
    return max(TICK, (minutes + _SHIFT) - _SHIFT)
