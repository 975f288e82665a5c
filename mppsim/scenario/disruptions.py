"""Whether the space, surges, delegations and outages of a scenario fit the rest of it."""

from __future__ import annotations

from collections.abc import Iterator

from mppsim.scenario.durations import Span, clock_text, span_text
from mppsim.scenario.errors import listed, nearest_name, quoted
from mppsim.scenario.rosters import overlap
from mppsim.scenario.schema import Delegation, Outage, Scenario
from mppsim.scenario.tree import Finding, Keys

_SHORTEST_BETWEEN = 1.0
"""Minutes; with a shorter mean a day could have outages without end."""


def disruption_contradictions(scenario: Scenario) -> Iterator[Finding]:
    """Yield what is wrong with the capacity, surges, delegations and outages."""
    largest = max((size for size, share in scenario.visitors.party.items() if share), default=1)
    largest = max([largest, *(one.persons for one in scenario.delegations.values())])
    if scenario.capacity is not None and scenario.capacity < largest:
        found = f"found room for {scenario.capacity}, fewer than a party of {largest}"
        yield Finding(("capacity",), found, f"at least {largest} persons")
    yield from _surges(scenario)
    for name, delegation in scenario.delegations.items():
        yield from _delegation(("delegations", name), delegation, scenario)
    for name, outage in scenario.outages.items():
        keys: Keys = ("outages", name)
        yield from _places(keys, outage, scenario)
        yield from _times(keys, outage, scenario)


def _surges(scenario: Scenario) -> Iterator[Finding]:
    for weekday, day in scenario.days.items():
        for tenant in day.tenants:
            if tenant not in scenario.tenants:
                keys: Keys = ("days", weekday, "tenants", tenant)
                near = nearest_name(tenant, scenario.tenants)
                tenants = f"a tenant: {listed(scenario.tenants)}"
                yield Finding(keys, f"found {quoted(tenant)}", tenants, near)


def _delegation(keys: Keys, delegation: Delegation, scenario: Scenario) -> Iterator[Finding]:
    stations = [*scenario.stations, *scenario.tenants]
    if delegation.station not in stations:
        found, near = quoted(delegation.station), nearest_name(delegation.station, stations)
        yield Finding((*keys, "station"), f"found {found}", f"one of {listed(stations)}", near)
    if delegation.zone not in scenario.zones:
        found, near = quoted(delegation.zone), nearest_name(delegation.zone, scenario.zones)
        zones = f"one of the zones {listed(scenario.zones)}"
        yield Finding((*keys, "zone"), f"found {found}", zones, near)
    for weekday, times in delegation.days.items():
        day = scenario.days.get(weekday)
        if day is None and weekday not in scenario.closed:
            days = f"a day of the hall: {listed(scenario.days)}"
            yield Finding(keys, f"found a delegation on {quoted(weekday)}", days)
        for index, time in enumerate(times):
            if day is not None and not day.open <= time <= time + delegation.within < day.close:
                hours = f"a coming within {clock_text(day.open)} to {clock_text(day.close)}"
                here = (*keys, "days", weekday, index)
                yield Finding(here, f"found {quoted(clock_text(time))}", hours)


def _places(keys: Keys, outage: Outage, scenario: Scenario) -> Iterator[Finding]:
    stations = [*scenario.stations, *scenario.tenants]
    for index, station in enumerate(() if outage.at == "hall" else outage.at):
        if station not in stations:
            near = nearest_name(station, stations)
            expectation = f"one of {listed(stations)}, or at: hall"
            yield Finding((*keys, "at", index), f"found {quoted(station)}", expectation, near)


def _times(keys: Keys, outage: Outage, scenario: Scenario) -> Iterator[Finding]:
    drawn = [name for name in ("between", "lasts") if getattr(outage, name) is not None]
    if (outage.days is None) == (not drawn) or len(drawn) == 1:
        found = f"found {listed([*(['days'] if outage.days else []), *drawn]) or 'no time'}"
        yield Finding(keys, found, "either 'days', or 'between' and 'lasts'")
    elif outage.between is not None:
        mean = outage.between.moments().mean
        if mean < _SHORTEST_BETWEEN:
            found = f"found a mean of {mean:g} min"
            yield Finding(
                (*keys, "between"), found, f"a mean of at least {_SHORTEST_BETWEEN:g} min"
            )
    for weekday, spans in (outage.days or {}).items():
        here = (*keys, "days", weekday)
        day = scenario.days.get(weekday)
        if day is None and weekday in scenario.closed:
            continue
        if day is None:
            days = f"a day of the hall: {listed(scenario.days)}"
            yield Finding(keys, f"found an outage on {quoted(weekday)}", days)
            continue
        for index, span in enumerate(spans):
            if not overlap(span, Span(day.open, day.close)):
                hours = f"a span within {clock_text(day.open)} to {clock_text(day.close)}"
                yield Finding((*here, index), f"found {quoted(span_text(span))}", hours)
