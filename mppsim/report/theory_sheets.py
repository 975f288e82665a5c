"""Simulation beside the formulas, and why they differ: a check that a reader can follow."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from mppsim.report import names, wording
from mppsim.report.cells import Cell, Sheet, minutes_cell, one_group, records
from mppsim.report.result import Result
from mppsim.scenario import Scenario
from mppsim.scenario.crews import named_counters
from mppsim.scenario.places import place_of
from mppsim.scenario.schema import TENANT_STEP, Tenant
from mppsim.theory.estimate import StationEstimate, estimate
from mppsim.theory.offered_load import StationLoad, offered_load

_NEAR, _NEAR_MINUTES = 0.2, 0.5
"""Differences up to a fifth, or half a minute, are what such formulas are good for."""
_MANY = 30
AGREES = "agree"
_OVERLOADED = (
    "for a time more work comes than the counters can do, and then all hangs on how busy the day is"
)


def theory_sheet(result: Result) -> Sheet:
    """Return the mean wait at each station as simulated and by formulas, and why they differ."""
    scenario = result.scenario
    weekdays = [day for day in scenario.days if day in result.run.observations.weekdays]
    estimates = [estimate(scenario, weekday) for weekday in weekdays]
    loads = [offered_load(scenario, weekday) for weekday in weekdays]
    waiting = records(result.waiting("station"))
    rows = []
    for days, load in zip(zip(*estimates, strict=True), zip(*loads, strict=True), strict=True):
        simulated = waiting[days[0].station]
        if math.isnan(simulated["mean"]):
            continue
        formula = _over_days(days)
        rows.append(
            (
                Cell(names.station_name(scenario, days[0].station)),
                minutes_cell(simulated, "mean"),
                Cell(wording.number(formula, 1 if formula < 99.95 else 0)),
                Cell(
                    _why(scenario, load, simulated["mean"], simulated["mean_half_width"], formula)
                ),
            )
        )
    return Sheet(
        "Mean wait, in minutes, as simulated and by formulas",
        ("Station", "Simulated", "By formulas", "In words"),
        one_group(rows),
    )


THEORY_TEXT = (
    "The formulas (Erlang C with Allen and Cunneen's factor for the spread of the services, "
    "carried over the day by the pointwise stationary fluid flow of Wang, Tipper and Banerjee) "
    "look at each station by itself. The two ways share nothing but the file: where they agree, "
    "neither hides a slip; where they differ, the words say what the formulas leave out there."
)


def _over_days(days: Sequence[StationEstimate]) -> float:
    visitors = sum(day.visitors for day in days)
    return sum(day.wait * day.visitors for day in days) / visitors if visitors > 0 else 0.0


def _why(
    scenario: Scenario,
    load: Sequence[StationLoad],
    simulated: float,
    half_width: float,
    formula: float,
) -> str:
    difference = formula - simulated
    near = max(_NEAR * simulated, _NEAR_MINUTES)
    if abs(difference) <= near:
        return AGREES
    if not math.isnan(half_width) and abs(difference) <= near + half_width:
        return f"{AGREES}, as far as the simulated days can tell"
    more = "more" if difference > 0 else "less"
    reasons = [text for says, text in _reasons(scenario, load) if says in (more, "either")]
    if not reasons:
        return f"the formulas say {more}: they are only good to about a fifth of the wait"
    return f"the formulas say {more}: {'; '.join(reasons)}"


def _reasons(scenario: Scenario, load: Sequence[StationLoad]) -> Iterator[tuple[str, str]]:
    """Yield what the formulas leave out at a station, and whether they say more or less for it."""
    station = load[0].station
    place = place_of(scenario, station)
    crew = [*named_counters(place.counters).values()]
    outages = [one for one in scenario.outages.values() if one.at == "hall" or station in one.at]
    if any(hour.ratio > 1 for day in load for hour in day.hours):
        yield "either", _OVERLOADED
    if _come_from_elsewhere(scenario, load):
        yield "more", "visitors come from the station before, later and more evenly than by chance"
    if isinstance(place, Tenant) and any(one.appointments for one in place.services.values()):
        yield "more", "those who booked come evenly, slot by slot"
    if place.lines != "one":
        yield "less", "the formulas know one line for all counters, not a line at each"
    if any(counter.serves for counter in crew):
        yield "either", "who serves whom is only roughly in the formulas"
    if any(one.between for one in outages):
        yield "less", "an outage comes as a whole, and the formulas spread it over the day"
    if any(counter.absence for counter in crew):
        yield "less", "a counter is absent for whole days, and the formulas spread that evenly"
    if sum(day.visitors for day in load) < _MANY * len(load):
        yield "either", "so few visitors come that how they fall into a lunch decides"


def _come_from_elsewhere(scenario: Scenario, load: Sequence[StationLoad]) -> bool:
    """Tell whether at least half of the visitors of a station have been at another one before."""
    station = load[0].station
    own = TENANT_STEP if station in scenario.tenants else station
    straight = sum(
        place.visitors_per_day
        for name, place in scenario.tenants.items()
        if (place.journey or scenario.journey)[0] == own and station in (own, name)
    )
    return straight < sum(day.visitors for day in load) / len(load) / 2
