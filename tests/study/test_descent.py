"""The search for the lowest rungs, with an oracle that is known."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from support.halls import hall

from mppsim.study.descent import Rungs, descend
from mppsim.study.influence import levels

NEED = {"desk": 2, "bank": 7, "tax": 0}


@pytest.mark.parametrize("start", [0, 3, 9, 40])
def test_the_lowest_rungs_are_found_from_anywhere(start: int) -> None:
    asked = []

    def holds(rungs: Rungs, stations: Sequence[str]) -> dict[str, bool]:
        asked.append(dict(rungs))
        return {one: rungs[one] >= NEED[one] for one in stations}

    found = descend(
        dict.fromkeys(NEED, start), dict.fromkeys(NEED, 99), [["desk"], ["bank", "tax"]], holds
    )
    assert found.rungs == NEED
    if start == 3:
        assert len(asked) <= 16


def test_a_station_that_nothing_helps_stays_where_it_was() -> None:
    def holds(rungs: Rungs, stations: Sequence[str]) -> dict[str, bool]:
        return {one: one != "bank" and rungs[one] >= NEED[one] for one in stations}

    def helps(before: Rungs, after: Rungs, station: str) -> bool:
        return station != "bank"

    found = descend(dict.fromkeys(NEED, 3), dict.fromkeys(NEED, 99), [[*NEED]], holds, helps=helps)
    assert (found.stuck, found.rungs) == ({"bank"}, {**NEED, "bank": 3})


def test_a_station_downstream_is_raised_again_when_its_visitors_come_quicker() -> None:
    """The bank needs a counter more as long as the desk holds visitors back less."""

    def holds(rungs: Rungs, stations: Sequence[str]) -> dict[str, bool]:
        need = {"desk": 2, "bank": 4 if rungs["desk"] < 5 else 5}
        return {one: rungs[one] >= need[one] for one in stations}

    found = descend({"desk": 9, "bank": 9}, {"desk": 99, "bank": 99}, [["desk"], ["bank"]], holds)
    assert found.rungs == {"desk": 2, "bank": 4}


def test_what_broke_behind_a_station_that_is_stuck_is_looked_at_again() -> None:
    """No desk is enough; the bank needs a counter more as long as more of them let visitors in."""

    def holds(rungs: Rungs, stations: Sequence[str]) -> dict[str, bool]:
        need = {"desk": 99, "bank": 1 if rungs["desk"] < 2 else 3}
        return {one: rungs[one] >= need[one] for one in stations}

    start = {"desk": 3, "bank": 1}
    found = descend(
        start,
        {"desk": 98, "bank": 98},
        [["desk"], ["bank"]],
        holds,
        helps=lambda before, after, station: after["desk"] < 20,
        home={"desk": 1, "bank": 1},
    )
    assert found.rungs == {"desk": 1, "bank": 1}


def test_stations_of_one_level_do_not_lie_before_each_other() -> None:
    """Kiosk, then tenants; tax sends visitors on to the cashier, or to the bank."""
    stations = ["kiosk", "cashier", "tax", "bank", "post"]
    scenario = hall()
    assert levels(scenario, stations) == [["kiosk"], ["tax", "post"], ["cashier"], ["bank"]]
    bound = hall(lambda spec: spec.update(capacity=60))
    assert levels(bound, stations) == [[one] for one in stations]
