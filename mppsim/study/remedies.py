"""What could be done about waiting: changes of a hall, each tried against the hall as it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mppsim.plan.plan import Floats
from mppsim.scenario import Scenario, load_scenario
from mppsim.scenario.booking import Appointments
from mppsim.scenario.errors import InputError, quoted
from mppsim.study.attribution import burden_of
from mppsim.study.executors import Workers
from mppsim.study.experiments import for_many
from mppsim.study.ladders import with_crews
from mppsim.study.replications import Job, Progress, Run, replicate_each
from mppsim.study.run_store import RunStore
from mppsim.theory.estimate import estimate

BUSIEST = 3
"""Tenants, those with most time in line by the formulas, for which remedies are tried."""
_SLOT = 15.0
_BOOKED = 0.5


@dataclass(frozen=True)
class Remedy:
    """A change, and the hall with it."""

    name: str
    hall: Scenario


@dataclass(frozen=True, eq=False)
class Tried:
    """What a remedy saves, by replication: hours in line a day, of all visitors."""

    name: str
    saved: Floats


def try_remedies(
    remedies: Sequence[Remedy],
    *,
    job: Job,
    workers: Workers = 1,
    progress: Progress | None = None,
    runs: RunStore | None = None,
) -> tuple[Tried, ...]:
    """Simulate each remedy and the hall as it is under the same luck; best first.

    Raises InputError for a remedy that takes or brings tenants: it would change who comes.
    """
    for remedy in remedies:
        if {*remedy.hall.tenants} != {*job.scenario.tenants}:
            raise InputError(
                f"remedy: found other tenants in {quoted(remedy.name)}; expected those of the plan"
            )
    job = for_many(job, job.replications * (len(remedies) + 1))
    halls = [job.scenario, *(remedy.hall for remedy in remedies)]
    jobs = [replace(job, scenario=hall) for hall in halls]
    done = replicate_each(jobs, workers=workers, progress=progress, runs=runs)
    now, *hours = [_hours(run) for run in done]
    tried = [Tried(remedy.name, now - those) for remedy, those in zip(remedies, hours, strict=True)]
    return tuple(sorted(tried, key=lambda one: -float(one.saved.mean())))


def usual_remedies(hall: Scenario) -> list[Remedy]:
    """Return lunch in more sittings, one counter more, and appointments, where they can be had.

    One counter more at each shared station, and at the tenants with most time in line by the
    formulas; half of their visitors by appointment, every 15 minutes.
    """
    busiest = _busiest(hall)
    return [
        *_lunches(hall),
        *(
            Remedy(f"one counter more: {name}", with_crews(hall, {name: crew + 1}))
            for name in (*hall.stations, *busiest)
            if isinstance(crew := (hall.stations.get(name) or hall.tenants[name]).counters, int)
        ),
        *(remedy for name in busiest for remedy in _appointments(hall, name)),
    ]


def _hours(run: Run) -> Floats:
    return burden_of(run, [*run.job.scenario.tenants]).hours


def _busiest(hall: Scenario) -> list[str]:
    weekday = max(hall.days, key=lambda day: hall.days[day].demand)
    waits = {one.station: one.wait * one.visitors for one in estimate(hall, weekday)}
    return sorted(hall.tenants, key=lambda name: -waits[name])[:BUSIEST]


def _lunches(hall: Scenario) -> list[Remedy]:
    lunch = hall.lunch
    if lunch is None:
        return []
    more = lunch.model_copy(update={"sittings": lunch.sittings + 1})
    stay = lunch.model_copy(update={"keep": lunch.keep + 1})
    return [
        Remedy(
            f"lunch in {more.sittings} sittings instead of {lunch.sittings}",
            hall.model_copy(update={"lunch": more}),
        ),
        Remedy(
            f"{stay.keep} counter{'s' if stay.keep > 1 else ''} of each station without lunch",
            hall.model_copy(update={"lunch": stay}),
        ),
    ]


def _appointments(hall: Scenario, name: str) -> list[Remedy]:
    """Return half of a tenant's visitors by appointment; none where some book already."""
    tenant = hall.tenants[name]
    if any(service.appointments for service in tenant.services.values()):
        return []
    opening = max(day.open for day in hall.days.values())
    closing = min(day.close for day in hall.days.values())
    services = {}
    for key, service in tenant.services.items():
        booked = tenant.visitors_per_day * service.share * _BOOKED
        slots = max(1, math.floor((closing - opening) / _SLOT))
        rules = Appointments.model_validate(
            {
                "every": f"{_SLOT:g} min",
                "from": _clock(opening),
                "to": _clock(closing),
                "per_slot": max(1, math.ceil(booked / slots)),
                "share": _BOOKED,
            }
        )
        services[key] = service.model_copy(update={"appointments": rules})
    tenants = {**hall.tenants, name: tenant.model_copy(update={"services": services})}
    changed = load_scenario(hall.model_copy(update={"tenants": tenants}))
    return [Remedy(f"half of the visitors by appointment: {name}", changed)]


def _clock(minutes: float) -> str:
    return f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}"
