"""The records of which the compiled engine's tables are made: of counters, lines, steps, days.

Times in these are whole ticks of the clock (plan/clock.py); -1 is nobody, or nowhere.
"""

from __future__ import annotations

from typing import Any

import numpy as np

NEVER = 2**63 - 1
"""The key of an event that does not happen."""
NOBODY = -1

FLAG, INDEX, TICKS, REAL = np.uint8, np.int32, np.int64, np.float64


def record(fields: list[tuple[str, Any]]) -> np.dtype[Any]:
    """Return a record of a power of two bytes, so that a row is found by a shift."""
    size = np.dtype(fields, align=True).itemsize
    filling = (1 << (size - 1).bit_length()) - size
    return np.dtype([*fields, ("filling", FLAG, filling)], align=True)


STATION = record(
    [
        ("zone", INDEX),
        ("first_counter", INDEX),
        ("end_counter", INDEX),
        ("first_line", INDEX),
        ("end_line", INDEX),
        ("parts", INDEX),
        ("outer", INDEX),  # the line outside its room
        ("first_share", INDEX),
        ("end_share", INDEX),
        ("discipline", INDEX),  # number in DISCIPLINES
        ("lines", INDEX),  # number in LINES
        ("shifted_breaks", FLAG),
        ("breaks_off", FLAG),  # services, at the end of a shift
        ("restarts", FLAG),  # services that were broken off
        ("patience_shared", FLAG),
        ("has_room", FLAG),
        ("blocks", FLAG),
        ("loses", FLAG),
        ("calls_dead", FLAG),
        ("is_remote", FLAG),  # visitors may wait elsewhere
        ("balk_above", TICKS),
        ("places", TICKS),
        ("stop_taking", TICKS),
        ("dead_call", TICKS),
        ("recall_call", TICKS),
        ("recall_after", TICKS),
        ("notice", TICKS),
        ("remote_call", TICKS),
        ("amount", REAL),
        ("balk_wait", REAL),
        ("mean_service", REAL),
    ]
)
COUNTER = record(
    [
        ("idle_since", TICKS),
        ("step", INDEX),  # that it serves; NOBODY in a call in vain
        ("outages", INDEX),  # that it is in
        ("on_duty", FLAG),
        ("serving", FLAG),
        ("freed", FLAG),
        ("woken", FLAG),
        ("running", FLAG),  # a service is under way
        ("stopped", FLAG),  # a service stands still
        ("restarting", FLAG),  # the service that stands still begins anew
        ("leaving", FLAG),  # a break is due when the service is over
        ("station", INDEX),
        ("first_level", INDEX),
        ("end_level", INDEX),
        ("speed", REAL),
        ("minutes", TICKS),  # that the piece of service takes
        ("left", TICKS),  # of it, when it last went on
        ("begun", TICKS),  # when it last went on
        ("piece_begun", TICKS),
        ("span", INDEX),  # of the roster
        ("end_span", INDEX),
        ("start", TICKS),  # of the span as it came about
        ("back", TICKS),  # before that it is in a break
        ("visitor", INDEX),  # who is served, known here before his step is looked up
    ]
)
LINE = np.dtype(
    [
        ("head", INDEX),
        ("tail", INDEX),
        ("length", INDEX),  # tickets
        ("live", INDEX),  # visitors: tickets that are not dead
        ("rank", INDEX),
        ("station", INDEX),
        ("first_able", INDEX),
        ("end_able", INDEX),
    ],
    align=True,
)
VISITOR = np.dtype(
    [
        ("step", INDEX),  # that he is making, or made last
        ("left", INDEX),  # the first step that may be left
        ("zone", INDEX),
        ("answer", INDEX),  # the counter that calls, or the complement of an outcome
        ("chosen", INDEX),  # the counter whose line he chose
        ("held_counter", INDEX),
        ("held_step", INDEX),  # NOBODY: no step of his lets him be held
        ("phase", FLAG),
        ("inside", FLAG),
        ("seeks", FLAG),  # a place in a room
        ("waits", FLAG),  # to be called
    ],
    align=True,
)
STEP = np.dtype(
    [
        ("deadline", TICKS),  # key of the event that the visitor's patience ends
        ("visitor", INDEX),
        ("line", INDEX),
        ("before", INDEX),  # the ticket before in the line
        ("behind", INDEX),
        ("turn", INDEX),  # in which order tickets are called
        ("done", FLAG),
        ("dead", FLAG),  # a ticket in a line whose holder gave up
        ("missing", FLAG),  # the next call will be missed
        ("broken", FLAG),  # the service was broken off
    ],
    align=True,
)
SPAN = np.dtype([("start", TICKS), ("end", TICKS), ("ends_shift", FLAG)], align=True)
OUTAGE = np.dtype(
    [
        ("begin", TICKS),
        ("end", TICKS),
        ("first_station", INDEX),
        ("end_station", INDEX),
        ("restarts", FLAG),
    ],
    align=True,
)
SHARE = np.dtype([("above", TICKS), ("share", REAL)])
RANGE = np.dtype([("first", INDEX), ("end", INDEX)])
DAY = np.dtype(
    [
        # what `set_up` says
        ("in_turn", TICKS),  # all are served as they come, at one station
        ("n_outages", TICKS),
        ("n_visitors", TICKS),
        ("serve_all", TICKS),
        ("timed", TICKS),  # patience ends by an event; else it is seen when he is called
        ("has_ahead", TICKS),  # some may go before all classes
        ("has_order", TICKS),  # steps in any order
        ("closing", TICKS),
        ("outage_ends", TICKS),
        ("looks", TICKS),
        ("reneges", TICKS),
        ("booked", TICKS),
        ("walk_in", TICKS),
        ("bits", TICKS),  # of such a number in a key
        ("last_time", TICKS),  # that fits into a key
        # what a hall says, and what happens
        ("now", TICKS),
        ("look", TICKS),  # key of the look; NEVER when nobody is free
        ("cursor", TICKS),  # the next of those who arrive
        ("n_arrivals", TICKS),
        ("n_counters", TICKS),
        ("n_leaves", TICKS),  # of the tree `finish`
        ("n_lines", TICKS),
        ("n_zones", TICKS),
        ("n_services", TICKS),
        ("n_classes", TICKS),
        ("n_kinds", TICKS),  # of services, told apart by counters at one station at most
        ("n_heap", TICKS),
        ("n_soon", TICKS),
        ("n_freed", TICKS),
        ("n_called", TICKS),
        ("n_ahead", TICKS),  # who go before all classes, in lines
        ("joining", TICKS),
        ("gate_head", TICKS),
        ("gate_tail", TICKS),
        ("closed", TICKS),
        ("has_rooms", TICKS),
        ("has_skills", TICKS),  # else counters serve just all lines of their stations
        ("problem", TICKS),
        ("persons_inside", TICKS),
        ("capacity", TICKS),
        ("n_vain_calls", TICKS),
        ("n_pieces", TICKS),
        ("n_duty", TICKS),
        # the first number of each kind of event in the order of engine/order.py
        ("counter_on", TICKS),
        ("counter_off", TICKS),
        ("closes", TICKS),
        ("outage_begins", TICKS),
    ]
)
"""All are times or numbers, so that a list of them makes a record."""
