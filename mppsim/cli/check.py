"""`mppsim check`: can the hall keep up at all, before anything is simulated."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mppsim.cli.options import Json, OneDay
from mppsim.scenario import Scenario, load_scenario
from mppsim.scenario.crews import named_counters
from mppsim.scenario.days import Weekday
from mppsim.scenario.durations import clock_text
from mppsim.scenario.errors import InputError
from mppsim.scenario.overload import explained_overloads
from mppsim.theory.estimate import StationEstimate, estimate
from mppsim.theory.offered_load import StationLoad, offered_load
from mppsim.theory.specialists import SpecialistLoad, too_much_for_specialists

CANNOT_KEEP_UP = 1
LIKELY = (0.01, 2.0)
"""Loads outside are more often a slip of units, such as 60-fold, than a hall."""


def check(
    scenario: Annotated[Path, typer.Argument(help="A scenario file.")],
    day: OneDay = None,
    json_: Json = False,
) -> None:
    """Check a scenario: the offered load of each station against its counters, and about the wait.

    Exit code 0 if every station can keep up over each day, and so can those counters that alone
    serve somebody, or the file says why not; 1 if one cannot, 2 for a bad file.
    """
    hall = load_scenario(scenario)
    weekdays = [weekday for weekday in hall.days if day in (None, weekday)]
    if not weekdays:
        raise InputError(f"--day: found {day}; expected one of {', '.join(hall.days)}")
    loads = {weekday: offered_load(hall, weekday) for weekday in weekdays}
    specialists = {weekday: too_much_for_specialists(hall, weekday) for weekday in weekdays}
    if json_:
        estimates = {weekday: estimate(hall, weekday) for weekday in weekdays}
        print(json.dumps(_finite(_as_json(loads, estimates, specialists)), indent=2))
    else:
        _show(hall, loads, specialists)
    if _overloaded(loads, specialists) - explained_overloads(hall).keys():
        raise typer.Exit(CANNOT_KEEP_UP)


def _overloaded(
    loads: dict[Weekday, tuple[StationLoad, ...]],
    specialists: dict[Weekday, list[SpecialistLoad]],
) -> set[str]:
    """Return the stations that cannot keep up on some day."""
    whole = {one.station for stations in loads.values() for one in stations if one.ratio > 1}
    return whole | {few.station for several in specialists.values() for few in several}


def _show(
    hall: Scenario,
    loads: dict[Weekday, tuple[StationLoad, ...]],
    specialists: dict[Weekday, list[SpecialistLoad]],
) -> None:
    console = Console()
    console.print(f"[bold]{hall.name}[/bold]: the file is in order.")
    # One table serves all days: the one with the most work, which `demand` makes the same for all.
    heaviest = max(loads, key=lambda weekday: max(load.ratio for load in loads[weekday]))
    console.print(_load_table(hall, heaviest, loads[heaviest], estimate(hall, heaviest)))
    console.print(
        "The work that comes for each counter on duty, by hour of arrival. "
        "[yellow]Over 100 %[/yellow] a line grows in that hour; [bold red]over 100 % in the "
        "day[/bold red] a station cannot keep up. wait: about the mean wait in minutes, by "
        "formulas; `mppsim run` knows better. `--day` shows another day."
    )
    for weekday, stations in loads.items():
        _say_what_fails(console, hall, weekday, stations, specialists[weekday])
    overloaded, by_reason = _overloaded(loads, specialists), dict[str, list[str]]()
    for station, why in explained_overloads(hall).items():
        if station in overloaded:
            by_reason.setdefault(why, []).append(station)
    for why, named in by_reason.items():
        console.print(f"The file says why, of {', '.join(named)}: {why}", markup=False)


def _load_table(
    hall: Scenario,
    weekday: Weekday,
    stations: Sequence[StationLoad],
    estimates: Sequence[StationEstimate],
) -> Table:
    table = Table(title=f"Offered load on {weekday}, in %", title_justify="left", box=None)
    table.add_column("station", overflow="ellipsis", no_wrap=True, max_width=24)
    table.add_column("counters", justify="right")
    table.add_column("visits", justify="right")
    for hour in stations[0].hours:
        table.add_column(clock_text(hour.start).removesuffix(":00"), justify="right")
    table.add_column("day", justify="right")
    table.add_column("wait", justify="right")
    for station, about in zip(stations, estimates, strict=True):
        table.add_row(
            station.station,
            str(_counters(hall, station.station)),
            f"{station.visitors:.0f}",
            *(_percent(hour.ratio, "yellow") for hour in station.hours),
            _percent(station.ratio, "bold red"),
            f"{about.wait:.1f}" if about.wait < 99.95 else f"{about.wait:.0f}",
        )
    return table


def _say_what_fails(
    console: Console,
    hall: Scenario,
    weekday: Weekday,
    stations: Sequence[StationLoad],
    specialists: Sequence[SpecialistLoad],
) -> None:
    for station in stations:
        if station.visitors > 0 and not LIKELY[0] < station.ratio < LIKELY[1]:
            console.print(
                f"[yellow]{weekday}: {station.station} has {station.ratio:.1%} of the work "
                "it could do; is a duration or a number of visitors wrong?[/yellow]"
            )
        if station.ratio > 1:
            work = sum(hour.work for hour in station.hours)
            on_duty = sum(hour.on_duty for hour in station.hours)
            console.print(
                f"[bold red]{weekday}: {station.station} cannot keep up:[/bold red] "
                f"{work:.0f} minutes of work for {on_duty:.0f} minutes on duty "
                f"({_counters(hall, station.station)} counters)."
            )
    for few in specialists:
        console.print(
            f"[bold red]{weekday}: {', '.join(few.counters)} cannot keep up[/bold red] with "
            f"{', '.join(few.visitors)}, whom nobody else serves: {few.work:.0f} minutes of work "
            f"for {few.on_duty:.0f} minutes on duty."
        )


def _counters(hall: Scenario, station: str) -> int:
    return len(named_counters((hall.stations.get(station) or hall.tenants[station]).counters))


def _percent(ratio: float, alarm: str) -> Text:
    text = "none" if ratio == float("inf") else f"{ratio:.0%}".replace("%", "")
    return Text(text, style=alarm if ratio > 1 else "")


def _as_json(
    loads: dict[Weekday, tuple[StationLoad, ...]],
    estimates: dict[Weekday, tuple[StationEstimate, ...]],
    specialists: dict[Weekday, list[SpecialistLoad]],
) -> list[dict[str, object]]:
    return [
        {
            **{key: value for key, value in asdict(about).items() if key != "flow"},
            "ratio": station.ratio,
            "too_much_for": [
                asdict(few) for few in specialists[weekday] if few.station == station.station
            ],
            "hours": [
                asdict(waits)
                | asdict(hour)
                | {"load": hour.load, "counters": hour.counters, "ratio": hour.ratio}
                for hour, waits in zip(station.hours, about.hours, strict=True)
            ],
        }
        for weekday, stations in loads.items()
        for station, about in zip(stations, estimates[weekday], strict=True)
    ]


def _finite(value: object) -> object:
    """Return a value for strict JSON, which has no infinity."""
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
