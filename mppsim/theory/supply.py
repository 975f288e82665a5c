"""The minutes of work that the counters can do, hour by hour: on duty, at their speed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from mppsim.scenario import Scenario, duty_spans
from mppsim.scenario.crews import named_counters
from mppsim.scenario.days import Weekday
from mppsim.scenario.durations import Span
from mppsim.scenario.rosters import late_start, without_start
from mppsim.scenario.skills import Whom, skills_of

_POINTS = 64
"""Points of the law of late starts over which the time on duty is averaged."""
_ROUNDS = 50
"""Times that each shared counter divides its minutes anew; the shares settle far earlier."""


def supply(
    counters: Sequence[CounterMinutes], work: Mapping[str, Sequence[float]]
) -> dict[str, list[float]]:
    """Return the minutes that the counters can work for each station in each piece of the day.

    `work` has the minutes that come for each station. A counter that serves several stations
    divides its minutes so that the stations' work for each minute becomes as equal as it can make
    it. Who serves which service or class is not told apart here, but in `theory.specialists`.
    """
    able = [tuple(dict.fromkeys(whom.station for whom in one.serves)) for one in counters]
    pieces = [
        _divided(able, minutes, dict(zip(work, coming, strict=True)))
        for *minutes, coming in zip(
            *(one.minutes for one in counters), zip(*work.values(), strict=True), strict=True
        )
    ]
    return {station: [piece[station] for piece in pieces] for station in work}


class CounterMinutes(NamedTuple):
    """What a counter can do on a day."""

    name: str
    serves: tuple[Whom, ...]
    minutes: list[float]
    """Of work, by piece of the day."""


def counters_on(
    scenario: Scenario, weekday: Weekday, edges: Sequence[float]
) -> list[CounterMinutes]:
    """Return the minutes that each counter can work in each piece of the day.

    They are expected minutes on duty, absences and late starts counted, times the speed.
    """
    found = []
    for station in (*scenario.stations, *scenario.tenants):
        place = scenario.stations.get(station) or scenario.tenants[station]
        named = named_counters(place.counters)
        duty = duty_spans(scenario, weekday, station)
        for (name, counter), spans in zip(named.items(), duty, strict=True):
            skills = skills_of(scenario, station, counter)
            serves = tuple(whom for level in skills for whom in level) or (Whom(station),)
            late = late_start(place, counter)
            delays = [0.0] if late is None else late.quantile((np.arange(_POINTS) + 0.5) / _POINTS)
            rosters = [without_start(spans, float(delay)) for delay in delays]
            out, works = _outages(scenario, weekday, station)
            share = counter.speed * (1 - counter.absence) * works / len(rosters)
            minutes = [
                share * sum(_within(roster, out, *piece) for roster in rosters)
                for piece in pairwise(edges)
            ]
            found.append(CounterMinutes(f"{station} {name}", serves, minutes))
    return found


def _divided(
    able: Sequence[tuple[str, ...]], minutes: Sequence[float], work: dict[str, float]
) -> dict[str, float]:
    """Return the minutes that each station gets from counters that may serve several."""
    given = dict.fromkeys(work, 0.0)
    shared = []
    for stations, own in zip(able, minutes, strict=True):
        given[stations[0]] += own
        if len(stations) > 1 and own > 0:
            shared.append({station: own * (station == stations[0]) for station in stations})
    for _ in range(_ROUNDS if shared else 0):
        for shares in shared:
            for station, own in shares.items():
                given[station] -= own
            shares.update(_leveled(sum(shares.values()), {s: given[s] for s in shares}, work))
            for station, own in shares.items():
                given[station] += own
    return given


def _leveled(minutes: float, given: dict[str, float], work: dict[str, float]) -> dict[str, float]:
    """Divide minutes so that the highest ratios of work to minutes given come down to one level."""
    busy = sorted((s for s in given if work[s] > 0), key=lambda s: given[s] / work[s])
    if not busy:
        return {station: minutes * (station == next(iter(given))) for station in given}
    needed, total = 0.0, 0.0
    for number, station in enumerate(busy):
        total, needed = total + given[station], needed + work[station]
        inverse = (total + minutes) / needed
        following = busy[number + 1] if number + 1 < len(busy) else None
        if following is None or inverse <= given[following] / work[following]:
            break
    return {s: max(0.0, work[s] * inverse - given[s]) if work[s] > 0 else 0.0 for s in given}


def _outages(scenario: Scenario, weekday: Weekday, station: str) -> tuple[list[Span], float]:
    """Return the planned outages at a station, and the share of time without random ones."""
    at_station = [
        outage
        for outage in scenario.outages.values()
        if outage.at == "hall" or station in outage.at
    ]
    works = 1.0
    for outage in at_station:
        if outage.between is not None and outage.lasts is not None:
            between, lasts = outage.between.moments().mean, outage.lasts.moments().mean
            works *= between / (between + lasts)
    return [span for outage in at_station for span in (outage.days or {}).get(weekday, ())], works


def _within(roster: Sequence[Span], out: Sequence[Span], first: float, last: float) -> float:
    """Return the minutes on duty in a piece of the day, without planned outages."""
    edges = sorted({first, last, *(time for span in out for time in span if first < time < last)})
    return sum(
        max(0.0, min(till, span.end) - max(since, span.start))
        for since, till in pairwise(edges)
        if not any(span.start <= since < span.end for span in out)
        for span in roster
    )
