"""The workloads: what every program simulates, as plain numbers and as a scenario for mppsim."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mppsim import Scenario, load_scenario
from mppsim.scenario.load import parse_scenario

HALL_DAY = Path(__file__).with_name("hall_day.yaml")
ALL_FEATURES = Path(__file__).with_name("all_features.yaml")
"""Made from the hall day; no other program can simulate it."""
HOURLY = (130, 190, 220, 180, 140, 190, 150)
"""Visitors of the busy day, hour by hour from 8."""


@dataclass(frozen=True)
class Station:
    """Counters, and the mean of a service in minutes."""

    counters: int
    mean_service: float
    visitors: float = 0.0
    """Mean number a day, of a tenant."""


@dataclass(frozen=True)
class Hall:
    """The hall of hall_day.yaml, or one like it; times in minutes from the opening.

    Visitors pass the information desk (exponential services), the kiosk (constant), their tenant
    (lognormal) and a share of them the cashier (exponential). Some have priority everywhere. At
    the tenant patience is exponential. At lunch one counter of each tenant stays; the others go,
    after the service under way. Nobody comes after the closing, and all inside are served.
    """

    hours: tuple[float, ...]
    """The share of the visitors that comes in each hour."""
    desk: Station
    kiosk: Station
    cashier: Station
    tenants: tuple[Station, ...]
    to_cashier: float
    priority: float
    patience: float
    cv: float
    lunch: tuple[float, float] | None
    """From and to."""

    @property
    def visitors(self) -> float:
        """Mean number a day."""
        return sum(tenant.visitors for tenant in self.tenants)

    @property
    def closing(self) -> float:
        """When the doors close."""
        return 60.0 * len(self.hours)


@dataclass(frozen=True)
class Queue:
    """One line with exponential services; Poisson arrivals from 0 to `closing`, in minutes."""

    rates: tuple[float, ...]
    """Visitors a minute, each for the same part of the day."""
    closing: float
    counters: int
    mean_service: float

    @property
    def visitors(self) -> float:
        """Mean number a day."""
        return self.closing * sum(self.rates) / len(self.rates)


@dataclass(frozen=True)
class Workload:
    """What is simulated, as a scenario and for programs that know no scenarios."""

    scenario: Scenario
    numbers: Hall | Queue


def workload(name: str) -> Workload:
    """Return a workload: hall, features, queue or busy, with factors as in `hall visitors=4`."""
    kind, *factors = name.split()
    if kind == "features":
        return Workload(load_scenario(ALL_FEATURES), _hall_of(_hall()))
    spec = {"hall": _hall, "queue": _single_queue, "busy": _busy_day}[kind]()
    for factor in factors:
        what, times = factor.split("=")
        CHANGES[what](spec, float(times))
    scenario = parse_scenario(spec)
    return Workload(scenario, _hall_of(spec) if kind == "hall" else _queue_of(spec))


def _hall() -> dict[str, Any]:
    return load_scenario(HALL_DAY).model_dump(mode="json", exclude_defaults=True)


def _single_queue() -> dict[str, Any]:
    """M/M/1 at 75 % load: 100,000 visitors from empty to empty."""
    profile = {"00:00": 1.0}
    return _one_station("24:00", profile, visitors=100_000, counters=1, mean=0.75 * 1440 / 100_000)


def _busy_day() -> dict[str, Any]:
    """M(t)/M/c: at the peak more come than the counters can serve."""
    profile = {f"{8 + hour:02d}:00": n / sum(HOURLY) for hour, n in enumerate(HOURLY)}
    return _one_station("15:00", profile, visitors=sum(HOURLY), counters=12, mean=3.5)


def _one_station(
    close: str, profile: dict[str, float], *, visitors: float, counters: int, mean: float
) -> dict[str, Any]:
    return {
        "name": "One station",
        "days": {"mon": {"open": next(iter(profile)), "close": close}},
        "arrivals": {"profile": profile},
        "zones": {"hall": {"seats": 100}},
        "tenants": {
            "one": {
                "zone": "hall",
                "counters": counters,
                "visitors_per_day": visitors,
                "services": {"all": {"service": {"exponential": {"mean": f"{mean!r} min"}}}},
            }
        },
    }


def _length(spec: dict[str, Any], times: float) -> None:
    """End the day earlier, with as many visitors an hour; only where they come evenly."""
    minutes = round(1440 * times)
    spec["days"]["mon"]["close"] = f"{minutes // 60:02d}:{minutes % 60:02d}"
    _demand(spec, times)


def _no_lunch(spec: dict[str, Any], _: float) -> None:
    """Keep all counters on duty."""
    del spec["lunch"]


def _demand(spec: dict[str, Any], times: float) -> None:
    """Let more or fewer visitors come, with the same services: the load changes."""
    for tenant in spec["tenants"].values():
        tenant["visitors_per_day"] *= times


def _visitors(spec: dict[str, Any], times: float) -> None:
    """Let so many times the visitors come, with services and patience that much shorter."""
    _demand(spec, times)
    _stretch(spec, 1 / times)


def _counters(spec: dict[str, Any], times: float) -> None:
    """Give all stations so many times the counters, with services that much longer."""
    for station in (*spec.get("stations", {}).values(), *spec["tenants"].values()):
        station["counters"] = int(station["counters"] * times)
    _stretch(spec, times)


def _tenants(spec: dict[str, Any], times: float) -> None:
    """Divide each tenant into several, with as many counters each: the load is less."""
    tenants, copies = spec["tenants"], int(times)
    _demand(spec, 1 / copies)
    spec["tenants"] = {
        f"{name}_{copy}": tenant for name, tenant in tenants.items() for copy in range(copies)
    }


def _stretch(spec: Any, times: float) -> None:
    """Multiply all services and patience."""
    for place in (*spec.get("stations", {}).values(), *spec["tenants"].values()):
        laws = [place[key] for key in ("service", "patience") if key in place]
        laws += [service["service"] for service in place.get("services", {}).values()]
        for law in laws:
            (name, parameters), *_ = law.items()
            if name == "constant":
                law[name] = f"{_minutes(parameters) * times!r} min"
            else:
                parameters["mean"] = f"{_minutes(parameters['mean']) * times!r} min"


CHANGES = {
    "demand": _demand,
    "visitors": _visitors,
    "tenants": _tenants,
    "counters": _counters,
    "length": _length,
    "lunch": _no_lunch,
}
"""What can be written behind the name of a workload, with a factor."""


def _hall_of(spec: dict[str, Any]) -> Hall:
    stations, tenants = spec["stations"], list(spec["tenants"].values())

    def station(name: str) -> Station:
        (law,) = stations[name]["service"].values()
        mean = law["mean"] if isinstance(law, dict) else law
        return Station(stations[name]["counters"], _minutes(mean))

    law = tenants[0]["services"]["all"]["service"]["lognormal"]
    return Hall(
        hours=tuple(spec["arrivals"]["profile"].values()),
        desk=station("information"),
        kiosk=station("kiosk"),
        cashier=station("cashier"),
        tenants=tuple(
            Station(
                tenant["counters"],
                _minutes(tenant["services"]["all"]["service"]["lognormal"]["mean"]),
                tenant["visitors_per_day"],
            )
            for tenant in tenants
        ),
        to_cashier=spec["journey"][-1]["cashier"],
        priority=spec["visitors"]["classes"]["priority"],
        patience=_minutes(tenants[0]["patience"]["exponential"]["mean"]),
        cv=law["cv"],
        lunch=(240.0, 300.0) if "lunch" in spec else None,
    )


def _queue_of(spec: dict[str, Any]) -> Queue:
    (tenant,) = spec["tenants"].values()
    shares = spec["arrivals"]["profile"].values()
    day = spec["days"]["mon"]
    closing = _clock(day["close"]) - _clock(day["open"])
    return Queue(
        rates=tuple(
            share * tenant["visitors_per_day"] / (closing / len(shares)) for share in shares
        ),
        closing=closing,
        counters=tenant["counters"],
        mean_service=_minutes(tenant["services"]["all"]["service"]["exponential"]["mean"]),
    )


def _clock(text: str) -> float:
    hours, minutes = text.split(":")
    return 60.0 * int(hours) + int(minutes)


def _minutes(text: str) -> float:
    return float(text.removesuffix(" min"))
