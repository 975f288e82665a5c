"""Study delegations: groups that are received at a station and then take seats for a while."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from mppsim.plan.clock import TICK, on_grid
from mppsim.plan.itineraries import Leg
from mppsim.plan.plan import Layout
from mppsim.plan.queue_up import Drawn
from mppsim.plan.streams import (
    DAY_BLOCK,
    VISITOR_BLOCK,
    Words,
    WordSource,
    high_half,
    low_half,
    stream_key,
    uniform,
)
from mppsim.plan.tables import draw_law
from mppsim.scenario import Scenario
from mppsim.scenario.days import Weekday
from mppsim.scenario.schema import Delegation

Written = tuple[Delegation, Words]
"""A delegation of the scenario, and the key of its stream."""


def delegations_of(scenario: Scenario, seed: int) -> list[Written]:
    """Return the delegations in the order of their names."""
    return [
        (delegation, stream_key(seed, f"delegation/{name}"))
        for name, delegation in sorted(scenario.delegations.items())
    ]


def draw_delegations(
    written: Sequence[Written],
    layout: Layout,
    weekday: Weekday,
    words: WordSource,
    moment: dict[str, int],
) -> Iterator[Drawn]:
    """Yield the delegations of a day, each as one visitor with a large party."""
    n_before = 0
    for delegation, key in written:
        times = np.array(delegation.days.get(weekday, ()))
        if not len(times):
            continue
        luck = words.words(key, DAY_BLOCK, n=len(times), **moment)
        laws = words.words(key, VISITOR_BLOCK, n=len(times), **moment)
        come = uniform(luck[:, 1]) < delegation.chance
        arrival = on_grid(times + uniform(luck[:, 0]) * delegation.within)[come]
        service = draw_law(delegation.service, laws[:, 0], low_half(laws[:, 2]))[come]
        stays = draw_law(delegation.stays, laws[:, 1], high_half(laws[:, 2]))[come]
        rows = np.arange(len(arrival))
        station = layout.stations.index(delegation.station)
        zone = layout.zones.index(delegation.zone)
        service = np.maximum(on_grid(service), TICK)
        yield Drawn(
            service=0,
            station=station,
            ordinal=-1 - n_before - rows,
            arrival=arrival,
            visitor_class=np.full(len(rows), len(layout.classes) - 1, np.int32),
            party=np.full(len(rows), delegation.persons, np.int32),
            legs=[Leg(rows, station, 0, service, np.zeros(len(rows), np.int32))],
            patience={},
            misses=[np.zeros(len(rows), np.bool_)],
            balking=np.zeros(len(rows)),
            slot=np.full(len(rows), np.nan),
            ahead=np.zeros(len(rows), np.bool_),
            stays=on_grid(stays),
            stay_zone=zone,
        )
        n_before += len(rows)
