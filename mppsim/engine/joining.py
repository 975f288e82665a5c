"""Joining: the free counter that a visitor goes to, or the line that he joins."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mppsim.engine.counters import can_take, longest_idle, wake
from mppsim.engine.hall import Hall
from mppsim.engine.lines import able_counters, join_line, line_of, standing

Joining = Callable[[Hall, Sequence[int], int], int]
"""Choose one of several counters, for a visitor."""


def free_counter(hall: Hall, visitor: int) -> int | None:
    """Return the counter that a visitor goes to at once; None if he has to wait.

    Where visitors wait at a counter each, he chooses one now, and waits there if it is busy.
    """
    hall.line_chosen.pop(visitor, None)
    counter = chosen_counter(hall, visitor)
    able = able_counters(hall, visitor) if counter is None else [counter]
    return longest_idle(hall, [counter for counter in able if not calls_another(hall, counter)])


def calls_another(hall: Hall, counter: int) -> bool:
    """Tell whether a counter that was left at this very moment is about to call somebody else."""
    return counter in hall.freed and any(standing(hall, counter))


def chosen_counter(hall: Hall, visitor: int) -> int | None:
    """Let a visitor choose a counter on duty and its line; None where there is one line for all."""
    station = int(hall.day.steps.station[hall.step_of[visitor]])
    choose = JOINING.get(hall.station_rules[station].lines)
    if choose is None:
        return None
    able = able_counters(hall, visitor)
    counter = choose(hall, [c for c in able if hall.on_duty[c]] or able, visitor)
    hall.line_chosen[visitor] = hall.counters_of[station].index(counter)
    return counter


def choose_again(hall: Hall, station: int) -> None:
    """Send those who wait at counters off duty to counters on duty, those who came first first."""
    if hall.station_rules[station].lines == "one":
        return
    parts, on_duty = (
        hall.skills.parts[station],
        [hall.on_duty[c] for c in hall.counters_of[station]],
    )
    left = [
        visitor
        for number, line in enumerate(hall.lines[station])
        if not on_duty[number % parts]
        for visitor in line
        if visitor >= 0
    ]
    for visitor in sorted(left, key=hall.turn.__getitem__):
        if any(hall.on_duty[counter] for counter in able_counters(hall, visitor)):
            line_of(hall, visitor).remove(visitor)
            counter = chosen_counter(hall, visitor)
            join_line(hall, visitor)
            if counter is not None and can_take(hall, counter):
                wake(hall, counter)


def shortest(hall: Hall, counters: Sequence[int], _: int) -> int:
    """Choose the counter with the fewest visitors; of equals the longest idle, then the lowest."""

    def length(counter: int) -> tuple[int, float, int]:
        station = int(hall.layout.counter_station[counter])
        parts, part = hall.skills.parts[station], hall.counters_of[station].index(counter)
        waiting = sum(ticket >= 0 for line in hall.lines[station][part::parts] for ticket in line)
        if can_take(hall, counter):
            return waiting, hall.idle_since[counter], counter
        return waiting + hall.serving[counter], hall.clock.now, counter

    return min(counters, key=length)


def at_random(hall: Hall, counters: Sequence[int], visitor: int) -> int:
    """Choose any counter, each as likely as the others, by the luck of this visit."""
    choice = hall.day.steps.line_choice[hall.step_of[visitor]]
    return counters[int(choice * len(counters))]


JOINING: dict[str, Joining] = {"shortest": shortest, "random": at_random}
"""By the word of the station's rule; without one, there is one line for all counters."""
