"""Put the visitors of all sources in the order in which they come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.itineraries import Leg
from mppsim.plan.plan import Floats, Integers, Steps, Visitors

_OF_A_LEG = ("station", "service", "any_order", "part")


@dataclass(frozen=True, eq=False)
class Drawn:
    """A day's visitors of one source, by ordinal."""

    service: int
    ordinal: NDArray[np.int64]
    arrival: Floats
    visitor_class: Integers
    party: Integers
    legs: list[Leg]
    patience: dict[int, Floats]
    misses: list[NDArray[np.bool_]]
    """By leg: whether each of its visitors misses the call."""
    balking: Floats


def in_order_of_arrival(drawn: Sequence[Drawn]) -> tuple[Visitors, Steps]:
    """Join the sources; visitors who come at the same tick stay in the order of their sources."""
    arrival = np.concatenate([source.arrival for source in drawn])
    order = np.argsort(arrival, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    first = np.cumsum([0, *(len(source.arrival) for source in drawn)])

    legs = [
        (rank[begin + leg.rows], number, leg, source)
        for begin, source in zip(first[:-1], drawn, strict=True)
        for number, leg in enumerate(source.legs)
    ]
    visitor = _joined([rows for rows, *_ in legs], np.int64)
    number = _joined([np.full(len(rows), number) for rows, number, *_ in legs], np.int64)
    step_order = np.lexsort((number, visitor))
    patience = [
        source.patience[leg.station][leg.rows]
        if leg.station in source.patience
        else np.full(len(leg.rows), np.inf)
        for _, _, leg, source in legs
    ]
    steps = Steps(
        service_time=_joined([leg.service_time for _, _, leg, _ in legs], np.float64)[step_order],
        patience=_joined(patience, np.float64)[step_order],
        misses=_joined([rows for source in drawn for rows in source.misses], np.bool_)[step_order],
        **{
            name: _same_in_leg(name, [leg for _, _, leg, _ in legs], step_order)
            for name in _OF_A_LEG
        },
        line_choice=_line_choice([leg for _, _, leg, _ in legs])[step_order],
    )
    n_steps = np.bincount(visitor, minlength=len(arrival))
    visitors = Visitors(
        arrival=arrival[order],
        service=np.repeat(
            np.array([source.service for source in drawn], np.int32),
            [len(source.arrival) for source in drawn],
        )[order],
        ordinal=_joined([source.ordinal for source in drawn], np.int32)[order],
        visitor_class=np.concatenate([source.visitor_class for source in drawn])[order],
        party=np.concatenate([source.party for source in drawn])[order],
        first_step=np.concatenate([[0], np.cumsum(n_steps)]).astype(np.int32),
        balking=np.concatenate([source.balking for source in drawn])[order],
    )
    return visitors, steps


def _same_in_leg(name: str, legs: list[Leg], step_order: NDArray[np.intp]) -> Integers:
    """Return a column of the steps that has one value in each leg."""
    return _joined([np.full(len(leg.rows), getattr(leg, name)) for leg in legs], np.int32)[
        step_order
    ]


def _line_choice(legs: list[Leg]) -> Floats:
    choices = [
        np.zeros(len(leg.rows)) if leg.line_choice is None else leg.line_choice for leg in legs
    ]
    return _joined(choices, np.float64)


def _joined(parts: list[NDArray[Any]], dtype: type) -> NDArray[Any]:
    return np.concatenate(parts).astype(dtype, copy=False) if parts else np.empty(0, dtype)
