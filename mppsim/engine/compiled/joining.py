"""Joining: the free counter that a visitor goes to, or the line that he joins."""

from __future__ import annotations

from mppsim.engine.compiled.counters import can_take, longest_idle, wake
from mppsim.engine.compiled.jit import apart, inner
from mppsim.engine.compiled.lines import able_counters, counter_at, join_line, take_out
from mppsim.engine.compiled.records import NEVER, NOBODY
from mppsim.engine.compiled.tables import ONE, SHORTEST, Hall


@inner
def free_counter(hall: Hall, visitor: int, step: int) -> int:
    """Return the counter that a visitor goes to at once; NOBODY if he has to wait.

    Where visitors wait at a counter each, he chooses one now, and waits there if it is busy.
    """
    first, end = able_counters(hall, visitor, step)
    only = NOBODY
    if hall.stations[hall.station[step]].lines != ONE:
        only = chosen_counter(hall, visitor, step)
    return longest_idle(hall, first, end, only, True)


@apart
def chosen_counter(hall: Hall, visitor: int, step: int) -> int:
    """Let a visitor choose a counter on duty and its line."""
    first, end = able_counters(hall, visitor, step)
    all_of_them = not any_on_duty(hall, first, end)
    if hall.stations[hall.station[step]].lines == SHORTEST:
        counter = shortest(hall, first, end, all_of_them)
    else:
        counter = at_random(hall, first, end, all_of_them, hall.line_choice[step])
    hall.visitors[visitor].chosen = counter
    return counter


@inner
def any_on_duty(hall: Hall, first: int, end: int) -> bool:
    """Tell whether one of the counters in `able` is on duty."""
    n = 0
    for place in range(first, end):
        n += hall.counters[counter_at(hall, place)].on_duty
    return n > 0


@inner
def shortest(hall: Hall, first: int, end: int, all_of_them: bool) -> int:
    """Choose the counter with the fewest visitors; of equals the longest idle, then the lowest."""
    chosen, fewest, longest = NOBODY, NEVER, NEVER
    for place in range(first, end):
        counter = counter_at(hall, place)
        me = hall.counters[counter]
        if not (me.on_duty or all_of_them):
            continue
        length, since = n_at(hall, counter), hall.day[0].now
        if can_take(hall, counter):
            since = me.idle_since
        else:
            length += me.serving
        if length < fewest or (length == fewest and since < longest):
            chosen, fewest, longest = counter, length, since
    return chosen


@inner
def n_at(hall: Hall, counter: int) -> int:
    """Return how many wait in the lines of a counter."""
    station = hall.stations[hall.counters[counter].station]
    n, line = 0, station.first_line + counter - station.first_counter
    while line < station.end_line:
        n += hall.lines[line].live
        line += station.parts
    return n


@inner
def at_random(hall: Hall, first: int, end: int, all_of_them: bool, choice: float) -> int:
    """Choose any counter, each as likely as the others, by the luck of this visit."""
    n = 0
    for place in range(first, end):
        n += 1 if all_of_them else hall.counters[counter_at(hall, place)].on_duty
    left = int(choice * n)
    for place in range(first, end):
        counter = counter_at(hall, place)
        if all_of_them or hall.counters[counter].on_duty:
            if left == 0:
                return counter
            left -= 1
    return NOBODY


@apart
def choose_again(hall: Hall, station: int) -> None:
    """Send those who wait at counters off duty to counters on duty, those who came first first."""
    if hall.stations[station].lines == ONE:
        return
    n = those_left(hall, station)
    for place in range(n):
        step = hall.sorting[place]
        visitor = hall.steps[step].visitor
        first, end = able_counters(hall, visitor, step)
        if any_on_duty(hall, first, end):
            take_out(hall, step)
            counter = chosen_counter(hall, visitor, step)
            join_line(hall, visitor, step)
            if can_take(hall, counter):
                wake(hall, counter)


@inner
def those_left(hall: Hall, station: int) -> int:
    """Put those who wait at counters off duty into `sorting`, by turn; return how many they are."""
    here, n = hall.stations[station], 0
    for line in range(here.first_line, here.end_line):
        if hall.counters[here.first_counter + (line - here.first_line) % here.parts].on_duty:
            continue
        ticket = hall.lines[line].head
        while ticket != NOBODY:
            if not hall.steps[ticket].dead:
                place = n
                while (
                    place > 0 and hall.steps[hall.sorting[place - 1]].turn > hall.steps[ticket].turn
                ):
                    hall.sorting[place] = hall.sorting[place - 1]
                    place -= 1
                hall.sorting[place] = ticket
                n += 1
            ticket = hall.steps[ticket].behind
    return n
