"""Those who come back on the next working day: drawn with their first visit, if they may return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.itineraries import Leg, Rows
from mppsim.plan.plan import Floats
from mppsim.plan.queue_up import Drawn


def who_may_come_back(legs: Sequence[Leg]) -> Rows:
    """Return the visitors, in order, whose visit may have to go on on another day."""
    rows = [leg.rows for leg in legs if leg.another_day]
    return np.unique(np.concatenate(rows)) if rows else np.empty(0, np.int64)


def those_who_return(
    first: Drawn, *, arrival: Floats, legs: list[Leg], misses: list[NDArray[np.bool_]]
) -> Drawn:
    """Return the second visits of visitors: the same persons at another time, without a slot."""
    return replace(
        first,
        arrival=arrival,
        legs=legs,
        misses=misses,
        slot=np.full(len(arrival), np.nan),
        ahead=np.zeros(len(arrival), np.bool_),
        returning=True,
        come_back=None,
    )
