"""Visits: a visitor comes, makes the steps of the visit one after the other, and leaves."""

from __future__ import annotations

from mppsim.engine.compiled.balking import balks
from mppsim.engine.compiled.door import (
    REFUSED,
    WAITS,
    back_too_late,
    closed_to_visitors,
    is_expected,
    is_let_in,
    leave,
)
from mppsim.engine.compiled.elsewhere import has_returned, wait_elsewhere
from mppsim.engine.compiled.jit import inner
from mppsim.engine.compiled.joining import free_counter
from mppsim.engine.compiled.journeys import (
    first_at_a_station,
    first_left,
    go_elsewhere,
    next_step,
    walking_time,
    zone_of,
)
from mppsim.engine.compiled.lines import BEFORE_ALL, able_counters
from mppsim.engine.compiled.patience import RENEGED, give_up_after, patience_left, spend_patience
from mppsim.engine.compiled.pending import let_come, minutes_now, put, ticks
from mppsim.engine.compiled.records import NEVER, NOBODY
from mppsim.engine.compiled.rooms import (
    come_in,
    enter,
    give_up,
    is_held_for,
    leave_counter,
    let_go,
    may_be_held_after,
    stand_in_line,
    turns_away,
)
from mppsim.engine.compiled.service import be_served, note_piece, serve
from mppsim.engine.compiled.tables import (
    ADMITTED,
    ARRIVES,
    AT_GATE,
    AT_SLOT,
    HAS_RETURNED,
    HAS_STAYED,
    HAS_WALKED,
    IS_BACK,
    MOVES,
    Hall,
)
from mppsim.engine.trace import Outcome
from mppsim.plan.plan import AFTER_SERVICE, AWAY, HEAD, IF_GIVING_UP

SERVED, BALKED, BLOCKED, POSTPONED = (
    int(Outcome.SERVED),
    int(Outcome.BALKED),
    int(Outcome.BLOCKED),
    int(Outcome.POSTPONED),
)
"""WAITS stands for: the step is not over yet."""
GIVEN_UP = (RENEGED, BALKED)


@inner
def visit(hall: Hall, visitor: int) -> int:
    """Let happen what a visitor's time has come for; return how his step ended, if it did."""
    me = hall.visitors[visitor]
    phase = me.phase
    if phase in (ARRIVES, ADMITTED):
        outcome = is_let_in(hall, visitor)
        if me.phase == AT_GATE:
            return WAITS
        if outcome == REFUSED:
            me.step = first_at_a_station(hall, visitor)
            return REFUSED
        phase = MOVES
    if phase == MOVES:
        me.step = next_step(hall, visitor)
        phase = make_step(hall, visitor, me.step)
    if phase == HAS_RETURNED:
        has_returned(hall, visitor, me.step)
    if phase in (HAS_WALKED, AT_SLOT):
        return take_step(hall, visitor, me.step, phase)
    return SERVED if phase in (IS_BACK, HAS_STAYED) else WAITS


@inner
def make_step(hall: Hall, visitor: int, step: int) -> int:
    """Let a visitor walk to a station, or be away for a while; tell if he is there already."""
    station, now = hall.station[step], hall.day[0].now
    if not is_held_for(hall, step):
        let_go(hall, visitor)
    if station == AWAY:
        let_come(hall, visitor, now + ticks(hall, hall.service_time[step]), IS_BACK)
        return WAITS
    walk = walking_time(hall, hall.visitors[visitor].zone, station)
    if walk:
        let_come(hall, visitor, now + walk, HAS_WALKED)
        return WAITS
    return HAS_WALKED


@inner
def take_step(hall: Hall, visitor: int, step: int, phase: int) -> int:
    """Let a visitor join the line of a station, or be served at once; tell if the step is over."""
    if phase == HAS_WALKED and hall.not_before[step] > float("-inf"):
        hall.came[step] = minutes_now(hall)
        if hall.came[step] < hall.not_before[step]:
            let_go(hall, visitor)
            let_come(hall, visitor, ticks(hall, hall.not_before[step]), AT_SLOT)
            return WAITS
    station = hall.station[step]
    first, end = able_counters(hall, visitor, step)
    turned_away = closed_to_visitors(hall, first, end)
    if not turned_away:
        turned_away = back_too_late(hall, step)
    if not turned_away:
        expected_here = step == hall.first_step[visitor] and is_expected(hall, visitor)
        if not expected_here and balks(hall, visitor, station):
            return BALKED
        counter = free_counter(hall, visitor, step)
        if counter == NOBODY and turns_away(hall, station):
            return BLOCKED
    hall.joined[step] = minutes_now(hall)
    if turned_away:
        return turned_away
    take_turn(hall, visitor, step)
    if counter == NOBODY:
        return wait(hall, visitor, step)
    enter(hall, visitor, step)
    be_served(hall, step, counter)
    return WAITS


