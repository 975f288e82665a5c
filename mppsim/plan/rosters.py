"""When the counters are on duty on one day: their rosters, less absences and late starts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from mppsim.plan.clock import on_grid
from mppsim.plan.streams import DAY_BLOCK, Words, WordSource, low_half, stream_key, uniform
from mppsim.plan.tables import draw_law
from mppsim.scenario import Scenario, duty_spans
from mppsim.scenario.crews import named_counters
from mppsim.scenario.days import Weekday
from mppsim.scenario.distributions import Law
from mppsim.scenario.rosters import Spans, late_start, shift_ends, without_start


@dataclass(frozen=True, eq=False)
class Luck:
    """What may befall a counter on a day."""

    key: Words
    absence: float
    late: Law | None


class Rosters:
    """The rosters of all counters of a hall on one weekday."""

    def __init__(self, scenario: Scenario, weekday: Weekday, seed: int) -> None:
        stations = (*scenario.stations, *scenario.tenants)
        self._planned = tuple(
            spans for station in stations for spans in duty_spans(scenario, weekday, station)
        )
        self.shift_ends = tuple(
            ends for station in stations for ends in shift_ends(scenario, weekday, station)
        )
        """By counter: the ends of duty at which a shift ends."""
        self.luck: dict[int, Luck] = {}
        """By counter that may be absent or late."""
        number = 0
        for station in stations:
            place = scenario.stations.get(station) or scenario.tenants[station]
            for name, counter in named_counters(place.counters).items():
                late = late_start(place, counter)
                if counter.absence or late:
                    key = stream_key(seed, f"counter/{station} {name}")
                    self.luck[number] = Luck(key, counter.absence, late)
                number += 1

    def drawn(self, words: WordSource, moment: dict[str, int]) -> tuple[Spans, ...]:
        """Return when each counter is on duty, as luck has it at this moment."""
        return self.beginning(_late(luck, words, moment) for luck in self.luck.values())

    def beginning(self, late: Iterable[float]) -> tuple[Spans, ...]:
        """Return when each counter is on duty if those of `luck` are so late; infinite: absent."""
        if not self.luck:
            return self._planned
        duty = list(self._planned)
        for counter, minutes in zip(self.luck, late, strict=True):
            if minutes == np.inf:
                duty[counter] = ()
            elif minutes > 0:
                duty[counter] = without_start(duty[counter], minutes)
        return tuple(duty)


def _late(luck: Luck, words: WordSource, moment: dict[str, int]) -> float:
    drawn = words.words(luck.key, DAY_BLOCK, n=1, **moment)
    if uniform(drawn[:, 0])[0] < luck.absence:
        return np.inf
    if luck.late is None:
        return 0.0
    return float(on_grid(draw_law(luck.late, drawn[:, 1], low_half(drawn[:, 2])))[0])
