"""The tables that compiled summaries read and fill: what a row of each one says.

They are reached as those of the compiled engine are (engine/compiled/pointers.py).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from mppsim.engine.trace import NOTE

Records = Any
"""An array of records; compiled code reads their fields as attributes."""
Column = Any
"""An array of numbers."""
Record = Any

FLAG, INDEX, WHOLE, REAL = np.uint8, np.int32, np.int64, np.float64

RARE = ("booking", "stay_zone", "returns", "another_day", "not_before")
"""Columns of a plan: the record of the day says of each whether it is used."""
OF_EACH_DAY = (
    "day",
    "n_visitors",
    "n_outages",
    "n_vain_calls",
    "n_pieces",
    "n_duty",
    "in_turn",  # and nobody brings others, or is counted in an area or at a gate
    *RARE,
)
OF_ALL_DAYS = (
    "n_groups",  # lines, seats by zone, persons by zone with an area, the gate
    "n_stations",
    "n_counters",
    "n_services",
    "n_points",  # of the grid
    "start",  # of the grid, in ticks
    "n_promises",
    "n_places",  # stations times services
    "of_waits",  # so many tables of promises are; the next ones end where
    "of_services",
    "of_visits",
    "has_gate",
    "has_rooms",
    "has_remote",
    "has_areas",
    "blocks",  # some room does
)
SO_FAR = (
    "journeys",
    "visits",
    "made",
    "losses",
    "stays",  # of the day
    "longest_sojourn",  # in ticks, as the next
    "longest_wait",
    "lowest",  # of what visitors are known by
    "highest",
)
DAY = np.dtype([(name, WHOLE) for name in (*OF_EACH_DAY, *OF_ALL_DAYS, *SO_FAR)])
SPAN = np.dtype([("begin", REAL), ("end", REAL)])
ROSTER = np.dtype([("first", INDEX), ("end", INDEX), ("noted", INDEX)])
"""The spans of a counter, and how many notes there are of it."""
STRUCK = np.dtype(
    [("begin", REAL), ("end", REAL), ("first_station", INDEX), ("end_station", INDEX)]
)
"""An outage, and which stations it strikes."""

PROMISE = np.dtype(
    [
        ("minutes", REAL),  # the longest time that keeps it
        ("longest", REAL),  # the same in whole ticks
        ("station", WHOLE),  # to which a broken one is laid; -1: to the steps of the visit
    ]
)
OF_HOUR = np.dtype([("made", INDEX), ("kept", INDEX)])
MADE = np.dtype([("promise", INDEX), ("hour", INDEX), ("made", INDEX), ("kept", INDEX)])
LOSS = np.dtype([("promise", INDEX), ("station", INDEX), ("lost", REAL)])
HOURS = 256
"""Hours of the clock that are told apart; the last one is any later, too."""

STAY = np.dtype(
    [
        ("begin", WHOLE),  # in ticks
        ("end", WHOLE),
        ("group", INDEX),
        ("persons", INDEX),
        ("begin_cell", INDEX),
        ("end_cell", INDEX),
    ]
)
GROUP = np.dtype(
    [
        ("stays", WHOLE),
        ("first_cell", WHOLE),
        ("n_edges", WHOLE),
        ("halvings", WHOLE),  # of the time between two points
        ("largest", WHOLE),
    ]
)
CELL = np.dtype([("path", INDEX), ("went", INDEX)])
"""Persons; see `paths.py` for what becomes of it."""
CLOSE = np.dtype(
    [
        ("group", INDEX),
        ("before", INDEX),  # so many are there at the last edge
        ("most", INDEX),  # no more can be there before the next one
        ("n", INDEX),
        ("first", WHOLE),
    ]
)
"""A cell that is looked at closely: its events."""

OF_DAY = np.dtype(
    [
        ("journeys", WHOLE),
        ("made", WHOLE),  # rows of promises, as the next
        ("losses", WHOLE),
        ("overrun", REAL),
        ("minutes", REAL),  # outside
        ("came", INDEX),
        ("waited", INDEX),  # outside
    ]
)
OF_STATION = np.dtype([("early", REAL), ("whole", REAL), ("late", REAL)])
"""Minutes in line."""
OF_COUNTER = np.dtype(
    [
        (name, REAL)
        for name in (
            *("on_duty", "out", "served", "still", "overtime", "blocked"),
            "called_in_vain",
        )
    ]
)
OF_SERVICE = np.dtype([("early", REAL), ("elsewhere", REAL), ("minutes", REAL)])
"""The minutes are those elsewhere."""


class Tables(NamedTuple):
    """All tables, while a day is measured."""

    day: Records
    """One row."""
    # of the layout
    station_zone: Column
    area: Column
    """By zone: the group of the persons there; -1 where it has no area."""
    service_tenant: Column
    counter_station: Column
    promises: Records
    promise_at: Column
    """By table, station and service: the promise made there; -1 for none."""
    # of the rosters
    duty: Records
    """As it is planned, counter by counter."""
    first_span: Column
    """By counter, and the end of the last."""
    outages: Records
    """In the order in which they begin."""
    struck: Column
    """Stations, outage by outage."""
    off: Records
    """Station by station, as many as there are outages: those of the station, joined."""
    n_off: Column
    """By station."""
    on_duty: Records
    """As it was, counter by counter."""
    rosters: Records
    """By counter; none is noted before the day."""
    # of the day, in all halls
    hours: Column
    """The opening and the closing."""
    arrival: Column
    service: Column
    ordinal: Column
    visitor_class: Column
    party: Column
    first_step: Column
    station: Column
    step_service: Column
    joined: Column
    started: Column
    ended: Column
    counter: Column
    outcome: Column
    left: Column
    visitor_outcome: Column
    released: Column
    # of the day, where they matter
    tickets_from: Column
    booking: Column
    stays_for: Column
    stay_zone: Column
    returns: Column
    another_day: Column
    not_before: Column
    entered: Column
    admitted: Column
    came: Column
    returned: Column
    in_pieces: Column
    """By step; none is before the day."""
    vain_calls: Records
    pieces: Records
    noted: Records
    """When counters were on duty whose breaks may be other than planned."""
    # of the summary: one row a visitor
    of_service: Column
    of_class: Column
    at_hour: Column
    ended_so: Column
    had_booked: Column
    sojourn: Column
    known_by: Column
    # one row a visit
    whose: Column
    at_station: Column
    for_service: Column
    visit_outcome: Column
    wait: Column
    postponed: Column
    # one row a promise and hour, or station, with any, day by day
    made: Records
    losses: Records
    # day by day
    paths: Column
    largest: Column
    days: Records
    stations: Records
    counters: Records
    services: Records
    # used again on every day
    by_hour: Records
    """By promise and hour; all 0 before the day."""
    lost: Column
    """By promise and station, the last being the door; below 0 where nothing was lost."""
    stays: Records
    groups: Records
    cells: Records
    close: Records
    events: Column


_NAMES = list(Tables._fields)


def _between(first: str, last: str) -> list[str]:
    return _NAMES[_NAMES.index(first) : _NAMES.index(last) + 1]


COLUMNS = _between("hours", "returned")
JOURNEYS = _between("of_service", "known_by")
VISITS = _between("whose", "postponed")
BY_DAY = _between("paths", "services")
SCRATCH = _between("stays", "events")

DTYPES: dict[str, np.dtype[Any]] = dict.fromkeys(_NAMES, np.dtype(INDEX)) | {
    "day": DAY,
    "duty": SPAN,
    "outages": STRUCK,
    "off": SPAN,
    "on_duty": SPAN,
    "rosters": ROSTER,
    **dict.fromkeys(("vain_calls", "pieces", "noted"), NOTE),
    "promises": PROMISE,
    "made": MADE,
    "losses": LOSS,
    "by_hour": OF_HOUR,
    "days": OF_DAY,
    "stations": OF_STATION,
    "counters": OF_COUNTER,
    "services": OF_SERVICE,
    "stays": STAY,
    "groups": GROUP,
    "cells": CELL,
    "close": CLOSE,
    "outcome": np.dtype(np.int8),
    "visitor_outcome": np.dtype(np.int8),
    **dict.fromkeys(("sojourn", "wait", "events"), np.dtype(WHOLE)),
    **dict.fromkeys(
        ("in_pieces", "at_hour", "ended_so", "had_booked", "visit_outcome", "postponed"),
        np.dtype(FLAG),
    ),
    **dict.fromkeys(
        (
            "hours",
            "not_before",
            "tickets_from",
            "arrival",
            "stays_for",
            "joined",
            "started",
            "ended",
            "left",
            "entered",
        ),
        np.dtype(REAL),
    ),
    **dict.fromkeys(("lost", "released", "admitted", "came", "returned"), np.dtype(REAL)),
}
"""What a row of each table is; all others are indices."""
