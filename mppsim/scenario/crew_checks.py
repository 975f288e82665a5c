"""Whether the counters fit the hall: shifts within its hours, and somebody for every visitor."""

from __future__ import annotations

from collections.abc import Iterator

from mppsim.scenario.calls import virtual_queue_at
from mppsim.scenario.crews import (
    ANY_DAY,
    NamedCounter,
    StopTaking,
    counts_over_time,
    named_counters,
)
from mppsim.scenario.days import Day
from mppsim.scenario.durations import Span, clock_text, span_text
from mppsim.scenario.errors import listed, nearest_name, quoted
from mppsim.scenario.rosters import overlap, shifts_key
from mppsim.scenario.schema import Lunch, Scenario, Station, Tenant
from mppsim.scenario.skills import Whom, meanings, skills_of
from mppsim.scenario.tree import Finding, Keys


def crew_contradictions(scenario: Scenario) -> list[Finding]:
    """Return what does not fit in the counters of stations and tenants."""
    findings: list[Finding] = []
    for kind, places in (("stations", scenario.stations), ("tenants", scenario.tenants)):
        for name, place in places.items():
            here: Keys = (kind, name)
            findings += _counts(here, place, scenario)
            for key, counter in _written_by_name(place).items():
                findings += _shifts((*here, "counters", key, "shifts"), counter, scenario)
                findings += _skills((*here, "counters", key, "serves"), name, counter, scenario)
            findings += _without_effect(here, place, scenario)
    return findings or [*_rooms(scenario), *_nobody_serves(scenario)]


def _written_by_name(place: Station | Tenant) -> dict[str, NamedCounter]:
    plain = isinstance(place.counters, int) or counts_over_time(place.counters)
    return {} if plain else named_counters(place.counters)


def _counts(here: Keys, place: Station | Tenant, scenario: Scenario) -> Iterator[Finding]:
    for time in counts_over_time(place.counters):
        if not any(day.open <= time < day.close for day in scenario.days.values()):
            found = f"found a count from {quoted(clock_text(time))} on"
            yield Finding((*here, "counters"), found, "times within the hours of some day")


def _shifts(keys: Keys, counter: NamedCounter, scenario: Scenario) -> Iterator[Finding]:
    shifts = counter.shifts
    if shifts is None:
        return
    by_day = shifts if isinstance(shifts, dict) else {ANY_DAY: shifts}
    kinds = [day.type for day in scenario.days.values() if day.type]
    known = list(dict.fromkeys([ANY_DAY, *scenario.days, *kinds]))
    for name, spans in by_day.items():
        if name not in known:
            found, near = f"found shifts for {quoted(name)}", nearest_name(name, known)
            yield Finding((*keys, name), found, f"one of {listed(known)}", near)
            continue
        days = [
            day
            for weekday, day in scenario.days.items()
            if not isinstance(shifts, dict) or shifts_key(counter, weekday, day) == name
        ]
        for index, span in enumerate(spans):
            here = (*keys, name, index) if isinstance(shifts, dict) else (*keys, index)
            yield from _shift(here, span, spans[:index], days)


def _shift(here: Keys, span: Span, earlier: tuple[Span, ...], days: list[Day]) -> Iterator[Finding]:
    found = f"found the shift {quoted(span_text(span))}"
    if not any(day.open <= span.start and span.end <= day.close for day in days):
        yield Finding(here, found, "a shift within the hours of some day on which it holds")
    for other in earlier:
        if overlap(other, span):
            yield Finding(here, found, f"a shift apart from {quoted(span_text(other))}")


def _skills(
    keys: Keys, station: str, counter: NamedCounter, scenario: Scenario
) -> Iterator[Finding]:
    for number, level in enumerate(counter.serves or ()):
        words = (level,) if isinstance(level, str) else level
        for index, word in enumerate(words):
            here = (*keys, number) if isinstance(level, str) else (*keys, number, index)
            meant = meanings(scenario, station, word)
            if not meant:
                known = _words_at(scenario, station)
                wanted = "a service or class here, a station, a tenant or tenant/service"
                near = nearest_name(word, known)
                yield Finding(here, f"found the skill {quoted(word)}", wanted, near)
            elif len(meant) > 1:
                found = f"found {quoted(word)}, which is the name of several things"
                yield Finding(here, found, "a name of its own for each, or tenant/service")
            elif meant[0].station != station and _separate(scenario, station, meant[0].station):
                found = f"found {quoted(word)} where visitors stand at a counter each"
                yield Finding(here, found, "one line, at both stations")


