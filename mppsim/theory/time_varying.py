"""Lines whose arrivals and counters change over the day, from formulas for the steady state.

Three ways to look at the same day: `pointwise_stationary`, as if each moment lasted for ever;
`modified_offered_load`, the load of visitors who are still being served, which lags behind their
arrival; and `fluid_flows`, which also carries the line itself along, so that it alone has an answer
while more work comes than the counters can do.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from mppsim.theory.erlang import WaitingLine, erlang_c

Floats = NDArray[np.float64]
_LONGEST_STEP = 2.5
_RATIOS = 240
_UTILIZATIONS = 1 - np.geomspace(1, 1e-6, _RATIOS)
"""At which a steady state is computed."""


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


@dataclass(frozen=True, eq=False)
class DaysOfLine:
    """A line on days of several kinds, which have the same pieces of time."""

    days: Sequence[Sequence[Piece]]
    service: float
    cv_service: float = 1.0
    staying: Staying | None = None
    """None: all stay. Whoever does not is lost."""


def fluid_flows(lines: Sequence[DaysOfLine]) -> list[Flow]:
    """Return each line over days that begin empty, by the pointwise stationary fluid flow.

    The number present x follows x' = rate - c u(x) / service, where u(x) is the utilization at
    which x would be the mean number in the steady state: Wang, Tipper and Banerjee (1996), An
    alternative approximation method for performance evaluation of nonstationary queues, IEEE
    INFOCOM, 695-703. Lines with the same pieces of time go together, which takes less time.
    """
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for number, one in enumerate(lines):
        times = [(piece.start, piece.end) for piece in one.days[0]]
        alike[len(one.days), *times].append(number)
    flows: dict[int, Flow] = {}
    for numbers in alike.values():
        together = _together([lines[number] for number in numbers])
        flows |= zip(numbers, together, strict=True)
    return [flows[number] for number in range(len(lines))]


def _together(lines: Sequence[DaysOfLine]) -> list[Flow]:
    """Return flows of lines with the same pieces of time; arrays have the shape (lines, days)."""
    rates, counters = (
        np.array([[[getattr(one, name) for one in day] for day in line.days] for line in lines])
        for name in ("rate", "counters")
    )
    service = np.array([[line.service] for line in lines])
    present, parts = np.zeros(rates.shape[:2]), []
    pieces = lines[0].days[0]
    for number, piece in enumerate(pieces):
        rate, here = rates[..., number], counters[..., number]
        crews = [max(1, round(float(mean))) for mean in here.mean(axis=1)]
        table = _SteadyStates.of(crews, [line.cv_service for line in lines])
        back, after = _coming_back(pieces, counters, number)
        pace = here / service
        length = (piece.end - piece.start) / math.ceil((piece.end - piece.start) / _LONGEST_STEP)
        for time in np.arange(piece.start, piece.end - length / 2, length):
            state = table.at(present, here, service, back - time - length / 2, after)
            parts.append((np.full_like(rate, time), rate * length, *state.shown))
            coming = rate * _who_stay(lines, state)
            # Rosenbrock's implicit step: stable however short the services are.
            change = (coming - pace * state.utilization) / (1 + length * pace * state.slope)
            present = np.maximum(0.0, present + length * change)
    columns = [np.array(column) for column in zip(*parts, strict=True)]
    return [Flow(*(column[:, line] for column in columns)) for line in range(len(lines))]


def _who_stay(lines: Sequence[DaysOfLine], state: _State) -> Floats:
    share = np.ones_like(state.line)
    for row, line in enumerate(lines):
        if line.staying is not None:
            share[row] = line.staying(state.line[row], state.wait[row])
    return share


def _coming_back(pieces: Sequence[Piece], counters: Floats, number: int) -> tuple[Floats, Floats]:
    """Return when counters of each line are on duty next, and how many; the closing if never."""
    on_duty = counters[:, 0, number:] > 0
    following = np.where(on_duty.any(axis=1), on_duty.argmax(axis=1), len(pieces) - 1 - number)
    starts = np.array([piece.start for piece in pieces[number:]])
    until = np.where(on_duty.any(axis=1), starts[following], pieces[-1].end)
    after = counters[np.arange(len(counters)), :, number + following]
    return until[:, np.newaxis], after


@dataclass(frozen=True, eq=False)
class _State:
    """The state of each line."""

    line: Floats
    wait: Floats
    utilization: Floats
    delayed: Floats
    slope: Floats

    @property
    def shown(self) -> tuple[Floats, Floats, Floats]:
        return self.utilization, self.wait, self.delayed


@dataclass(frozen=True, eq=False)
class _SteadyStates:
    """By line: numbers present in the steady state, rising, and what belongs to each."""

    present: Floats
    delayed: Floats
    slope: Floats
    """How fast the utilization grows with the number present."""
    counters: Floats
    found_by: Floats
    """The part of 1 that says how many are present, more by 1 from one line to the next."""

    @classmethod
    def of(cls, counters: Sequence[int], cvs: Sequence[float]) -> _SteadyStates:
        """Return the states of lines with so many counters and such services."""
        tables = [_steady_states(*one) for one in zip(counters, cvs, strict=True)]
        present, delayed, slope = (np.array(column) for column in zip(*tables, strict=True))
        crews = np.array(counters, np.float64)[:, np.newaxis]
        return cls(present, delayed, slope, crews, _to_find(present).ravel())

    def at(
        self, present: Floats, on_duty: Floats, service: Floats, until: Floats, after: Floats
    ) -> _State:
        """Return the state with so many present; with nobody on duty all wait for who comes back.

        `until` that, and `after` it with so many counters.
        """
        rising = np.searchsorted(self.found_by, _to_find(present), side="right") - 1
        first = _RATIOS * np.arange(len(present))[:, np.newaxis]
        place = np.clip(rising - first, 0, _RATIOS - 2)
        low, high = first + place, first + place + 1
        below, above = self.present.ravel()[low], self.present.ravel()[high]
        part = np.clip((present - below) / (above - below), 0.0, 1.0)
        usual = _UTILIZATIONS[place]
        utilization = usual + part * (_UTILIZATIONS[place + 1] - usual)
        delayed, slope = (
            column[low] + part * (column[high] - column[low])
            for column in (self.delayed.ravel(), self.slope.ravel())
        )
        line = np.maximum(0.0, present - self.counters * utilization)
        with np.errstate(divide="ignore", invalid="ignore"):
            wait = line * service / (on_duty * np.where(utilization > 0, utilization, 1.0))
            served_later = np.where(after > 0, present * service / after, 0.0)
        away = on_duty[:, :1] == 0
        return _State(
            np.where(away, present, line),
            np.where(away, until + served_later, wait),
            np.where(away, 0.0, utilization),
            np.where(away, 1.0, delayed),
            np.where(away, 0.0, slope),
        )


def _to_find(present: Floats) -> Floats:
    """Return numbers by which one search finds how many are present in each of several lines."""
    return np.arange(len(present))[:, np.newaxis] + present / (1 + present)


@cache
def _steady_states(counters: int, cv_service: float) -> tuple[Floats, Floats, Floats]:
    """Return, for the utilizations, the numbers present, who waits at all, and the slope."""
    delayed = erlang_c(_UTILIZATIONS * counters, counters)
    variability = (1 + cv_service**2) / 2
    line = delayed * variability * _UTILIZATIONS / (1 - _UTILIZATIONS)
    present = _UTILIZATIONS * counters + line
    return present, delayed, np.gradient(_UTILIZATIONS, present)


def _stationary_wait(piece: Piece, rate: float, service: float, cv_service: float) -> float:
    if rate == 0:
        return 0.0
    if piece.counters == 0:
        return math.inf
    counters = piece.whole_counters
    # Counters of another speed, or there for a part of the piece: the same work for each minute.
    pace = service * counters / piece.counters
    return WaitingLine(rate, pace, counters, cv_service=cv_service).mean_wait
