"""What a visitor does whose way depends on luck: the operations of his program, one by one."""

from __future__ import annotations

import numpy as np

from mppsim.plan.clock import on_grid_minutes
from mppsim.plan.compiled.draws import draw
from mppsim.plan.compiled.program import IF_LACKING, IF_ROUTE, LATER
from mppsim.plan.compiled.records import NOTHING, Columns, Hall, Rare, Record, Scratch, Word
from mppsim.plan.compiled.times import least_time, patience_of
from mppsim.plan.compiled.words import Block, high_half, low_half, uniform, upper_half, words_of
from mppsim.plan.compiling import part
from mppsim.plan.itineraries import REWORK
from mppsim.plan.streams import CHANNEL_BLOCK

on_grid = part(on_grid_minutes)
_NO_WORDS = (np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0))
_CHANNEL = np.uint64(CHANNEL_BLOCK)
_ONE = np.uint64(1)
"""Places are unsigned: a signed one would be checked for being counted from the end."""


@part
def follow(
    hall: Hall,
    who: Word,
    row: Record,
    source: Record,
    replication: int,
    at: Word,
    scratch: Scratch,
    columns: Columns,
    rare: Rare,
) -> tuple[Word, bool]:
    """Fill the steps of a visitor.

    Return where the next step goes, and whether he may have to come back on another day.
    """
    may_return = False
    patience, patience_law = np.inf, NOTHING
    for place in range(len(scratch.visits)):
        scratch.visits[place] = 0
    k = np.uint64(source.first)
    while k < np.uint64(source.end):
        operation = hall.operations[k]
        k += _ONE
        if operation.kind >= IF_ROUTE:
            k = k if _holds(operation, scratch) else np.uint64(operation.end)
            continue
        plain = operation.plain != 0
        number = operation.visit if plain else _number(operation, scratch)
        words = _NO_WORDS
        if operation.has_words:
            words = _words(hall, row, operation.block, number, replication)
        leg, costs, lacking = operation.leg, 1.0, False
        passes = upper_half(words[2]) < operation.passing
        if not plain:
            if operation.kind != LATER:
                if not passes:
                    k = np.uint64(operation.end)
                    continue
                lacking = _begin(operation, number, words, scratch)
                if lacking:
                    leg, costs = operation.leg_lacking, operation.costs
            if operation.again:
                number |= operation.again
                if operation.has_words:
                    words = _words(hall, row, operation.block, number, replication)
        if operation.patience != patience_law:
            patience_law = operation.patience
            patience = patience_of(hall, scratch.luck[who], patience_law)
        drawn = draw(hall.laws, operation.law, hall.numbers, words[0], low_half(words[2]))
        time = max(on_grid(costs * drawn), least_time(operation))
        add_step(hall, columns, at, operation, leg, time, patience)
        if not plain:
            _add_rare(columns, rare, at, operation, hall, scratch, who, number, words, replication)
            may_return |= (operation.returns_lacking if lacking else operation.returns) != 0
        # Who does not pass has filled a row that the next step takes: cheaper than to jump.
        at += np.uint64(passes)
    return at, may_return


@part
def _holds(operation: Record, scratch: Scratch) -> bool:
    """Tell whether a condition holds for what a visitor drew at the visit that it belongs to."""
    if operation.kind == IF_LACKING:
        return scratch.papers[operation.depth] < operation.high
    return operation.low <= scratch.route[operation.depth] < operation.high


@part
def _number(operation: Record, scratch: Scratch) -> int:
    """Return the number of a visit, which says which words are its own."""
    if operation.kind == LATER:
        return scratch.number[operation.depth] | REWORK
    if operation.place == NOTHING:
        return operation.visit
    return operation.visit | scratch.visits[operation.place]


@part
def _begin(operation: Record, number: int, words: Block, scratch: Scratch) -> bool:
    """Note what a visit may lead to; tell whether papers are incomplete."""
    if operation.place != NOTHING and operation.visit == 0:
        scratch.visits[operation.place] += 1
    depth, route = operation.depth, high_half(words[2])
    scratch.route[depth] = route / operation.share if operation.share < 1 else route
    scratch.papers[depth] = uniform(words[3])
    scratch.number[depth] = number
    return scratch.papers[depth] < operation.lacking


@part
def add_step(
    hall: Hall,
    columns: Columns,
    at: Word,
    operation: Record,
    leg: int,
    time: float,
    patience: float,
) -> None:
    columns.service_time[at] = time
    if len(columns.leg):
        columns.leg[at] = leg
    if len(columns.place):
        columns.place[at] = hall.places[leg]
    if len(columns.station):
        columns.station[at] = operation.station
    if len(columns.step_service):
        columns.step_service[at] = operation.service
    if len(columns.patience):
        columns.patience[at] = patience


@part
def _add_rare(
    columns: Columns,
    rare: Rare,
    at: Word,
    operation: Record,
    hall: Hall,
    scratch: Scratch,
    who: Word,
    number: int,
    words: Block,
    replication: int,
) -> None:
    """Fill the columns of a step that only some halls use; all begin with what is usual."""
    row = scratch.rows[who]
    if operation.missed > 0:
        call = _words(hall, row, operation.call_block, number, replication)
        rare.misses[at] = uniform(call[0]) < operation.missed
    if operation.chooses_line:
        rare.line_choice[at] = uniform(words[1])
    if operation.own and not np.isnan(_slot(scratch.special[who])):
        _keep_slot(rare, at, scratch.special[who])
    elif operation.remote != NOTHING:
        _wait_elsewhere(columns, rare, at, operation, hall, row, number, replication)


@part
def _slot(special: Record) -> float:
    """Return the slot of who comes, NaN without an appointment."""
    slot: float = special.slot
    return slot


@part
def _keep_slot(rare: Rare, at: Word, special: Record) -> None:
    rare.not_before[at] = special.slot
    rare.ahead[at] = special.ahead != 0


@part
def _wait_elsewhere(
    columns: Columns,
    rare: Rare,
    at: Word,
    operation: Record,
    hall: Hall,
    row: Record,
    number: int,
    replication: int,
) -> None:
    """Let who likes it wait elsewhere, without end, where nobody calls him in vain."""
    likes = words_of(hall.keys, row.source, row.ordinal, _CHANNEL, replication, row.day)
    if uniform(likes[1]) >= operation.elsewhere:
        return
    call = _words(hall, row, operation.call_block, number, replication)
    drawn = draw(hall.laws, operation.remote, hall.numbers, call[2], low_half(call[3]))
    stays_away = uniform(call[1]) < operation.no_show
    rare.remote[at] = np.inf if stays_away else on_grid(drawn)
    if len(columns.patience):
        columns.patience[at] = np.inf
    if operation.missed > 0:
        rare.misses[at] = False


@part
def _words(hall: Hall, row: Record, block: Word, number: int, replication: int) -> Block:
    day_and_visit = row.day | number << 32
    return words_of(hall.keys, row.source, row.ordinal, block, replication, day_and_visit)
