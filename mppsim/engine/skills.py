"""Skills: the lines that a hall needs so that each counter finds those whom it serves."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from mppsim.plan.plan import Layout
from mppsim.plan.rules import CounterRule, StationRule, Target

Line = deque[int]
"""Visitors who wait, first come first."""
Level = tuple[tuple[Line, ...], ...]
"""Lines that a counter prefers equally, as they are listed: an entry may cover several lines."""


@dataclass(frozen=True, eq=False)
class Skills:
    """Who serves whom.

    A station has a line for each class and part; the line of class k and part p is number
    k * parts + p. A part is what the counters tell apart: services that the same counters serve, or
    where visitors stand at a counter each, the counter. Most stations have one part.
    """

    lines: list[list[Line]]
    parts: list[int]
    """By station."""
    part_of: dict[tuple[int, int], int]
    """By station and service, where that is not part 0."""
    able: list[list[list[int]]]
    """By station and line: the counters that may serve it."""
    levels: list[tuple[Level, ...]]
    """By counter: the lines that it serves, most preferred first."""
    serves: list[tuple[tuple[Target, ...], ...]]
    _able_to: dict[tuple[int, int, int], list[int]] = field(default_factory=dict)

    def able_to(self, station: int, service: int, visitor_class: int) -> list[int]:
        """Return the counters that may serve the visitors of a service and class at a station."""
        whom = (station, service, visitor_class)
        if whom not in self._able_to:
            those = self._at_station.get(station, ())
            able = [c for c, target in those if _includes(target, service, visitor_class)]
            self._able_to[whom] = [*dict.fromkeys(able)]
        return self._able_to[whom]

    @cached_property
    def _at_station(self) -> dict[int, list[tuple[int, Target]]]:
        """By station: whom counters serve there, in their order."""
        found: dict[int, list[tuple[int, Target]]] = {}
        for counter, levels in enumerate(self.serves):
            for target in chain.from_iterable(levels):
                found.setdefault(target.station, []).append((counter, target))
        return found


def skills_of(layout: Layout) -> Skills:
    """Return the empty lines of a hall, and which counters look at them."""
    rules = layout.counter_rules or (CounterRule(),) * len(layout.counters)
    own = [int(station) for station in layout.counter_station]
    serves = [rule.serves or ((Target(own[c]),),) for c, rule in enumerate(rules)]
    stations, classes = range(len(layout.stations)), range(len(layout.classes))
    separate = [s for s in stations if station_rule(layout, s).lines != "one"]
    part_of = {
        (station, service): part
        for station in stations
        if station not in separate
        for service, part in _parts(station, serves, len(layout.services)).items()
    }
    parts = [
        own.count(station)
        if station in separate
        else 1 + max((part for (at, _), part in part_of.items() if at == station), default=0)
        for station in stations
    ]
    lines: list[list[Line]] = [[deque() for _ in classes for _ in range(n)] for n in parts]
    number = {
        (s, k, p): k * parts[s] + p for s in stations for k in classes for p in range(parts[s])
    }

    def covered(target: Target) -> list[tuple[int, int]]:
        station, service = target.station, target.service
        its_parts = range(parts[station]) if service == -1 else [part_of.get((station, service), 0)]
        its_classes = classes if target.visitor_class == -1 else [target.visitor_class]
        return [(station, number[station, k, p]) for k in its_classes for p in its_parts]

    able: list[list[list[int]]] = [[[] for _ in here] for here in lines]
    levels = []
    for counter, station in enumerate(own):
        if station in separate:
            mine = counter - own.index(station)
            places = [[[(station, number[station, k, mine]) for k in classes]]]
        else:
            places = [[covered(target) for target in level] for level in serves[counter]]
        levels.append(
            tuple(
                tuple(tuple(lines[s][i] for s, i in entry) for entry in level) for level in places
            )
        )
        for s, i in {place for level in places for entry in level for place in entry}:
            able[s][i].append(counter)
    return Skills(lines, parts, part_of, able, levels, serves)


def station_rule(layout: Layout, station: int) -> StationRule:
    """Return the rules of a station."""
    return layout.station_rules[station] if layout.station_rules else StationRule()


def _parts(
    station: int, serves: list[tuple[tuple[Target, ...], ...]], n_services: int
) -> dict[int, int]:
    """Return the part of each service at a station whose counters tell services apart."""
    targets = [
        (place, target.service)
        for place, target in enumerate(t for levels in serves for level in levels for t in level)
        if target.station == station and target.service != -1
    ]
    if not targets:
        return {}
    by_skill: dict[tuple[int, ...], int] = {}
    return {
        service: by_skill.setdefault(
            tuple(place for place, only in targets if only == service), len(by_skill)
        )
        for service in range(n_services)
    }


def _includes(target: Target, service: int, visitor_class: int) -> bool:
    return target.service in (-1, service) and target.visitor_class in (-1, visitor_class)
