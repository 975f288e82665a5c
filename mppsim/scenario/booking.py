"""What is arranged before a visit: appointments, tickets given out beforehand, visits online."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mppsim.scenario.distributions import Law
from mppsim.scenario.durations import ClockTime, Duration, SignedDuration
from mppsim.scenario.errors import expected, listed
from mppsim.scenario.parts import Count, Model, Number, SeveralOf, Share


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
