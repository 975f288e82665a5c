from __future__ import annotations

from collections.abc import Generator

import pytest
import simpy

from mppsim.engine.due import Due
from mppsim.engine.order import Kind


def test_order_of_simultaneous_events_is_frozen() -> None:
    """A change here changes results that people have published."""
    assert [kind.name for kind in sorted(Kind)] == [
        "FINISH",
        "COUNTER_ON",
        "COUNTER_OFF",
        "CLOSING",
        "OUTAGE_BEGINS",
        "OUTAGE_ENDS",
        "LOOK",
        "RENEGE",
        "BOOKED",
        "WALK_IN",
    ]


def test_events_of_one_instant_come_by_kind_then_index() -> None:
    clock = simpy.Environment()
    seen: list[tuple[Kind, int]] = []

    def note(event: Due, what: tuple[Kind, int]) -> Generator[Due, object, None]:
        yield event
        seen.append(what)

    for kind in reversed(Kind):
        for index in (2, 0, 1):
            clock.process(note(Due(clock, 5.0, kind, index), (kind, index)))
    clock.run()
    assert seen == [(kind, index) for kind in Kind for index in (0, 1, 2)]


def test_nothing_is_due_in_the_past() -> None:
    clock = simpy.Environment(initial_time=10)
    with pytest.raises(ValueError, match="before now"):
        Due(clock, 9.0, Kind.FINISH, 0)
