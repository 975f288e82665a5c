"""The visitors who stand in the lines when the hall opens, with streams of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mppsim.plan.itineraries import Free, Stop
from mppsim.plan.plan import Layout
from mppsim.plan.sources import Source
from mppsim.plan.streams import stream_key
from mppsim.scenario.backlog import backlog_by_service
from mppsim.scenario.days import Weekday
from mppsim.scenario.schema import Scenario


def backlog_sources(
    scenario: Scenario, weekday: Weekday, layout: Layout, sources: Sequence[Source], seed: int
) -> list[tuple[Source, int]]:
    """Return the sources of a weekday's backlog, each with the number of its visitors.

    Their journey begins at the tenant's counters: what comes before is behind them. Their streams
    have names with two slashes, so that no other source has the same.
    """
    backlog = backlog_by_service(scenario, weekday)
    found = []
    for source in sources:
        tenant = layout.tenants[layout.service_tenant[source.service]]
        number = backlog.get((tenant, layout.services[source.service]), 0)
        if number:
            at_tenant = layout.stations.index(tenant)
            key = stream_key(seed, f"backlog/{source.name}")
            journey = tuple(_from_tenant(source, at_tenant))
            found.append((replace(source, key=key, journey=journey), number))
    return found


def _from_tenant(source: Source, station: int) -> Iterator[Stop | Free]:
    """Yield the journey from the tenant's counters on; what could come before them comes after."""
    steps = iter(source.journey)
    for step in steps:
        stops = step.stops if isinstance(step, Free) else (step,)
        own = [stop for stop in stops if (stop.station, stop.service) == (station, source.service)]
        if own:
            yield replace(own[0], share=1.0)
            others = tuple(stop for stop in stops if stop is not own[0])
            yield from (Free(others),) if len(others) > 1 else others
            yield from steps
