"""The order of events: always the smallest pending (time, kind, index)."""

from __future__ import annotations

from enum import IntEnum


class Kind(IntEnum):
    """What can happen, in the order in which it happens at one instant.

    First everything that frees or takes away counters, then one look of the free counters at the
    lines, then the visitors. So a counter freed at 12:00 whose shift ends at 12:00 starts nobody, a
    visitor is still served at the very end of his patience, and nobody is served before those who
    came before him.
    """

    FINISH = 1
    """A service ends; by counter."""
    COUNTER_ON = 2
    """A counter opens or returns; by counter."""
    COUNTER_OFF = 3
    """A counter closes or breaks; by counter."""
    CLOSING = 4
    """The doors close."""
    OUTAGE_BEGINS = 5
    OUTAGE_ENDS = 6
    LOOK = 7
    """Every counter that became free takes its next visitor, by counter."""
    RENEGE = 8
    """A visitor's patience ends; by visitor."""
    BOOKED = 9
    """A booked visitor arrives or joins a line; in the order of booking."""
    WALK_IN = 10
    """A walk-in visitor arrives or joins a line; by visitor."""
