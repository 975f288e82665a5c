"""What may be changed at a station: crews in order, each dearer and quicker than the one before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from mppsim.scenario import Scenario
from mppsim.scenario.crews import Crew
from mppsim.scenario.errors import InputError, listed, nearest_name
from mppsim.scenario.places import place_of
from mppsim.scenario.schema import Station, Tenant

MOST_COUNTERS = 200
Place = TypeVar("Place", Station, Tenant)


@dataclass(frozen=True)
class Rung:
    """One way to staff a station."""

    crew: Crew
    cost: float
    label: str


@dataclass(frozen=True)
class Ladder:
    """The ways to staff a station, from the cheapest."""

    station: str
    rungs: tuple[Rung, ...]
    now: int | None
    """The rung on which the hall stands; None where it stands on none."""


def counter_ladders(
    hall: Scenario, stations: list[str], prices: Mapping[str, float]
) -> dict[str, Ladder]:
    """Return one to two hundred counters for each station that has a plain number of them.

    A counter costs 1 unless `prices` says otherwise. Raises InputError for a price of a station
    that the hall does not have, or below 0.
    """
    _check_prices(hall, prices)
    found = {}
    for station in stations:
        crew = place_of(hall, station).counters
        if isinstance(crew, int):
            price = prices.get(station, 1.0)
            rungs = (Rung(n, n * price, str(n)) for n in range(1, MOST_COUNTERS + 1))
            found[station] = Ladder(station, tuple(rungs), crew - 1)
    return found


def with_crews(hall: Scenario, crews: Mapping[str, Crew]) -> Scenario:
    """Return the hall with other crews at some stations."""
    update = {"stations": _changed(hall.stations, crews), "tenants": _changed(hall.tenants, crews)}
    return hall.model_copy(update=update)


def _changed(places: Mapping[str, Place], crews: Mapping[str, Crew]) -> dict[str, Place]:
    return {
        name: place.model_copy(update={"counters": crews[name]}) if name in crews else place
        for name, place in places.items()
    }


def _check_prices(hall: Scenario, prices: Mapping[str, float]) -> None:
    stations = [*hall.stations, *hall.tenants]
    for name, price in prices.items():
        if name not in stations:
            near = nearest_name(name, stations)
            hint = f"; did you mean '{near}'?" if near else ""
            raise InputError(f"price: found '{name}'; expected one of {listed(stations)}{hint}")
        if not 0 < price < float("inf"):
            raise InputError(f"price: found {price:g} for {name}; expected a number of more than 0")
