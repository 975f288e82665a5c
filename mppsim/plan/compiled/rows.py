"""Who comes on a day, and when: a row for each, in the order of the sources."""

from __future__ import annotations

import numpy as np

from mppsim.plan.clock import TICK, on_grid_minutes
from mppsim.plan.compiled.bookings import appear, find_slot, free_all, tickets_left
from mppsim.plan.compiled.counts import places_below, reach, room_for_weights
from mppsim.plan.compiled.draws import draw
from mppsim.plan.compiled.finding import hall_at, scratch_at, today_at
from mppsim.plan.compiled.records import (
    BACKLOG,
    GUIDES,
    NOTHING,
    SERVICE,
    Hall,
    Record,
    Scratch,
    Today,
    Word,
)
from mppsim.plan.compiled.times import draw_times
from mppsim.plan.compiled.words import Block, stream_of, uniform, words_of, words_of_two
from mppsim.plan.compiling import part
from mppsim.plan.streams import (
    BOOKING_BLOCK,
    CHANNEL_BLOCK,
    DAY_BLOCK,
    RETURN_BLOCK,
    VISITOR_BLOCK,
)

on_grid = part(on_grid_minutes)
_room = part(room_for_weights)
_VISITOR, _DAY, _RETURN = (np.uint64(block) for block in (VISITOR_BLOCK, DAY_BLOCK, RETURN_BLOCK))
_BOOKING, _CHANNEL = np.uint64(BOOKING_BLOCK), np.uint64(CHANNEL_BLOCK)
_ONE, _TOP = np.uint64(1), np.uint64(65 - GUIDES.bit_length())


def draw_rows(
    hall_place: int, today_place: int, n_before: int, replication: int, scratch_place: int
) -> tuple[int, int]:
    """Fill the rows of a day; so many may come back from the day before.

    Return how many there are, and the most steps that they can make; NOTHING if the scratch has
    too little room for them.
    """
    hall, today, scratch = hall_at(hall_place), today_at(today_place), scratch_at(scratch_place)
    room, day = len(scratch.rows) - 1, today.day[0].number
    demand = _demand(hall, today.day[0], replication)
    _take_back_tickets(scratch)
    n = n_steps = n_delegations = 0
    for number in range(len(today.crowds)):
        crowd = today.crowds[number]
        if n + crowd.n > room:
            return NOTHING, 0
        first = n
        if crowd.kind == SERVICE:
            n = _serve(hall, today, crowd, demand, replication, n, scratch)
        elif crowd.kind == BACKLOG:
            n = _stand_there(hall, crowd, day, replication, n, scratch)
        else:
            n = _visit(hall, today, crowd, n_delegations, replication, n, scratch)
            n_delegations += n - first
        if n == NOTHING:
            return NOTHING, 0
        if hall.sources[crowd.source].plain:
            n_steps += draw_times(hall, crowd.source, first, n, replication, day, scratch)
        else:
            n_steps += (n - first) * hall.sources[crowd.source].steps
    first, n = n, n + n_before
    if n > room:
        return NOTHING, 0
    for k in range(n_before):
        n_steps += _come_back(hall, today, k, replication, first + k, scratch)
    if len(scratch.special):
        _number_bookings(n, scratch)
    return n, n_steps


@part
def _take_back_tickets(scratch: Scratch) -> None:
    for k in range(len(scratch.tenant_tickets)):
        scratch.tenant_tickets[k].booked = 0
    for k in range(len(scratch.service_tickets)):
        scratch.service_tickets[k].booked = 0


@part
def _demand(hall: Hall, day: Record, replication: int) -> float:
    """Return how busy the day is: gamma with mean 1 on top of what is planned."""
    if day.busy == NOTHING:
        return day.demand
    words = words_of(hall.keys, len(hall.sources), 0, _DAY, replication, day.number)
    return day.demand * draw(hall.laws, day.busy, hall.numbers, words[1], 0.5)


@part
def _stand_there(
    hall: Hall, crowd: Record, day: int, replication: int, n: int, scratch: Scratch
) -> int:
    """Add a backlog."""
    for ordinal in range(crowd.n):
        words = words_of(hall.keys, crowd.source, ordinal, _VISITOR, replication, day)
        _add(scratch, n, crowd.source, ordinal, day, crowd.time, words)
        n += 1
    return n


