"""Waits at one counter with any service times, and waits by class of visitors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise


def pollaczek_khinchine(rate: float, service: float, cv: float) -> float:
    """Return the mean wait in the line of one counter (M/G/1); infinite from saturation on.

    Pollaczek (1930), Khinchine (1932): Wq = rho s (1 + cv^2) / (2 (1 - rho)); as in Kleinrock
    (1975), Queueing Systems I, eq. 5.72. `service` is the mean, `cv` of the service times.
    """
    load = rate * service
    return load * service * (1 + cv**2) / (2 * (1 - load)) if load < 1 else math.inf


def cobham(wait: float, utilization: float, shares: Sequence[float]) -> list[float]:
    """Return the mean wait of each class where a line is called by class, without interruption.

    `wait` is the mean of all visitors, which the order among them does not change where all classes
    have the same service times (M/M/c; M/G/1); `shares` of the visitors, first served first.
    Cobham (1954), Priority assignment in waiting line problems, eqs. 3 and 9:
    W_k = W_0 / ((1 - s_(k-1)) (1 - s_k)), s_k the load of the classes up to k, W_0 = W (1 - rho).
    """
    loads = [0.0, *accumulate(utilization * share for share in shares)]
    return [
        wait * (1 - utilization) / ((1 - before) * (1 - up_to)) if up_to < 1 else math.inf
        for before, up_to in pairwise(loads)
    ]
