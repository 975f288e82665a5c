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


def able_counters(hall: Hall, visitor: int) -> list[int]:
    """Return the counters that may serve a visitor at the step that he is making."""
    step = hall.step_of[visitor]
    station, service = int(hall.day.steps.station[step]), int(hall.day.steps.service[step])
    return hall.skills.able_to(station, service, int(hall.day.visitors.visitor_class[visitor]))


def next_line(hall: Hall, counter: int) -> Line | None:
    """Return the line from which a counter calls next; None if nobody waits for it.

    Those who wait for a place in the room come after those in it.
    """
    station = int(hall.layout.counter_station[counter])
    for level in hall.skills.levels[counter]:
        if any(line for lines in level for line in lines):
            choose = DISCIPLINES[hall.station_rules[station].discipline]
            return choose(hall, station, level)
    return hall.outer[station] or None
