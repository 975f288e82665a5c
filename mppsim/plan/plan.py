"""The plan: all the luck of one replication, drawn before anybody moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.columns import column, fill_columns
from mppsim.plan.rules import CounterRule, StationRule
from mppsim.scenario.durations import Span

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]

AWAY = -1
"""In place of a step's station: a delay, away from any counter."""
PromiseKind = Literal["wait", "service", "visit"]

TAIL, HEAD = 1, 2
"""How a visitor comes back to a line with the paper that was missing."""
IF_GIVING_UP, AFTER_SERVICE = 1, 2
"""When a visitor comes back on another day; both may be true of a step."""
NO_LIMIT = np.iinfo(np.int32).max
"""A line that nobody balks at, a tenant without a quota."""


@dataclass(frozen=True)
class Remote:
    """How a station calls visitors who wait elsewhere."""

    notice: int
    """They are told to come once no more than so many are before them."""
    call_time: float
    """Minutes that the call of a number takes that nobody answers."""


@dataclass(frozen=True)
class Recalling:
    """What a station does about those who miss their call."""

    call_time: float
    """Minutes that the call in vain takes."""
    after: int
    """How many are called before the visitor is called again; NO_LIMIT: all who wait."""


@dataclass(frozen=True)
class Room:
    """The places in which visitors of a station wait, those in service not counted."""

    places: int
    full: Literal["block", "outside", "lose"]
    """Who finds no place: waits at the counter before, or outside, or leaves."""


@dataclass(frozen=True)
class Outage:
    """A piece of a day in which the counters of some stations cannot serve."""

    begin: float
    end: float
    stations: tuple[int, ...]
    restarts: bool
    """Whether a service under way begins anew afterwards; else it goes on."""


@dataclass(frozen=True)
class PromiseMade:
    """One promise to the visitors of a service, or to all at a shared station."""

    station: int
    """The shared station, or the tenant's."""
    service: int
    """-1 at a shared station."""
    kind: PromiseKind
    minutes: float
    """The longest time that keeps it."""
    share: float
    """The share of the visitors for whom it must hold."""


@dataclass(frozen=True, eq=False)
class Layout:
    """The hall as numbered tables: what an engine and the measures need to know of a scenario.

    Services, stations, counters, classes and zones are known by their index here. The counters of
    a station stand side by side. A station belongs to one tenant, or to the hall (tenant -1).
    """

    tenants: tuple[str, ...]
    services: tuple[str, ...]
    """Names within the tenant; `service_tenant` says whose."""
    service_tenant: Integers
    service_promise: Floats
    """Promised longest wait in minutes; NaN where nothing is promised."""
    stations: tuple[str, ...]
    station_tenant: Integers
    station_zone: Integers
    station_promise: Floats
    balk_above: Integers
    """By station: who finds more waiting than this leaves; NO_LIMIT where nobody does."""
    counters: tuple[str, ...]
    """Such as `sim 2`: the station, and the place in it counted from 1."""
    counter_station: Integers
    classes: tuple[str, ...]
    """From first served to last."""
    zones: tuple[str, ...]
    seats: Integers
    dead_calls: dict[int, float] = field(default_factory=dict)
    """By station that calls dead tickets: the minutes that a call takes."""
    recalls: dict[int, Recalling] = field(default_factory=dict)
    """By station where visitors miss their call."""
    remote: dict[int, Remote] = field(default_factory=dict)
    """By station whose visitors may wait elsewhere."""
    rooms: dict[int, Room] = field(default_factory=dict)
    """By station whose room has an end."""
    areas: dict[int, float] = field(default_factory=dict)
    """Square meters of floor, by zone that says so."""
    capacity: int = NO_LIMIT
    """Persons whom the hall holds; others wait at the gate."""
    patience_shared: NDArray[np.bool_] = column("stations", False)
    """By station: whether its line takes from the visitor's one patience for the whole visit."""
    balk_wait: Floats = column("stations", np.inf)
    """By station: who is announced a longer wait than this leaves."""
    balk_shares: tuple[tuple[tuple[int, float], ...], ...] = ()
    """By station: (number, share), rising: this share leaves who find more waiting than that."""
    mean_service: Floats = column("stations", np.nan)
    """By station, as it is announced."""
    walk: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    """Minutes from a zone (the last row: from the door) to a zone; empty where nobody walks."""
    promises: tuple[PromiseMade, ...] = ()
    """All promises: those of services first, in their order, then those of shared stations."""
    counter_rules: tuple[CounterRule, ...] = ()
    """By counter; empty where nothing is particular to any."""
    station_rules: tuple[StationRule, ...] = ()
    """By station; empty where all work by the usual rules."""

    def __post_init__(self) -> None:
        """Fill the columns that were not given."""
        fill_columns(self)


class Channel(NamedTuple):
    """What became of the demand for a service on a day before anybody came: numbers of visitors."""

    online: int = 0
    """Dealt with online, without a visit."""
    places: int = 0
    """That could be booked."""
    booked: int = 0
    no_shows: int = 0
    """Booked and did not come: they are no arrivals."""
    without_slot: int = 0
    """Wanted a slot and found none."""


