"""Lines whose arrivals and counters change over the day, from formulas for the steady state.

Three ways to look at the same day: `pointwise_stationary`, as if each moment lasted for ever;
`modified_offered_load`, the load of visitors who are still being served, which lags behind their
arrival; and `fluid_flow`, which also carries the line itself along, so that it alone has an answer
while more work comes than the counters can do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from mppsim.theory.erlang import WaitingLine, erlang_c

Floats = NDArray[np.float64]
_LONGEST_STEP = 2.5
_CHANGING = ("rate", "counters")
_RATIOS = 240
"""Utilizations from 0 to 1 - 1e-6 at which a steady state is computed."""


@dataclass(frozen=True)
class Piece:
    """A time in which nothing changes: visitors per minute, and what the counters can do."""

    start: float
    end: float
    rate: float
    counters: float
    """The mean number on duty, a faster one counting as more."""

    @property
    def whole_counters(self) -> int:
        """The number of counters, at least one, of which a formula speaks."""
        return max(1, round(self.counters))


def pointwise_stationary(
    pieces: Sequence[Piece], service: float, cv_service: float = 1.0
) -> list[float]:
    """Return the mean wait in each piece as if it lasted for ever; infinite at an overload.

    Green and Kolesar (1991), The pointwise stationary approximation for queues with nonstationary
    arrivals, Management Science 37, 84-97: good where services are short beside the changes.
    """
    return [_stationary_wait(piece, piece.rate, service, cv_service) for piece in pieces]


def modified_offered_load(
    pieces: Sequence[Piece], service: float, cv_service: float = 1.0
) -> list[float]:
    """Return the mean wait in each piece, with the load that is there on average in it.

    The load m of infinitely many counters follows m' = rate - m / service (exactly so for
    exponential services) and stands in a steady-state formula: Jagerman (1975), Bell System
    Technical Journal 54, 525-550; Jennings, Mandelbaum, Massey and Whitt (1996), Management Science
    42, 1383-1394. It begins empty.
    """
    waits, load = [], 0.0
    for piece in pieces:
        mean, load = busy_if_unlimited(load, piece.rate, service, piece.end - piece.start)
        waits.append(_stationary_wait(piece, mean / service, service, cv_service))
    return waits


def busy_if_unlimited(
    load: float, rate: float, service: float, length: float
) -> tuple[float, float]:
    """Return the mean number being served over a time, and that at its end, with counters for all.

    `load` is the number at its beginning: Eick, Massey and Whitt (1993), The physics of the
    Mt/G/inf queue, Operations Research 41, 731-742, for exponential services, a constant rate.
    """
    settled, left = rate * service, math.exp(-length / service)
    end = settled + (load - settled) * left
    return settled + (load - settled) * (1 - left) * service / length, end


@dataclass(frozen=True, eq=False)
class Flow:
    """The expected line at the beginning of each step; arrays of the shape (steps, days)."""

    time: Floats
    visitors: Floats
    """How many come in the step."""
    utilization: Floats
    wait: Floats
    """Mean wait of who comes then."""
    delayed: Floats
    """Share of them who wait."""

    def mean_wait(self) -> float:
        """Return the mean over all visitors; 0 where nobody comes."""
        return self.over_visitors(self.wait)

    def within(self, time: float) -> float:
        """Return the share of all visitors who wait at most `time`, the delayed exponentially."""
        with np.errstate(divide="ignore", invalid="ignore"):
            beyond = self.delayed * np.exp(-time * self.delayed / self.wait)
        return 1 - self.over_visitors(np.where(self.wait > 0, beyond, 0.0))

    def over_visitors(self, values: Floats, during: NDArray[np.bool_] | None = None) -> float:
        """Return the mean of a value over the visitors of some steps; 0 where nobody comes."""
        visitors = self.visitors if during is None else self.visitors * during
        total = float(visitors.sum())
        return float((visitors * values).sum()) / total if total > 0 else 0.0


Staying = Callable[[Floats, Floats], Floats]
"""From lines and waits to the share of those who come then and stay."""


def fluid_flow(
    days: Sequence[Sequence[Piece]],
    service: float,
    cv_service: float = 1.0,
    *,
    staying: Staying | None = None,
) -> Flow:
    """Return the line over days that begin empty, by the pointwise stationary fluid flow.

    The number present x follows x' = rate - c u(x) / service, where u(x) is the utilization at
    which x would be the mean number in the steady state: Wang, Tipper and Banerjee (1996), An
    alternative approximation method for performance evaluation of nonstationary queues, IEEE
    INFOCOM, 695-703. The days have the same pieces of time; whoever does not stay is lost.
    """
    present, parts = np.zeros(len(days)), []
    pieces = [*zip(*days, strict=True)]
    for number, piece in enumerate(pieces):
        start, end = piece[0].start, piece[0].end
        rate, counters = (np.array([getattr(day, name) for day in piece]) for name in _CHANGING)
        table = _steady_states(max(1, round(float(counters.mean()))), cv_service)
        back, after = _coming_back(pieces, number)
        length = (end - start) / math.ceil((end - start) / _LONGEST_STEP)
        for time in np.arange(start, end - length / 2, length):
            state = _state(table, present, counters, service, (back - time - length / 2, after))
            parts.append((np.full(len(days), time), rate * length, *state.shown))
            coming = rate if staying is None else rate * staying(state.line, state.wait)
            pace = counters / service
            # Rosenbrock's implicit step: stable however short the services are.
            change = (coming - pace * state.utilization) / (1 + length * pace * state.slope)
            present = np.maximum(0.0, present + length * change)
    columns = [np.array(column) for column in zip(*parts, strict=True)]
    return Flow(*columns)


@dataclass(frozen=True, eq=False)
class _SteadyStates:
    """Numbers present in the steady state, rising, and what belongs to each."""

    present: Floats
    utilization: Floats
    delayed: Floats
    slope: Floats
    """How fast the utilization grows with the number present."""
    counters: int


@dataclass(frozen=True, eq=False)
class _State:
    line: Floats
    wait: Floats
    utilization: Floats
    delayed: Floats
    slope: Floats

    @property
    def shown(self) -> tuple[Floats, Floats, Floats]:
        return self.utilization, self.wait, self.delayed


def _state(
    table: _SteadyStates,
    present: Floats,
    counters: Floats,
    service: float,
    coming_back: tuple[float, Floats],
) -> _State:
    """Return the state with so many present; with nobody on duty all wait for who comes back."""
    if counters[0] == 0:
        until, after = coming_back
        pace = np.where(after > 0, after / service, np.inf)
        nothing = np.zeros(len(present))
        return _State(present, until + present / pace, nothing, nothing + 1.0, nothing)
    utilization, delayed, slope = (
        np.interp(present, table.present, column)
        for column in (table.utilization, table.delayed, table.slope)
    )
    line = np.maximum(0.0, present - table.counters * utilization)
    wait = line * service / (counters * np.where(utilization > 0, utilization, 1.0))
    return _State(line, wait, utilization, delayed, slope)


def _coming_back(pieces: Sequence[tuple[Piece, ...]], number: int) -> tuple[float, Floats]:
    """Return when counters are on duty next, and how many on each day; the closing if never."""
    for piece in pieces[number:]:
        if piece[0].counters > 0:
            return piece[0].start, np.array([day.counters for day in piece])
    return pieces[-1][0].end, np.zeros(len(pieces[0]))


@cache
def _steady_states(counters: int, cv_service: float) -> _SteadyStates:
    utilization = 1 - np.geomspace(1, 1e-6, _RATIOS)
    delayed = erlang_c(utilization * counters, counters)
    variability = (1 + cv_service**2) / 2
    line = delayed * variability * utilization / (1 - utilization)
    present = utilization * counters + line
    return _SteadyStates(present, utilization, delayed, np.gradient(utilization, present), counters)


def _stationary_wait(piece: Piece, rate: float, service: float, cv_service: float) -> float:
    if rate == 0:
        return 0.0
    if piece.counters == 0:
        return math.inf
    counters = piece.whole_counters
    # Counters of another speed, or there for a part of the piece: the same work for each minute.
    pace = service * counters / piece.counters
    return WaitingLine(rate, pace, counters, cv_service=cv_service).mean_wait
