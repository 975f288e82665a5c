"""What is still to happen: always the smallest pending (time, kind, index), as one number a key.

A key is the time in ticks and a number that grows with the kind and the index. Ends of services
stand in a column by counter, arrivals in their order, what happens at this very instant in a short
sorted list, and all else in a heap.
"""

from __future__ import annotations

from mppsim.engine.compiled.jit import inner
from mppsim.engine.compiled.tables import NEVER, OFF_GRID, TOO_LATE, Hall
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
    place = day.n_soon
    while place > 0 and hall.soon[place - 1] < key:
        hall.soon[place] = hall.soon[place - 1]
        place -= 1
    hall.soon[place] = key
    day.n_soon += 1


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
    hall.heap[place] = key


@inner
def next_key(hall: Hall) -> int:
    """Return the smallest pending key, which is taken out unless a counter finishes."""
    day = hall.day[0]
    soon = hall.soon[day.n_soon - 1] if day.n_soon else NEVER
    heap = hall.heap[0] if day.n_heap else NEVER
    arrival = hall.arrivals[day.cursor] if day.cursor < day.n_arrivals else NEVER
    key = min(day.next_finish, day.look, soon, heap, arrival)
    if key in (NEVER, day.next_finish):
        return key
    if key == arrival:
        day.cursor += 1
    elif key == day.look:
        day.look = NEVER
    elif key == soon:
        day.n_soon -= 1
    else:
        pop(hall)
    return key


@inner
def finish_at(hall: Hall, counter: int, time: int) -> None:
    """Let the work of a counter end at a time."""
    key = key_of(hall, time, counter)
    hall.finish[counter] = key
    hall.day[0].next_finish = min(hall.day[0].next_finish, key)


@inner
def finish_never(hall: Hall, counter: int) -> None:
    """Let the work of a counter end no more, or not yet."""
    was = hall.finish[counter]
    hall.finish[counter] = NEVER
    if was == hall.day[0].next_finish:
        soonest = NEVER
        for other in range(hall.day[0].n_counters):
            soonest = min(soonest, hall.finish[other])
        hall.day[0].next_finish = soonest
