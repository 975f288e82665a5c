"""When the counters are on duty on one day: their rosters, less absences and late starts."""

from __future__ import annotations

from dataclasses import dataclass

from mppsim.plan.clock import on_grid
from mppsim.plan.streams import DAY_BLOCK, Words, WordSource, low_half, stream_key, uniform
from mppsim.plan.tables import draw_law
from mppsim.scenario import Scenario, duty_spans
from mppsim.scenario.crews import named_counters
from mppsim.scenario.days import Weekday
from mppsim.scenario.distributions import Law
from mppsim.scenario.rosters import Spans, late_start, shift_ends, without_start


@dataclass(frozen=True, eq=False)
class _Luck:
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
        self._luck: dict[int, _Luck] = {}
        number = 0
        for station in stations:
            place = scenario.stations.get(station) or scenario.tenants[station]
            for name, counter in named_counters(place.counters).items():
                late = late_start(place, counter)
                if counter.absence or late:
                    key = stream_key(seed, f"counter/{station} {name}")
                    self._luck[number] = _Luck(key, counter.absence, late)
                number += 1

    def drawn(self, words: WordSource, moment: dict[str, int]) -> tuple[Spans, ...]:
        """Return when each counter is on duty, as luck has it at this moment."""
        duty = list(self._planned)
        for counter, luck in self._luck.items():
            drawn = words.words(luck.key, DAY_BLOCK, n=1, **moment)
            if uniform(drawn[:, 0])[0] < luck.absence:
                duty[counter] = ()
            elif luck.late and duty[counter]:
                late = draw_law(luck.late, drawn[:, 1], low_half(drawn[:, 2]))
                duty[counter] = without_start(duty[counter], float(on_grid(late)[0]))
        return tuple(duty)
