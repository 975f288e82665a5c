"""Calls: the first in a line is called, and may have missed it, or have left."""

from __future__ import annotations

from mppsim.engine.compiled.jit import apart, inner
from mppsim.engine.compiled.lines import insert, take_out
from mppsim.engine.compiled.pending import finish_at, let_come, ticks
from mppsim.engine.compiled.records import NOBODY
from mppsim.engine.compiled.tables import ELSEWHERE, HAS_RETURNED, HERE, LATE, Hall
from mppsim.engine.trace import Outcome
from mppsim.plan.clock import TICK

NO_SHOW = int(Outcome.NO_SHOW)


@inner
def call_first(hall: Hall, counter: int, line: int) -> None:
    """Call the first in a line to a counter, which loses time if he does not come."""
    step = hall.lines[line].head
    ticket, station = hall.steps[step], hall.stations[hall.station[step]]
    take_out(hall, step)
    tell(hall, step)
    if ticket.dead:
        call_in_vain(hall, counter, step, station.dead_call)
    elif ticket.missing:
        ticket.missing = 0
        insert(hall, line, station.recall_after, step)
        call_in_vain(hall, counter, step, station.recall_call)
    elif hall.returned[step] == float("inf"):
        call_elsewhere(hall, step)
        call_in_vain(hall, counter, step, station.remote_call)
    else:
        answer(hall, ticket.visitor, counter)


@apart
def call_in_vain(hall: Hall, counter: int, step: int, lost: int) -> None:
    """Let a counter wait for somebody who does not come."""
    day = hall.day[0]
    vain = hall.vain_calls[day.n_vain_calls]
    vain.step, vain.counter = step, counter
    vain.started, vain.ended = day.now * TICK, (day.now + lost) * TICK
    day.n_vain_calls += 1
    hall.counters[counter].step = NOBODY
    finish_at(hall, counter, day.now + lost)


@inner
def answer(hall: Hall, visitor: int, what: int) -> None:
    """End a visitor's wait: a counter calls, or (complement) an outcome; he goes on after this."""
    hall.visitors[visitor].answer = what
    hall.called[hall.day[0].n_called] = visitor
    hall.day[0].n_called += 1


@inner
def leave_line(hall: Hall, step: int) -> None:
    """Take a visitor who gives up out of a line; his ticket may stay in it."""
    hall.steps[step].missing = 0
    if hall.stations[hall.station[step]].calls_dead:
        hall.steps[step].dead = 1
        hall.lines[hall.steps[step].line].live -= 1
    else:
        take_out(hall, step)
    tell(hall, step)


@apart
def call_elsewhere(hall: Hall, step: int) -> None:
    """Call a visitor who is not back: he may be on the way, or never come."""
    visitor = hall.steps[step].visitor
    if hall.remote[step] == float("inf"):
        answer(hall, visitor, ~NO_SHOW)
        come_back(hall, step)
    else:
        come_back(hall, step)
        hall.whereabouts[step] = LATE


@inner
def tell(hall: Hall, called: int) -> None:
    """Tell those to come who wait elsewhere for the station of a step, if their turn is near."""
    if hall.stations[hall.station[called]].is_remote:
        tell_those_near(hall, hall.station[called])


@apart
def tell_those_near(hall: Hall, at: int) -> None:
    """Tell those to come who wait elsewhere for a station, if their turn is near."""
    station = hall.stations[at]
    for line in range(station.first_line, station.end_line):
        step = hall.lines[line].head
        while step != NOBODY:
            if hall.whereabouts[step] == ELSEWHERE and is_near(hall, step):
                come_back(hall, step)
            step = hall.steps[step].behind


@apart
def come_back(hall: Hall, step: int) -> None:
    """Let a visitor who waits elsewhere come, if he does not know already and if he ever does."""
    if hall.whereabouts[step] == ELSEWHERE and hall.remote[step] < float("inf"):
        minutes = ticks(hall, hall.remote[step])
        let_come(hall, hall.steps[step].visitor, hall.day[0].now + minutes, HAS_RETURNED)
    hall.whereabouts[step] = HERE


@inner
def is_near(hall: Hall, step: int) -> bool:
    """Tell whether so few have joined before a visitor that he should be there.

    Those of later classes do not count; those of earlier ones who come later are not known yet.
    """
    station, before = hall.stations[hall.station[step]], 0
    rank = hall.visitor_class[hall.steps[step].visitor]
    for line in range(station.first_line, station.end_line):
        ticket = hall.lines[line].head
        while ticket != NOBODY and hall.lines[line].rank <= rank:
            before += (
                not hall.steps[ticket].dead and hall.steps[ticket].turn < hall.steps[step].turn
            )
            ticket = hall.steps[ticket].behind
    return before <= station.notice


@inner
def clear_line(hall: Hall, line: int, outcome: int) -> None:
    """Empty a line; the visitors who stood in it get the outcome as their answer."""
    here = hall.lines[line]
    ticket = here.head
    while ticket != NOBODY:
        if not hall.steps[ticket].dead:
            answer(hall, hall.steps[ticket].visitor, ~outcome)
        ticket = hall.steps[ticket].behind
    here.head = here.tail = NOBODY
    here.length = here.live = 0
