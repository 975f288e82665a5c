"""How the numbers of visitors are called: what happens to a ticket that nobody answers."""

from __future__ import annotations

from mppsim.scenario.schema import DeadTicket, Recall, Scenario


def dead_ticket_at(scenario: Scenario, station: str) -> DeadTicket | None:
    """Return what a station or tenant does about dead tickets; the hall's word is for tenants."""
    if station in scenario.stations:
        return scenario.stations[station].dead_ticket
    own = scenario.tenants[station].dead_ticket
    return scenario.dead_ticket if own is None else None if own == "none" else own


def recall_at(scenario: Scenario, station: str) -> Recall | None:
    """Return what a station or tenant does about missed calls; the hall's word is for tenants."""
    if station in scenario.stations:
        return scenario.stations[station].recall
    own = scenario.tenants[station].recall
    return scenario.recall if own is None else None if own == "none" else own
