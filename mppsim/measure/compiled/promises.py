"""Promises counted by compiled code: the twin of `mppsim.measure.promise_counts`.

Why this way: it takes a fifth of the time of NumPy, which needs three more columns of all visits
(45 instead of 250 ns a visitor of a hall where everything is promised to everybody).
"""

from __future__ import annotations

import numpy as np

from mppsim.engine.compiled.jit import apart, inner
from mppsim.engine.trace import Outcome
from mppsim.measure.compiled.tables import HOURS, Record, Tables
from mppsim.plan.clock import TICKS_PER_MINUTE
from mppsim.plan.plan import AFTER_SERVICE, AWAY, IF_GIVING_UP

NOT_REACHED, SERVED, RENEGED = map(int, (Outcome.NOT_REACHED, Outcome.SERVED, Outcome.RENEGED))
BALKED, REFUSED, BLOCKED = map(int, (Outcome.BALKED, Outcome.REFUSED, Outcome.BLOCKED))


@inner
def count_at_counter(
    hall: Tables, step: int, station: int, hour: int, outcome: int, waited: int, service: float
) -> None:
    """Count the promises of a wait and of a service, both in ticks, that are made at a step."""
    day, is_served = hall.day[0], outcome == SERVED
    place = station * day.n_services + hall.step_service[step]
    if waited >= 0 or outcome in (BALKED, BLOCKED):
        for table in range(day.of_waits):
            promise = hall.promise_at[table * day.n_places + place]
            if promise >= 0:
                is_kept = is_served and waited <= hall.promises[promise].longest
                count_promise(hall, promise, hour, is_kept)
    if is_served:
        for table in range(day.of_waits, day.of_services):
            promise = hall.promise_at[table * day.n_places + place]
            if promise >= 0:
                count_promise(hall, promise, hour, service <= hall.promises[promise].longest)


@inner
def count_whole_visit(hall: Tables, visitor: int, hour: int, outcome: int, sojourn: int) -> None:
    """Count the promises of a whole visit; those that are broken are laid to its steps."""
    day = hall.day[0]
    for table in range(day.of_services, day.of_visits):
        promise = hall.promise_at[table * day.n_places + hall.service[visitor]]
        if promise >= 0:
            is_kept = outcome == SERVED and sojourn <= hall.promises[promise].longest
            count_promise(hall, promise, hour, is_kept)
            if not is_kept:
                lay_to_steps(hall, visitor, promise, outcome, sojourn)


@inner
def count_promise(hall: Tables, promise: int, hour: int, is_kept: bool) -> None:
    cell = hall.by_hour[promise * HOURS + hour]
    cell.made += 1
    cell.kept += is_kept


@apart
def lay_to_steps(hall: Tables, visitor: int, promise: int, outcome: int, sojourn: int) -> None:
    """Lay a visit that took too long to waits and services, one that ended early to its end."""
    steps = range(hall.first_step[visitor], hall.first_step[visitor + 1])
    waited = at_counters = last_ended = 0.0
    last, last_comes_late = -1, False
    for step in steps:
        if is_visit(hall, step):
            ended = hall.ended[step]
            waited += time_in_line(hall, step)
            at_counters += time_at_counter(hall, step)
            comes_late = hall.outcome[step] != SERVED or is_postponed(hall, step)
            if ended > last_ended or (ended == last_ended and comes_late >= last_comes_late):
                last, last_ended, last_comes_late = step, ended, comes_late
    excess = sojourn / TICKS_PER_MINUTE - hall.promises[promise].minutes
    of_waits = min(waited / excess, 1.0) if excess > 0 else 0.0
    # Whoever was served had a service; whoever did not wait has no wait to divide by.
    waited, at_counters = waited if waited > 0 else 1.0, at_counters if at_counters > 0 else 1.0
    for step in steps:
        if is_visit(hall, step):
            by_wait = time_in_line(hall, step) / waited
            by_service = time_at_counter(hall, step) / at_counters
            loss = of_waits * by_wait + (1 - of_waits) * by_service
            if outcome != SERVED:
                loss = 1.0 if step == last else 0.0
            add_loss(hall, promise, step, loss)


