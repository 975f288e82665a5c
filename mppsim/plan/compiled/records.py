"""The tables that compiled code reads and fills: what a row of each one says."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.plan import Channel, Floats, Integers
from mppsim.plan.streams import Words

NOTHING = -1

Word = Any
"""64 bits without a sign: for numba all numbers must be, or it makes floats of them."""
Record = Any
"""A row of a table: compiled code reads its fields as attributes."""

SOURCE = np.dtype(
    [
        ("first", np.int32),  # of its program
        ("end", np.int32),
        ("steps", np.int32),  # the most that a visitor makes
        ("service", np.int32),
        ("ordinal", np.int32),  # of the first visitor; then up or down by `sign`
        ("sign", np.int32),
        ("tenant", np.int32),
        ("stays", np.int32),  # the law of how long a delegation sits in a zone; NOTHING: none
        ("zone", np.int32),  # where it does
        ("persons", np.int32),
        ("again", np.int32),  # the source of those who come back
        ("plain", np.int32),  # all do the same, but for those who pass by a place
    ]
)
"""Whose visitors come: a service's, its backlog's, those who fill its slots; a delegation."""

DAY = np.dtype(
    [
        ("demand", np.float64),
        ("opening", np.float64),
        ("closing", np.float64),
        ("busy", np.int64),  # the law of the factor that all sources share; NOTHING: none
        ("number", np.int64),
    ]
)
CURVE = np.dtype([("first", np.uint64), ("n", np.uint64), ("guide", np.uint64)])
"""Of arrivals; its pieces are in the numbers: the shares before them, left edges, slopes.

Of its GUIDES each says for an equal part of the shares in which piece this begins.
"""
GUIDES = 64

CROWD = np.dtype(
    [
        ("visitors_per_day", np.float64),
        ("factor", np.float64),
        ("online", np.float64),
        ("time", np.float64),  # when a backlog is there; how long a delegation may be late
        ("chance", np.float64),  # of each delegation
        ("first_reached", np.int64),  # of the weights of the numbers of visitors, where ready
        ("n_reached", np.int64),  # 0: they depend on the luck of the day
        ("lowest", np.int64),  # the number of visitors that the first weight is of
        ("kind", np.int32),
        ("source", np.int32),
        ("n", np.int32),  # of a backlog; of the times of a delegation
        ("first", np.int32),  # of these times in the numbers
        ("tenant", np.int32),
        ("service", np.int32),
        ("channel", np.int32),
        ("slots", np.int32),  # NOTHING: no appointments
        ("booked", np.int32),  # the source of those who fill slots
    ]
)
"""A part of a day's visitors."""
BACKLOG, DELEGATION, SERVICE = range(3)

SLOTS = np.dtype(
    [
        ("share", np.float64),
        ("no_show", np.float64),
        ("grace", np.float64),
        ("early", np.float64),
        ("late", np.float64),
        ("spread", np.float64),
        ("law", np.int32),  # of the lateness; NOTHING: all come at the time of their slot
        ("first", np.int32),  # of the times, then the places, in the numbers
        ("n", np.int32),
        ("first_filled", np.int32),
        ("n_filled", np.int32),
        ("fills", np.int32),
        ("lost", np.int32),
        ("ahead", np.int32),
    ]
)
"""The appointments of a service on a day; see `mppsim.plan.booking`."""

TICKETS = np.dtype([("limit", np.int64), ("booked", np.int64)])
"""Of a tenant, or of a service, for those who book; a limit of NOTHING is none."""

CHANNEL = np.dtype([(name, np.int64) for name in Channel._fields])

ROW = np.dtype(
    [
        ("source", np.uint32),
        ("ordinal", np.int32),  # in the counters of its words
        ("day", np.int32),
    ]
)
"""Somebody who comes, in the order of the sources."""
LUCK = np.dtype([("second", np.uint64), ("third", np.uint64), ("fourth", np.uint64)])
"""The words of who comes, but for the time; of a delegation the fourth is its first."""
SPECIAL = np.dtype(
    [
        ("slot", np.float64),  # NaN for a walk-in
        ("booking", np.int32),
        ("before", np.int32),  # who it was the day before; NOTHING: nobody
        ("ahead", np.int64),
    ]
)
"""What is so of who comes only in halls with appointments, or where visitors come back."""


COUNTER = np.dtype([("key", np.int64), ("absence", np.float64), ("law", np.int64)])
"""A counter that may be absent, or late by a law; NOTHING: it is not."""
OUTAGE = np.dtype([("key", np.int64), ("between", np.int64), ("lasts", np.int64)])
"""An outage at random: the laws of the times between and of their lengths."""


