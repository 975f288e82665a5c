"""What the parts of a scenario must have in common, checked once every part is right by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mppsim.scenario.appointments import appointment_contradictions
from mppsim.scenario.backlog import backlog_contradictions
from mppsim.scenario.blocking import blocking_contradictions
from mppsim.scenario.crew_checks import crew_contradictions
from mppsim.scenario.days import Day, Early
from mppsim.scenario.disruptions import disruption_contradictions
from mppsim.scenario.door import door_contradictions
from mppsim.scenario.durations import Span, clock_text, span_text
from mppsim.scenario.errors import listed, nearest_name, quoted
from mppsim.scenario.replay import replay_contradictions
from mppsim.scenario.rosters import overlap, sitting_span
from mppsim.scenario.routes import route_contradictions
from mppsim.scenario.schema import TENANT_STEP, Lunch, Scenario
from mppsim.scenario.tree import Finding, Keys

RESERVED = (TENANT_STEP, "hall", "outage", "counter", "delegation")
"""Names with a meaning of their own: the step in a journey, the whole in results, and the streams
of outages, counters and delegations."""


def contradictions(scenario: Scenario) -> list[Finding]:
    """Return what does not fit together; empty for a scenario that can be simulated."""
    routes = route_contradictions(scenario)
    findings = [*_ids(scenario), *_zones(scenario), *routes]
    findings += [*disruption_contradictions(scenario)]
    findings += [] if routes else blocking_contradictions(scenario)
    for weekday, day in scenario.days.items():
        findings += _day(("days", weekday), day)
    findings += [*_profiles(scenario), *_early(scenario), *_lunches(scenario)]
    return [
        *findings,
        *door_contradictions(scenario),
        *backlog_contradictions(scenario),
        *replay_contradictions(scenario),
        *crew_contradictions(scenario),
        *appointment_contradictions(scenario),
    ]


def _ids(scenario: Scenario) -> Iterator[Finding]:
    for kind, places in (("stations", scenario.stations), ("tenants", scenario.tenants)):
        for name in places:
            if name in RESERVED:
                yield Finding((kind, name), f"found the name {quoted(name)}", "a name of its own")
            if kind == "tenants" and name in scenario.stations:
                found = f"found a tenant with the name of the station {quoted(name)}"
                yield Finding((kind, name), found, "a name of its own")


def _zones(scenario: Scenario) -> Iterator[Finding]:
    for kind, places in (("stations", scenario.stations), ("tenants", scenario.tenants)):
        for name, place in places.items():
            if place.zone not in scenario.zones:
                yield Finding(
                    (kind, name, "zone"),
                    f"found {quoted(place.zone)}",
                    f"a zone: {listed(scenario.zones)}",
                    nearest_name(place.zone, scenario.zones),
                )


def _day(keys: Keys, day: Day) -> Iterator[Finding]:
    hours = f"the hours {clock_text(day.open)} to {clock_text(day.close)}"
    if day.close <= day.open:
        after = f"a time after the opening at {clock_text(day.open)}"
        yield Finding((*keys, "close"), f"found {quoted(clock_text(day.close))}", after)
        return
    if day.last_ticket is not None and not day.open < day.last_ticket <= day.close:
        found = f"found {quoted(clock_text(day.last_ticket))}"
        yield Finding((*keys, "last_ticket"), found, f"a time after opening, within {hours}")
    for index, pause in enumerate(day.breaks):
        here = (*keys, "breaks", index)
        if pause.start < day.open or pause.end > day.close:
            yield Finding(here, f"found {quoted(span_text(pause))}", f"a break within {hours}")
        for earlier in day.breaks[:index]:
            if overlap(earlier, pause):
                apart = f"a break apart from {quoted(span_text(earlier))}"
                yield Finding(here, f"found {quoted(span_text(pause))}", apart)


def _profiles(scenario: Scenario) -> Iterator[Finding]:
    """Refuse a profile by which nobody could come before closing."""
    hall: Keys = ("arrivals", "profile")
    for weekday, day in scenario.days.items():
        if day.close <= day.open:
            continue  # refused already
        if day.profile is None:
            yield from _profile(hall, scenario.arrivals.profile, weekday, day)
        else:
            yield from _profile(("days", weekday, "profile"), day.profile, weekday, day)
        for name, tenant in scenario.tenants.items():
            if tenant.arrivals.profile is not None:
                keys = ("tenants", name, "arrivals", "profile")
                yield from _profile(keys, tenant.arrivals.profile, weekday, day)


def _profile(
    keys: Keys, profile: Mapping[float, float], weekday: str, day: Day
) -> Iterator[Finding]:
    if not any(share > 0 and start < day.close for start, share in profile.items()):
        found = f"found no visitors before the closing of {weekday} at {clock_text(day.close)}"
        yield Finding(keys, found, "a share of the visitors that comes before closing")


def _early(scenario: Scenario) -> Iterator[Finding]:
    opening = min(day.open for day in scenario.days.values())
    by_place: dict[Keys, Early | str | None] = {("arrivals",): scenario.arrivals.early}
    for name, tenant in scenario.tenants.items():
        by_place["tenants", name, "arrivals"] = tenant.arrivals.early
    for keys, early in by_place.items():
        if isinstance(early, Early) and early.within > opening:
            found = f"found {early.within:g} min before an opening at {clock_text(opening)}"
            yield Finding((*keys, "early", "within"), found, "a time that begins after midnight")


def _lunches(scenario: Scenario) -> Iterator[Finding]:
    """Refuse a lunch that falls on no day: a day may close before it, but not every day."""
    lunches: dict[Keys, Lunch | str | None] = {("lunch",): scenario.lunch}
    for kind, places in (("stations", scenario.stations), ("tenants", scenario.tenants)):
        for name, place in places.items():
            lunches[(kind, name, "lunch")] = place.lunch
    for keys, lunch in lunches.items():
        if isinstance(lunch, Lunch) and not any(
            overlap(sitting_span(lunch, 0), Span(day.open, day.close)) and day.open <= lunch.start
            for day in scenario.days.values()
        ):
            found = f"found {quoted(clock_text(lunch.start))}"
            yield Finding((*keys, "start"), found, "a time within the hours of some day")
