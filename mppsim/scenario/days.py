"""Days: their hours, how busy they are, and when their visitors come."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from mppsim.scenario.durations import ClockSpan, ClockTime, Duration
from mppsim.scenario.parts import (
    Count,
    Identifier,
    Model,
    NoneHere,
    Number,
    Share,
    in_order,
    no_time_twice,
    sum_to_one,
)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


Profile = Annotated[
    dict[ClockTime, Share],
    Field(min_length=1),
    BeforeValidator(no_time_twice),
    AfterValidator(sum_to_one),
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
