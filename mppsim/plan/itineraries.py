"""Where each visitor goes, and what each step takes: drawn in full at arrival.

The words of a step belong to the visitor, the station and the number of the visit there, not to its
place in the journey: a new first step leaves every later service as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.clock import TICK, on_grid
from mppsim.plan.plan import Floats, Integers
from mppsim.plan.streams import Words, high_half, low_half
from mppsim.plan.tables import draw_law, is_random
from mppsim.scenario.distributions import Law

VisitWords = Callable[[int, int], Words]
"""The words of the visit to a station (its index, the number of the visit) of every visitor."""


@dataclass(frozen=True)
class Stop:
    """What a visitor does at one station: which service is given, and where it may lead."""

    station: int
    service: int
    law: Law
    then: tuple[tuple[float, Stop], ...] = ()
    """Where a share of the visitors goes on to; the rest continue their journey."""


@dataclass(frozen=True, eq=False)
class Leg:
    """One stop of some of a source's visitors; arrays have a row for each of them."""

    rows: NDArray[np.int64]
    station: int
    service: int
    service_time: Floats
    visit: Integers
    """How often each visitor was at this station before."""


def draw_legs(journey: Sequence[Stop], visit_words: VisitWords, n: int) -> list[Leg]:
    """Return the legs of n visitors, in an order in which each of them makes them."""
    legs: list[Leg] = []
    visits: dict[int, Integers] = {}
    for stop in journey:
        _visit(stop, np.arange(n), visit_words, visits, legs, n)
    return legs


def _visit(
    stop: Stop,
    rows: NDArray[np.int64],
    visit_words: VisitWords,
    visits: dict[int, Integers],
    legs: list[Leg],
    n: int,
) -> None:
    number = visits.setdefault(stop.station, np.zeros(n, np.int32))
    if not (is_random(stop.law) or stop.then):
        words = np.zeros((len(rows), 4), np.uint64)
    elif not number[rows].any():
        words = visit_words(stop.station, 0)[rows]
    else:
        words = np.empty((len(rows), 4), np.uint64)
        for visit in np.unique(number[rows]):
            chosen = number[rows] == visit
            words[chosen] = visit_words(stop.station, int(visit))[rows[chosen]]
    visit_number = number[rows]
    number[rows] += 1
    drawn = draw_law(stop.law, words[:, 0], low_half(words[:, 2]))
    service_time = np.maximum(on_grid(drawn), TICK)
    legs.append(Leg(rows, stop.station, stop.service, service_time, visit_number))
    route = high_half(words[:, 2])
    reached = 0.0
    for share, onward in stop.then:
        chosen = (route >= reached) & (route < reached + share)
        reached += share
        if chosen.any():
            _visit(onward, rows[chosen], visit_words, visits, legs, n)
