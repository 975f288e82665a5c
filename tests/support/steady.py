"""Long runs of a queue in its steady state, and estimates from them with their standard errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mppsim.engine import DayTrace, simulate
from mppsim.plan.clock import TICK, on_grid
from mppsim.plan.plan import NO_LIMIT
from mppsim.plan.streams import WordSource, stream_key, uniform
from mppsim.plan.tables import draw_standard
from mppsim.scenario.quantiles import Standard
from support.hand_made import FOREVER, several_stations

Floats = NDArray[np.float64]
EXPONENTIAL = Standard("exponential", 1.0)
BATCHES = 50


def words(name: str, n: int) -> NDArray[np.uint64]:
    return WordSource().words(stream_key(3, name), 0, replication=0, day=0, n=n)


def exponential(name: str, mean: float, n: int) -> Floats:
    return np.maximum(on_grid(mean * draw_standard(EXPONENTIAL, words(name, n)[:, 0])), TICK)


def chosen(name: str, shares: Sequence[float], n: int) -> NDArray[np.int64]:
    return np.searchsorted(np.cumsum(shares)[:-1], uniform(words(name, n)[:, 1]), side="right")


@dataclass(frozen=True, eq=False)
class Queue:
    """A single station with Poisson arrivals and exponential services, times in any unit."""

    gaps: Floats
    services: Floats
    mean_gap: float
    mean_service: float
    counters: int
    facts: DayTrace

    @property
    def controls(self) -> Floats:
        """Each visitor's gap, service, and wait for one c times faster counter, less their means.

        The wait for the one counter follows from Lindley's recursion (1952), and its mean is known.
        With c = 1 it would be the very wait that is tested, and overloaded it has no mean: then it
        is left out.
        """
        mean = self.mean_service / self.counters
        load = mean / self.mean_gap
        known = [self.gaps - self.mean_gap, self.services - self.mean_service]
        if self.counters == 1 or load >= 1:
            return np.column_stack(known)
        fast = self.services / self.counters
        walk = np.concatenate([[0.0], (fast[:-1] - self.gaps[1:]).cumsum()])
        waits = walk - np.minimum.accumulate(walk)
        return np.column_stack([*known, waits - load * mean / (1 - load)])

    @property
    def waits(self) -> Floats:
        """The time in line of all who joined; NaN for those who did not."""
        left = np.where(np.isnan(self.facts.started), self.facts.ended, self.facts.started)
        return left - self.facts.joined


def markov_queue(
    *,
    rate: float,
    service: float,
    counters: int,
    n: int,
    patience: float | None = None,
    classes: Sequence[float] = (1.0,),
    balk_above: int = NO_LIMIT,
    engine: str = "simpy",
) -> Queue:
    """Simulate n visitors of an M/M/c queue; `classes` are shares, first served first."""
    gaps, services = exponential("gaps", 1 / rate, n), exponential("services", service, n)
    plan = several_stations(
        gaps.cumsum().tolist(),
        [[(0, time)] for time in services.tolist()],
        counters=[[[(0.0, FOREVER * 1e3)]] * counters],
        patience=None
        if patience is None
        else exponential("patience", patience, n)[:, None].tolist(),
        classes=chosen("classes", classes, n).tolist(),
        balk_above=balk_above,
        closing=FOREVER * 1e3,
    )
    facts = simulate(plan, engine=engine).days[0]
    return Queue(gaps, services, 1 / rate, service, counters, facts)


@dataclass(frozen=True)
class Estimate:
    mean: float
    standard_error: float

    def agrees_with(self, exact: float) -> None:
        """Fail unless the estimate is precise and right: |z| <= 4, 3 %, and no noise to hide in."""
        error, se = self.mean - exact, self.standard_error
        text = f"{self.mean:.5g} (standard error {se:.2g}) against {exact:.5g}"
        assert se <= 0.015 * abs(exact), f"too noisy to say anything: {text}"
        assert abs(error) <= 0.03 * abs(exact), f"off by {error / exact:.1%}: {text}"
        assert abs(error) <= 4 * se, f"z = {error / se:.1f}: {text}"


def batch_means(
    values: Floats, queue: Queue, *, of: NDArray[np.bool_] | None = None, warm_up: float = 0.02
) -> Estimate:
    """Estimate the steady-state mean of `values` among the visitors `of`, by batch means.

    What the batches have of `queue.controls`, whose expectations are known exactly, serves as
    control variates (Lavenberg and Welch 1981): they take away the luck of a busy batch.
    """
    controls = queue.controls
    counted = ~np.isnan(values) if of is None else of & ~np.isnan(values)
    first = int(len(values) * warm_up)
    parts = np.array_split(np.arange(first, len(values)), BATCHES)
    means = np.array([values[part][counted[part]].mean() for part in parts])
    return controlled(means, np.array([controls[part].mean(axis=0) for part in parts]))


def controlled(means: Floats, controls: Floats) -> Estimate:
    """Return the mean at controls 0, by least squares of independent means on their controls."""
    design = np.column_stack([np.ones(len(means)), controls])
    coefficients, *_ = np.linalg.lstsq(design, means, rcond=None)
    residuals = means - design @ coefficients
    variance = residuals @ residuals / (len(means) - design.shape[1])
    covariance = variance * np.linalg.inv(design.T @ design)
    return Estimate(float(coefficients[0]), float(np.sqrt(covariance[0, 0])))