class Hall(NamedTuple):
    """What is the same on all days."""

    keys: Words
    """Of the rounds of the streams of sources, of the hall, of counters and outages."""
    sources: NDArray[Any]
    operations: NDArray[Any]
    laws: NDArray[Any]
    numbers: Floats
    counters: NDArray[Any]
    outages: NDArray[Any]
    class_edges: Words
    """Where the next class begins, as halves of a word; so for parties."""
    party_edges: Words
    parties: Integers
    places: Integers
    """By leg: what is settled by it; see `Steps`."""
    legs: Integers
    """By column of the steps that legs say, shape (columns, legs): what each leg says there."""
    guides: Integers
    columns: Integers
    """By column of `Columns`: its row in the room for its kind; NOTHING where it is not used."""


class Today(NamedTuple):
    """What is the same on all days of a kind."""

    day: NDArray[Any]
    """One row."""
    crowds: NDArray[Any]
    """In the order that decides who stands before whom."""
    curves: NDArray[Any]
    """By tenant."""
    slots: NDArray[Any]


class Scratch(NamedTuple):
    """What is used again on every day."""

    rows: NDArray[Any]
    """Those who come; with a place to spare, since luck is drawn for two at once."""
    luck: NDArray[Any]
    """What the hall makes no use of is empty."""
    special: NDArray[Any]
    later_rows: NDArray[Any]
    """Those who may come back on the next day, in the order of their rows, as the next."""
    later_luck: NDArray[Any]
    later_special: NDArray[Any]
    arrival: Floats
    """By row."""
    times: Floats
    """By row, of a plain source, and column: how long a service takes; below 0: who passes by."""
    keys: Words
    """Of the order of the rows; see `sort_by_time`."""
    counts: Integers
    """Of digits, when rows are sorted."""
    weights: Floats
    """Of numbers of visitors."""
    free: Floats
    """By slot: the places that nobody has."""
    tenant_tickets: NDArray[Any]
    service_tickets: NDArray[Any]
    channels: NDArray[Any]
    """By crowd."""
    visits: NDArray[np.int64]
    """By place of a journey that a visitor may come to twice: how often he was there."""
    number: NDArray[np.int64]
    """By depth of the journey: the number of the visit there, the way it leads, its papers."""
    route: Floats
    papers: Floats


class Luck(NamedTuple):
    """What befalls counters and stations on a day."""

    late: Floats
    """By counter that may be: infinite if it is absent."""
    n_outages: NDArray[np.int64]
    """By outage at random; NOTHING where there is too little room for them."""
    begins: Floats
    """Shape (outages, room)."""
    ends: Floats


class Columns(NamedTuple):
    """The columns of a day's visitors and steps, to be filled; empty where all values are alike."""

    arrival: Floats
    service: Integers
    ordinal: Integers
    visitor_class: Integers
    party: Integers
    booking: Integers
    stay_zone: Integers
    returns: Integers
    first_step: Integers
    """The last of its kind, as it is longer."""
    balking: Floats
    slot: Floats
    stays: Floats
    leg: Integers
    """By step: the row of the legs; see `Programs.tables`."""
    place: Integers
    station: Integers
    step_service: Integers
    service_time: Floats
    patience: Floats


COLUMNS = {
    "arrival": "times_of_visitors",
    "service": "of_visitors",
    "ordinal": "of_visitors",
    "visitor_class": "of_visitors",
    "party": "of_visitors",
    "booking": "of_visitors",
    "stay_zone": "of_visitors",
    "returns": "of_visitors",
    "first_step": "of_visitors",
    "balking": "times_of_visitors",
    "slot": "times_of_visitors",
    "stays": "times_of_visitors",
    "leg": "of_steps",
    "place": "of_steps",
    "station": "of_steps",
    "step_service": "of_steps",
    "service_time": "times_of_steps",
    "patience": "times_of_steps",
}
"""In which part of the room each of them stands."""


class Room(NamedTuple):
    """The memory of columns: a row for each one that is used."""

    of_visitors: NDArray[np.int32]
    times_of_visitors: Floats
    of_steps: NDArray[np.int32]
    """In the last rows what legs say, column by column."""
    times_of_steps: Floats


class Rare(NamedTuple):
    """The columns that only some halls use; empty where they are not used."""

    not_before: Floats
    """By step, as all that follow."""
    ahead: NDArray[np.bool_]
    misses: NDArray[np.bool_]
    remote: Floats
    line_choice: Floats


RARE: dict[str, np.dtype[Any]] = {
    **dict.fromkeys(("not_before", "remote", "line_choice"), np.dtype(np.float64)),
    **dict.fromkeys(("ahead", "misses"), np.dtype(np.bool_)),
}
"""What each of these columns is made of."""
