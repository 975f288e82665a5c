"""Outages: by the calendar as written, or at random on a stream of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from mppsim.plan.clock import TICK, on_grid
from mppsim.plan.plan import Layout, Outage
from mppsim.plan.streams import DAY_BLOCK, Words, WordSource, high_half, low_half, stream_key
from mppsim.plan.tables import draw_law
from mppsim.scenario import Scenario
from mppsim.scenario import schema as written
from mppsim.scenario.days import Day, Weekday
from mppsim.scenario.distributions import Law
from mppsim.scenario.durations import Span

_AT_ONCE = 32
"""Intervals computed in one go."""


@dataclass(frozen=True, eq=False)
class OutageSource:
    """An outage of the scenario, and where its luck comes from."""

    key: Words
    stations: tuple[int, ...]
    written: written.Outage

    @property
    def is_random(self) -> bool:
        """Tell whether luck says when it is; else the calendar does."""
        return self.written.days is None

    def on(
        self, weekday: Weekday, day: Day, words: WordSource, moment: dict[str, int]
    ) -> list[Outage]:
        """Return the outages of a day, in order."""
        if self.written.days is not None:
            spans = list(self.written.days.get(weekday, ()))
        else:
            assert self.written.between is not None and self.written.lasts is not None
            spans = self._drawn(self.written.between, self.written.lasts, day, words, moment)
        return self.of(spans)

    def of(self, spans: Iterable[tuple[float, float]]) -> list[Outage]:
        """Return the outages that begin and end at these times."""
        restarts = self.written.service == "restarts"
        return [Outage(begin, end, self.stations, restarts) for begin, end in spans]

    def _drawn(
        self, between: Law, lasts: Law, day: Day, words: WordSource, moment: dict[str, int]
    ) -> list[Span]:
        """Return outages from opening to closing; the clock runs while nothing is out.

        One block an interval: time to the next outage, its length, the components of both laws.
        """
        spans: list[Span] = []
        last = day.open
        n = _AT_ONCE
        while True:
            block = words.words(self.key, DAY_BLOCK, n=n, **moment)[len(spans) :]
            gaps = on_grid(draw_law(between, block[:, 0], high_half(block[:, 2])))
            lengths = on_grid(draw_law(lasts, block[:, 1], low_half(block[:, 2])))
            for gap, length in zip(
                np.maximum(gaps, TICK).tolist(), np.maximum(lengths, TICK).tolist(), strict=True
            ):
                begin = last + gap
                if begin >= day.close:
                    return spans
                last = begin + length
                spans.append(Span(begin, last))
            n *= 2


def outage_sources(scenario: Scenario, layout: Layout, seed: int) -> list[OutageSource]:
    """Return the outages of a scenario in the order of their names."""
    return [
        OutageSource(
            stream_key(seed, f"outage/{name}"),
            tuple(
                range(len(layout.stations))
                if outage.at == "hall"
                else sorted({layout.stations.index(station) for station in outage.at})
            ),
            outage,
        )
        for name, outage in sorted(scenario.outages.items())
    ]
