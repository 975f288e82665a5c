"""Draw what the visitors of a day do: their order, who they are, and every step of their visits."""

from __future__ import annotations

import numpy as np

from mppsim.plan.clock import TICK, on_grid_minutes
from mppsim.plan.compiled.laws import draw
from mppsim.plan.compiled.program import IF_LACKING, IF_ROUTE, LATER
from mppsim.plan.compiled.records import NOTHING, Columns, Hall, Rare, Record, Scratch, Word
from mppsim.plan.compiled.sorting import sort_by_time
from mppsim.plan.compiled.words import Block, high_half, low_half, uniform, words_of
from mppsim.plan.compiling import kernel, part
from mppsim.plan.itineraries import REWORK
from mppsim.plan.plan import AWAY, Floats
from mppsim.plan.streams import CHANNEL_BLOCK

on_grid = part(on_grid_minutes)
_NO_WORDS = (np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0))
_CHANNEL = np.uint64(CHANNEL_BLOCK)
_ONE = np.uint64(1)
"""Places are unsigned: a signed one would be checked for being counted from the end."""


@kernel
def draw_visits(
    hall: Hall, n: int, replication: int, scratch: Scratch, columns: Columns, rare: Rare
) -> tuple[Word, int]:
    """Fill the columns with the visits of the first n rows.

    Return how many steps there are, and how many visitors in `returning`.
    """
    now = sort_by_time(n, scratch.arrival, scratch.ticks, scratch.order, scratch.counts)
    at = np.uint64(0)
    n_returning = 0
    for visitor in range(n):
        number = scratch.order[now, visitor]
        row = scratch.rows[number]
        source = hall.sources[row.source]
        columns.row[visitor] = number
        columns.arrival[visitor] = scratch.arrival[number]
        columns.service[visitor] = source.service
        columns.ordinal[visitor] = source.ordinal + source.sign * row.ordinal
        columns.first_step[visitor] = at
        if source.stays != NOTHING:
            at = _receive_delegation(hall, visitor, row, source, at, columns, rare)
            continue
        columns.visitor_class[visitor] = _chosen(hall.class_edges, high_half(row.third))
        columns.party[visitor] = hall.parties[_chosen(hall.party_edges, low_half(row.third))]
        columns.balking[visitor] = high_half(row.fourth)
        at, may_return = _visit(hall, row, source, replication, at, scratch, columns, rare)
        if may_return:
            rare.returning[n_returning] = visitor
            n_returning += 1
    columns.first_step[n] = at
    return at, n_returning


@part
def _receive_delegation(
    hall: Hall,
    visitor: int,
    row: Record,
    source: Record,
    at: Word,
    columns: Columns,
    rare: Rare,
) -> Word:
    """Fill the row and the only step of a delegation; return where the next step goes."""
    operation = hall.operations[source.first]
    columns.visitor_class[visitor] = len(hall.class_edges)
    columns.party[visitor] = source.persons
    columns.balking[visitor] = 0.0
    stays = draw(hall.laws, source.stays, hall.numbers, row.second, high_half(row.third))
    rare.stays[visitor] = on_grid(stays)
    drawn = draw(hall.laws, operation.law, hall.numbers, row.fourth, low_half(row.third))
    _add_step(columns, at, operation, operation.leg, on_grid(drawn), np.inf)
    return at + _ONE


@part
def _visit(
    hall: Hall,
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
        passes = high_half(words[2]) < operation.share
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
            patience = _patience(hall, row, patience_law)
        drawn = draw(hall.laws, operation.law, hall.numbers, words[0], low_half(words[2]))
        _add_step(columns, at, operation, leg, on_grid(costs * drawn), patience)
        if not plain:
            _add_rare(columns, rare, at, operation, hall, row, number, words, replication)
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
def _patience(hall: Hall, row: Record, law: int) -> float:
    if law == NOTHING:
        return np.inf
    return on_grid(draw(hall.laws, law, hall.numbers, row.second, low_half(row.fourth)))


@part
def _add_step(
    columns: Columns, at: Word, operation: Record, leg: int, time: float, patience: float
) -> None:
    columns.leg[at] = leg
    columns.station[at] = operation.station
    columns.step_service[at] = operation.service
    columns.service_time[at] = time if operation.station == AWAY else max(time, TICK)
    columns.patience[at] = patience


@part
def _add_rare(
    columns: Columns,
    rare: Rare,
    at: Word,
    operation: Record,
    hall: Hall,
    row: Record,
    number: int,
    words: Block,
    replication: int,
) -> None:
    """Fill the columns of a step that only some halls use; all begin with what is usual."""
    if operation.missed > 0:
        call = _words(hall, row, operation.call_block, number, replication)
        rare.misses[at] = uniform(call[0]) < operation.missed
    if operation.chooses_line:
        rare.line_choice[at] = uniform(words[1])
    if operation.own and not np.isnan(row.slot):
        rare.not_before[at] = row.slot
        rare.ahead[at] = row.ahead != 0
    elif operation.remote != NOTHING:
        _wait_elsewhere(columns, rare, at, operation, hall, row, number, replication)


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
    columns.patience[at] = np.inf
    if operation.missed > 0:
        rare.misses[at] = False


@part
def _words(hall: Hall, row: Record, block: Word, number: int, replication: int) -> Block:
    day_and_visit = row.day | number << 32
    return words_of(hall.keys, row.source, row.ordinal, block, replication, day_and_visit)


@part
def _chosen(edges: Floats, u: float) -> int:
    """Return the index of the share that a uniform falls in."""
    chosen = 0
    for edge in edges:
        chosen += edge <= u
    return chosen