@part
def _visit(
    hall: Hall, today: Today, crowd: Record, before: int, replication: int, n: int, scratch: Scratch
) -> int:
    """Add the delegations of one name that come; `before` others have come on this day."""
    day = today.day[0].number
    for number in range(crowd.n):
        luck = words_of(hall.keys, crowd.source, number, _DAY, replication, day)
        if uniform(luck[1]) < crowd.chance:
            time = hall.numbers[crowd.first + number] + uniform(luck[0]) * crowd.time
            words = words_of(hall.keys, crowd.source, number, _VISITOR, replication, day)
            _add(scratch, n, crowd.source, before, day, on_grid(time), words)
            scratch.luck[n].fourth = words[0]
            before += 1
            n += 1
    return n


@part
def _serve(
    hall: Hall,
    today: Today,
    crowd: Record,
    demand: float,
    replication: int,
    n: int,
    scratch: Scratch,
) -> int:
    """Add the visitors of a service, and note what became of its demand before they came."""
    day, channel = today.day[0].number, scratch.channels[crowd.channel]
    channel.online = channel.booked = channel.no_shows = channel.without_slot = 0
    books, slots = crowd.slots != NOTHING, today.slots[max(crowd.slots, 0)]
    left = tickets_left(crowd, scratch) if books else 0
    n_filled = min(slots.n_filled, left) if books else 0
    rest = crowd.visitors_per_day * (demand * crowd.factor)
    count = _count(
        hall, crowd, rest - n_filled / max(1 - crowd.online, TICK), replication, day, scratch
    )
    if count == NOTHING or n + n_filled + count >= len(scratch.rows):
        return NOTHING
    for ordinal in range(n_filled):
        slot = hall.numbers[slots.first_filled + ordinal]
        visitor = words_of(hall.keys, crowd.booked, ordinal, _VISITOR, replication, day)
        words = words_of(hall.keys, crowd.booked, ordinal, _BOOKING, replication, day)
        _add(scratch, n, crowd.booked, ordinal, day, slot, visitor)
        n += _keep_slot(hall, slots, slot, words, channel, n, scratch)
    if books:
        free_all(hall, slots, scratch)
    if crowd.online == 0 and not (books and slots.share > 0):
        n = _walk_in(hall, today, crowd, count, replication, n, scratch)
        count = 0
    for ordinal in range(count):
        if crowd.online > 0:
            words = words_of(hall.keys, crowd.source, ordinal, _CHANNEL, replication, day)
            if uniform(words[0]) < crowd.online:
                channel.online += 1
                continue
        visitor = words_of(hall.keys, crowd.source, ordinal, _VISITOR, replication, day)
        arrival = _arrival(hall, today.curves[crowd.tenant], visitor)
        _add(scratch, n, crowd.source, ordinal, day, arrival, visitor)
        if books and slots.share > 0:
            words = words_of(hall.keys, crowd.source, ordinal, _BOOKING, replication, day)
            n += _book(hall, slots, words, left, channel, n, scratch)
        else:
            n += 1
    scratch.tenant_tickets[crowd.tenant].booked += channel.booked
    scratch.service_tickets[crowd.service].booked += channel.booked
    return n


@part
def _walk_in(
    hall: Hall, today: Today, crowd: Record, count: int, replication: int, n: int, scratch: Scratch
) -> int:
    """Add visitors of a service, all of whom come when they like."""
    source, day, curve = crowd.source, today.day[0].number, today.curves[crowd.tenant]
    first, pieces, guide = curve.first, curve.n, curve.guide
    stream = stream_of(hall.keys, source, _VISITOR, replication, day)
    for k in range(0, count, 2):
        one, other = words_of_two(hall.keys, stream, k, k + 1)
        _add(scratch, n + k, source, k, day, _time(hall, first, pieces, guide, one), one)
        time = _time(hall, first, pieces, guide, other)
        _add(scratch, n + k + 1, source, k + 1, day, time, other)
    return n + count


