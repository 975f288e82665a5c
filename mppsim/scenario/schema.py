"""What a planner may write in a scenario file: the names, the types and the defaults."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PrivateAttr,
    Strict,
    WithJsonSchema,
    model_validator,
)

from mppsim.scenario.areas import Area
from mppsim.scenario.booking import Appointments, Digital, Quota
from mppsim.scenario.crews import BreakRule, Crew, Discipline, ShiftEnd, WaitingLines
from mppsim.scenario.days import Arrivals, Backlog, Day, DayType, Reason, TenantArrivals, Weekday
from mppsim.scenario.distributions import Law
from mppsim.scenario.durations import ClockSpan, ClockTime, Duration, RecordedTime
from mppsim.scenario.errors import expected
from mppsim.scenario.journeys import JourneyStep, Then
from mppsim.scenario.parts import (
    Count,
    Identifier,
    Model,
    NoneHere,
    Number,
    SeveralOf,
    Share,
    sum_to_one,
)
from mppsim.scenario.second_tries import ComesBack, GivesUp, Incomplete, Leave
from mppsim.scenario.standards import OfPromise, OfStationPromise

TENANT_STEP = "tenant"
"""The word in a journey that stands for the visitor's own tenant."""
DOOR = "door"
"""Where walks begin, beside the zones."""


def _whole_number(key: Any) -> Any:
    """Read the key of a map in JSON, which is always a text."""
    return int(key) if isinstance(key, str) and key.isascii() and key.isdigit() else key


PartySize = Annotated[
    SeveralOf,
    BeforeValidator(_whole_number),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^[1-9][0-9]*$",
            "description": "a whole number of at least 1",
        }
    ),
]


def _labeled(lines: Any) -> Any:
    """Turn a map of sources into lines, so that an overlay can add one by its key."""
    return [f"{key}: {text}" for key, text in lines.items()] if isinstance(lines, dict) else lines


Lines = Annotated[
    tuple[str, ...], BeforeValidator(_labeled, json_schema_input_type=list[str] | dict[str, str])
]


class Lunch(Model):
    """A break that the counters of a station take each day, in one or more sittings.

    The counters beyond the first `keep` go in turn to sitting 1, 2, ..; sitting k begins k - 1
    lengths after `start`. A counter that is serving finishes first and is back at the planned time.
    """

    start: ClockTime
    length: Annotated[Duration, Field(gt=0)]
    sittings: SeveralOf = 1
    keep: Count = 0


QueueLength = Annotated[
    Count,
    BeforeValidator(_whole_number),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^(0|[1-9][0-9]*)$",
            "description": "a whole number of at least 0",
        }
    ),
]


class Balk(Model):
    """When a visitor leaves at the sight of a line, before joining it.

    Either always above a number waiting, or with a probability that steps up above each number.
    """

    above: Count | Annotated[dict[QueueLength, Share], Field(min_length=1)] | None = None
    wait_above: Annotated[Duration, Field(gt=0)] | None = None
    """Longest announced wait: visitors waiting x mean service / counters on duty."""

    @model_validator(mode="after")
    def _one_reason(self) -> Self:
        if self.above is None and self.wait_above is None:
            raise expected("'above', 'wait_above' or both", found="neither")
        return self


class DeadTicket(Model):
    """The ticket of a visitor who gave up is still called, which costs the counter this time."""

    call_time: Annotated[Duration, Field(gt=0)]


class Recall(Model):
    """A share of the waiting miss their call; they are called again after some further calls."""

    missed: Share
    call_time: Annotated[Duration, Field(gt=0)]
    after: SeveralOf | Literal["tail"] = "tail"


class VirtualQueue(Model):
    """A share of those who would wait keep their number, wait elsewhere, and come when told to.

    They are told as soon as no more than `notice` others are before them.
    """

    share: Share
    notice: Count
    return_time: Law
    """How long they need to come back."""
    no_show: Share = 0.0
    """The share of them who do not come back."""
    call_time: Annotated[Duration, Field(gt=0)]
    """How long a counter calls a number that nobody answers."""


