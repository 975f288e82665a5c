"""Small studies of each kind that a store and a cluster must answer alike."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import mppsim
from support.halls import hall


def without_post(spec: dict[str, Any]) -> None:
    del spec["tenants"]["post"]


Asked = Callable[..., Any]
TARGET = "tax P(wait <= 15 min) >= 0.8"
STUDIES: dict[str, Asked] = {
    "size": partial(mppsim.size, hall(), target=TARGET, most=40),
    "headroom": partial(mppsim.headroom, hall(), target=TARGET, replications=10),
    "attribute": partial(mppsim.attribute, hall(without_post), hall(), replications=2),
}
