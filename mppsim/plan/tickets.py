"""How many tickets there are on a day, for those who book and for walk-ins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mppsim.plan.columns import by_identity
from mppsim.plan.plan import NO_LIMIT, Door, Integers
from mppsim.scenario.appointments import online_tickets
from mppsim.scenario.booking import Quota
from mppsim.scenario.days import Weekday
from mppsim.scenario.door import last_ticket, tickets_from
from mppsim.scenario.schema import Scenario


@dataclass(frozen=True, eq=False)
class Tickets:
    """The tickets that visitors have booked for a day, beside the quotas."""

    tenant_of: tuple[int, ...]
    """By service."""
    quotas: Sequence[int | Quota | None]
    """By tenant."""
    service_quotas: Sequence[int | Quota | None]
    booked: Integers
    """By tenant."""
    service_booked: Integers

    @classmethod
    def of(cls, scenario: Scenario) -> Tickets:
        """Return the tickets of a day for which nobody has booked yet."""
        tenants = [*scenario.tenants.values()]
        services = [
            (k, one) for k, tenant in enumerate(tenants) for one in tenant.services.values()
        ]
        return cls(
            tenant_of=tuple(tenant for tenant, _ in services),
            quotas=[tenant.quota for tenant in tenants],
            service_quotas=[service.quota for _, service in services],
            booked=np.zeros(len(tenants), np.int32),
            service_booked=np.zeros(len(services), np.int32),
        )

    def unbooked(self) -> Tickets:
        """Return the same tickets where nobody has booked yet."""
        none, of_services = np.zeros_like(self.booked), np.zeros_like(self.service_booked)
        return replace(self, booked=none, service_booked=of_services)

    def left_for_booking(self, service: int) -> int:
        """Return how many more visitors of a service can book."""
        tenant = self.tenant_of[service]
        limits = (
            (online_tickets(self.quotas[tenant]), self.booked[tenant]),
            (online_tickets(self.service_quotas[service]), self.service_booked[service]),
        )
        return min(
            NO_LIMIT if limit is None else max(limit - int(booked), 0) for limit, booked in limits
        )

    def give(self, service: int, booked: int) -> None:
        """Note that so many visitors of a service have booked."""
        self.booked[self.tenant_of[service]] += booked
        self.service_booked[service] += booked


def door_of(scenario: Scenario, weekday: Weekday) -> Door:
    """Return the rules at the door on a weekday, where nobody has booked."""
    begins = [tickets_from(scenario, weekday, name) for name in scenario.tenants]
    tickets = Tickets.of(scenario)
    return Door(
        tickets=for_walk_ins(tickets.quotas, tickets.booked),
        service_tickets=for_walk_ins(tickets.service_quotas, tickets.service_booked),
        tickets_from=np.array([-np.inf if time is None else time for time in begins]),
        last_ticket=np.array([last_ticket(scenario, weekday, name) for name in scenario.tenants]),
    )


def with_bookings(door: Door, tickets: Tickets) -> Door:
    """Return the rules at the door with the tickets that those who booked leave for walk-ins."""
    if not tickets.booked.any():
        return door
    return replace(
        door,
        tickets=for_walk_ins(tickets.quotas, tickets.booked),
        service_tickets=for_walk_ins(tickets.service_quotas, tickets.service_booked),
    )


def for_walk_ins(quotas: Sequence[int | Quota | None], booked: Integers) -> Integers:
    """Return what each quota leaves: the share that is not for booking, or what nobody booked."""
    most, is_taken = _most_for_walk_ins(quotas)
    return most - is_taken * booked


def takes_of_walk_ins(tickets: Tickets, services: Iterable[int]) -> bool:
    """Tell whether those who book these services take tickets that were for walk-ins, too."""
    return any(
        isinstance(quota, int)
        for service in services
        for quota in (tickets.quotas[tickets.tenant_of[service]], tickets.service_quotas[service])
    )


@by_identity
def _most_for_walk_ins(quotas: Sequence[int | Quota | None]) -> tuple[Integers, Integers]:
    """Return what each quota leaves if nobody books, and 1 where those who book take of it."""
    most = []
    for quota in quotas:
        if isinstance(quota, Quota):
            most.append(quota.tickets - (online_tickets(quota) or 0))
        else:
            most.append(NO_LIMIT if quota is None else quota)
    is_taken = [isinstance(quota, int) for quota in quotas]
    return np.array(most, np.int32), np.array(is_taken, np.int32)
