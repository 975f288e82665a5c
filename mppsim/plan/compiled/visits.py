"""Draw what the visitors of a day do: their order, who they are, and every step of their visits."""

from __future__ import annotations

import numpy as np

from mppsim.plan.clock import TICK, on_grid_minutes
from mppsim.plan.compiled.draws import draw
from mppsim.plan.compiled.finding import columns_in, hall_at, rare_at, room_at, scratch_at
from mppsim.plan.compiled.journeys import add_step, follow
from mppsim.plan.compiled.pointers import fetch
from mppsim.plan.compiled.records import (
    NOTHING,
    Columns,
    Hall,
    Rare,
    Record,
    Room,
    Scratch,
    Word,
)
from mppsim.plan.compiled.sorting import sort_by_time
from mppsim.plan.compiled.times import least_time
from mppsim.plan.compiled.words import high_half, low_half, upper_half
from mppsim.plan.compiling import part
from mppsim.plan.streams import Words

on_grid = part(on_grid_minutes)
_LOW_32 = np.uint64(2**32 - 1)
_SOON = 16
_ONE = np.uint64(1)
"""Places are unsigned: a signed one would be checked for being counted from the end."""


def draw_visits(
    hall_place: int,
    n: int,
    most: int,
    replication: int,
    scratch_place: int,
    room_place: int,
    rare_place: int,
) -> tuple[Word, int]:
    """Fill the columns with the visits of the first n rows, which have so many steps at most.

    Return how many steps there are, and how many visitors may come back on the next day.
    """
    hall, scratch, rare = hall_at(hall_place), scratch_at(scratch_place), rare_at(rare_place)
    room = room_at(room_place)
    columns = columns_in(hall.columns, room)
    _begin_rare(rare, most)
    now, bits = sort_by_time(n, scratch.arrival, scratch.keys, scratch.counts)
    of_row = (_ONE << bits) - _ONE
    at = np.uint64(0)
    for visitor in range(n):
        soon = scratch.keys[now, min(visitor + _SOON, n - 1)] & of_row
        fetch(scratch.rows, soon)
        fetch(scratch.luck, soon)
        fetch(scratch.times, soon)
        key = scratch.keys[now, visitor]
        who = key & of_row
        columns.arrival[visitor] = np.float64(key >> bits) * TICK
        row = scratch.rows[who]
        source = hall.sources[row.source]
        _add_visitor(hall, visitor, who, row, source, at, scratch, columns)
        may_return = False
        if source.plain:
            at = _serve(hall, who, source, at, scratch, columns)
        elif source.stays != NOTHING:
            at = _receive_delegation(hall, visitor, who, source, at, scratch, columns)
        else:
            at, may_return = follow(hall, who, row, source, replication, at, scratch, columns, rare)
        if len(scratch.later_rows):
            scratch.special[who].before = visitor if may_return else NOTHING
    if len(columns.first_step):
        columns.first_step[n] = at
    _say_legs(hall, at, columns, room)
    return at, _keep_for_later(hall, n, scratch)


@part
def _keep_for_later(hall: Hall, n: int, scratch: Scratch) -> int:
    """Keep the rows of those who may come back, without a slot; return how many they are."""
    n_later = 0
    for k in range(min(n, len(scratch.later_rows))):
        before = scratch.special[k].before
        if before != NOTHING:
            row, later = scratch.rows[k], scratch.later_rows[n_later]
            later.source, later.ordinal = hall.sources[row.source].again, row.ordinal
            later.day = row.day
            special = scratch.later_special[n_later]
            special.before, special.slot, special.ahead = before, np.nan, 0
            if len(scratch.luck):
                scratch.later_luck[n_later] = scratch.luck[k]
            n_later += 1
    return n_later


@part
def _begin_rare(rare: Rare, most: int) -> None:
    """Fill with what is usual those columns of steps that few steps change."""
    for step in range(np.uint64(min(most, len(rare.not_before)))):
        rare.not_before[step] = -np.inf
        rare.ahead[step] = False
    for step in range(np.uint64(min(most, len(rare.misses)))):
        rare.misses[step] = False
    for step in range(np.uint64(min(most, len(rare.remote)))):
        rare.remote[step] = np.nan
    for step in range(np.uint64(min(most, len(rare.line_choice)))):
        rare.line_choice[step] = 0.0


