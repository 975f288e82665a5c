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
from mppsim.plan.plan import AFTER_SERVICE, AWAY, IF_GIVING_UP, Floats, Integers
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
    place: int = 0
    """What is settled here, as a number that no other stop of the journey has; 0: nothing."""
    incomplete: Rework | None = None
    instead: Stop | None = None
    """Where those go who give up here."""
    comes_back: bool = False
    """Whether those who give up here come back on another day."""


@dataclass(frozen=True)
class Rework:
    """What happens to a share of the visitors whose papers are incomplete."""

    share: float
    costs: float
    """The part of a service that it takes to find out."""
    away: Stop | None
    """The time away; None: the visitor comes back at once."""
    back: int
    """TAIL or HEAD of the line; 0: on another day."""


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
    instead: int = 0
    only_after: int = 0
    back: int = 0
    another_day: int = 0
    place: int = 0
    line_choice: Floats | None = None
    """Uniforms that choose a line, where lines are chosen at random."""
    remote: Floats | None = None
    """As in `Steps`, where there is a virtual queue."""

    def only(self, those: NDArray[np.bool_], row: NDArray[np.int64]) -> Leg:
        """Return the leg of these of its visitors; `row` says where each visitor stands now."""
        return replace(
            self,
            rows=row[self.rows[those]],
            service_time=self.service_time[those],
            visit=self.visit[those],
            line_choice=None if self.line_choice is None else self.line_choice[those],
            remote=None if self.remote is None else self.remote[those],
        )


def draw_legs(
    journey: Sequence[Stop | Free],
    visit_words: VisitWords,
    n: int,
    *,
    returning: Rows | None = None,
) -> list[Leg]:
    """Return the legs of n visitors, in an order in which each of them makes them.

    With `returning`, those of the visitors with these rows when they come back on another day: the
    same ways with other service times, all papers at hand, and no third day.
    """
    drawing = _Drawing(visit_words, n, again=returning is not None)
    rows = np.arange(n) if returning is None else returning
    groups = parts = 0
    for step in journey:
        if isinstance(step, Stop):
            drawing.visit(step, rows)
            continue
        groups += 1
        for stop in step.stops:
            parts += 1
            drawing.group, drawing.part = groups, parts
            drawing.visit(stop, rows)
        drawing.group = drawing.part = 0
    return drawing.legs


REWORK, ELSEWHERE, RETURN = 1 << 16, 1 << 17, 1 << 18
"""Added to the number of a visit, so that its words are not those of any other visit."""


@dataclass
class _Drawing:
    """The legs drawn so far, and how often each visitor was at each place."""

    visit_words: VisitWords
    n: int
    again: bool = False
    group: int = 0
    part: int = 0
    only_after: int = 0
    n_instead: int = 0
    legs: list[Leg] = field(default_factory=list)
    visits: dict[int, Integers] = field(default_factory=dict)

    def visit(self, stop: Stop, rows: Rows) -> None:
        """Draw the visits of these visitors to a stop, and what follows from them."""
        before = self.visits.setdefault(stop.block, np.zeros(self.n, np.int32))
        number = before[rows] | (ELSEWHERE if self.only_after else 0)
        words = self._words(stop, rows, number)
        route = high_half(words[:, 2])
        if stop.share < 1:
            passing = route < stop.share
            rows, number, words = rows[passing], number[passing], words[passing]
            route = route[passing] / stop.share  # uniform again, whatever decided to come here
        if not self.only_after:
            before[rows] += 1
        elsewhere = None if self.only_after else stop.instead
        self.n_instead += elsewhere is not None
        instead = 0 if elsewhere is None else self.n_instead
        self._serve(stop, rows, number, words, instead)
        reached = 0.0
        for onward in stop.then:
            chosen = (route >= reached) & (route < reached + onward.share)
            reached += onward.share
            for following in onward.stops:
                self.visit(following, rows[chosen])
        if elsewhere is not None:
            self.only_after = instead
            self.visit(elsewhere, rows)
            self.only_after = 0

    def _serve(self, stop: Stop, rows: Rows, number: Integers, words: Words, instead: int) -> None:
        """Add the service; two where papers are incomplete, the first to find that out."""
        may_return = stop.comes_back and not (self.again or self.only_after)
        leaving = IF_GIVING_UP if may_return else 0
        rework = None if self.again else stop.incomplete
        if rework is None:
            self._add(stop, rows, number, words, instead=instead, another_day=leaving)
            return
        lacking = uniform(words[:, 3]) < rework.share
        complete, found = rows[~lacking], rows[lacking]
        self._add(
            stop, complete, number[~lacking], words[~lacking], instead=instead, another_day=leaving
        )
        first, first_words = number[lacking], words[lacking]
        ends = leaving if rework.back else leaving | AFTER_SERVICE
        self._add(
            replace(stop, place=-stop.place), found, first, first_words, rework.costs,
            instead=instead, another_day=ends,
        )  # fmt: skip
        if not rework.back:
            return
        if rework.away is not None:
            self.visit(rework.away, found)
        later = first | REWORK
        self._add(
            stop, found, later, self._words(stop, found, later),
            instead=instead, another_day=leaving, back=rework.back,
        )  # fmt: skip

    def _add(
        self,
        stop: Stop,
        rows: Rows,
        number: Integers,
        words: Words,
        part_of_time: float = 1.0,
        **columns: int,
    ) -> None:
        """Add a leg; who returns needs another time than on the first day."""
        if self.again:
            number = number | RETURN
            words = self._words(stop, rows, number)
        drawn = on_grid(part_of_time * draw_law(stop.law, words[:, 0], low_half(words[:, 2])))
        self.legs.append(
            Leg(
                rows,
                stop.station,
                stop.service,
                drawn if stop.station == AWAY else np.maximum(drawn, TICK),
                number,
                any_order=self.group,
                part=self.part,
                only_after=self.only_after,
                place=stop.place,
                line_choice=uniform(words[:, 1]) if stop.chooses_line else None,
                remote=None,
                **columns,
            )
        )

    def _words(self, stop: Stop, rows: Rows, number: Integers) -> Words:
        if not needs_words(stop):
            return np.zeros((len(rows), 4), np.uint64)
        words = np.empty((len(rows), 4), np.uint64)
        for visit in np.unique(number):
            chosen = number == visit
            words[chosen] = self.visit_words(stop.block, int(visit))[rows[chosen]]
        return words


def needs_words(stop: Stop) -> bool:
    """Tell whether anything about a visit is left to chance."""
    chance = stop.share < 1 or stop.then or stop.incomplete or stop.chooses_line
    return bool(chance) or is_random(stop.law)
