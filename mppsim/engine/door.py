"""Who gets in: tickets at the door, and what the closing of the doors does."""

from __future__ import annotations

from collections.abc import Generator, Iterable

import numpy as np
import simpy

from mppsim.engine.calls import clear_line
from mppsim.engine.due import Due, Process
from mppsim.engine.hall import Hall
from mppsim.engine.order import Kind
from mppsim.engine.trace import Outcome


def gets_ticket_at(hall: Hall, visitor: int) -> float:
    """Return when a visitor comes to the ticket: on arrival, or once tickets are given out.

    Who has booked has a ticket already.
    """
    if hall.day.visitors.booking[visitor] >= 0:
        return float(hall.day.visitors.arrival[visitor])
    tenant = hall.layout.service_tenant[hall.day.visitors.service[visitor]]
    if hall.day.visitors.is_expected(visitor):
        return float(hall.day.visitors.arrival[visitor])
    return max(float(hall.day.visitors.arrival[visitor]), float(hall.day.door.tickets_from[tenant]))


def comes(hall: Hall, visitor: int, time: float) -> Due:
    """Return the moment at which a visitor arrives or joins a line: first those who have booked."""
    booking = int(hall.day.visitors.booking[visitor])
    kind, index = (Kind.WALK_IN, visitor) if booking < 0 else (Kind.BOOKED, booking)
    return Due(hall.clock, time, kind, index)


def let_in(hall: Hall, visitor: int) -> Generator[simpy.Event, object, bool]:
    """Let a visitor through the gate and the door; tell whether he is in.

    Where the hall is full he waits outside, first come first, all of a party together.
    """
    if hall.closed:
        return False
    if not fits(hall, visitor):
        hall.outside.append(visitor)
        answer = hall.gate_answers[visitor] = hall.clock.event()
        yield answer
        if not answer.value:
            return False
        yield comes(hall, visitor, hall.clock.now)
    hall.trace.admitted[visitor] = hall.clock.now
    return not refused(hall, visitor)


def fits(hall: Hall, visitor: int) -> bool:
    """Take places in the hall for a visitor's party, if there are any and nobody is before it."""
    party = int(hall.day.visitors.party[visitor])
    if hall.outside or hall.persons_inside + party > hall.layout.capacity:
        return False
    hall.persons_inside += party
    return True


def leave(hall: Hall, visitor: int) -> None:
    """Let a visitor leave; his party's places go at once to those who wait outside."""
    if np.isnan(hall.trace.admitted[visitor]):
        return
    hall.persons_inside -= int(hall.day.visitors.party[visitor])
    while hall.outside:
        party = int(hall.day.visitors.party[hall.outside[0]])
        if hall.persons_inside + party > hall.layout.capacity:
            return
        hall.persons_inside += party
        hall.gate_answers.pop(hall.outside.popleft()).succeed(True)


def refused(hall: Hall, visitor: int) -> bool:
    """Tell whether a visitor at the door comes too late for a ticket; else give him one.

    Who has booked has a ticket, and is refused only after closing; who stands there at the opening
    has his ticket from the day before, and a delegation needs none.
    """
    if hall.day.visitors.is_expected(visitor):
        return False
    if hall.day.visitors.booking[visitor] >= 0:
        return bool(hall.clock.now >= hall.day.closing)
    door, service = hall.day.door, hall.day.visitors.service[visitor]
    tenant = hall.layout.service_tenant[service]
    late = hall.clock.now >= min(door.last_ticket[tenant], hall.day.closing)
    if late or not (hall.tickets[tenant] and hall.service_tickets[service]):
        return True
    hall.tickets[tenant] -= 1
    hall.service_tickets[service] -= 1
    return False


def closing(hall: Hall) -> Process:
    """Close the doors; those whom no counter will call any more leave."""
    yield Due(hall.clock, hall.day.closing, Kind.CLOSING)
    hall.closed = True
    for station, lines in enumerate(hall.lines):
        own = hall.counters_of[station]
        able = [*hall.skills.able[station], own]
        for line, counters in zip((*lines, hall.outer[station]), able, strict=True):
            outcome = closed_to_visitors(hall, counters)
            for visitor in clear_line(line) if outcome else ():
                hall.called[visitor].succeed(outcome)
    while hall.outside:
        hall.gate_answers.pop(hall.outside.popleft()).succeed(False)


def closed_to_visitors(hall: Hall, counters: Iterable[int]) -> Outcome | None:
    """Tell what becomes of those whom none of these counters will call any more."""
    if hall.closed and not hall.day.serve_all:
        return Outcome.DISMISSED
    if hall.closed and not any(hall.on_duty[c] for c in counters):
        return Outcome.UNSERVED
    return None


def back_too_late(hall: Hall, step: int) -> Outcome | None:
    """Tell what becomes of who comes back with a missing paper after the doors have closed."""
    return Outcome.UNSERVED if hall.closed and hall.day.steps.back[step] else None