def _rooms(scenario: Scenario) -> Iterator[Finding]:
    """Refuse rooms where it is not settled who of those outside comes in next."""
    helped = {
        whom.station
        for name in (*scenario.stations, *scenario.tenants)
        for counter in named_counters(_place(scenario, name).counters).values()
        for level in skills_of(scenario, name, counter)
        for whom in level
    }
    for kind, places in (("stations", scenario.stations), ("tenants", scenario.tenants)):
        for name in places:
            place = _place(scenario, name)
            broken_off = place.shift_end in ("resume", "restart")
            if place.room is not None and virtual_queue_at(scenario, name):
                found = "found a room where some wait elsewhere"
                yield Finding((kind, name, "room"), found, "no 'virtual_queue' there, or no room")
            if place.room is not None and (name in helped or place.lines != "one" or broken_off):
                found = "found a room where counters have skills, lines or broken services"
                wanted = "one line, served by all counters of the station to the end of a service"
                yield Finding((kind, name, "room"), found, wanted)


def _place(scenario: Scenario, name: str) -> Station | Tenant:
    return scenario.stations.get(name) or scenario.tenants[name]


def _words_at(scenario: Scenario, station: str) -> list[str]:
    own = scenario.tenants[station].services if station in scenario.tenants else {}
    offers = [
        f"{name}/{service}"
        for name, place in scenario.tenants.items()
        for service in place.services
    ]
    return [*own, *scenario.visitors.classes, *scenario.stations, *scenario.tenants, *offers]


def _separate(scenario: Scenario, *stations: str) -> bool:
    places = [scenario.stations.get(name) or scenario.tenants[name] for name in stations]
    return any(place.lines != "one" for place in places)


def _without_effect(here: Keys, place: Station | Tenant, scenario: Scenario) -> Iterator[Finding]:
    """Refuse rules that could never change anything."""
    named = _written_by_name(place)
    counts = bool(counts_over_time(place.counters))
    dismissed = scenario.closing == "dismiss_waiting" and isinstance(place.shift_end, StopTaking)
    shifts = counts or any(counter.shifts for counter in named.values())
    if place.shift_end != "finish" and not dismissed and not shifts:
        found = "found a rule for the end of shifts, but no shifts"
        yield Finding((*here, "shift_end"), found, "counters with shifts, or counts over time")
    if isinstance(place.lunch, Lunch) and (
        counts or (named and all(counter.shifts is not None for counter in named.values()))
    ):
        found = "found a lunch where every counter has shifts of its own"
        yield Finding((*here, "lunch"), found, "shifts that leave out the lunch")
    equals = any(not isinstance(level, str) for one in named.values() for level in one.serves or ())
    if place.discipline in ("longest_queue", "longest_wait") and not equals:
        found = (
            f"found {quoted(str(place.discipline))} at counters that prefer each line to the next"
        )
        wanted = "a counter that serves several equally, such as serves: [[tax, bank]]"
        yield Finding((*here, "discipline"), found, wanted)


def _nobody_serves(scenario: Scenario) -> Iterator[Finding]:
    """Refuse visitors whom no counter may serve."""
    able = _able(scenario)
    classes = [name for name, share in scenario.visitors.classes.items() if share > 0]
    for name in scenario.stations:
        for visitor_class in classes:
            if not _covers(able, Whom(name, visitor_class=visitor_class)):
                found = f"found no counter for the class {quoted(visitor_class)}"
                yield Finding(("stations", name, "counters"), found, "a counter that serves it")
    for name, tenant in scenario.tenants.items():
        for service in tenant.services:
            missing = [k for k in classes if not _covers(able, Whom(name, name, service, k))]
            if missing:
                of_class = "" if missing == classes else f" of the class {quoted(missing[0])}"
                found = f"found no counter for {quoted(f'{name}/{service}')}{of_class}"
                yield Finding(("tenants", name, "counters"), found, "a counter that serves them")


def _able(scenario: Scenario) -> set[Whom]:
    able: set[Whom] = set()
    for name in (*scenario.stations, *scenario.tenants):
        place = scenario.stations.get(name) or scenario.tenants[name]
        for counter in named_counters(place.counters).values():
            skills = skills_of(scenario, name, counter) or ((Whom(name),),)
            able.update(whom for level in skills for whom in level)
    return able


def _covers(able: set[Whom], visitor: Whom) -> bool:
    return any(
        whom.station == visitor.station
        and whom.service in ("", visitor.service)
        and whom.visitor_class in ("", visitor.visitor_class)
        for whom in able
    )
