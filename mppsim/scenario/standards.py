"""Service standards: what visitors are promised."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from mppsim.scenario.durations import Duration
from mppsim.scenario.errors import expected
from mppsim.scenario.parts import Model, Share


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
OfStationPromise = Annotated[StationPromise, BeforeValidator(_something_promised)]