class Visitors(Model):
    """Who comes, and how long they put up with waiting."""

    classes: Annotated[dict[Identifier, Share], Field(min_length=1), AfterValidator(sum_to_one)] = (
        Field(default={"regular": 1.0})
    )
    party: Annotated[dict[PartySize, Share], Field(min_length=1), AfterValidator(sum_to_one)] = (
        Field(default={1: 1.0})
    )
    patience: Law | None = None
    patience_of: Literal["station", "visit"] = "station"
    """Whether patience starts anew at each station, or is one for all lines of a visit."""
    balk: Balk | None = None
    gives_up: ComesBack | Leave = "leave"


class Zone(Model):
    """A part of the hall with seats of its own; with an area, how dense it gets is reported."""

    name: str | None = None
    seats: Count
    area: Area | None = None


class Room(Model):
    """The places in which a station's visitors wait; those in service need none.

    Who finds no place waits outside, or stays at the counter before and keeps it occupied (block),
    or leaves the hall (lose).
    """

    places: Count
    full: Literal["block", "outside", "lose"] = "outside"


class Outage(Model):
    """A time in which stations cannot serve: by the calendar, or at random."""

    at: tuple[Identifier, ...] | Literal["hall"]
    """Stations and tenants, or all of them."""
    days: Annotated[dict[Weekday, tuple[ClockSpan, ...]], Field(min_length=1)] | None = None
    between: Law | None = None
    """The time from the opening, or from the end of an outage, to the next."""
    lasts: Law | None = None
    service: Literal["resumes", "restarts"] = "resumes"
    """What becomes of a service under way when the outage is over."""


class Station(Model):
    """A place that visitors of several tenants pass: information desk, kiosk, cashier."""

    name: str | None = None
    zone: Identifier
    counters: Crew
    late_start: Law | None = None
    """How much later than planned each counter begins its day."""
    break_rule: BreakRule = "fixed_end"
    shift_end: ShiftEnd = "finish"
    discipline: Discipline = "priority"
    lines: WaitingLines = "one"
    service: Law
    lunch: Lunch | NoneHere | None = None
    patience: Law | NoneHere | None = None
    balk: Balk | NoneHere | None = None
    gives_up: ComesBack | Leave | None = None
    dead_ticket: DeadTicket | None = None
    recall: Recall | None = None
    virtual_queue: VirtualQueue | None = None
    promise: OfStationPromise | None = None
    room: Room | None = None


class Service(Model):
    """One service of a tenant."""

    name: str | None = None
    share: Share = 1.0
    service: Law
    promise: OfPromise | None = None
    quota: Count | Quota | None = None
    """Tickets a day for this service, besides those of the tenant."""
    appointments: Appointments | None = None
    digital: Digital | None = None
    then: Then | None = None
    """Where visitors go on to after the service."""
    incomplete: Incomplete | NoneHere | None = None


def _services_add_up(services: dict[str, Service]) -> dict[str, Service]:
    sum_to_one({key: service.share for key, service in services.items()})
    return services


class Tenant(Model):
    """An agency with counters of its own."""

    name: str | None = None
    zone: Identifier
    counters: Crew
    late_start: Law | None = None
    """How much later than planned each counter begins its day."""
    break_rule: BreakRule = "fixed_end"
    shift_end: ShiftEnd = "finish"
    discipline: Discipline = "priority"
    lines: WaitingLines = "one"
    visitors_per_day: Annotated[Number, Field(ge=0, le=100_000)]
    quota: Count | Quota | None = None
    """Tickets a day; whoever comes after the last one is refused at the door."""
    last_ticket: ClockTime | None = None
    tickets_from: ClockTime | None = None
    services: Annotated[
        dict[Identifier, Service], Field(min_length=1), AfterValidator(_services_add_up)
    ]
    journey: tuple[JourneyStep, ...] | None = None
    arrivals: TenantArrivals = TenantArrivals()
    lunch: Lunch | NoneHere | None = None
    patience: Law | NoneHere | None = None
    balk: Balk | NoneHere | None = None
    gives_up: GivesUp | Leave | None = None
    incomplete: Incomplete | NoneHere | None = None
    dead_ticket: DeadTicket | NoneHere | None = None
    recall: Recall | NoneHere | None = None
    virtual_queue: VirtualQueue | NoneHere | None = None
    promise: OfPromise | None = None
    room: Room | None = None
    then: Then | None = None


