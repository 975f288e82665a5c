"""What a planner may write in a scenario file: the names, the types and the defaults."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    PrivateAttr,
    Strict,
    StringConstraints,
    Tag,
    WithJsonSchema,
    model_validator,
)

from mppsim.scenario.areas import Area
from mppsim.scenario.crews import BreakRule, Crew, Discipline, ShiftEnd, WaitingLines
from mppsim.scenario.distributions import Law
from mppsim.scenario.durations import (
    ClockSpan,
    ClockTime,
    Duration,
    RecordedTime,
    SignedDuration,
)
from mppsim.scenario.errors import expected, listed
from mppsim.scenario.parts import (
    Count,
    Identifier,
    Model,
    Number,
    SeveralOf,
    Share,
    in_order,
    no_time_twice,
)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TENANT_STEP = "tenant"
"""The word in a journey that stands for the visitor's own tenant."""
DOOR = "door"
"""Where walks begin, beside the zones."""

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


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
NoneHere = Literal["none"]
"""Written where a station does without what the hall has: `patience: none`."""


def _sum_to_one(shares: dict[Any, float]) -> dict[Any, float]:
    total = sum(shares.values())
    if abs(total - 1) > 1e-6:
        raise expected("shares that add up to 1", found=f"shares that add up to {total:.6g}")
    return shares


def _at_most_one(shares: dict[Any, float]) -> dict[Any, float]:
    total = sum(shares.values())
    if total > 1 + 1e-6:
        raise expected(
            "shares that add up to at most 1", found=f"shares that add up to {total:.6g}"
        )
    return shares


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


def _something_promised(promise: Any) -> Any:
    """Refuse a promise of nothing, before its parts are looked at one by one."""
    if isinstance(promise, dict) and not any(
        value is not None for key, value in promise.items() if key != "share"
    ):
        raise expected("at least one of wait, service, visit")
    return promise


Promised = Annotated[Duration, Field(gt=0)] | None


class StationPromise(Model):
    """A service standard at a shared station: what the visitor is promised there."""

    wait: Promised = None
    """The longest time in line."""
    service: Promised = None
    """The longest time at the counter."""
    share: Annotated[Share, Field(gt=0)] = 0.9
    """The share of the visitors for whom each promise must hold."""


class Promise(StationPromise):
    """A service standard: what the visitor is promised."""

    visit: Promised = None
    """The longest time from coming to the hall to leaving it, served to the end."""


OfPromise = Annotated[Promise, BeforeValidator(_something_promised)]


Profile = Annotated[
    dict[ClockTime, Share],
    Field(min_length=1),
    BeforeValidator(no_time_twice),
    AfterValidator(_sum_to_one),
    AfterValidator(in_order),
]
"""Shares of a day's visitors by the start of a piece; the last piece ends when the doors close."""


class Early(Model):
    """The share of a day's visitors who are at the door before it opens.

    They come evenly over the time `within` before the opening and line up outside.
    """

    share: Share
    within: Annotated[Duration, Field(gt=0)]


Place = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_-]*(/[A-Za-z0-9_][A-Za-z0-9_-]*)?$"),
    Field(description="a tenant or tenant/service"),
]
Backlog = dict[Place, Annotated[Count, Field(le=10_000)]]
"""Visitors who stand at the tenants' lines when the doors open."""


Factors = dict[Identifier, Annotated[Number, Field(ge=0, le=1000)]]
"""How much busier than usual the day is for single tenants, besides its `demand`."""
Reason = Annotated[str, StringConstraints(min_length=1)]
Closed = bool | Reason
"""Whether the hall stays closed on this day, or why it does."""


class Day(Model):
    """The hours of one weekday, and how busy it is beside the others."""

    open: ClockTime
    close: ClockTime
    last_ticket: ClockTime | None = None
    tickets_from: ClockTime | None = None
    """When tickets are first given out, at the opening or before; by default to whoever comes."""
    demand: Annotated[Number, Field(ge=0)] = 1.0
    tenants: Factors = Field(default={})
    closed: Closed = False
    breaks: tuple[ClockSpan, ...] = ()
    profile: Profile | None = None
    backlog: Backlog | None = None
    """Who stands in the lines at the opening of this day, in place of the hall's `backlog`."""
    type: str | None = None
    """The entry of `day_types` that this day is like; its own keys win."""


class DayType(Model):
    """Hours that several weekdays share."""

    open: ClockTime | None = None
    close: ClockTime | None = None
    last_ticket: ClockTime | None = None
    tickets_from: ClockTime | None = None
    demand: Annotated[Number, Field(ge=0)] = 1.0
    tenants: Factors = Field(default={})
    closed: Closed = False
    breaks: tuple[ClockSpan, ...] = ()
    profile: Profile | None = None
    backlog: Backlog | None = None


class Arrivals(Model):
    """When a day's visitors come."""

    profile: Profile
    early: Early | None = None
    day_to_day_cv: Annotated[Number, Field(ge=0, le=2)] = 0.0


class TenantArrivals(Model):
    """When the visitors of one tenant come, where that differs from the hall's."""

    profile: Profile | None = None
    early: Early | NoneHere | None = None


