"""Who gets in: tickets at the door, and what the closing of the doors does."""

from __future__ import annotations

from mppsim.engine.calls import clear_line
from mppsim.engine.due import Due, Process
from mppsim.engine.hall import Hall
from mppsim.engine.order import Kind
from mppsim.engine.trace import Outcome


def gets_ticket_at(hall: Hall, visitor: int) -> float:
    """Return when a visitor comes to the ticket: on arrival, or once tickets are given out."""
    tenant = hall.layout.service_tenant[hall.day.visitors.service[visitor]]
    if hall.day.visitors.is_of_backlog(visitor):
        return float(hall.day.visitors.arrival[visitor])
    return max(float(hall.day.visitors.arrival[visitor]), float(hall.day.door.tickets_from[tenant]))


def refused(hall: Hall, visitor: int) -> bool:
    """Tell whether a visitor at the door comes too late for a ticket; else give him one.

    Who stands there at the opening has his ticket from the day before.
    """
    if hall.day.visitors.is_of_backlog(visitor):
        return False
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
        outcome = closed_to_visitors(hall, station)
        for line in lines if outcome else ():
            for visitor in clear_line(line):
                hall.called[visitor].succeed(outcome)


def closed_to_visitors(hall: Hall, station: int) -> Outcome | None:
    """Tell what becomes of those whom no counter of the station will call any more."""
    if hall.closed and not hall.day.serve_all:
        return Outcome.DISMISSED
    if hall.closed and not any(hall.on_duty[c] for c in hall.counters_of[station]):
        return Outcome.UNSERVED
    return None