@inner
def is_visit(hall: Tables, step: int) -> bool:
    return hall.outcome[step] != NOT_REACHED and hall.station[step] != AWAY


@inner
def time_in_line(hall: Tables, step: int) -> float:
    """Return the time in line, served or not; 0 for who never joined."""
    until = hall.started[step] if hall.outcome[step] == SERVED else hall.ended[step]
    wait = until - hall.joined[step]
    return 0.0 if np.isnan(wait) else wait


@inner
def time_at_counter(hall: Tables, step: int) -> float:
    return hall.ended[step] - hall.started[step] if hall.outcome[step] == SERVED else 0.0


@inner
def is_postponed(hall: Tables, step: int) -> bool:
    """Tell whether the visitor left here in order to come back on another day."""
    outcome = hall.outcome[step]
    if not hall.day[0].another_day:
        return False
    if outcome == SERVED:
        return hall.another_day[step] & AFTER_SERVICE != 0
    gave_up = outcome in (RENEGED, BALKED)
    return gave_up and hall.another_day[step] & IF_GIVING_UP != 0


@inner
def add_loss(hall: Tables, promise: int, step: int, loss: float) -> None:
    """Lay a part of a broken promise to the station of a step, or to the door behind the last."""
    n_stations = hall.day[0].n_stations
    station = n_stations if hall.outcome[step] == REFUSED else hall.station[step]
    place = promise * (n_stations + 1) + station
    # Below 0 where nothing was lost before.
    hall.lost[place] = max(hall.lost[place], 0.0) + loss


@apart
def note_promises(hall: Tables, here: Record) -> None:
    """Add rows for the promises of a day, and make the scratch ready for the next one."""
    day, made, losses = hall.day[0], hall.day[0].made, hall.day[0].losses
    if day.n_visitors:
        first, last = hour_of(hall.arrival[0]), hour_of(hall.arrival[day.n_visitors - 1])
        for promise in range(day.n_promises):
            n_broken = note_hours(hall, promise, first, last)
            if n_broken:
                note_losses(hall, promise, n_broken)
    here.made, here.losses = day.made - made, day.losses - losses


@inner
def hour_of(arrival: float) -> int:
    """Return the hour of the clock, the last one for any later."""
    return min(int(arrival / 60), HOURS - 1)


@inner
def note_hours(hall: Tables, promise: int, first: int, last: int) -> int:
    """Add rows for the hours in which a promise was made; return how often it was broken."""
    day, n_broken = hall.day[0], 0
    for hour in range(first, last + 1):
        cell = hall.by_hour[promise * HOURS + hour]
        if cell.made:
            row = hall.made[day.made]
            row.promise, row.hour, row.made, row.kept = promise, hour, cell.made, cell.kept
            n_broken += cell.made - cell.kept
            cell.made = cell.kept = 0
            day.made += 1
    return n_broken


@inner
def note_losses(hall: Tables, promise: int, n_broken: int) -> None:
    """Add rows for the stations to which a promise is lost."""
    station, n_stations = hall.promises[promise].station, hall.day[0].n_stations
    if station >= 0:
        note_loss(hall, promise, station, n_broken)
        return
    for place in range(n_stations + 1):
        lost = hall.lost[promise * (n_stations + 1) + place]
        if lost >= 0:
            note_loss(hall, promise, place, lost)
            hall.lost[promise * (n_stations + 1) + place] = -1.0


@inner
def note_loss(hall: Tables, promise: int, station: int, lost: float) -> None:
    day = hall.day[0]
    row = hall.losses[day.losses]
    row.promise, row.station, row.lost = promise, station, lost
    day.losses += 1
