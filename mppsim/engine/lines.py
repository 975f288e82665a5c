"""Lines: where a visitor waits, which counters may serve him, and who is called next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge

import numpy as np

from mppsim.engine.disciplines import DISCIPLINES
from mppsim.engine.hall import Hall, Turn
from mppsim.engine.policy import Call, Policy, Waiting, name_of
from mppsim.engine.skills import Line
from mppsim.scenario.errors import InputError

AT_THE_END = (3, 0)
"""The place in line of whoever goes before nobody."""


def line_of(hall: Hall, visitor: int) -> Line:
    """Return the line for a visitor at the step that he is making."""
    step = hall.step_of[visitor]
    station, rank = int(hall.day.steps.station[step]), int(hall.day.visitors.visitor_class[visitor])
    part = hall.line_chosen.get(visitor)
    if part is None:
        part = hall.skills.part_of.get((station, int(hall.day.steps.service[step])), 0)
    return hall.lines[station][rank * hall.skills.parts[station] + part]


def join_line(hall: Hall, visitor: int) -> None:
    """Let a visitor stand in his line: at the end of it, or of those who go before all others."""
    line, place = line_of(hall, visitor), place_in_line(hall, visitor)
    later = (n for n, ticket in enumerate(line) if place_in_line(hall, ticket) > place)
    line.insert(next(later, len(line)) if place < AT_THE_END else len(line), visitor)


def place_in_line(hall: Hall, ticket: int) -> tuple[int, int]:
    """Return what orders a line: first who was broken off, then the booked, then who is back."""
    step = ~ticket if ticket < 0 else hall.step_of[ticket]
    if ticket >= 0 and not np.isnan(hall.trace.started[step]):
        return 0, hall.turn[ticket].number
    if is_ahead(hall, ticket):
        return 1, 0
    return AT_THE_END if hall.turn[ticket].is_behind else (2, 0)


def is_ahead(hall: Hall, ticket: int) -> bool:
    """Tell whether a ticket goes before all classes, for an appointment."""
    return bool(hall.day.steps.ahead[~ticket if ticket < 0 else hall.step_of[ticket]])


def able_counters(hall: Hall, visitor: int) -> list[int]:
    """Return the counters that may serve a visitor at the step that he is making."""
    step = hall.step_of[visitor]
    station, service = int(hall.day.steps.station[step]), int(hall.day.steps.service[step])
    return hall.skills.able_to(station, service, int(hall.day.visitors.visitor_class[visitor]))


def standing(hall: Hall, counter: int) -> Iterator[Line]:
    """Yield the lines from which a counter may call, those outside its room too."""
    yield from (line for level in hall.skills.levels[counter] for lines in level for line in lines)
    yield hall.outer[hall.layout.counter_station[counter]]


def next_line(hall: Hall, counter: int) -> Line | None:
    """Return the line from which a counter calls next; None if nobody waits for it.

    Of the lines that it prefers equally, one with an appointment goes first. Those who wait for a
    place in the room come after those in it.
    """
    station = int(hall.layout.counter_station[counter])
    for level in hall.skills.levels[counter]:
        if any(line for lines in level for line in lines):
            standing = [line for lines in level for line in lines if line]
            if hall.policy is not None:
                return line_by_policy(hall, counter, standing, hall.policy)
            booked = [line for line in standing if is_ahead(hall, line[0])]
            if booked:
                return min(booked, key=lambda line: hall.turn[line[0]])
            choose = DISCIPLINES[hall.station_rules[station].discipline]
            return choose(hall, station, level)
    return hall.outer[station] or None


def line_by_policy(hall: Hall, counter: int, lines: Sequence[Line], policy: Policy) -> Line:
    """Put whom a policy calls at the head of his line, and return it; raises InputError."""
    layout, station = hall.layout, int(hall.layout.counter_station[counter])

    def order(ticket: int) -> tuple[bool, Turn]:
        return not as_seen(hall, ticket).booked, hall.turn[ticket]

    tickets = [*merge(*lines, key=order)]
    waiting = tuple(as_seen(hall, ticket) for ticket in tickets)
    weekday, now = hall.day.weekday, hall.clock.now
    chosen = policy(Call(weekday, now, layout.stations[station], layout.counters[counter], waiting))
    if chosen not in waiting:
        raise InputError(
            f"policy {name_of(policy)}: found {chosen!r}; expected one of call.waiting"
        )
    ticket = tickets[waiting.index(chosen)]
    line = next(line for line in lines if ticket in line)
    line.remove(ticket)
    line.appendleft(ticket)
    return line


def as_seen(hall: Hall, ticket: int) -> Waiting:
    """Return what a policy sees of a ticket."""
    turn = hall.turn[ticket]
    if turn not in hall.seen:
        layout, visitors, steps = hall.layout, hall.day.visitors, hall.day.steps
        step = ~ticket if ticket < 0 else hall.step_of[ticket]
        service = int(steps.service[step])
        hall.seen[turn] = Waiting(
            turn.visitor,
            layout.tenants[layout.service_tenant[service]],
            layout.services[service],
            layout.stations[steps.station[step]],
            layout.classes[visitors.visitor_class[turn.visitor]],
            int(visitors.party[turn.visitor]),
            float(visitors.arrival[turn.visitor]),
            turn.joined,
            is_ahead(hall, ticket),
        )
    return hall.seen[turn]
