"""Lines: where a visitor waits, which counters may serve him, and who is called next."""

from __future__ import annotations

from mppsim.engine.disciplines import DISCIPLINES
from mppsim.engine.hall import Hall
from mppsim.engine.skills import Line


def line_of(hall: Hall, visitor: int) -> Line:
    """Return the line for a visitor at the step that he is making."""
    step = hall.step_of[visitor]
    station, rank = int(hall.day.steps.station[step]), int(hall.day.visitors.visitor_class[visitor])
    part = hall.line_chosen.get(visitor)
    if part is None:
        part = hall.skills.part_of.get((station, int(hall.day.steps.service[step])), 0)
    return hall.lines[station][rank * hall.skills.parts[station] + part]


def join_line(hall: Hall, visitor: int, step: int) -> None:
    """Let a visitor stand in his line: at the end, or behind those who also have an appointment."""
    line = line_of(hall, visitor)
    if hall.day.steps.ahead[step]:
        line.insert(sum(is_ahead(hall, ticket) for ticket in line), visitor)
    else:
        line.append(visitor)


def is_ahead(hall: Hall, ticket: int) -> bool:
    """Tell whether a ticket goes before all classes, for an appointment."""
    return bool(hall.day.steps.ahead[~ticket if ticket < 0 else hall.step_of[ticket]])


def able_counters(hall: Hall, visitor: int) -> list[int]:
    """Return the counters that may serve a visitor at the step that he is making."""
    step = hall.step_of[visitor]
    station, service = int(hall.day.steps.station[step]), int(hall.day.steps.service[step])
    return hall.skills.able_to(station, service, int(hall.day.visitors.visitor_class[visitor]))


def next_line(hall: Hall, counter: int) -> Line | None:
    """Return the line from which a counter calls next; None if nobody waits for it.

    Of the lines that it prefers equally, one with an appointment goes first. Those who wait for a
    place in the room come after those in it.
    """
    station = int(hall.layout.counter_station[counter])
    for level in hall.skills.levels[counter]:
        if any(line for lines in level for line in lines):
            standing = [line for lines in level for line in lines if line]
            booked = [line for line in standing if is_ahead(hall, line[0])]
            if booked:
                return min(booked, key=lambda line: hall.turn[line[0]])
            choose = DISCIPLINES[hall.station_rules[station].discipline]
            return choose(hall, station, level)
    return hall.outer[station] or None
