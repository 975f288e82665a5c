"""What visitors do when a visit does not go well: the words for it in a scenario file."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mppsim.scenario.distributions import Law
from mppsim.scenario.errors import expected
from mppsim.scenario.parts import Model, Number, Share

Leave = Literal["leave"]


class ComesBack(Model):
    """What a visitor does who gives up: he comes back on the next working day."""

    comes_back: Literal["another_day"]


class GivesUp(Model):
    """What a visitor does who gives up at a tenant: he tries another one, or another day."""

    goes_to: str | None = None
    """A tenant with one service, or `tenant/service`."""
    comes_back: Literal["another_day"] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.goes_to is None) == (self.comes_back is None):
            found = "neither" if self.goes_to is None else "both"
            raise expected("'goes_to' or 'comes_back'", found=found)
        return self


class PreCheck(Model):
    """A check of the papers online: who uses it brings those that it finds missing."""

    share: Share
    """Of the visitors, who use it."""
    finds: Share = 1.0
    """Of the papers that are missing, those that it finds."""


class Incomplete(Model):
    """What happens to visitors whose papers turn out to be incomplete at the counter.

    The visitor fetches what is missing and comes back to the line, or comes on another day.
    """

    share: Share
    back: Literal["tail", "head"] = "tail"
    after: Law | None = None
    """How long he is away; None: he comes back at once."""
    costs: Annotated[Number, Field(ge=0, le=1)] = 0.5
    """What part of a service it takes to find out."""
    on: Literal["same_day", "another_day"] = "same_day"
    precheck: PreCheck | None = None

    @model_validator(mode="after")
    def _away_for_a_while(self) -> Self:
        if self.on == "another_day" and self.after is not None:
            raise expected("only one of them", found="'after' beside 'on: another_day'")
        return self

    @property
    def at_counter(self) -> float:
        """The share of the visitors whose papers are still incomplete at the counter."""
        check = self.precheck
        return self.share * (1 - check.share * check.finds) if check else self.share
