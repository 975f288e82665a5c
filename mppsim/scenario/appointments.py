"""Slots: when they are, how many places they have, and whether they fit the hall."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from mppsim.scenario.booking import Appointments, Quota
from mppsim.scenario.days import Weekday
from mppsim.scenario.durations import clock_text
from mppsim.scenario.errors import quoted
from mppsim.scenario.schema import Scenario, Service, Tenant
from mppsim.scenario.tree import Finding, Keys

Floats = NDArray[np.float64]


def slots_on(scenario: Scenario, weekday: Weekday, rules: Appointments) -> dict[float, int]:
    """Return the places of each slot that begins on a weekday while the hall serves.

    The last slot begins before `to`. A slot outside the hours or within a break is left out. The
    places beyond `per_slot` are spread evenly over the slots.
    """
    day = scenario.days[weekday]
    times = []
    for number in range(math.ceil((rules.to - rules.from_) / rules.every)):
        time = rules.from_ + number * rules.every
        off = any(pause.start <= time < pause.end for pause in day.breaks)
        if day.open <= time < day.close and not off:
            times.append(time)
    each = rules.per_slot * (1 + rules.overbooking)
    reached = [_whole(each * number) for number in range(len(times) + 1)]
    return {time: reached[k + 1] - reached[k] for k, time in enumerate(times)}


def filled_places(rules: Appointments, n_places: int) -> list[bool]:
    """Return which places are taken where `fill` says how many: evenly spread over the day."""
    fill = rules.fill or 0.0
    return [_whole(fill * (k + 1)) > _whole(fill * k) for k in range(n_places)]


def book_in_turn(wishes: Floats, places: Mapping[float, int], tickets: int) -> Floats:
    """Return the slot that each visitor books in turn; NaN where nothing is left.

    It is the free slot next to the time at which the visitor would like to come, the earlier of two
    as near.
    """
    times, free = np.array([*places]), np.array([*places.values()])
    slots = np.full(len(wishes), np.nan)
    for k, wish in enumerate(wishes[:tickets]):
        if not free.any():
            break
        nearest = int(np.argmin(np.where(free > 0, np.abs(times - wish), np.inf)))
        slots[k] = times[nearest]
        free[nearest] -= 1
    return slots


def online_tickets(quota: int | Quota | None) -> int | None:
    """Return how many tickets those who book can have; None where there is no limit."""
    if isinstance(quota, Quota):
        return _whole(quota.tickets * quota.online + 0.5)
    return quota


def appointment_contradictions(scenario: Scenario) -> Iterator[Finding]:
    """Yield what is wrong with slots and with tickets for those who book."""
    for name, tenant in scenario.tenants.items():
        keys = ("tenants", name)
        yield from _nobody_books(keys, tenant, [*tenant.services.values()])
        for offered, service in tenant.services.items():
            here = (*keys, "services", offered)
            yield from _nobody_books(here, service, [service])
            yield from _only_recorded(here, scenario, service)
            if service.appointments is not None:
                yield from _no_slot((*here, "appointments"), scenario, service.appointments)


def _only_recorded(keys: Keys, scenario: Scenario, service: Service) -> Iterator[Finding]:
    """Refuse bookings and online shares where a table says who comes."""
    for key in ("appointments", "digital"):
        if scenario.replay is not None and getattr(service, key) is not None:
            found = f"found {quoted(key)} beside 'replay', which says who comes and when"
            yield Finding((*keys, key), found, "one of the two")


def _nobody_books(
    keys: Keys, place: Tenant | Service, services: list[Service]
) -> Iterator[Finding]:
    booked = any(service.appointments is not None for service in services)
    if isinstance(place.quota, Quota) and not booked:
        found = f"found {place.quota.online:g} of the tickets for those who book"
        yield Finding((*keys, "quota", "online"), found, "appointments, by which they book")


def _no_slot(keys: Keys, scenario: Scenario, rules: Appointments) -> Iterator[Finding]:
    if not any(slots_on(scenario, weekday, rules) for weekday in scenario.days):
        found = f"found {quoted(clock_text(rules.from_))} to {quoted(clock_text(rules.to))}"
        yield Finding((*keys, "from"), found, "a slot within the hours of some day")


def _whole(number: float) -> int:
    """Return the whole number below, or just above where only rounding keeps it from that."""
    return math.floor(number + 1e-9)