class ReplayVisit(Model):
    """One visit of a table; what it leaves out is drawn."""

    day: Weekday
    tenant: Identifier
    service: Identifier | None = None
    arrived: RecordedTime
    service_time: Duration | None = None
    """At the tenant's counters."""
    visitor_class: Identifier | None = None
    party: PartySize | None = None
    patience: Duration | None = None
    at: dict[Identifier, Duration] = Field(default={})
    """Service times at shared stations."""


class Delegation(Model):
    """A group that comes to see the hall: received at a station, then seated in a zone."""

    days: Annotated[dict[Weekday, tuple[ClockTime, ...]], Field(min_length=1)]
    within: Duration = 0.0
    """It comes at any moment of this length of time after the one that is given."""
    chance: Share = 1.0
    """How likely it is to come at all, each time anew."""
    persons: SeveralOf
    station: Identifier
    service: Law
    """How long its reception keeps a counter of the station busy."""
    zone: Identifier
    stays: Law
    """How long it sits in the zone afterwards."""


class Scenario(Model):
    """A hall as the planner wrote it, with every default filled in and every check done."""

    name: str
    description: str = ""
    sources: Lines = ()
    assumptions: Lines = ()
    day_types: dict[Identifier, DayType] = Field(default={})
    days: Annotated[dict[Weekday, Day], Field(min_length=1)]
    closed: dict[Weekday, Reason] = Field(default={})
    """Weekdays on which the hall stays closed, and why; a day may say `closed` itself."""
    closing: Literal["serve_all", "dismiss_waiting"] = "serve_all"
    lunch: Lunch | None = None
    promise: OfPromise | None = None
    dead_ticket: DeadTicket | None = None
    recall: Recall | None = None
    virtual_queue: VirtualQueue | None = None
    """As `dead_ticket`, how all tenants do it; a station says so itself."""
    arrivals: Arrivals
    backlog: Backlog = Field(default={})
    """Who stands in the lines at the opening of each day: by tenant, or by tenant/service."""
    replay: Annotated[tuple[ReplayVisit, ...], Field(min_length=1)] | None = None
    """Visits that come in place of those that would be drawn."""
    visitors: Visitors = Visitors()
    zones: Annotated[dict[Identifier, Zone], Field(min_length=1)]
    capacity: Annotated[int, Strict(), Field(ge=1, le=1_000_000)] | None = None
    """Persons whom the hall holds; who comes when it is full waits at the gate."""
    outages: dict[Identifier, Outage] = Field(default={})
    delegations: dict[Identifier, Delegation] = Field(default={})
    stations: dict[Identifier, Station] = Field(default={})
    walks: dict[Identifier, dict[Identifier, Duration]] = Field(default={})
    """Walking times between zones, and from the `door`; the same back, unless that is given."""
    journey: tuple[JourneyStep, ...] = (TENANT_STEP,)
    tenants: Annotated[dict[Identifier, Tenant], Field(min_length=1)]

    _path: str | None = PrivateAttr(default=None)
    """The file it was read from, for the command that repeats a run; no part of its value."""

    def __repr__(self) -> str:
        return f"<Scenario {self.name!r}: {len(self.tenants)} tenants>"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        from mppsim.scenario.glance import scenario_html

        return scenario_html(self)

    def digest(self) -> str:
        """Return the SHA-256 of the scenario's content, as 64 hex digits."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()