@inner
def take_turn(hall: Hall, visitor: int, step: int) -> None:
    """Note when a visitor's ticket is called: after those who joined before, unless he is back."""
    ticket = hall.steps[step]
    ticket.visitor, ticket.turn = visitor, hall.day[0].joining
    if hall.back[step] == HEAD:
        ticket.turn -= BEFORE_ALL
    hall.day[0].joining += 1


@inner
def wait(hall: Hall, visitor: int, step: int) -> int:
    """Let a visitor stand in line until a counter calls, patience ends or the hall says so."""
    patience = patience_left(hall, visitor, step)
    stand_in_line(hall, visitor, step)
    if patience == 0:
        give_up(hall, visitor, step)
        return RENEGED
    hall.steps[step].missing = hall.misses[step]
    hall.visitors[visitor].waits = 1
    wait_elsewhere(hall, step)
    give_up_after(hall, visitor, step, patience)
    return WAITS


@inner
def renege(hall: Hall, visitor: int, key: int) -> int:
    """Let a visitor's patience end, if he still waits; return how his step ended, if it did."""
    me = hall.visitors[visitor]
    if hall.steps[me.step].deadline != key:
        return WAITS
    hall.steps[me.step].deadline = NEVER
    give_up(hall, visitor, me.step)
    spend_patience(hall, visitor, me.step)
    return RENEGED


@inner
def be_answered(hall: Hall, visitor: int) -> int:
    """Let a visitor go on whose wait is over; return how his step ended, if it did."""
    me = hall.visitors[visitor]
    if me.phase == AT_GATE:
        me.step = first_at_a_station(hall, visitor)
        return ~me.answer
    is_called = me.answer >= 0
    me.waits = 0
    if hall.steps[me.step].broken:
        if is_called:
            serve(hall, me.step, me.answer, hall.unserved[me.step])
        return WAITS if is_called else ~me.answer
    hall.steps[me.step].deadline = NEVER
    come_in(hall, visitor, me.step, is_called)
    spend_patience(hall, visitor, me.step)
    if is_called:
        be_served(hall, me.step, me.answer)
        return WAITS
    return ~me.answer


@inner
def finish(hall: Hall, counter: int) -> int:
    """Let a service end; return the visitor, whose step is over."""
    me = hall.counters[counter]
    step = me.step
    visitor = me.visitor
    me.running = 0
    if hall.steps[step].broken:
        note_piece(hall, counter)
    may_be_held = hall.day[0].has_rooms and hall.visitors[visitor].held_step != NOBODY
    if may_be_held and may_be_held_after(hall, visitor, step):
        hall.visitors[visitor].held_counter, hall.visitors[visitor].held_step = counter, step
    else:
        leave_counter(hall, counter, step)
    return visitor


@inner
def step_over(hall: Hall, visitor: int, outcome: int) -> None:
    """Note how a visitor's step ended; let him make the next one, or leave."""
    me, day = hall.visitors[visitor], hall.day[0]
    if me.phase == HAS_STAYED:
        leave(hall, visitor, outcome)
        return
    step, goes_on = me.step, outcome == SERVED
    hall.ended[step], hall.outcome[step] = minutes_now(hall), outcome
    if goes_on_another_day(hall, step, outcome):
        outcome, goes_on = POSTPONED, False
    elif goes_on:
        hall.steps[step].done = 1
        me.left += me.left == step
    elif hall.instead[step] and outcome in GIVEN_UP:
        go_elsewhere(hall, visitor, step)
        goes_on = True
    if goes_on:
        me.zone = zone_of(hall, step, me.zone)
        if first_left(hall, visitor) != NOBODY:
            let_come(hall, visitor, day.now, MOVES)
            return
    let_go(hall, visitor)
    if outcome == SERVED and hall.stays[visitor]:
        me.phase = HAS_STAYED
        put(hall, day.now + ticks(hall, hall.stays[visitor]), day.walk_in + visitor)
    else:
        leave(hall, visitor, outcome)


@inner
def goes_on_another_day(hall: Hall, step: int, outcome: int) -> bool:
    """Tell whether a visitor leaves after a step in order to come back on the next working day."""
    when = hall.another_day[step]
    if outcome == SERVED:
        return when & AFTER_SERVICE != 0
    return outcome in GIVEN_UP and when & IF_GIVING_UP != 0
