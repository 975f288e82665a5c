"""When a day's visitors come: the share of them who have come by each time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mppsim.scenario.days import Early, Weekday
from mppsim.scenario.schema import Scenario

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ArrivalCurve:
    """The share of a day's visitors who have come by each time: straight between the edges."""

    edges: Floats
    """Minutes since midnight, rising; shape (m,)."""
    cumulative: Floats
    """From 0 to exactly 1; shape (m,)."""

    def times(self, u: Floats) -> Floats:
        """Return the arrival times of uniforms in (0, 1); non-decreasing in u."""
        piece = np.searchsorted(self.cumulative, u, side="right") - 1
        left, low = self.edges[piece], self.cumulative[piece]
        slope = (self.edges[piece + 1] - left) / (self.cumulative[piece + 1] - low)
        return left + (u - low) * slope

    def share(self, start: float, end: float) -> float:
        """Return the share of visitors who come in [start, end)."""
        by = np.interp([start, end], self.edges, self.cumulative)
        return float(by[1] - by[0])


def arrival_curve(
    profile: dict[float, float], early: Early | None, *, opening: float, closing: float
) -> ArrivalCurve:
    """Return the curve of a day: its profile up to closing, scaled to 1, and the early visitors.

    The pieces of `profile` begin at its keys; the last ends at closing.
    """
    return _arrival_curve(tuple(sorted(profile.items())), early, opening, closing)


@lru_cache(maxsize=64)
def _arrival_curve(
    profile: tuple[tuple[float, float], ...], early: Early | None, opening: float, closing: float
) -> ArrivalCurve:
    starts, weights = zip(*profile, strict=True)
    ends = [*starts[1:], closing]
    pieces = [
        (start, min(end, closing), weight * (min(end, closing) - start) / (end - start))
        for start, end, weight in zip(starts, ends, weights, strict=True)
        if start < closing and weight > 0
    ]
    before = early.share if early else 0.0
    within = sum(share for _, _, share in pieces)
    pieces = [(start, end, share / within * (1 - before)) for start, end, share in pieces]
    if early and early.share > 0:
        pieces.append((opening - early.within, opening, early.share))
    return _curve(pieces)


def _curve(pieces: list[tuple[float, float, float]]) -> ArrivalCurve:
    edges = sorted({edge for start, end, _ in pieces for edge in (start, end)})
    cumulative = []
    for edge in edges:
        parts = 0.0
        for start, end, share in pieces:
            parts += share * min(max((edge - start) / (end - start), 0.0), 1.0)
        cumulative.append(parts)
    cumulative[-1] = 1.0
    return ArrivalCurve(np.array(edges), np.array(cumulative))


def tenant_curve(scenario: Scenario, weekday: Weekday, tenant: str) -> ArrivalCurve:
    """Return when the visitors of a tenant come on a weekday.

    The tenant's own profile goes before the day's, and the day's before the hall's.
    """
    day, own = scenario.days[weekday], scenario.tenants[tenant].arrivals
    early = own.early if own.early is not None else scenario.arrivals.early
    return arrival_curve(
        own.profile or day.profile or scenario.arrivals.profile,
        None if early == "none" else early,
        opening=day.open,
        closing=day.close,
    )
