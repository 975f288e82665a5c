"""The rules of the counters, from a scenario."""

from __future__ import annotations

from mppsim.plan.clock import on_grid_minutes
from mppsim.plan.rules import CounterRule, DisciplineName, StationRule, Target
from mppsim.scenario.crews import Aging, Discipline, EachCounter, Ratio, StopTaking, named_counters
from mppsim.scenario.schema import Scenario, Station, Tenant
from mppsim.scenario.skills import EVERYBODY, Whom, skills_of


def counter_rules(scenario: Scenario, stations: tuple[str, ...]) -> tuple[CounterRule, ...]:
    """Return the rule of each counter, in the order of the layout."""
    tenants, classes = list(scenario.tenants), list(scenario.visitors.classes)
    services = [(name, key) for name in tenants for key in scenario.tenants[name].services]

    def target(whom: Whom) -> Target:
        return Target(
            stations.index(whom.station),
            services.index((whom.tenant, whom.service)) if whom.service else EVERYBODY,
            classes.index(whom.visitor_class) if whom.visitor_class else EVERYBODY,
        )

    rules = []
    for station in stations:
        place = scenario.stations.get(station) or scenario.tenants[station]
        for counter in named_counters(place.counters).values():
            levels = skills_of(scenario, station, counter)
            serves = tuple(tuple(target(whom) for whom in level) for level in levels)
            rules.append(CounterRule(counter.speed, serves))
    return tuple(rules)


def station_rules(scenario: Scenario, stations: tuple[str, ...]) -> tuple[StationRule, ...]:
    """Return the rules of each station, in the order of the layout."""
    return tuple(
        _station_rule(scenario.stations.get(station) or scenario.tenants[station])
        for station in stations
    )


def _station_rule(place: Station | Tenant) -> StationRule:
    discipline, amount = _discipline(place.discipline)
    end, lines = place.shift_end, place.lines
    return StationRule(
        shifted_breaks=place.break_rule == "shifted",
        shift_end="finish" if isinstance(end, StopTaking) else end,
        stop_taking=on_grid_minutes(end.stop_taking) if isinstance(end, StopTaking) else 0.0,
        discipline=discipline,
        amount=amount,
        lines=lines.each_counter if isinstance(lines, EachCounter) else "one",
    )


def _discipline(written: Discipline) -> tuple[DisciplineName, float]:
    if isinstance(written, Ratio):
        return "ratio", float(written.ratio)
    if isinstance(written, Aging):
        return "aging", on_grid_minutes(written.aging)
    return written, 0.0