@part
def _book(
    hall: Hall, slots: Record, words: Block, left: int, channel: Record, n: int, scratch: Scratch
) -> bool:
    """Let the visitor of row n book if he likes; tell whether he comes.

    There are no more bookings than `left`.
    """
    if uniform(words[0]) >= slots.share:
        return True
    slot = np.nan
    if channel.booked < left:
        slot = find_slot(hall, slots, scratch.arrival[n], scratch.free)
    if np.isnan(slot):
        channel.without_slot += 1
        return slots.lost == 0
    return _keep_slot(hall, slots, slot, words, channel, n, scratch)


@part
def _keep_slot(
    hall: Hall, slots: Record, slot: float, words: Block, channel: Record, n: int, scratch: Scratch
) -> bool:
    """Give the visitor of row n a slot; tell whether he comes."""
    comes, arrival, ahead = appear(hall, slots, slot, words)
    channel.booked += 1
    channel.no_shows += not comes
    scratch.arrival[n] = arrival
    scratch.special[n].slot = slot
    scratch.special[n].ahead = ahead
    return comes


@part
def _come_back(hall: Hall, today: Today, k: int, replication: int, n: int, scratch: Scratch) -> int:
    """Add one who may come back from the day before, at a time of this day; return his steps."""
    row = scratch.later_rows[k]
    source = hall.sources[row.source]
    words = words_of(hall.keys, row.source, row.ordinal, _RETURN, replication, row.day)
    scratch.rows[n], scratch.special[n] = row, scratch.later_special[k]
    if len(scratch.luck):
        scratch.luck[n] = scratch.later_luck[k]
    scratch.arrival[n] = _arrival(hall, today.curves[source.tenant], words)
    return source.steps


@part
def _number_bookings(n: int, scratch: Scratch) -> None:
    """Give a number to all who have a slot."""
    n_booked = 0
    for k in range(n):
        row = scratch.special[k]
        row.booking = NOTHING
        if not np.isnan(row.slot):
            row.booking = n_booked
            n_booked += 1


@part
def _count(
    hall: Hall, crowd: Record, mean: float, replication: int, day: int, scratch: Scratch
) -> int:
    """Return how many visitors of a service there are; NOTHING if the scratch has no room."""
    if mean <= 0:
        return 0
    u = uniform(words_of(hall.keys, crowd.source, 0, _DAY, replication, day)[0])
    if crowd.n_reached > 0:
        first, last = crowd.first_reached, crowd.first_reached + crowd.n_reached
        sought = u * hall.numbers[last - 1]
        return crowd.lowest + places_below(sought, hall.numbers, first, last)
    if _room(mean) > len(scratch.weights):
        return NOTHING
    first, last, lowest = reach(mean, scratch.weights)
    return lowest + places_below(u * scratch.weights[last], scratch.weights, first, last + 1)


@part
def _arrival(hall: Hall, curve: Record, words: Block) -> float:
    """Return the time at which the curve of arrivals reaches the visitor's uniform."""
    return _time(hall, curve.first, curve.n, curve.guide, words)


@part
def _time(hall: Hall, first: Word, n: Word, guide: Word, words: Block) -> float:
    """Return the time at which a curve with n pieces reaches the visitor's uniform; see CURVE."""
    numbers, u = hall.numbers, uniform(words[0])
    piece = first + np.uint64(hall.guides[guide + (words[0] >> _TOP)])
    while piece < first + n - _ONE and numbers[piece + _ONE] <= u:
        piece += _ONE
    low, left, slope = numbers[piece], numbers[piece + n], numbers[piece + n + n]
    return on_grid(left + (u - low) * slope)


@part
def _add(
    scratch: Scratch, n: int, source: int, ordinal: int, day: int, arrival: float, words: Block
) -> None:
    """Fill row n; it counts when the next one follows it."""
    row = scratch.rows[n]
    row.source, row.ordinal, row.day = source, ordinal, day
    scratch.arrival[n] = arrival
    if len(scratch.luck):
        luck = scratch.luck[n]
        luck.second, luck.third, luck.fourth = words[1], words[2], words[3]
    if len(scratch.special):
        special = scratch.special[n]
        special.slot, special.ahead, special.before = np.nan, 0, NOTHING