class Visitors(Model):
    """Who comes, and how long they put up with waiting."""

    classes: Annotated[
        dict[Identifier, Share], Field(min_length=1), AfterValidator(_sum_to_one)
    ] = Field(default={"regular": 1.0})
    party: Annotated[dict[PartySize, Share], Field(min_length=1), AfterValidator(_sum_to_one)] = (
        Field(default={1: 1.0})
    )
    patience: Law | None = None
    patience_of: Literal["station", "visit"] = "station"
    """Whether patience starts anew at each station, or is one for all lines of a visit."""
    balk: Balk | None = None


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
    dead_ticket: DeadTicket | None = None
    recall: Recall | None = None
    promise: Annotated[StationPromise, BeforeValidator(_something_promised)] | None = None
    room: Room | None = None


class Delay(Model):
    """Time that a visitor spends away from any counter, such as at a photocopier."""

    delay: Law
    name: Identifier = "delay"


def _several(steps: tuple[str, ...]) -> tuple[str, ...]:
    if len(steps) < 2:
        raise expected("two steps or more", found=f"a list of {len(steps)}")
    return steps


class AnyOrder(Model):
    """Steps that a visitor makes in any order: next is where the fewest are waiting."""

    any_order: Annotated[tuple[str, ...], AfterValidator(_several)]


def _one_step(step: dict[str, float]) -> dict[str, float]:
    if len(step) != 1:
        raise expected("one step with its share, such as {information: 0.4}")
    return step


def _kind_of_step(step: Any) -> str:
    """Tell which way of writing a step is meant; no tag can be taken for a key of a file."""
    kinds: dict[type, str] = {AnyOrder: "in any order", Delay: "a delay"}
    if type(step) in kinds:
        return kinds[type(step)]
    if isinstance(step, dict):
        keys = {"any_order": "in any order", "delay": "a delay"}
        return next((kind for key, kind in keys.items() if key in step), "a share")
    return "a name"


JourneyStep = Annotated[
    Annotated[str, Tag("a name")]
    | Annotated[AnyOrder, Tag("in any order")]
    | Annotated[Delay, Tag("a delay")]
    | Annotated[dict[str, Share], AfterValidator(_one_step), Tag("a share")],
    Discriminator(_kind_of_step),
]
"""A station, the word `tenant`, a tenant or `tenant/service`; the same with a share; a delay."""


class DelayOnward(Model):
    """A delay that a share of the visitors have after a service, and where it leads them."""

    share: Share
    delay: Law
    to: str | None = None
    """Where they go on to; None: they continue their journey."""


def _share_of(onward: float | DelayOnward) -> float:
    return onward.share if isinstance(onward, DelayOnward) else onward


def _onward_at_most_one(then: dict[str, Any]) -> dict[str, Any]:
    _at_most_one({key: _share_of(onward) for key, onward in then.items()})
    return then


Then = Annotated[dict[str, Share | DelayOnward], AfterValidator(_onward_at_most_one)]
"""A station, a tenant or `tenant/service`, each with its share; or the name of a delay."""


class Punctuality(Model):
    """When booked visitors come, seen from their slot.

    Either normal, with `mean` (below 0: before the slot) and `sd`, or `early` before the slot plus
    a time by a law.
    """

    mean: SignedDuration | None = None
    sd: Duration | None = None
    early: Duration = 0.0
    law: Law | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        normal = self.mean is not None and self.sd is not None
        if normal == (self.law is not None) or (self.mean is None) != (self.sd is None):
            keys = [
                name for name in ("mean", "sd", "early", "law") if name in self.model_fields_set
            ]
            found = f"the keys {listed(keys)}" if keys else "an empty map"
            raise expected("'mean' with 'sd', or a 'law' with or without 'early'", found=found)
        return self


class Appointments(Model):
    """Slots of a service that visitors book before they come."""

    every: Annotated[Duration, Field(gt=0)]
    from_: ClockTime = Field(alias="from")
    to: ClockTime
    per_slot: SeveralOf = 1
    overbooking: Annotated[Number, Field(ge=0, le=1)] = 0.0
    """Places beyond `per_slot`, as a share of them."""
    share: Share | None = None
    """The share of the demand that books; or else `fill`, the share of the places that is taken."""
    fill: Share | None = None
    punctuality: Punctuality | None = None
    no_show: Share = 0.0
    grace: Duration | None = None
    """Who is later than this has no priority any more."""
    priority: Literal["appointment_first", "same"] = "appointment_first"
    else_: Literal["walk_in", "lost"] = Field(default="walk_in", alias="else")
    """What those do who find no free slot."""

    @model_validator(mode="after")
    def _one_number(self) -> Self:
        if (self.share is None) == (self.fill is None):
            found = "neither" if self.share is None else "both"
            raise expected("exactly one of 'share' and 'fill'", found=found)
        return self


class Digital(Model):
    """The share of a service's demand that is dealt with online, without a visit."""

    share: Share


class Quota(Model):
    """Tickets a day, a share of them for those who book."""

    tickets: Count
    online: Share


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


def _services_add_up(services: dict[str, Service]) -> dict[str, Service]:
    _sum_to_one({key: service.share for key, service in services.items()})
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
    dead_ticket: DeadTicket | NoneHere | None = None
    recall: Recall | NoneHere | None = None
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

    def digest(self) -> str:
        """Return the SHA-256 of the scenario's content, as 64 hex digits."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()
