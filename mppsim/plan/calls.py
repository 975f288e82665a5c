"""Calls in vain: what they cost, and who misses a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.clock import TICK, on_grid
from mppsim.plan.itineraries import Leg
from mppsim.plan.plan import NO_LIMIT, Recalling
from mppsim.plan.streams import Words, uniform
from mppsim.scenario.calls import dead_ticket_at, recall_at
from mppsim.scenario.schema import Scenario

CallWords = Callable[[int, int], Words]
"""The words of a call at a station (its index, the number of the visit) of every visitor."""


def dead_calls(scenario: Scenario, stations: Sequence[str]) -> dict[int, float]:
    """Return the minutes that the call of a dead ticket takes, by station that calls them."""
    found = ((index, dead_ticket_at(scenario, name)) for index, name in enumerate(stations))
    return {index: call_minutes(dead.call_time) for index, dead in found if dead}


def recalls(scenario: Scenario, stations: Sequence[str]) -> dict[int, Recalling]:
    """Return what stations do about missed calls, by station where visitors miss them."""
    found = ((index, recall_at(scenario, name)) for index, name in enumerate(stations))
    return {
        index: Recalling(
            call_minutes(recall.call_time), NO_LIMIT if recall.after == "tail" else recall.after
        )
        for index, recall in found
        if recall
    }


def missed_shares(scenario: Scenario, stations: Sequence[str]) -> dict[int, float]:
    """Return the share of calls that are missed, by station where it is above 0."""
    found = ((index, recall_at(scenario, name)) for index, name in enumerate(stations))
    return {index: recall.missed for index, recall in found if recall and recall.missed > 0}


def draw_misses(
    legs: Sequence[Leg], shares: Mapping[int, float], words: CallWords
) -> list[NDArray[np.bool_]]:
    """Return, for each leg, which of its visitors miss the first call."""
    misses = []
    for leg in legs:
        missed = np.zeros(len(leg.rows), np.bool_)
        if leg.station in shares:
            missed = uniform(words_of_leg(leg, words)[:, 0]) < shares[leg.station]
        misses.append(missed)
    return misses


def words_of_leg(leg: Leg, words: CallWords) -> Words:
    """Return the words of the calls of a leg, shape (visitors of the leg, 4)."""
    found = np.empty((len(leg.rows), 4), np.uint64)
    for visit in np.unique(leg.visit):
        chosen = leg.visit == visit
        found[chosen] = words(leg.station, int(visit))[leg.rows[chosen]]
    return found


def call_minutes(call_time: float) -> float:
    """Return the minutes of a call on the clock's grid, at least one tick."""
    return max(float(on_grid(np.array(call_time))), TICK)
