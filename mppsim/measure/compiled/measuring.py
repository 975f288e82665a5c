"""The rows of a day, and what is counted of it, in one pass over its visitors and their steps."""

from __future__ import annotations

import numpy as np

from mppsim.engine.compiled.jit import inner
from mppsim.engine.compiled.pointers import tables_at
from mppsim.engine.trace import Outcome
from mppsim.measure.compiled.in_turn import count_paths_in_turn
from mppsim.measure.compiled.paths import add_stay, count_paths
from mppsim.measure.compiled.promises import (
    count_at_counter,
    count_whole_visit,
    hour_of,
    is_postponed,
    note_promises,
)
from mppsim.measure.compiled.rosters import begin_work, count_work
from mppsim.measure.compiled.tables import DTYPES, Record, Tables
from mppsim.plan.clock import TICKS_PER_MINUTE
from mppsim.plan.plan import AWAY

NOT_REACHED, SERVED, NO_SHOW = map(int, (Outcome.NOT_REACHED, Outcome.SERVED, Outcome.NO_SHOW))
tables = tables_at("Measuring", DTYPES)


def measure_at(address: int) -> int:
    """Measure a day of which the tables stand at an address; tell whether that could be done."""
    return int(measure(tables(address)))


@inner
def measure(hall: Tables) -> bool:
    """Add the rows of a day, and count it; tell whether no time and party was too large."""
    day = hall.day[0]
    here, first, last = hall.days[day.day], day.journeys, hall.hours[1]
    begin_day(hall)
    begin_work(hall)
    for visitor in range(day.n_visitors):
        is_own, hour = counts_as_own(hall, visitor), hour_of(hall.arrival[visitor])
        for step in range(hall.first_step[visitor], hall.first_step[visitor + 1]):
            outcome, station = hall.outcome[step], hall.station[step]
            if outcome == NOT_REACHED or station == AWAY:
                continue
            joined, started, ended = hall.joined[step], hall.started[step], hall.ended[step]
            # The wait is over with the start of the service, or with leaving.
            line_left = ended if np.isnan(started) or ended < started else started
            if is_own:
                waited = add_visit(hall, step, station, outcome, line_left - joined)
                if day.n_promises:
                    service = (ended - started) * TICKS_PER_MINUTE
                    count_at_counter(hall, step, station, hour, outcome, waited, service)
            if line_left > joined:
                count_line(hall, station, joined, line_left)
            if day.not_before or day.has_remote:
                count_before_line(hall, step, joined, line_left)
            if not day.in_turn:
                count_persons(hall, visitor, step, station, joined, started, ended, line_left)
            if outcome == SERVED:
                last = max(last, ended)
                count_service(hall, step, started, ended)
        count_visitor(hall, visitor, here)
        add_journey(hall, visitor, hour, is_own)
    for k in range(day.n_pieces):
        piece = hall.pieces[k]
        count_work(hall, piece.counter, piece.started, piece.ended)
        hall.in_pieces[piece.step] = 0
    note_promises(hall, here)
    here.journeys, here.overrun = day.journeys - first, last - hall.hours[1]
    if day.in_turn:
        count_paths_in_turn(hall)
        return True
    return count_paths(hall)


@inner
def begin_day(hall: Tables) -> None:
    """Count nothing yet."""
    day = hall.day[0]
    day.stays = 0
    for group in range(day.n_groups):
        hall.groups[group].stays = 0
    here = hall.days[day.day]
    here.came = here.waited = 0
    here.minutes = 0.0
    for k in range(day.day * day.n_stations, (day.day + 1) * day.n_stations):
        line = hall.stations[k]
        line.early = line.whole = line.late = 0.0
    for k in range(day.day * day.n_services, (day.day + 1) * day.n_services):
        service = hall.services[k]
        service.early = service.elsewhere = service.minutes = 0.0


@inner
def counts_as_own(hall: Tables, visitor: int) -> bool:
    """Tell whether somebody is a visitor of a tenant who came."""
    is_delegation = hall.day[0].stay_zone and hall.stay_zone[visitor] >= 0
    return not is_delegation and hall.visitor_outcome[visitor] != NOT_REACHED


@inner
def add_journey(hall: Tables, visitor: int, hour: int, is_own: bool) -> None:
    """Add the row of a visitor; of others only what they are known by counts."""
    day = hall.day[0]
    n, returns = day.journeys, day.returns and hall.returns[visitor] >= 0
    known_by = 2 * hall.ordinal[visitor] + (1 if returns else 0)
    day.lowest = min(day.lowest, known_by)
    day.highest = max(day.highest, known_by)
    if is_own:
        outcome = hall.visitor_outcome[visitor]
        sojourn = ticks(hall.left[visitor] - hall.arrival[visitor])
        hall.of_service[n] = hall.service[visitor]
        hall.of_class[n] = hall.visitor_class[visitor]
        hall.at_hour[n] = hour
        hall.ended_so[n] = outcome
        hall.had_booked[n] = 1 if day.booking and hall.booking[visitor] >= 0 else 0
        hall.sojourn[n] = sojourn
        hall.known_by[n] = known_by
        day.longest_sojourn = max(day.longest_sojourn, sojourn)
        day.journeys = n + 1
        if day.n_promises:
            count_whole_visit(hall, visitor, hour, outcome, sojourn)


