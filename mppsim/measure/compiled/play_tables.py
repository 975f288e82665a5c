"""The tables for playing days one after the other: what a row of each one says."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from mppsim.measure.compiled.tables import DAY, FLAG, INDEX, REAL, WHOLE, Column, Records

DONE, NO_ROOM, TOO_LARGE = 0, -1, -2
"""How playing ended; else it is the problem that the engine has with a day."""
_CODE = ("draw_rows", "draw_visits", "measure")
_PLACES = ("hall", "scratch", "room", "rare", "measured")
_ROOM = ("visitors", "steps", "journeys", "visits", "days", "stays", "made", "losses")
STAGE = np.dtype(
    [
        *((name, WHOLE) for name in (*_CODE, *_PLACES)),
        # Room for so many; of the last five, for all days of a summary together.
        *((f"most_{name}", WHOLE) for name in _ROOM),
        ("n_kinds", WHOLE),
        ("n_before", WHOLE),  # numbers in memory that a day begins with
        ("n_visitors_at", WHOLE),  # the one of these that luck decides
        ("n_own", WHOLE),  # addresses of a kind
        ("replication", WHOLE),  # that is played
        ("end", WHOLE),  # before which to stop
        ("kind", WHOLE),  # that is next
    ]
)
"""Where the code and the tables are, and how far the play has come."""
KIND = np.dtype([("run", WHOLE), ("today", WHOLE), ("addresses", WHOLE), ("n_outages", WHOLE)])
"""Days of one kind: the code that runs them, and where its tables are."""


class Play(NamedTuple):
    """All tables, while days are played."""

    stage: Records
    """One row."""
    kinds: Records
    day: Records
    """The record of the day that is measured."""
    memory: Column
    """Of the hall, as numbers."""
    before: Column
    """What stands in it before a day, kind by kind."""
    own_places: Column
    """In the addresses for measuring: of what each kind has of its own."""
    own: Column
    """These addresses, kind by kind."""
    addresses: Column
    # of the plan and the trace
    arrival: Column
    joined: Column
    started: Column
    ended: Column
    entered: Column
    released: Column
    left: Column
    admitted: Column
    counter: Column
    outcome: Column
    visitor_outcome: Column


PLAY: dict[str, np.dtype[Any]] = dict.fromkeys(Play._fields, np.dtype(REAL)) | {
    "stage": STAGE,
    "kinds": KIND,
    "day": DAY,
    **dict.fromkeys(("memory", "before", "own_places", "own", "addresses"), np.dtype(WHOLE)),
    "counter": np.dtype(INDEX),
    "outcome": np.dtype(FLAG),
    "visitor_outcome": np.dtype(FLAG),
}
"""What a row of each table is."""
