"""The exact clock: every time is a whole number of ticks of 2**-20 minute (57 microseconds).

Sums and differences of such times are exact in float64, so ties are real ties and two engines agree
to the last bit.
"""

from __future__ import annotations

from mppsim.plan.plan import Floats

TICKS_PER_MINUTE = 2**20
TICK = 1 / TICKS_PER_MINUTE
_SHIFT = 1.5 * 2**32


def on_grid(minutes: Floats) -> Floats:
    """Return the times rounded to the nearest tick, ties to even; |minutes| must be below 2**31.

    Adding and taking away 1.5 * 2**32 leaves exactly the bits from 2**-20 upward.
    """
    return (minutes + _SHIFT) - _SHIFT


def on_grid_minutes(minutes: float) -> float:
    """Return one time rounded to the nearest tick, as `on_grid` does."""
    return (minutes + _SHIFT) - _SHIFT
