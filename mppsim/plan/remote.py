"""The virtual queue: who waits elsewhere, and how long each of them needs to come back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from mppsim.plan.calls import CallWords, call_minutes, words_of_leg
from mppsim.plan.clock import on_grid
from mppsim.plan.itineraries import Leg
from mppsim.plan.plan import Floats, Remote
from mppsim.plan.streams import low_half, uniform
from mppsim.plan.tables import draw_law
from mppsim.scenario.calls import virtual_queue_at
from mppsim.scenario.schema import Scenario, VirtualQueue


def virtual_queues(scenario: Scenario, stations: Sequence[str]) -> dict[int, VirtualQueue]:
    """Return the virtual queues, by station that has one."""
    found = ((index, virtual_queue_at(scenario, name)) for index, name in enumerate(stations))
    return {index: queue for index, queue in found if queue}


def remote_rules(scenario: Scenario, stations: Sequence[str]) -> dict[int, Remote]:
    """Return how the visitors of virtual queues are called, by station that has one."""
    return {
        index: Remote(queue.notice, call_minutes(queue.call_time))
        for index, queue in virtual_queues(scenario, stations).items()
    }


def with_remote(
    legs: list[Leg],
    queues: Mapping[int, VirtualQueue],
    likes: Callable[[], Floats],
    words: CallWords,
) -> list[Leg]:
    """Return the legs with the times that those need to come back who would wait elsewhere.

    `likes`: how much each visitor likes to wait elsewhere, a uniform; whoever is below the share
    does, at all stations that let him.
    """
    return [
        replace(leg, remote=_return_times(leg, queues[leg.station], likes(), words))
        if leg.station in queues
        else leg
        for leg in legs
    ]


def _return_times(leg: Leg, queue: VirtualQueue, likes: Floats, words: CallWords) -> Floats:
    luck = words_of_leg(leg, words)
    minutes = on_grid(draw_law(queue.return_time, luck[:, 2], low_half(luck[:, 3])))
    minutes[uniform(luck[:, 1]) < queue.no_show] = np.inf
    return np.where(likes[leg.rows] < queue.share, minutes, np.nan)
