"""What is still to happen: always the smallest pending (time, kind, index), as one number a key.

A key is the time in ticks and a number that grows with the kind and the index. Ends of services
stand in a tree by counter, arrivals in their order, what happens at this very instant in a short
sorted list, and all else in a heap. Where nothing is pending, all of them have NEVER.

Why this way: for 47 counters a tree takes as long as looking through a column by counter with
registers of 512 bits, without such registers less; a further step suffices for four times the
counters. Four below each place instead of two make the kernel a fiftieth faster.
"""

from __future__ import annotations

from mppsim.engine.compiled.jit import inner
from mppsim.engine.compiled.records import NEVER
from mppsim.engine.compiled.tables import OFF_GRID, TOO_LATE, Hall
from mppsim.plan.clock import TICK, TICKS_PER_MINUTE


@inner
def ticks(hall: Hall, minutes: float) -> int:
    """Return a time of the plan in ticks; note if it lies between two."""
    exact = minutes * TICKS_PER_MINUTE
    whole = int(exact)
    if whole != exact:
        hall.day[0].problem = OFF_GRID
    return whole


@inner
def minutes_now(hall: Hall) -> float:
    """Return the time as the trace has it."""
    return hall.day[0].now * TICK


@inner
def key_of(hall: Hall, time: int, number: int) -> int:
    """Return the key of the event with a number at a time."""
    day = hall.day[0]
    if time > day.last_time:
        day.problem = TOO_LATE
        return NEVER
    return (time << day.bits) | number


@inner
def time_of(hall: Hall, key: int) -> int:
    """Return the time of an event in ticks."""
    return key >> hall.day[0].bits


@inner
def let_come(hall: Hall, visitor: int, time: int, phase: int) -> None:
    """Let a visitor arrive or join a line at a time: first those who have booked."""
    hall.visitors[visitor].phase = phase
    put(hall, time, number_of(hall, visitor))


@inner
def number_of(hall: Hall, visitor: int) -> int:
    """Return the number of the event that a visitor arrives or joins a line."""
    booking = hall.booking[visitor]
    return hall.day[0].walk_in + visitor if booking < 0 else hall.day[0].booked + booking


@inner
def put(hall: Hall, time: int, number: int) -> None:
    """Let an event happen at a time from now on."""
    day, key = hall.day[0], key_of(hall, time, number)
    if time > day.now:
        push(hall, key)
        return
    day.n_soon += 1
    place = day.n_soon
    while hall.soon[place - 1] < key:
        hall.soon[place] = hall.soon[place - 1]
        place -= 1
    hall.soon[place] = key


@inner
def push(hall: Hall, key: int) -> None:
    """Put a key into the heap."""
    place = hall.day[0].n_heap
    hall.day[0].n_heap += 1
    while place > 0:
        above = (place - 1) >> 1
        if hall.heap[above] <= key:
            break
        hall.heap[place] = hall.heap[above]
        place = above
    hall.heap[place] = key


@inner
def pop(hall: Hall) -> None:
    """Take the smallest key out of the heap."""
    hall.day[0].n_heap -= 1
    n = hall.day[0].n_heap
    key, place = hall.heap[n], 0
    while True:
        below = 2 * place + 1
        if below >= n:
            break
        if below + 1 < n and hall.heap[below + 1] < hall.heap[below]:
            below += 1
        if key <= hall.heap[below]:
            break
        hall.heap[place] = hall.heap[below]
        place = below
    hall.heap[place] = key if n else NEVER


@inner
def next_key(hall: Hall) -> int:
    """Return the smallest pending key; NEVER if nothing is to happen any more."""
    day = hall.day[0]
    soon, arrival = hall.soon[day.n_soon], hall.arrivals[day.cursor]
    return min(hall.finish[1], day.look, soon, hall.heap[0], arrival)


@inner
def take(hall: Hall, key: int) -> int:
    """Let it be the time of the next event, which is no longer pending; return its number."""
    day = hall.day[0]
    day.now = key >> day.bits
    number = number_in(hall, key)
    if key == hall.arrivals[day.cursor]:
        day.cursor += 1
    elif key == hall.soon[day.n_soon]:
        day.n_soon -= 1
    elif number < day.n_counters:
        finish_never(hall, number)
    elif number == day.looks:
        day.look = NEVER
    else:
        pop(hall)
    return number


@inner
def number_in(hall: Hall, key: int) -> int:
    """Return the number of the event that a key stands for."""
    return key & ((1 << hall.day[0].bits) - 1)


@inner
def finish_at(hall: Hall, counter: int, time: int) -> None:
    """Let the work of a counter end at a time."""
    set_finish(hall, counter, key_of(hall, time, counter))


@inner
def finish_never(hall: Hall, counter: int) -> None:
    """Let the work of a counter end no more, or not yet."""
    set_finish(hall, counter, NEVER)


@inner
def set_finish(hall: Hall, counter: int, key: int) -> None:
    """Put a key into the tree in which each place has the smallest of the four below it."""
    place = hall.day[0].n_leaves + counter
    hall.finish[place] = key
    while place > 1:
        key = min(hall.finish[place ^ 1], hall.finish[place ^ 2], hall.finish[place ^ 3], key)
        place >>= 2
        hall.finish[place] = key
