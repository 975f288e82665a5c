"""Where each visitor goes, and what each step takes: drawn in full at arrival.

The words of a step belong to the visitor, the station and the number of the visit there, not to its
place in the journey: a new first step leaves every later service as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.clock import TICK, on_grid
from mppsim.plan.plan import AWAY, Floats, Integers
from mppsim.plan.streams import Words, high_half, low_half, uniform
from mppsim.plan.tables import draw_law, is_random
from mppsim.scenario.distributions import Law

Rows = NDArray[np.int64]
VisitWords = Callable[[int, int], Words]
"""The words of the visit to a place (its block, the number of the visit) of every visitor."""


@dataclass(frozen=True)
class Stop:
    """What a visitor does at one place: which service is given, and where it may lead.

    At the station AWAY the visitor only spends time. `block` names the words of the place.
    """

    station: int
    service: int
    law: Law
    block: int
    then: tuple[Onward, ...] = ()
    """Where shares of the visitors go on to; the rest continue their journey."""
    share: float = 1.0
    """The share of the visitors who pass this stop at all."""
    chooses_line: bool = False
    """Whether visitors choose one of several lines by chance."""


@dataclass(frozen=True)
class Onward:
    """Stops that a share of the visitors go on to."""

    share: float
    stops: tuple[Stop, ...]


@dataclass(frozen=True)
class Free:
    """Stops that a visitor makes in any order."""

    stops: tuple[Stop, ...]


@dataclass(frozen=True, eq=False)
class Leg:
    """One stop of some of a source's visitors; arrays have a row for each of them."""

    rows: Rows
    station: int
    service: int
    service_time: Floats
    visit: Integers
    """How often each visitor was at this station before."""
    any_order: int = 0
    part: int = 0
    line_choice: Floats | None = None
    """Uniforms that choose a line, where lines are chosen at random."""

    def only(self, those: NDArray[np.bool_], row: NDArray[np.int64]) -> Leg:
        """Return the leg of these of its visitors; `row` says where each visitor stands now."""
        return replace(
            self,
            rows=row[self.rows[those]],
            service_time=self.service_time[those],
            visit=self.visit[those],
        )


def draw_legs(journey: Sequence[Stop | Free], visit_words: VisitWords, n: int) -> list[Leg]:
    """Return the legs of n visitors, in an order in which each of them makes them."""
    drawing = _Drawing(visit_words, n)
    groups = parts = 0
    for step in journey:
        if isinstance(step, Stop):
            drawing.visit(step, np.arange(n))
            continue
        groups += 1
        for stop in step.stops:
            parts += 1
            drawing.group, drawing.part = groups, parts
            drawing.visit(stop, np.arange(n))
        drawing.group = drawing.part = 0
    return drawing.legs


@dataclass
class _Drawing:
    """The legs drawn so far, and how often each visitor was at each place."""

    visit_words: VisitWords
    n: int
    group: int = 0
    part: int = 0
    legs: list[Leg] = field(default_factory=list)
    visits: dict[int, Integers] = field(default_factory=dict)

    def visit(self, stop: Stop, rows: Rows) -> None:
        """Draw the visits of these visitors to a stop, and what follows from them."""
        words = self._words(stop, rows)
        route = high_half(words[:, 2])
        if stop.share < 1:
            passing = route < stop.share
            rows, words = rows[passing], words[passing]
            route = route[passing] / stop.share  # uniform again, whatever decided to come here
        number = self.visits[stop.block][rows]
        self.visits[stop.block][rows] += 1
        drawn = draw_law(stop.law, words[:, 0], low_half(words[:, 2]))
        time = on_grid(drawn) if stop.station == AWAY else np.maximum(on_grid(drawn), TICK)
        choice = uniform(words[:, 1]) if stop.chooses_line else None
        leg = Leg(rows, stop.station, stop.service, time, number, self.group, self.part, choice)
        self.legs.append(leg)
        reached = 0.0
        for onward in stop.then:
            chosen = (route >= reached) & (route < reached + onward.share)
            reached += onward.share
            for following in onward.stops if chosen.any() else ():
                self.visit(following, rows[chosen])

    def _words(self, stop: Stop, rows: Rows) -> Words:
        number = self.visits.setdefault(stop.block, np.zeros(self.n, np.int32))
        if not (is_random(stop.law) or stop.then or stop.share < 1 or stop.chooses_line):
            return np.zeros((len(rows), 4), np.uint64)
        if not number[rows].any():
            return self.visit_words(stop.block, 0)[rows]
        words = np.empty((len(rows), 4), np.uint64)
        for visit in np.unique(number[rows]):
            chosen = number[rows] == visit
            words[chosen] = self.visit_words(stop.block, int(visit))[rows[chosen]]
        return words
