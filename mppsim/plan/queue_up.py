"""Put the visitors of all sources in the order in which they come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.itineraries import Leg
from mppsim.plan.plan import Floats, Integers, Steps, Visitors
from mppsim.scenario.profile import ArrivalCurve

_OF_A_LEG = (
    "station",
    "service",
    "any_order",
    "part",
    "instead",
    "only_after",
    "back",
    "another_day",
    "place",
)


@dataclass(frozen=True, eq=False)
class Drawn:
    """A day's visitors of one source; the rows of the legs are places in these columns."""

    service: int
    station: int
    """Of the service's tenant."""
    ordinal: NDArray[np.int64]
    arrival: Floats
    visitor_class: Integers
    party: Integers
    legs: list[Leg]
    patience: dict[int, Floats]
    misses: list[NDArray[np.bool_]]
    """By leg: whether each of its visitors misses the call."""
    balking: Floats
    slot: Floats
    """NaN for a walk-in."""
    ahead: NDArray[np.bool_]
    """Whether the visitor has the priority of an appointment."""
    stays: Floats | None = None
    """Of a delegation: how long it sits in the zone `stay_zone` after its last step."""
    stay_zone: int = -1
    returning: bool = False
    """Whether they come only if they did not settle everything the day before."""
    come_back: Callable[[Drawn, ArrivalCurve], Drawn] | None = None
    """Draws the second visits of such first ones, on a day with this curve of arrivals."""

    def only(self, kept: NDArray[np.bool_]) -> Drawn:
        """Return these visitors alone; they keep their ordinals."""
        if kept.all():
            return self
        row = np.cumsum(kept) - 1
        of_legs = [kept[leg.rows] for leg in self.legs]
        return replace(
            self,
            ordinal=self.ordinal[kept],
            arrival=self.arrival[kept],
            visitor_class=self.visitor_class[kept],
            party=self.party[kept],
            legs=[leg.only(those, row) for leg, those in zip(self.legs, of_legs, strict=True)],
            patience={station: times[kept] for station, times in self.patience.items()},
            misses=[rows[those] for rows, those in zip(self.misses, of_legs, strict=True)],
            balking=self.balking[kept],
            slot=self.slot[kept],
            ahead=self.ahead[kept],
            stays=None if self.stays is None else self.stays[kept],
        )


def in_order_of_arrival(
    drawn: Sequence[Drawn], before: Visitors | None = None
) -> tuple[Visitors, Steps]:
    """Join the sources; visitors who come at the same tick stay in the order of their sources.

    `before` are the visitors of the day before, among whom those are who return.
    """
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
    own = [
        (leg.station, leg.service) == (one.station, one.service) and not leg.back
        for *_, leg, one in legs
    ]
    not_before = [
        np.nan_to_num(one.slot[leg.rows], nan=-np.inf) if mine else np.full(len(leg.rows), -np.inf)
        for mine, (*_, leg, one) in zip(own, legs, strict=True)
    ]
    ahead = [one.ahead[leg.rows] & mine for mine, (*_, leg, one) in zip(own, legs, strict=True)]
    slots = _joined(not_before, np.float64)[step_order]
    remote = _if_any("remote", [leg for _, _, leg, _ in legs], np.nan)[step_order]
    here = np.isnan(remote) | (slots > -np.inf)  # who has booked comes for the slot
    misses = _joined([rows for source in drawn for rows in source.misses], np.bool_)[step_order]
    steps = Steps(
        service_time=_joined([leg.service_time for _, _, leg, _ in legs], np.float64)[step_order],
        patience=np.where(here, _joined(patience, np.float64)[step_order], np.inf),
        not_before=slots,
        ahead=_joined(ahead, np.bool_)[step_order],
        misses=misses & here,
        **{
            name: _same_in_leg(name, [leg for _, _, leg, _ in legs], step_order)
            for name in _OF_A_LEG
        },
        line_choice=_if_any("line_choice", [leg for _, _, leg, _ in legs], 0.0)[step_order],
        remote=np.where(here, np.nan, remote),
    )
    slot = np.concatenate([source.slot for source in drawn])
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
        slot=slot[order],
        booking=np.where(np.isnan(slot), -1, np.cumsum(~np.isnan(slot)) - 1)[order].astype(
            np.int32
        ),
        stays=_joined(
            [np.zeros(len(s.arrival)) if s.stays is None else s.stays for s in drawn], np.float64
        )[order],
        stay_zone=_joined([np.full(len(s.arrival), s.stay_zone) for s in drawn], np.int32)[order],
        returns=np.concatenate([_who_returns(source, before) for source in drawn])[order],
    )
    return visitors, steps


def _who_returns(source: Drawn, before: Visitors | None) -> Integers:
    """Return, for each visitor of a source who may return, who that was the day before; else -1."""
    if before is None or not source.returning:
        return np.full(len(source.arrival), -1, np.int32)
    new = (before.service == source.service) & (before.returns < 0) & (before.stay_zone < 0)
    new = np.flatnonzero(new)
    new = new[np.argsort(before.ordinal[new])]
    return new[np.searchsorted(before.ordinal[new], source.ordinal)].astype(np.int32)


def _same_in_leg(name: str, legs: list[Leg], step_order: NDArray[np.intp]) -> Integers:
    """Return a column of the steps that has one value in each leg."""
    return _joined([np.full(len(leg.rows), getattr(leg, name)) for leg in legs], np.int32)[
        step_order
    ]


def _if_any(name: str, legs: list[Leg], otherwise: float) -> Floats:
    """Return a column of the legs that only some of them have."""
    parts = [(getattr(leg, name), np.full(len(leg.rows), otherwise)) for leg in legs]
    return _joined([own if given is None else given for given, own in parts], np.float64)


def _joined(parts: list[NDArray[Any]], dtype: type) -> NDArray[Any]:
    return np.concatenate(parts).astype(dtype, copy=False) if parts else np.empty(0, dtype)
