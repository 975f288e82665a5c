"""What a hall must keep: goals, or its own promises, as bounds at single stations and services."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mppsim.measure.observations import service_labels
from mppsim.measure.targets import HALL, Goal, Measure
from mppsim.plan.layout import layout_of
from mppsim.plan.plan import Layout
from mppsim.scenario import Scenario
from mppsim.scenario.errors import InputError, listed, nearest_name, quoted
from mppsim.study.experiments import Bound


def wait_bounds(hall: Scenario, goals: Sequence[Goal]) -> tuple[Bound, ...]:
    """Return the bounds on waits; without any goal, what the hall itself promises.

    A goal without a place is meant for every tenant and every shared station. Raises InputError for
    a place that the hall does not have, and for goals that no number of counters answers.
    """
    layout = layout_of(hall)
    waits = [goal for goal in goals if goal.measure.what != "standing"]
    if goals:
        return tuple(bound for goal in waits for bound in _of_goal(goal, layout))
    bounds = tuple(_promised(layout))
    if not bounds:
        raise InputError(
            "target: found none, and the hall promises no wait; expected a target such as "
            "'P(wait <= 15 min) >= 0.9'"
        )
    return bounds


def standing_goals(hall: Scenario, goals: Sequence[Goal]) -> dict[str, list[Goal]]:
    """Return the bounds on standing visitors by zone; raises InputError as `wait_bounds`."""
    found: dict[str, list[Goal]] = {zone: [] for zone in hall.zones}
    for goal in goals:
        if goal.measure.what == "standing":
            _at_most_many(goal)
            if goal.measure.statistic != "mean":
                _within_reach(goal)
            for zone in _named(goal, [*hall.zones]):
                found[zone].append(goal)
    return found


def _of_goal(goal: Goal, layout: Layout) -> Iterator[Bound]:
    if goal.measure.what == "visit" or goal.measure.place == HALL:
        found = "a whole visit" if goal.measure.what == "visit" else "the hall as a whole"
        raise InputError(
            f"{goal.text}: found a bound on {found}, which no single station answers for; expected "
            "one on waits at a tenant, a service or a station, or at no place for all of them"
        )
    _at_most_long(goal)
    _within_reach(goal)
    services = [str(label) for label in service_labels(layout)]
    stations = [*layout.stations]
    for place in _named(goal, stations, services):
        if place in stations:
            yield Bound(goal, "station", stations.index(place), place, place)
        else:
            tenant = layout.tenants[layout.service_tenant[services.index(place)]]
            yield Bound(goal, "service", services.index(place), tenant, place)


def _promised(layout: Layout) -> Iterator[Bound]:
    services = [str(label) for label in service_labels(layout)]
    for promise in layout.promises:
        if promise.kind == "wait":
            by_service = promise.service >= 0
            place = promise.service if by_service else promise.station
            label = services[place] if by_service else layout.stations[place]
            text = f"P(wait <= {promise.minutes:g} min) >= {promise.share:g}"
            measure = Measure(text, label, "share", "wait", promise.minutes)
            goal = Goal(text, measure, False, promise.share)
            _within_reach(goal)
            station = layout.stations[promise.station]
            yield Bound(goal, "service" if by_service else "station", place, station, label)


def _named(goal: Goal, *places: list[str]) -> list[str]:
    """Return the places that a goal is meant for; all of the first kind where it names none."""
    if goal.measure.place is None:
        return places[0]
    known = [name for kind in places for name in kind]
    if goal.measure.place not in known:
        near = nearest_name(goal.measure.place, known)
        hint = f"; did you mean {quoted(near)}?" if near else ""
        found = f"{goal.text}: found {quoted(goal.measure.place)}"
        raise InputError(f"{found}; expected one of {listed(known)}{hint}")
    return [goal.measure.place]


def _at_most_long(goal: Goal) -> None:
    """Refuse a wish for long waits."""
    if goal.at_most == goal.measure.is_share:
        raise InputError(
            f"{goal.text}: found a wish for long waits; expected a bound the other way"
        )


def _at_most_many(goal: Goal) -> None:
    """Refuse a wish for many who stand."""
    if goal.at_most == goal.measure.is_share:
        found = "a wish for many standing visitors"
        raise InputError(f"{goal.text}: found {found}; expected a bound the other way")


def _within_reach(goal: Goal) -> None:
    """Refuse what no number of days can show: that something holds always, or takes no time."""
    if goal.measure.statistic == "mean":
        if goal.limit <= 0:
            raise InputError(f"{goal.text}: found a mean of 0; expected a time of more than 0")
        return
    share = goal.limit if goal.measure.is_share else goal.measure.level
    if not 0 < share < 1:
        found = f"found the share {share:g}, which no number of days can show"
        raise InputError(f"{goal.text}: {found}; expected one between 0 and 1, such as 0.95")
