"""How long visitors wait at each station, by formulas: an answer in milliseconds, without luck.

Each station is looked at by itself: visitors come at random over each quarter of an hour, at a
place after the door in the quarter in which they came to the hall, to one line for counters alike.
The line is carried over the day by `fluid_flows`, for a few kinds of days between quiet and busy
where `day_to_day_cv` makes them differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from mppsim.scenario import Scenario
from mppsim.scenario.days import Weekday
from mppsim.scenario.door import tickets_from
from mppsim.scenario.places import balk_at, patience_at, promise_of
from mppsim.scenario.profile import tenant_curve
from mppsim.scenario.quantiles import Standard
from mppsim.scenario.schema import TENANT_STEP
from mppsim.theory.offered_load import StationLoad, offered_loads
from mppsim.theory.single_counter import cobham
from mppsim.theory.time_varying import (
    DaysOfLine,
    Floats,
    Flow,
    Piece,
    Staying,
    fluid_flows,
    modified_offered_load,
    pointwise_stationary,
)

_QUARTER = 15.0
_QUIET, _BUSY = np.array([0.1, 0.3, 0.5]), np.array([0.3, 0.1])
"""Five kinds of days: the levels of the quiet ones, and how rare the busy ones are."""
_LONGEST_PATIENCE, _PATIENCES = 480.0, 193


@dataclass(frozen=True)
class HourEstimate:
    """The mean wait of those who come in one hour, by three formulas (`theory.time_varying`)."""

    start: float
    wait: float
    """By the flow that carries the line along."""
    wait_pointwise: float
    """As if each quarter lasted for ever; infinite at an overload."""
    wait_offered_load: float
    """With the load that is still being served; infinite at an overload."""


@dataclass(frozen=True)
class StationEstimate:
    """The wait at one station on one day."""

    station: str
    weekday: Weekday
    visitors: float
    wait: float
    """Mean of all visitors, in minutes."""
    by_class: dict[str, float]
    """Mean by class of visitors, by Cobham's ratios."""
    promised: float | None
    """The promised longest wait; the shortest, where services differ."""
    kept: float | None
    """The share of visitors who wait no longer than is promised."""
    hours: tuple[HourEstimate, ...]
    flow: Flow = field(repr=False)


