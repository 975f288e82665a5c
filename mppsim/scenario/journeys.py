"""Where a visit may lead: the steps of a journey, delays, and going on after a service."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Discriminator, Tag

from mppsim.scenario.distributions import Law
from mppsim.scenario.errors import expected
from mppsim.scenario.parts import Identifier, Model, Share, at_most_one


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
    at_most_one({key: _share_of(onward) for key, onward in then.items()})
    return then


Then = Annotated[dict[str, Share | DelayOnward], AfterValidator(_onward_at_most_one)]
"""A station, a tenant or `tenant/service`, each with its share; or the name of a delay."""
