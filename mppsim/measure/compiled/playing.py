"""Days are played one after the other by compiled code: drawn, run and measured.

Why this way: between two kernels Python finds nothing of its own beside the processor, and what it
does there took a sixteenth of the time of a hall's usual day.
"""

from __future__ import annotations

import numpy as np

from mppsim.engine.compiled.jit import inner
from mppsim.engine.compiled.pointers import tables_at
from mppsim.measure.compiled.day_tables import most_stays
from mppsim.measure.compiled.play_tables import DONE, NO_ROOM, PLAY, TOO_LARGE, Play
from mppsim.measure.compiled.promise_tables import most_losses, most_made
from mppsim.plan.compiled.calling import calling
from mppsim.plan.compiled.records import NOTHING
from mppsim.plan.compiling import part

tables, call_for_one, call_for_two = tables_at("Play", PLAY), calling(1), calling(2)
stays, made, losses = part(most_stays), part(most_made), part(most_losses)


def play_at(address: int) -> int:
    """Play days of which the tables stand at an address until they are done, or one cannot be."""
    return play(tables(address))


@inner
def play(hall: Play) -> int:
    """Play all days of the replications that are left; where that ends, the stage says."""
    stage = hall.stage[0]
    while stage.replication < stage.end:
        while stage.kind < stage.n_kinds:
            problem = play_day(hall, stage.kind)
            if problem:
                return problem
            stage.kind += 1
        stage.kind = 0
        stage.replication += 1
    return DONE


@inner
def play_day(hall: Play, number: int) -> int:
    """Play a day; where there is too little room for it, do nothing."""
    stage, kind = hall.stage[0], hall.kinds[number]
    place = stage.hall, kind.today, 0, stage.replication, stage.scratch
    n, most_steps = call_for_two(stage.draw_rows, place)
    if n == NOTHING or not has_room(hall, n, most_steps):
        return NO_ROOM
    drawn = stage.hall, n, most_steps, stage.replication, stage.scratch, stage.room, stage.rare
    n_steps = call_for_two(stage.draw_visits, drawn)[0]
    if not has_room_for_promises(hall, n, n_steps):
        return NO_ROOM
    begin(hall, number, n)
    forget(hall, n, n_steps)
    problem = call_for_one(kind.run, (kind.addresses,))[0]
    if problem:
        return problem
    day = hall.day[0]
    day.n_visitors, day.n_outages = n, kind.n_outages
    day.n_vain_calls = day.n_pieces = day.n_duty = 0
    is_measured = call_for_one(stage.measure, (stage.measured,))[0]
    day.day += 1
    return DONE if is_measured else TOO_LARGE


@inner
def has_room(hall: Play, n: int, n_steps: int) -> bool:
    """Tell whether there is room for a day of so many visitors, and steps at most."""
    stage, day = hall.stage[0], hall.day[0]
    return (
        n <= stage.most_visitors
        and n_steps <= stage.most_steps
        and day.journeys + n <= stage.most_journeys
        and day.visits + n_steps <= stage.most_visits
        and day.day < stage.most_days
        and stays(n, n_steps) <= stage.most_stays
    )


@inner
def has_room_for_promises(hall: Play, n: int, n_steps: int) -> bool:
    """Tell whether there is room for what may be counted of promises."""
    stage, day = hall.stage[0], hall.day[0]
    if not day.n_promises:
        return True
    minutes = hall.arrival[n - 1] - hall.arrival[0] if n else 0.0
    n_made = made(minutes, day.n_promises)
    n_losses = losses(n_steps, day.n_promises, day.of_visits - day.of_services)
    return day.made + n_made <= stage.most_made and day.losses + n_losses <= stage.most_losses


@inner
def begin(hall: Play, number: int, n: int) -> None:
    """Let a day of a kind begin, to which so many visitors come."""
    stage = hall.stage[0]
    for k in range(stage.n_before):
        hall.memory[k] = hall.before[number * stage.n_before + k]
    hall.memory[stage.n_visitors_at] = n
    for k in range(stage.n_own):
        hall.addresses[hall.own_places[k]] = hall.own[number * stage.n_own + k]


@inner
def forget(hall: Play, n: int, n_steps: int) -> None:
    """Let nothing have happened yet to the first so many visitors in their steps."""
    for step in range(n_steps):
        hall.joined[step] = hall.started[step] = hall.ended[step] = np.nan
        hall.entered[step] = hall.released[step] = np.nan
        hall.counter[step], hall.outcome[step] = -1, 0
    for visitor in range(n):
        hall.left[visitor] = hall.admitted[visitor] = np.nan
        hall.visitor_outcome[visitor] = 0