@inner
def add_visit(hall: Tables, step: int, station: int, outcome: int, wait: float) -> int:
    """Add the row of a step that was reached, before its visitor's; return the wait in ticks."""
    day = hall.day[0]
    n, waited = day.visits, ticks(wait)
    if day.has_remote and outcome == NO_SHOW:
        waited = -1
    hall.whose[n] = day.journeys
    hall.at_station[n] = station
    hall.for_service[n] = hall.step_service[step]
    hall.visit_outcome[n] = outcome
    hall.wait[n] = waited
    hall.postponed[n] = is_postponed(hall, step)
    day.longest_wait = max(day.longest_wait, waited)
    day.visits = n + 1
    return waited


@inner
def ticks(minutes: float) -> int:
    """Return a time in ticks, -1 for NaN."""
    return -1 if np.isnan(minutes) else int(minutes * TICKS_PER_MINUTE)


@inner
def count_line(hall: Tables, station: int, joined: float, line_left: float) -> None:
    """Count a time in line."""
    day, opening, closing = hall.day[0], hall.hours[0], hall.hours[1]
    line = hall.stations[day.day * day.n_stations + station]
    if not day.in_turn:
        add_stay(hall, station, joined, line_left, 1)
    line.whole += line_left - joined
    if joined < opening:
        line.early += min(line_left, opening) - joined
    if line_left > closing:
        line.late += line_left - max(joined, closing)


@inner
def count_before_line(hall: Tables, step: int, joined: float, line_left: float) -> None:
    """Count the time that somebody was too early, and that he waited elsewhere."""
    day = hall.day[0]
    service = hall.services[day.day * day.n_services + hall.step_service[step]]
    if day.not_before and joined > hall.came[step]:
        service.early += joined - hall.came[step]
    if day.has_remote:
        returned = hall.returned[step]
        if not np.isnan(returned):
            service.elsewhere += 1
            service.minutes += (line_left if line_left < returned else returned) - joined


@inner
def count_persons(
    hall: Tables,
    visitor: int,
    step: int,
    station: int,
    joined: float,
    started: float,
    ended: float,
    line_left: float,
) -> None:
    """Note who wants a seat, and who is in a zone with an area, from the opening on."""
    day, zone, party = hall.day[0], hall.station_zone[station], hall.party[visitor]
    seats, seated_from = day.n_stations + zone, joined
    if day.has_rooms or day.not_before:
        entered, came = hall.entered[step], hall.came[step]
        seated_from = entered
        if not entered > joined and not np.isnan(entered):
            seated_from = joined if np.isnan(came) else came
    if day.has_remote and not np.isnan(hall.returned[step]):
        seated_from = hall.returned[step]
    if line_left > seated_from:
        stay_from_opening(hall, seats, seated_from, line_left, party)
    if party > 1 and not np.isnan(started):
        released = hall.released[step]
        left = released if released > ended else ended
        stay_from_opening(hall, seats, started, left, party - 1)
    if day.has_areas and hall.area[zone] >= 0:
        released, entered = hall.released[step], hall.entered[step]
        if day.has_remote and not np.isnan(hall.returned[step]):
            entered = hall.returned[step]
        left = line_left if np.isnan(released) else released
        if np.isfinite(entered):
            stay_from_opening(hall, hall.area[zone], entered, left, party)


@inner
def stay_from_opening(hall: Tables, group: int, begin: float, end: float, persons: int) -> None:
    opening = hall.hours[0]
    add_stay(hall, group, max(begin, opening), max(end, opening), persons)


@inner
def count_service(hall: Tables, step: int, started: float, ended: float) -> None:
    """Count the minutes of a counter; a service that was broken off counts piece by piece."""
    day, counter = hall.day[0], hall.counter[step]
    if day.n_pieces == 0 or hall.in_pieces[step] == 0:
        count_work(hall, counter, started, ended)
    if day.blocks:
        blocked = hall.released[step] - ended
        hall.counters[day.day * day.n_counters + counter].blocked += blocked


@inner
def count_visitor(hall: Tables, visitor: int, here: Record) -> None:
    """Count who came, who waited outside, and where a delegation sits."""
    day, outcome = hall.day[0], hall.visitor_outcome[visitor]
    party, left = hall.party[visitor], hall.left[visitor]
    here.came += 1 if outcome != NOT_REACHED else 0
    if day.stay_zone and hall.stay_zone[visitor] >= 0 and outcome == SERVED:
        zone, begin = hall.stay_zone[visitor], left - hall.stays_for[visitor]
        add_stay(hall, day.n_stations + zone, begin, left, party)
        if hall.area[zone] >= 0:
            add_stay(hall, hall.area[zone], begin, left, party)
    if day.has_gate:
        begin, until = wants_in(hall, visitor), hall.admitted[visitor]
        until = left if np.isnan(until) else until
        if until > begin:
            here.waited += 1
            here.minutes += until - begin
            add_stay(hall, day.n_groups - 1, begin, until, party)


@inner
def wants_in(hall: Tables, visitor: int) -> float:
    """Return when somebody wants to get in: on arrival, or once tickets are given out."""
    day, arrival = hall.day[0], hall.arrival[visitor]
    has_slot = day.booking and hall.booking[visitor] >= 0
    returns = day.returns and hall.returns[visitor] >= 0
    if has_slot or (hall.ordinal[visitor] < 0 and not returns):
        return arrival
    return max(arrival, hall.tickets_from[hall.service_tenant[hall.service[visitor]]])