def estimate(scenario: Scenario, weekday: Weekday) -> tuple[StationEstimate, ...]:
    """Return the wait at every station, shared stations first, then tenants, as they are listed."""
    factors = _kinds_of_days(scenario)
    days = offered_loads(scenario, weekday, factors, piece=_QUARTER)
    early = _before_opening(scenario, weekday)
    lines = [
        _line(scenario, kinds, [one.times(factor) for factor in factors])
        for kinds in zip(*days, strict=True)
        for one in (early.get(kinds[0].station, _Early(0.0, 0.0)),)
    ]
    usual = days[len(days) // 2]
    return tuple(
        _estimate(scenario, load, line, flow)
        for load, line, flow in zip(usual, lines, fluid_flows(lines), strict=True)
    )


def _kinds_of_days(scenario: Scenario) -> list[float]:
    """Return factors of the demand, each as likely, with the mean 1."""
    cv = scenario.arrivals.day_to_day_cv
    if cv == 0 or scenario.replay is not None:
        return [1.0]
    gamma = Standard("gamma", 1 / cv**2)
    factors = np.concatenate([gamma.quantile(_QUIET, False), gamma.quantile(_BUSY, True)])
    return [float(factor) for factor in factors / factors.mean()]


@dataclass(frozen=True)
class _Early:
    """Who stands at the door before it opens."""

    number: float
    waiting: float
    """The length of the time over which they come, summed over all of them."""

    def times(self, factor: float) -> _Early:
        """Return so many times the visitors."""
        return _Early(self.number * factor, self.waiting * factor)


def _before_opening(scenario: Scenario, weekday: Weekday) -> dict[str, _Early]:
    """Return who stands at the door before it opens, by the first station that they go to."""
    day = scenario.days[weekday]
    found: dict[str, _Early] = {}
    for tenant, place in scenario.tenants.items() if scenario.replay is None else ():
        step = (place.journey or scenario.journey)[0]
        if isinstance(step, str):
            station = tenant if step == TENANT_STEP else step
            curve = tenant_curve(scenario, weekday, tenant)
            first = float(curve.edges[0])
            demand = place.visitors_per_day * day.demand * day.tenants.get(tenant, 1.0)
            number = demand * curve.share(first, day.open)
            since = max(first, tickets_from(scenario, weekday, tenant) or first)
            before = found.get(station, _Early(0.0, 0.0))
            minutes = before.waiting + number * max(0.0, day.open - since)
            found[station] = _Early(before.number + number, minutes)
    return found


def _line(scenario: Scenario, kinds: Sequence[StationLoad], early: Sequence[_Early]) -> DaysOfLine:
    load = kinds[len(kinds) // 2]
    service = sum(hour.work for hour in load.hours) / load.visitors if load.visitors > 0 else 1.0
    days = [_pieces(kind, service, waiting) for kind, waiting in zip(kinds, early, strict=True)]
    return DaysOfLine(days, service, load.cv, _staying(scenario, load.station))


def _estimate(
    scenario: Scenario, load: StationLoad, line: DaysOfLine, flow: Flow
) -> StationEstimate:
    promised = _promised(scenario, load.station)
    kept = [share * flow.within(minutes) for minutes, share in promised]
    return StationEstimate(
        load.station,
        load.weekday,
        load.visitors,
        flow.mean_wait(),
        _by_class(scenario, flow),
        min((minutes for minutes, _ in promised), default=None),
        sum(kept) / sum(share for _, share in promised) if promised else None,
        tuple(_by_hour(load, line.days[len(line.days) // 2], flow, line.service)),
        flow,
    )


def _pieces(load: StationLoad, service: float, early: _Early) -> list[Piece]:
    """Return the quarters of a day, and before them the time in which the early stand outside.

    The early count in the first quarter of the load, of which they are taken out.
    """
    first, *others = load.hours
    number = min(early.number, first.visitors)
    inside = first.work * (1 - number / first.visitors) if number > 0 else first.work
    rest = [Piece(one.start, one.end, one.load / service, one.counters) for one in others]
    begin = Piece(
        first.start, first.end, inside / service / (first.end - first.start), first.counters
    )
    if number == 0 or early.waiting == 0:
        return [begin, *rest]
    outside = early.waiting / early.number
    return [Piece(first.start - outside, first.start, number / outside, 0.0), begin, *rest]


def _staying(scenario: Scenario, station: str) -> Staying | None:
    """Return which share of visitors neither balk at a line and its wait nor lose patience."""
    patience, balk = patience_at(scenario, station), balk_at(scenario, station)
    if patience is None and balk is None:
        return None
    levels = balk.above if balk is not None else None
    steps = {levels: 1.0} if isinstance(levels, int) else levels or {}
    longest = balk.wait_above if balk is not None else None

    waits = np.linspace(0, _LONGEST_PATIENCE, _PATIENCES)
    left = np.ones(_PATIENCES) if patience is None else patience.tail(waits, True)

    def share(line: Floats, wait: Floats) -> Floats:
        stay = np.interp(wait, waits, left)
        for above, balking in steps.items():
            stay = np.where(line > above, np.minimum(stay, 1 - balking), stay)
        return stay if longest is None else np.where(wait > longest, 0.0, stay)

    return share


def _promised(scenario: Scenario, station: str) -> list[tuple[float, float]]:
    """Return the promised waits at a station, each with the share of visitors who have it."""
    if station in scenario.stations:
        found = [(scenario.stations[station].promise, 1.0)]
    else:
        services = scenario.tenants[station].services.items()
        found = [(promise_of(scenario, station, name), one.share) for name, one in services]
    return [(own.wait, share) for own, share in found if own is not None and own.wait is not None]


def _by_class(scenario: Scenario, flow: Flow) -> dict[str, float]:
    """Return the mean wait by class, with the utilization that the visitors meet on average."""
    classes = scenario.visitors.classes
    met = flow.over_visitors(flow.utilization)
    return dict(zip(classes, cobham(flow.mean_wait(), met, [*classes.values()]), strict=True))


def _by_hour(
    load: StationLoad, pieces: Sequence[Piece], flow: Flow, service: float
) -> Iterator[HourEstimate]:
    opening = load.hours[0].start
    waits = zip(
        pieces,
        pointwise_stationary(pieces, service, load.cv),
        modified_offered_load(pieces, service, load.cv),
        strict=True,
    )
    for start, quarters in groupby(waits, lambda one: max(opening, one[0].start // 60 * 60)):
        group = [*quarters]
        first, last = group[0][0], group[-1][0]
        during = (flow.time >= first.start) & (flow.time < last.end)
        coming = [piece.rate * (piece.end - piece.start) for piece, *_ in group]
        yield HourEstimate(
            start,
            flow.over_visitors(flow.wait, during),
            _weighted([pointwise for _, pointwise, _ in group], coming),
            _weighted([modified for _, _, modified in group], coming),
        )


def _weighted(waits: Sequence[float], visitors: Sequence[float]) -> float:
    """Return the mean over visitors; a wait without an end counts where there are any."""
    parts = [wait * number for wait, number in zip(waits, visitors, strict=True) if number > 0]
    return sum(parts) / sum(visitors) if parts else 0.0
