"""Lines in their steady state with Poisson arrivals: Erlang B, Erlang C, Erlang A, G/G/c.

Rates are per minute (or per any unit of time in which the services are given). All waits of a line
without an end are infinite.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Load = TypeVar("Load", float, Floats)
MOST_COUNTERS = 100_000
_LARGE = 1e200


class Line(Protocol):
    """A line of which the chance of a wait longer than some time is known."""

    def beyond(self, time: float) -> float:
        """Return the probability of a wait of more than `time`."""
        ...


def erlang_b(load: Load, counters: int) -> Load:
    """Return the share of visitors who find all counters busy where nobody can wait.

    Erlang (1917), Solution of some problems in the theory of probabilities; by the recursion
    B(c) = a B(c - 1) / (c + a B(c - 1)), which has no large numbers. `load` in Erlang.
    """
    blocked = load * 0.0 + 1.0
    for counter in range(1, counters + 1):
        blocked = load * blocked / (counter + load * blocked)
    return blocked


def erlang_c(load: Load, counters: int) -> Load:
    """Return the share of visitors who wait, in a line below saturation (`load` < `counters`).

    Erlang (1917); from Erlang B by C = B / (1 - rho (1 - B)): Cooper (1981), Introduction to
    Queueing Theory, eq. 3.4.
    """
    blocked = erlang_b(load, counters)
    return blocked / (1 - load / counters * (1 - blocked))


@dataclass(frozen=True)
class WaitingLine:
    """One line for `counters` alike, without patience.

    With the default cv of 1 the formulas are Erlang C, exact for M/M/c. Else the mean wait is Allen
    and Cunneen's, Wq(M/M/c) (ca^2 + cs^2) / 2: Allen (1990), Probability, Statistics and Queueing
    Theory, section 5.3.5; exact for M/G/1 (Pollaczek and Khinchine). Who waits is then taken to
    wait an exponential time, as in M/M/c.
    """

    rate: float
    service: float
    counters: int
    cv_arrivals: float = 1.0
    cv_service: float = 1.0

    @property
    def utilization(self) -> float:
        """The load of each counter."""
        return self.rate * self.service / self.counters

    @property
    def delayed(self) -> float:
        """The share of visitors who wait at all."""
        return erlang_c(self.rate * self.service, self.counters) if self.utilization < 1 else 1.0

    @property
    def mean_wait(self) -> float:
        """The mean wait of all visitors."""
        if self.utilization >= 1:
            return math.inf
        variability = (self.cv_arrivals**2 + self.cv_service**2) / 2
        idle = self.counters * (1 - self.utilization)
        return self.delayed * self.service / idle * variability

    @property
    def mean_line(self) -> float:
        """The mean number waiting, by Little's law."""
        return self.rate * self.mean_wait

    def beyond(self, time: float) -> float:
        """Return the probability of a wait of more than `time`."""
        if self.utilization >= 1:
            return 1.0
        if self.mean_wait == 0:
            return 0.0
        return self.delayed * math.exp(-time * self.delayed / self.mean_wait)


@dataclass(frozen=True)
class ImpatientLine:
    """One line for `counters` alike whose visitors give up after an exponential patience (M/M/c+M).

    Palm (1957), Research on telephone traffic; in the form of Zeltyn and Mandelbaum (2005), Call
    centers with impatient customers, section 5: with J(t) the integral from t of
    exp(lambda (1 - e^(-theta x)) / theta - c mu x) dx, the wait offered to a visitor exceeds t with
    probability lambda J(t) / (1 / B(c - 1) + lambda J(0)).
    """

    rate: float
    service: float
    counters: int
    patience: float
    """Its mean."""

    @property
    def delayed(self) -> float:
        """The share of visitors who do not find a free counter."""
        return self._offered_beyond(0.0)

    @property
    def leaving(self) -> float:
        """The share who give up: (1 + (lambda - c mu) J) / (1 / B(c - 1) + lambda J)."""
        surplus = 1 - self.counters / (self.rate * self.service)
        inverse = math.exp(-self._log_of_integral(self.rate))
        return (inverse + surplus) / (self._all_served * inverse + 1)

    @property
    def mean_wait(self) -> float:
        """The mean time in line of all visitors, served or not: the share leaving x patience."""
        return self.leaving * self.patience

    def beyond(self, time: float) -> float:
        """Return the probability that a visitor is in line for more than `time`, served or not."""
        return math.exp(-time / self.patience) * self._offered_beyond(time)

    @property
    def _all_served(self) -> float:
        return 1 / erlang_b(self.rate * self.service, self.counters - 1)

    def _offered_beyond(self, time: float) -> float:
        # J(t) is J(0) of the visitors who are still patient then, times what was gone through.
        patient = math.exp(-time / self.patience)
        passed = self.rate * self.patience * (1 - patient) - self.counters * time / self.service
        beyond = passed + time / self.patience + self._log_of_integral(self.rate * patient)
        whole = self._log_of_integral(self.rate)
        return math.exp(beyond - whole) / (1 + self._all_served * math.exp(-whole))

    def _log_of_integral(self, rate: float) -> float:
        """Return log(lambda J(0)), as the sum over n of the products of lambda / (c mu + k theta).

        All terms are positive: the incomplete gamma function loses all digits at long patience.
        """
        pace, hazard = self.counters / self.service, 1 / self.patience
        term = total = rate / pace
        n, scale = 0, 0.0
        while term > 1e-17 * total:
            n += 1
            term *= rate / (pace + n * hazard)
            total += term
            if total > _LARGE:
                term, total, scale = term / _LARGE, total / _LARGE, scale + math.log(_LARGE)
        return math.log(total) + scale


def fewest_counters(line: Callable[[int], Line], *, time: float, share: float) -> int:
    """Return the least number of counters with which a share of all visitors wait at most `time`.

    `line` makes the line for a number of counters. Raises ValueError where no number up to 100,000
    is enough.
    """
    enough = 1
    while line(enough).beyond(time) > 1 - share:
        enough *= 2
        if enough > MOST_COUNTERS:
            raise ValueError(f"share: found {share:g}; expected one that counters can reach")
    too_few = enough // 2
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        if line(middle).beyond(time) > 1 - share:
            too_few = middle
        else:
            enough = middle
    return enough