@dataclass(frozen=True, eq=False)
class Visitors:
    """One row a visitor, in the order of arrival; times in minutes since midnight."""

    arrival: Floats
    service: Integers
    """Index of the service that the visitor comes for."""
    ordinal: Integers
    """Number within the service and day, from 0: with the service and the day, who this is.

    Those who stand there at the opening, and delegations, have the numbers -1, -2, ..
    """
    visitor_class: Integers
    party: Integers
    first_step: Integers
    """Shape (n + 1,): visitor v makes the steps first_step[v] to first_step[v + 1] - 1."""
    balking: Floats = column("arrival", 0.0)
    """Uniform in (0, 1): who balks with a probability does so where it is above this."""
    slot: Floats = column("arrival", np.nan)
    """When the visitor's appointment is; NaN for a walk-in."""
    booking: Integers = column("arrival", -1)
    """Number in the order of booking, for those who have an appointment."""
    stays: Floats = column("arrival", 0.0)
    """Minutes that a delegation sits in its zone after it was received."""
    stay_zone: Integers = column("arrival", -1)
    """The zone in which a delegation sits; -1 for a tenant's visitor. Its service means nothing."""
    returns: Integers = column("arrival", -1)
    """Who comes only if a visit of the day before is to go on: its visitor then; -1: a new one."""

    def __post_init__(self) -> None:
        """Fill the columns that were not given."""
        fill_columns(self, shared=True)

    def is_of_backlog(self, visitor: int) -> bool:
        """Tell whether a visitor stands in the line at the opening, with a ticket from before."""
        return bool(self.is_expected(visitor) and self.stay_zone[visitor] < 0)

    def is_expected(self, visitor: int) -> bool:
        """Tell whether a visitor needs no ticket: one of the backlog, or a delegation."""
        return bool(self.ordinal[visitor] < 0 and self.returns[visitor] < 0)


@dataclass(frozen=True, eq=False)
class Steps:
    """One row a step, visitor by visitor, in the order of the visit."""

    station: Integers
    """AWAY for a delay, whose length is the service time."""
    service: Integers
    """The service given: the tenant's at a tenant's counters, else the one the visit is for."""
    service_time: Floats
    """Minutes; at least one step of the clock's grid."""
    patience: Floats
    """Longest wait in minutes; infinite where nobody gives up."""
    not_before: Floats = column("station", -np.inf)
    """The slot: a visitor who is there earlier joins the line at this time."""
    ahead: NDArray[np.bool_] = column("station", False)
    """Whether the visitor goes before all classes, for an appointment."""
    misses: NDArray[np.bool_] = column("station", False)
    """Whether the visitor misses the first call, if he is called from a line at all."""
    any_order: Integers = column("station", 0)
    """Number of the group of parts that come in any order, from 1; 0 for none."""
    part: Integers = column("station", 0)
    """Number of the part of such a group: a step and those that follow from it."""
    remote: Floats = column("station", np.nan)
    """Minutes that a visitor who would wait elsewhere needs to come back; infinite for who does not
    come back, NaN for who waits in the hall."""
    line_choice: Floats = column("station", 0.0)
    """Uniform that chooses a line, where lines are chosen at random."""
    instead: Integers = column("station", 0)
    """Number of the steps that a visitor makes who gives up here; 0: he leaves."""
    only_after: Integers = column("station", 0)
    """Number of the giving up that leads to this step; 0: it is made in any case."""
    back: Integers = column("station", 0)
    """TAIL or HEAD for who comes back to the line with a paper; 0 for all others."""
    another_day: Integers = column("station", 0)
    """When the visit ends here and goes on on the next working day; see IF_GIVING_UP."""
    place: Integers = column("station", 0)
    """What is settled by this step, so that nobody settles it twice, as a number; 0: nothing.

    Negative where it only turns out that it cannot be settled yet.
    """

    def __post_init__(self) -> None:
        """Fill the columns that were not given."""
        fill_columns(self, shared=True)


@dataclass(frozen=True, eq=False)
class Door:
    """The tickets of one day, and when they are given out at the door."""

    tickets: Integers
    """By tenant, for walk-ins; NO_LIMIT where there is no quota."""
    service_tickets: Integers
    """By service, for walk-ins; NO_LIMIT where there is no quota."""
    tickets_from: Floats
    """By tenant: who comes earlier gets a ticket only now; -inf where nobody waits for it."""
    last_ticket: Floats
    """By tenant: whoever comes at this time or later is refused."""


@dataclass(frozen=True, eq=False)
class DayPlan:
    """One day: its hours, its rosters and its visitors."""

    weekday: str
    kind: str
    """The day's type, or the weekday where the scenario names none."""
    opening: float
    closing: float
    door: Door
    serve_all: bool
    """Whether those inside at closing are served (else the waiting are dismissed)."""
    duty: tuple[tuple[Span, ...], ...]
    """By counter: when it is on duty, absence and late start drawn."""
    visitors: Visitors
    steps: Steps
    outages: tuple[Outage, ...] = ()
    shift_ends: tuple[tuple[float, ...], ...] = ()
    """By counter: the ends of duty that end a shift; the others begin a break. Empty: all do."""
    channels: dict[int, Channel] = field(default_factory=dict)
    """By service with appointments, or a part that is dealt with online."""


@dataclass(frozen=True, eq=False)
class Plan:
    """One replication: a plan for each day of the scenario.

    The days are independent of each other, but for those who come back on the next one.
    """

    layout: Layout
    seed: int
    replication: int
    days: tuple[DayPlan, ...]

    def __repr__(self) -> str:
        days = ", ".join(f"{day.weekday} {len(day.visitors.arrival)}" for day in self.days)
        return f"<Plan seed {self.seed}, replication {self.replication}; visitors: {days}>"
