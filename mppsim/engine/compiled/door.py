"""Who gets in: tickets at the door, and what the closing of the doors does."""

from __future__ import annotations

from mppsim.engine.compiled.calls import answer, clear_line
from mppsim.engine.compiled.jit import apart, inner
from mppsim.engine.compiled.joining import any_on_duty
from mppsim.engine.compiled.lines import take_out
from mppsim.engine.compiled.patience import has_left
from mppsim.engine.compiled.pending import let_come, minutes_now, ticks
from mppsim.engine.compiled.records import NOBODY
from mppsim.engine.compiled.tables import ADMITTED, AT_GATE, Hall
from mppsim.engine.trace import Outcome

WAITS, DISMISSED, UNSERVED, REFUSED = (
    int(Outcome.NOT_REACHED),
    int(Outcome.DISMISSED),
    int(Outcome.UNSERVED),
    int(Outcome.REFUSED),
)


@inner
def gets_ticket_at(hall: Hall, visitor: int) -> int:
    """Return when a visitor comes to the ticket: on arrival, or once tickets are given out."""
    arrival = ticks(hall, hall.arrival[visitor])
    if hall.booking[visitor] >= 0 or is_expected(hall, visitor):
        return arrival
    begins = hall.tickets_from[hall.service_tenant[hall.service[visitor]]]
    return max(arrival, ticks(hall, begins)) if begins > hall.arrival[visitor] else arrival


@inner
def is_expected(hall: Hall, visitor: int) -> bool:
    """Tell whether a visitor needs no ticket: one of the backlog, or a delegation."""
    return hall.ordinal[visitor] < 0 and hall.returns[visitor] < 0


@inner
def is_of_backlog(hall: Hall, visitor: int) -> bool:
    """Tell whether a visitor stands in the line at the opening, with a ticket from before."""
    return is_expected(hall, visitor) and hall.stay_zone[visitor] < 0


@inner
def is_let_in(hall: Hall, visitor: int) -> int:
    """Let a visitor through the gate and the door, or refuse him; else let him wait at the gate."""
    me, day = hall.visitors[visitor], hall.day[0]
    if me.phase != ADMITTED:
        if day.closed:
            return REFUSED
        if not fits(hall, visitor):
            me.phase = AT_GATE
            stand_at_the_gate(hall, visitor)
            return WAITS
    me.inside = 1
    hall.admitted[visitor] = minutes_now(hall)
    return REFUSED if refused(hall, visitor) else WAITS


@inner
def fits(hall: Hall, visitor: int) -> bool:
    """Take places in the hall for a visitor's party, if there are any and nobody is before it."""
    day = hall.day[0]
    if day.gate_head != NOBODY or day.persons_inside + hall.party[visitor] > day.capacity:
        return False
    day.persons_inside += hall.party[visitor]
    return True


@apart
def stand_at_the_gate(hall: Hall, visitor: int) -> None:
    """Let a visitor wait at the gate, behind all others."""
    day = hall.day[0]
    hall.behind[visitor] = NOBODY
    if day.gate_head == NOBODY:
        day.gate_head = visitor
    else:
        hall.behind[day.gate_tail] = visitor
    day.gate_tail = visitor


@inner
def leave(hall: Hall, visitor: int, outcome: int) -> None:
    """Let a visitor leave; his party's places go at once to those who wait outside."""
    day = hall.day[0]
    hall.left[visitor], hall.visitor_outcome[visitor] = minutes_now(hall), outcome
    if not hall.visitors[visitor].inside:
        return
    day.persons_inside -= hall.party[visitor]
    while day.gate_head != NOBODY:
        first = day.gate_head
        if day.persons_inside + hall.party[first] > day.capacity:
            return
        day.persons_inside += hall.party[first]
        day.gate_head = hall.behind[first]
        let_come(hall, first, day.now, ADMITTED)


@inner
def refused(hall: Hall, visitor: int) -> bool:
    """Tell whether a visitor at the door comes too late for a ticket; else give him one."""
    if is_expected(hall, visitor):
        return False
    day, now = hall.day[0], minutes_now(hall)
    if hall.booking[visitor] >= 0:
        return day.now >= day.closing
    service = hall.service[visitor]
    tenant = hall.service_tenant[service]
    late = now >= hall.last_ticket[tenant] or day.now >= day.closing
    if late or not (hall.tickets[tenant] and hall.service_tickets[service]):
        return True
    hall.tickets[tenant] -= 1
    hall.service_tickets[service] -= 1
    return False


@apart
def close(hall: Hall) -> None:
    """Close the doors; those whom no counter will call any more leave."""
    day = hall.day[0]
    day.closed = 1
    for line in range(day.n_lines):
        here = hall.lines[line]
        if not day.timed:
            forget_all_who_left(hall, line)
        outcome = closed_to_visitors(hall, here.first_able, here.end_able)
        if outcome:
            clear_line(hall, line, outcome)
    while day.gate_head != NOBODY:
        first = day.gate_head
        day.gate_head = hall.behind[first]
        answer(hall, first, ~REFUSED)


@inner
def forget_all_who_left(hall: Hall, line: int) -> None:
    """Take all out of a line whose patience has ended before now."""
    step = hall.lines[line].head
    while step != NOBODY:
        behind = hall.steps[step].behind
        if has_left(hall, step):
            take_out(hall, step)
        step = behind


@inner
def back_too_late(hall: Hall, step: int) -> int:
    """Tell what becomes of who comes back with a missing paper after the doors have closed."""
    return UNSERVED if hall.day[0].closed and hall.back[step] else WAITS


@inner
def closed_to_visitors(hall: Hall, first: int, end: int) -> int:
    """Tell what becomes of those whom none of these counters in `able` will call any more."""
    day = hall.day[0]
    if day.closed and not day.serve_all:
        return DISMISSED
    if day.closed and not any_on_duty(hall, first, end):
        return UNSERVED
    return WAITS
