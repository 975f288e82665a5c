"""Paths counted by compiled code: the twin of `mppsim.measure.paths`.

Each group has cells of its own, as many as it has stays at least; only those in which a path may
pass the largest value at any edge are looked at closely: their events are put in order.
"""

from __future__ import annotations

from mppsim.engine.compiled.jit import inner
from mppsim.measure.compiled.tables import Record, Tables
from mppsim.plan.clock import TICKS_PER_MINUTE

TICK_BITS = 20
STEP = 5
"""Minutes between two points."""
PERSON_BITS, TIME_BITS = 22, 40
PERSONS = (1 << PERSON_BITS) - 1
assert TICKS_PER_MINUTE == 1 << TICK_BITS


@inner
def add_stay(hall: Tables, group: int, begin: float, end: float, persons: int) -> None:
    """Note a stay, if it is one."""
    # Written in any case: a jump that is guessed wrong costs more.
    n = hall.day[0].stays
    stay = hall.stays[n]
    stay.begin, stay.end = int(begin * TICKS_PER_MINUTE), int(end * TICKS_PER_MINUTE)
    stay.group, stay.persons = group, persons
    hall.day[0].stays = n + (end > begin)
    hall.groups[group].stays += end > begin


@inner
def count_paths(hall: Tables) -> bool:
    """Count the stays of a day: each path at the points, and its largest value anywhere.

    Tell whether no time and no party is too large for that.
    """
    day, start, too_large = hall.day[0], hall.day[0].start, 0
    for place in range(lay_out(hall)):
        hall.cells[place].path = hall.cells[place].went = 0
    for k in range(day.stays):
        stay = hall.stays[k]
        group, persons = hall.groups[stay.group], stay.persons
        first, shift, last = group.first_cell, TICK_BITS - group.halvings, group.n_edges
        begin = first + min(edge_of(stay.begin - start, shift), last)
        end = first + min(edge_of(stay.end - start, shift), last)
        too_large |= persons >> PERSON_BITS | stay.end >> TIME_BITS
        stay.begin_cell, stay.end_cell = begin, end
        hall.cells[begin].path += persons
        hall.cells[end].path -= persons
        hall.cells[end].went += persons
    n_close = 0
    for number in range(day.n_groups):
        sample(hall, number)
        n_close = choose(hall, number, n_close)
    if n_close and not too_large:
        put_into_close(hall, n_close)
        for k in range(n_close):
            look_into(hall, hall.close[k])
    for number in range(day.n_groups):
        hall.largest[day.day * day.n_groups + number] = hall.groups[number].largest
    return too_large == 0


@inner
def lay_out(hall: Tables) -> int:
    """Give each group its cells, the last for what is after the grid; return their number."""
    n_cells, apart = 0, hall.day[0].n_points - 1
    for number in range(hall.day[0].n_groups):
        group = hall.groups[number]
        halvings = 0
        while apart << halvings < group.stays:
            halvings += 1
        group.halvings, group.first_cell, group.n_edges = halvings, n_cells, (apart << halvings) + 1
        if group.stays:
            n_cells += group.n_edges + 1
    return n_cells


@inner
def edge_of(since_start: int, shift: int) -> int:
    """Return the number of the edge at a time, or else of the next one after it."""
    return ((since_start - 1) >> shift) // STEP + 1 if since_start > 0 else 0


@inner
def sample(hall: Tables, number: int) -> None:
    """Sample a path at the points, and find its largest value at an edge.

    Then a cell says in `path` how many are there at its edge.
    """
    day, group = hall.day[0], hall.groups[number]
    points = (day.day * day.n_groups + number) * day.n_points
    group.largest = 0
    if not group.stays:
        for point in range(points, points + day.n_points):
            hall.paths[point] = 0
        return
    path = largest = 0
    for place in range(group.first_cell, group.first_cell + group.n_edges + 1):
        path += hall.cells[place].path
        hall.cells[place].path = path
        largest = max(largest, path)
    group.largest = largest
    place = group.first_cell
    for point in range(points, points + day.n_points):
        hall.paths[point] = hall.cells[place].path
        place += 1 << group.halvings


@inner
def choose(hall: Tables, number: int, n_close: int) -> int:
    """Choose the cells of a group to look at closely; return how many there are with those before.

    A chosen cell then says in `went` where it stands among these, as the complement.
    """
    group = hall.groups[number]
    if not group.stays:
        return n_close
    before, largest = 0, group.largest
    for place in range(group.first_cell, group.first_cell + group.n_edges + 1):
        cell = hall.cells[place]
        path = cell.path
        if path + cell.went > largest:
            close = hall.close[n_close]
            close.group, close.before, close.most = number, before, path + cell.went
            close.n = 0
            cell.went = ~n_close
            n_close += 1
        before = path
    return n_close


@inner
def put_into_close(hall: Tables, n_close: int) -> None:
    """Put the events of the chosen cells where they belong, each as one number.

    At one instant those who leave come first, so that no partial sum of the instant passes its
    right limit.
    """
    for k in range(hall.day[0].stays):
        stay = hall.stays[k]
        came, went = hall.cells[stay.begin_cell].went, hall.cells[stay.end_cell].went
        if came < 0:
            hall.close[~came].n += 1
        if went < 0:
            hall.close[~went].n += 1
    n_events = 0
    for k in range(n_close):
        close = hall.close[k]
        close.first, n_events, close.n = n_events, n_events + close.n, 0
    for k in range(hall.day[0].stays):
        stay = hall.stays[k]
        came, went = hall.cells[stay.begin_cell].went, hall.cells[stay.end_cell].went
        if came < 0:
            add_event(hall, ~came, ((stay.begin << 1) + 1 << PERSON_BITS) + stay.persons)
        if went < 0:
            add_event(hall, ~went, (stay.end << 1 << PERSON_BITS) + stay.persons)


@inner
def add_event(hall: Tables, place: int, event: int) -> None:
    close = hall.close[place]
    hall.events[close.first + close.n] = event
    close.n += 1


@inner
def look_into(hall: Tables, close: Record) -> None:
    """Find the largest value of a path within a cell, if it may be the largest of all."""
    group, path = hall.groups[close.group], close.before
    largest = group.largest
    if close.most <= largest:
        return
    sort_events(hall, close.first, close.n)
    for k in range(close.first, close.first + close.n):
        event = hall.events[k]
        persons = event & PERSONS
        path += persons if event >> PERSON_BITS & 1 else -persons
        largest = max(largest, path)
    group.largest = largest


@inner
def sort_events(hall: Tables, first: int, n: int) -> None:
    """Sort a few events, which are nearly in order (Shell 1959, with the steps of Hibbard 1963)."""
    apart = 1
    while apart * 4 < n:
        apart = apart * 2 + 1
    while apart:
        for k in range(first + apart, first + n):
            event, place = hall.events[k], k
            while place >= first + apart and hall.events[place - apart] > event:
                hall.events[place] = hall.events[place - apart]
                place -= apart
            hall.events[place] = event
        apart >>= 1
