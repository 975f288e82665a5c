"""The virtual queue: who keeps his number, waits elsewhere, and comes when he is told to."""

from __future__ import annotations

import numpy as np

from mppsim.engine.compiled.calls import answer, is_near
from mppsim.engine.compiled.door import closed_to_visitors
from mppsim.engine.compiled.jit import apart, inner
from mppsim.engine.compiled.joining import free_counter
from mppsim.engine.compiled.lines import BEFORE_ALL, able_counters, join_line, number_of_ticket
from mppsim.engine.compiled.pending import minutes_now
from mppsim.engine.compiled.records import NOBODY
from mppsim.engine.compiled.tables import ELSEWHERE, HERE, LATE, Hall


@inner
def wait_elsewhere(hall: Hall, step: int) -> None:
    """Let a visitor leave the hall until his turn is near, if he would; his number stays."""
    if not (np.isnan(hall.remote[step]) or is_near(hall, step)):
        hall.returned[step] = float("inf")
        hall.whereabouts[step] = ELSEWHERE


@apart
def has_returned(hall: Hall, visitor: int, step: int) -> None:
    """Let a visitor be back, unless he was sent home at closing."""
    if not hall.visitors[visitor].waits:
        return
    hall.returned[step] = minutes_now(hall)
    if hall.whereabouts[step] == LATE:
        hall.whereabouts[step] = HERE
        call_when_back(hall, visitor, step)


@inner
def call_when_back(hall: Hall, visitor: int, step: int) -> None:
    """Send a visitor who missed his turn to a counter, to the head of the line, or home."""
    first, end = able_counters(hall, visitor, step)
    outcome = closed_to_visitors(hall, first, end)
    counter = free_counter(hall, visitor, step)
    if outcome:
        answer(hall, visitor, ~outcome)
    elif counter != NOBODY:
        hall.counters[counter].serving = 1
        answer(hall, visitor, counter)
    else:
        hall.steps[step].turn = number_of_ticket(hall, step) - BEFORE_ALL
        join_line(hall, visitor, step)