@part
def _say_legs(hall: Hall, n_steps: Word, columns: Columns, room: Room) -> None:
    """Fill the columns of steps that are the same for all who make one leg of a journey."""
    first = np.uint64(len(room.of_steps) - len(hall.legs))
    for k in range(np.uint64(len(hall.legs))):
        for step in range(n_steps):
            room.of_steps[first + k, step] = hall.legs[k, np.uint64(columns.leg[step])]


@part
def _add_visitor(
    hall: Hall,
    visitor: int,
    who: Word,
    row: Record,
    source: Record,
    at: Word,
    scratch: Scratch,
    columns: Columns,
) -> None:
    columns.ordinal[visitor] = source.ordinal + source.sign * row.ordinal
    if len(columns.first_step):
        columns.first_step[visitor] = at
    if len(columns.service):
        columns.service[visitor] = source.service
    if len(columns.stays):
        columns.stays[visitor] = 0.0
        columns.stay_zone[visitor] = source.zone
    if len(scratch.special):
        _add_special(visitor, scratch.special[who], columns)
    if len(scratch.luck):
        _add_luck(hall, visitor, scratch.luck[who], columns)


@part
def _add_special(visitor: int, special: Record, columns: Columns) -> None:
    if len(columns.booking):
        columns.slot[visitor] = special.slot
        columns.booking[visitor] = special.booking
    if len(columns.returns):
        columns.returns[visitor] = special.before


@part
def _add_luck(hall: Hall, visitor: int, luck: Record, columns: Columns) -> None:
    if len(columns.visitor_class):
        columns.visitor_class[visitor] = _chosen(hall.class_edges, upper_half(luck.third))
    if len(columns.party):
        columns.party[visitor] = hall.parties[_chosen(hall.party_edges, luck.third & _LOW_32)]
    if len(columns.balking):
        columns.balking[visitor] = high_half(luck.fourth)


@part
def _serve(
    hall: Hall, who: Word, source: Record, at: Word, scratch: Scratch, columns: Columns
) -> Word:
    """Fill the steps of a visitor of a plain source; return where the next step goes."""
    for k in range(np.uint64(source.first), np.uint64(source.end)):
        operation = hall.operations[k]
        time, patience = operation.time, np.inf
        if operation.column != NOTHING:
            time = scratch.times[who, np.uint64(operation.column)]
        if operation.patient != NOTHING:
            patience = scratch.times[who, np.uint64(operation.patient)]
        add_step(hall, columns, at, operation, operation.leg, time, patience)
        # Who does not pass has filled a row that the next step takes: cheaper than to jump.
        at += np.uint64(time >= 0)
    return at


@part
def _receive_delegation(
    hall: Hall,
    visitor: int,
    who: Word,
    source: Record,
    at: Word,
    scratch: Scratch,
    columns: Columns,
) -> Word:
    """Fill the row and the only step of a delegation; return where the next step goes."""
    operation: Record = hall.operations[source.first]
    luck: Record = scratch.luck[who]
    if len(columns.visitor_class):
        columns.visitor_class[visitor] = len(hall.class_edges)
    if len(columns.party):
        columns.party[visitor] = source.persons
    if len(columns.balking):
        columns.balking[visitor] = 0.0
    stays = draw(hall.laws, source.stays, hall.numbers, luck.second, high_half(luck.third))
    columns.stays[visitor] = on_grid(stays)
    drawn = draw(hall.laws, operation.law, hall.numbers, luck.fourth, low_half(luck.third))
    time = max(on_grid(drawn), least_time(operation))
    add_step(hall, columns, at, operation, operation.leg, time, np.inf)
    return at + _ONE


@part
def _chosen(edges: Words, half: Word) -> int:
    """Return the index of the share that a half of a word falls in."""
    chosen = 0
    while chosen < len(edges) and edges[chosen] <= half:
        chosen += 1
    return chosen
