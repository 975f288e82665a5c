"""Events with a rank: what happens at one instant happens in the order of engine/order.py."""

from __future__ import annotations

from collections.abc import Generator

import simpy
from simpy.events import EventPriority

from mppsim.engine.order import Kind

Process = Generator[simpy.Event, object, None]


class Due(simpy.Event):
    """An event at a given time, ranked among those of the same instant by (kind, index).

    SimPy's own events have the priorities 0 and 1; a rank is larger, so whatever one ranked event
    sets off is over before the next one comes.
    """

    def __init__(self, clock: simpy.Environment, time: float, kind: Kind, index: int = 0) -> None:
        super().__init__(clock)
        if time < clock.now:
            raise ValueError(f"{kind.name} {index} is due at {time}, before now ({clock.now})")
        self._ok, self._value = True, None  # it will happen, like simpy's own Timeout
        rank = EventPriority((kind << 40) + index)
        clock.schedule(self, priority=rank, delay=time - clock.now)
