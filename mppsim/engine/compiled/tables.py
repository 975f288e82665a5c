"""What the compiled engine knows of a hall: tables of records, and the columns of plan and trace.

Times in these tables are whole ticks of the clock (plan/clock.py); -1 is nobody, or nowhere.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.compiled.records import (
    COUNTER,
    DAY,
    FLAG,
    INDEX,
    LINE,
    OUTAGE,
    RANGE,
    REAL,
    SHARE,
    SPAN,
    STATION,
    STEP,
    TICKS,
    VISITOR,
)
from mppsim.engine.trace import NOTE
from mppsim.plan.compiled.addresses import Finder, address_of
from mppsim.plan.memory import LOADED
from mppsim.scenario.errors import InputError

Records = Any
"""An array of records, whose fields numba and np.recarray read as attributes."""
Column = Any
"""An array of numbers; numba knows of which kind."""

OFF_GRID, TOO_LATE, SAME_BOOKING, NOT_IN_TURN = 1, 2, 3, 4
PROBLEMS = {
    OFF_GRID: "a time that lies between two ticks of the clock",
    TOO_LATE: "a time that is too far from the beginning of the day",
    SAME_BOOKING: "two bookings with the same number",
}
"""What no scenario leads to, only a plan made by hand."""


class UnsupportedPlanError(InputError):
    """The compiled engine cannot run a plan; the SimPy engine can."""

    def __init__(self, problem: int) -> None:
        super().__init__(f"engine: found {PROBLEMS[problem]}; expected the engine simpy")


# What a visitor's next event means: he arrives, is let in by the gate, makes the next step, is back
# from a delay, has walked to a station, joins the line when the slot begins, has had his stay, is
# back from where he waited.
(
    ARRIVES,
    ADMITTED,
    MOVES,
    IS_BACK,
    HAS_WALKED,
    AT_SLOT,
    HAS_STAYED,
    HAS_RETURNED,
    AT_GATE,
) = range(9)

HERE, ELSEWHERE, LATE = range(3)
"""Where a visitor is: he waits to be told to come; he was called while he was on the way."""

DISCIPLINES = ("priority", "fifo", "ratio", "aging", "longest_queue", "longest_wait")
LINES = ("one", "shortest", "random")
PRIORITY, FIFO, RATIO, AGING, LONGEST_QUEUE, LONGEST_WAIT = range(6)
ONE, SHORTEST, RANDOM = range(3)


class Hall(NamedTuple):
    """The hall while a day runs; an array has no other meaning than in the SimPy engine."""

    day: Records
    """One record."""
    # of the layout, with the state of today
    stations: Records
    counters: Records
    lines: Records
    owed: Column
    # of the layout
    levels: Records
    entries: Records
    listed: Column
    """Lines, entry by entry."""
    able: Column
    """Counters, by line and by whom they serve, in a hall with skills."""
    able_to: Records
    """By station, kind of service there and class: who is able."""
    service_kind: Column
    """By station and service."""
    part_of: Column
    """By station and service."""
    shares: Records
    walk: Column
    service_tenant: Column
    # of the plan
    spans: Records
    outages: Records
    struck: Column
    """Stations, outage by outage."""
    tickets: Column
    service_tickets: Column
    tickets_from: Column
    last_ticket: Column
    arrival: Column
    service: Column
    ordinal: Column
    visitor_class: Column
    party: Column
    first_step: Column
    balking: Column
    booking: Column
    stays: Column
    stay_zone: Column
    returns: Column
    station: Column
    step_service: Column
    service_time: Column
    patience: Column
    not_before: Column
    ahead: Column
    misses: Column
    any_order: Column
    part: Column
    line_choice: Column
    remote: Column
    instead: Column
    only_after: Column
    back: Column
    another_day: Column
    to_make: Column
    # what happens
    visitors: Records
    behind: Column
    """By visitor: who is next at the gate."""
    waited: Column
    """By visitor, where all lines take from one patience."""
    steps: Records
    whereabouts: Column
    """By step: HERE, ELSEWHERE or LATE."""
    unserved: Column
    """By step whose service was broken off: minutes, at speed 1."""
    finish: Column
    """A tree: its leaves are the keys of ends of services, by counter, its root at 1 the next."""
    arrivals: Column
    heap: Column
    soon: Column
    freed: Column
    called: Column
    booked: Column
    """By number of booking: the visitor."""
    sorting: Column
    # the trace
    joined: Column
    started: Column
    ended: Column
    served_by: Column
    outcome: Column
    left: Column
    visitor_outcome: Column
    entered: Column
    released: Column
    admitted: Column
    came: Column
    returned: Column
    vain_calls: Records
    pieces: Records
    duty: Records


REALS, INDICES, TIMES = np.dtype(REAL), np.dtype(INDEX), np.dtype(TICKS)
TABLES: dict[str, np.dtype[Any]] = dict.fromkeys(Hall._fields, INDICES) | {
    "day": DAY,
    "stations": STATION,
    "counters": COUNTER,
    "lines": LINE,
    "levels": RANGE,
    "entries": RANGE,
    "able_to": RANGE,
    "shares": SHARE,
    "spans": SPAN,
    "outages": OUTAGE,
    "visitors": VISITOR,
    "steps": STEP,
    "vain_calls": NOTE,
    "pieces": NOTE,
    "duty": NOTE,
    "outcome": np.dtype(np.int8),
    "visitor_outcome": np.dtype(np.int8),
    "ahead": np.dtype(np.bool_),
    "misses": np.dtype(np.bool_),
    "to_make": np.dtype(np.bool_),
    "whereabouts": np.dtype(FLAG),
    **dict.fromkeys(
        ("owed", "walk", "tickets", "service_tickets", "finish", "arrivals", "heap", "soon"), TIMES
    ),
    "waited": TIMES,
    "unserved": REALS,
    **dict.fromkeys(
        ("tickets_from", "last_ticket", "arrival", "balking", "stays", "service_time", "patience"),
        REALS,
    ),
    **dict.fromkeys(
        ("not_before", "line_choice", "joined", "started", "ended", "left", "entered"), REALS
    ),
    **dict.fromkeys(("released", "admitted", "came", "returned", "remote"), REALS),
}
"""What a row of each table is; all others are indices."""


OF_THE_LAYOUT = (
    "stations",
    "levels",
    "entries",
    "listed",
    "able",
    "able_to",
    "service_kind",
    "part_of",
    "shares",
    "walk",
    "service_tenant",
)
"""Tables that are the same every day."""
LEFT_OUT = (
    "balking",
    "booking",
    "stays",
    "stay_zone",
    "returns",
    "not_before",
    "ahead",
    "misses",
    "any_order",
    "part",
    "line_choice",
    "remote",
    "instead",
    "only_after",
    "back",
    "another_day",
    "to_make",
    "came",
    "returned",
)
"""Columns that may be left out: then one row stands for all."""
IN_MEMORY = (
    "day",
    "counters",
    "lines",
    "owed",
    "tickets",
    "service_tickets",
    "booked",
    "visitors",
    "behind",
    "waited",
    "steps",
    "whereabouts",
    "unserved",
    "finish",
    "arrivals",
    "heap",
    "soon",
    "freed",
    "called",
    "sorting",
    "vain_calls",
    "pieces",
    "duty",
)
"""Tables that nobody needs any more when the day is over: side by side in one piece of memory."""
COLUMNS = tuple(name for name in TABLES if name not in (*OF_THE_LAYOUT, *IN_MEMORY))
"""Of the plan and the trace, and rosters and outages as bytes; they stand where they are."""
KINDS = {name: np.dtype(np.uint8) if TABLES[name].names else TABLES[name] for name in COLUMNS}
FINDER = Finder(KINDS | dict.fromkeys(IN_MEMORY, np.dtype(np.uint8)), TABLES, two_rows=True)


class Places(NamedTuple):
    """Where tables stand in one piece of memory."""

    bounds: dict[str, tuple[int, int]]
    """Where each begins and ends."""
    begins: NDArray[np.int64]
    """For the finder; 0 for all columns."""
    begins_at: int
    n_bytes: int
    has_more: bool
    """Whether more may be noted than the columns of a trace say."""

    @classmethod
    def of(cls, n_rows: dict[str, int]) -> Places:
        """Return the places of tables that have so many rows; of others they have none."""
        bounds, begin = {}, 0
        for name in IN_MEMORY:
            end = begin + n_rows.get(name, 0) * TABLES[name].itemsize
            bounds[name] = begin, end
            begin = (end + LOADED - 1) & -LOADED
        begins = np.array([*(0 for _ in COLUMNS), *(first for first, _ in bounds.values())], TICKS)
        has_more = any(n_rows.get(name) for name in ("vain_calls", "pieces", "duty"))
        return cls(bounds, begins, address_of(begins), begin, has_more)


class Today(NamedTuple):
    """The tables of a hall on one day."""

    of_the_layout: dict[str, Any]
    columns: tuple[Any, ...]
    """In the order of COLUMNS."""
    memory: NDArray[np.uint8]
    places: Places
    is_plain: bool = False
    """Whether all is as plain.py knows it."""

    def table(self, name: str) -> Any:
        """Return a table in memory."""
        begin, end = self.places.bounds[name]
        return self.memory[begin:end].view(TABLES[name])

    def put(self, name: str, rows: Any) -> None:
        """Fill a table in memory."""
        self.table(name)[:] = rows


def readable(today: Today) -> Hall:
    """Return a hall whose records can be read in Python as compiled code reads them."""
    columns = zip(KINDS.items(), today.columns, strict=True)
    tables = {name: column.astype(kind, copy=False) for (name, kind), column in columns}
    tables |= today.of_the_layout | {name: today.table(name) for name in IN_MEMORY}
    return Hall(**{name: _readable(name, table) for name, table in tables.items()})


def _readable(name: str, table: Any) -> Any:
    return table.view(TABLES[name]).view(np.recarray) if TABLES[name].names else table


def addresses_of_all_days(of_the_layout: dict[str, Any]) -> NDArray[np.int64]:
    """Return where tables stand that are the same every day, for `at_addresses`."""
    found = np.zeros((2, len(TABLES)), np.int64)
    for number, name in enumerate(TABLES):
        if name in of_the_layout:
            found[0, number] = address_of(of_the_layout[name])
    return found


def at_addresses(today: Today, of_all_days: NDArray[np.int64]) -> tuple[int, object]:
    """Return where addresses of the tables of a hall stand, given those of its layout.

    Shape (2, tables): the second row is -1, but 0 where one row stands for all. With them comes
    what must be kept for as long as they are used.
    """
    found = of_all_days.copy()
    at = address_of(found)
    tables = today.columns + (today.memory,) * len(IN_MEMORY)
    return at, (found, FINDER.note(tables, at, today.places.begins_at))
