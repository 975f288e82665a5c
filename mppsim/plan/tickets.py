"""How many tickets there are on a day, and when they are given out."""

from __future__ import annotations

import numpy as np

from mppsim.plan.plan import NO_LIMIT, Door
from mppsim.scenario.door import last_ticket, tickets_from
from mppsim.scenario.schema import Scenario, Weekday


def door_of(scenario: Scenario, weekday: Weekday) -> Door:
    """Return the rules at the door on a weekday."""
    tenants = scenario.tenants.values()
    quotas = [tenant.quota for tenant in tenants]
    of_services = [service.quota for tenant in tenants for service in tenant.services.values()]
    begins = [tickets_from(scenario, weekday, name) for name in scenario.tenants]
    return Door(
        tickets=np.array([_tickets(quota) for quota in quotas], np.int32),
        service_tickets=np.array([_tickets(quota) for quota in of_services], np.int32),
        tickets_from=np.array([-np.inf if time is None else time for time in begins]),
        last_ticket=np.array([last_ticket(scenario, weekday, name) for name in scenario.tenants]),
    )


def _tickets(quota: int | None) -> int:
    return NO_LIMIT if quota is None else quota
