"""The kinds of value that all parts of a scenario are made of."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from mppsim.scenario.errors import expected

Identifier = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_-]*$"),
    Field(description="a name of letters, digits, '_' and '-'"),
]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Share = Annotated[Number, Field(ge=0, le=1)]
Count = Annotated[int, Strict(), Field(ge=0)]
SeveralOf = Annotated[int, Strict(), Field(ge=1, le=1000)]


class Model(BaseModel):
    """A part of a scenario: frozen, and without keys that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)

    def __dir__(self) -> list[str]:
        """List what a file may say and none of pydantic's names: these are what Tab completes."""
        return [name for name in super().__dir__() if name[0] != "_" and name not in dir(BaseModel)]


def no_time_twice(pieces: Any) -> Any:
    """Refuse '8:00' beside '08:00': one would silently replace the other."""
    if not isinstance(pieces, dict):
        return pieces
    by_time: dict[str, str] = {}
    for key in pieces:
        time = str(key).strip().rjust(5, "0")
        if time in by_time:
            raise expected("each time once", found=f"the times '{by_time[time]}' and '{key}'")
        by_time[time] = str(key)
    return pieces


def in_order(pieces: dict[float, Any]) -> dict[float, Any]:
    """Return the pieces of a day by the times at which they begin."""
    return dict(sorted(pieces.items()))


NoneHere = Literal["none"]
"""Written where a station does without what the hall has: `patience: none`."""


def sum_to_one(shares: dict[Any, float]) -> dict[Any, float]:
    total = sum(shares.values())
    if abs(total - 1) > 1e-6:
        raise expected("shares that add up to 1", found=f"shares that add up to {total:.6g}")
    return shares


def at_most_one(shares: dict[Any, float]) -> dict[Any, float]:
    total = sum(shares.values())
    if total > 1 + 1e-6:
        raise expected(
            "shares that add up to at most 1", found=f"shares that add up to {total:.6g}"
        )
    return shares
