"""How the numbers of visitors are called: what happens to a ticket that nobody answers."""

from __future__ import annotations

from typing import Any

from mppsim.scenario.schema import DeadTicket, Recall, Scenario, VirtualQueue


def dead_ticket_at(scenario: Scenario, station: str) -> DeadTicket | None:
    """Return what a station or tenant does about dead tickets."""
    found: DeadTicket | None = _rule_at(scenario, station, "dead_ticket")
    return found


def recall_at(scenario: Scenario, station: str) -> Recall | None:
    """Return what a station or tenant does about missed calls."""
    found: Recall | None = _rule_at(scenario, station, "recall")
    return found


def virtual_queue_at(scenario: Scenario, station: str) -> VirtualQueue | None:
    """Return how visitors of a station or tenant may wait elsewhere, if some do."""
    found: VirtualQueue | None = _rule_at(scenario, station, "virtual_queue")
    return found if found and found.share > 0 else None


def _rule_at(scenario: Scenario, station: str, name: str) -> Any:
    """Return what a station says, or a tenant; for tenants that are silent, the hall's word."""
    if station in scenario.stations:
        return getattr(scenario.stations[station], name)
    own = getattr(scenario.tenants[station], name)
    return getattr(scenario, name) if own is None else None if own == "none" else own
