"""Plans that must be equal to the last bit."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from mppsim.plan import Drawer
from mppsim.scenario import Scenario


def assert_drawn_alike(scenario: Scenario, *, seed: int, replications: range) -> None:
    """Check that compiled code draws the bits that NumPy draws."""
    numpy, compiled = Drawer(scenario, seed=seed), Drawer(scenario, seed=seed, compiled=True)
    for replication in replications:
        expected, found = numpy.draw(replication), compiled.draw(replication)
        for day, other in zip(expected.days, found.days, strict=True):
            assert_same(day, other, f"{day.weekday} of replication {replication}")


def assert_same(expected: Any, found: Any, where: str) -> None:
    """Check that two tables have the same values in the same types, column by column."""
    for name in (one.name for one in fields(expected)):
        one, other, here = getattr(expected, name), getattr(found, name), f"{where}: {name}"
        if is_dataclass(one):
            assert_same(one, other, here)
        elif isinstance(one, np.ndarray):
            assert (one.dtype, one.shape) == (other.dtype, other.shape), here
            assert one.tobytes() == other.tobytes(), here
        else:
            assert one == other, here
