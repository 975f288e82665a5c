"""The work that only some of the counters can do, against their own minutes.

A station as a whole may keep up while its one passport officer cannot. Work can be divided among
counters only if no group of visitors brings more than the counters that serve any of them can do
(Hall 1935); here the groups are those whom the same counters serve, with all who have no others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from mppsim.scenario import Scenario
from mppsim.scenario.days import Weekday
from mppsim.scenario.skills import Whom
from mppsim.theory.offered_load import work_by_service
from mppsim.theory.supply import counters_on

Group = tuple[str, str, str]
"""A station, the `tenant/service` of those who come, their class."""


@dataclass(frozen=True)
class SpecialistLoad:
    """Visitors whom only some counters of their stations serve, on one day."""

    station: str
    visitors: tuple[str, ...]
    """Such as `tax/permit`, or `priority at tax`."""
    counters: tuple[str, ...]
    work: float
    """Minutes of service that they bring."""
    on_duty: float
    """Minutes of these counters, those of a faster one as many as its speed makes."""


def too_much_for_specialists(scenario: Scenario, weekday: Weekday) -> list[SpecialistLoad]:
    """Return the visitors for whom the few counters that serve them cannot keep up on a day."""
    day, classes = scenario.days[weekday], scenario.visitors.classes
    counters = counters_on(scenario, weekday, [day.open, day.close])
    work: dict[frozenset[int], dict[Group, float]] = {}
    crews: dict[str, set[int]] = {}
    for (station, service), minutes in work_by_service(scenario, weekday).items():
        for rank, share in classes.items():
            able = frozenset(
                number
                for number, counter in enumerate(counters)
                if any(_includes(whom, station, service, rank) for whom in counter.serves)
            )
            work.setdefault(able, {})[station, service, rank] = minutes * share
            crews.setdefault(station, set()).update(able)
    found = []
    for able in work:
        groups = {key: m for crew, own in work.items() if crew <= able for key, m in own.items()}
        load = SpecialistLoad(
            next(iter(groups))[0],
            tuple(dict.fromkeys(_name(key, groups, classes) for key in groups if key[1])),
            tuple(counters[number].name for number in sorted(able)),
            sum(groups.values()),
            sum(counters[number].minutes[0] for number in able),
        )
        is_whole_crew = any(able >= crews[station] for station, _, _ in groups)
        if load.work > load.on_duty and not is_whole_crew:
            found.append(load)
    return found


def _includes(whom: Whom, station: str, service: str, rank: str) -> bool:
    return (
        whom.station == station
        and (not whom.service or f"{whom.tenant}/{whom.service}" == service)
        and whom.visitor_class in ("", rank)
    )


def _name(key: Group, groups: Collection[Group], classes: Iterable[str]) -> str:
    station, service, rank = key
    whole = all((station, service, one) in groups for one in classes)
    return service if whole else f"{rank} at {station}"
