"""Who stands at the counters of a station: how many, when, for whom, and by which rules."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
)

from mppsim.scenario.distributions import Law
from mppsim.scenario.durations import ClockSpan, ClockTime, Duration
from mppsim.scenario.errors import expected
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

ANY_DAY = "default"
"""The shifts of a counter on the days that its map of shifts does not name."""

Skill = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_-]*(/[A-Za-z0-9_][A-Za-z0-9_-]*)?$"),
    Field(description="a service, a class, a station, a tenant or tenant/service"),
]
Spans = tuple[ClockSpan, ...]


def _kind(options: dict[type, str], otherwise: str) -> Discriminator:
    """Choose, by the type of a value, the one form whose refusals a planner should read."""
    return Discriminator(
        lambda value: next(
            (tag for kind, tag in options.items() if isinstance(value, kind)), otherwise
        )
    )


def _crew_kind(value: Any) -> str:
    """Tell counts over time from named counters by their first key, which is a time or a name."""
    if not isinstance(value, dict):
        return "a number"
    first = next(iter(value), "")
    return "counts over time" if isinstance(first, float) or ":" in str(first) else "named counters"


def _somebody_comes(counts: dict[float, int]) -> dict[float, int]:
    if not any(counts.values()):
        raise expected("a count of at least 1 at some time", found="no counter at any time")
    return counts


Shifts = Annotated[
    Annotated[Spans, Field(min_length=1), Tag("list of shifts")]
    | Annotated[dict[Identifier, Spans], Field(min_length=1), Tag("shifts by day")],
    _kind({dict: "shifts by day"}, "list of shifts"),
]
Level = Annotated[
    Annotated[Skill, Tag("one skill")]
    | Annotated[tuple[Skill, ...], Field(min_length=1), Tag("equal skills")],
    _kind({list: "equal skills", tuple: "equal skills"}, "one skill"),
]


class NamedCounter(Model):
    """A counter with a roster of its own."""

    shifts: Shifts | None = None
    """When it is on duty, on all days or by kind of day; all day where nothing is said."""
    serves: Annotated[tuple[Level, ...], Field(min_length=1)] | None = None
    """Whom it serves, most preferred first; those in a list within are equal."""
    speed: Annotated[Number, Field(gt=0, le=10)] = 1.0
    """A service takes its time divided by this."""
    absence: Share = 0.0
    """Probability that the counter stays closed all day."""
    late: Law | None = None
    """How much later than planned the first shift of a day begins."""


CountsOverTime = Annotated[
    dict[ClockTime, Annotated[Count, Field(le=1000)]],
    Field(min_length=1),
    BeforeValidator(no_time_twice),
    AfterValidator(_somebody_comes),
    AfterValidator(in_order),
]
Crew = Annotated[
    Annotated[SeveralOf, Tag("a number")]
    | Annotated[CountsOverTime, Tag("counts over time")]
    | Annotated[dict[Identifier, NamedCounter], Field(min_length=1), Tag("named counters")],
    Discriminator(_crew_kind),
]
"""How many counters there are, how many from which time on, or each by its name."""


class StopTaking(Model):
    """Counters that call nobody in the last minutes of a shift."""

    stop_taking: Annotated[Duration, Field(gt=0)]


class Ratio(Model):
    """So many visitors of later classes are called for each one of an earlier class."""

    ratio: SeveralOf


class Aging(Model):
    """A visitor rises one class for each time this long that he has waited."""

    aging: Annotated[Duration, Field(gt=0)]


class EachCounter(Model):
    """A line at each counter; who comes chooses one and stays in it."""

    each_counter: Literal["shortest", "random"]


BreakRule = Literal["fixed_end", "shifted"]
"""Whether a break that begins late ends as planned, or has its full length."""
ShiftEnd = Annotated[
    Annotated[Literal["finish", "resume", "restart"], Tag("a word")]
    | Annotated[StopTaking, Tag("a map")],
    _kind({dict: "a map", StopTaking: "a map"}, "a word"),
]
"""What becomes of a service under way when a shift ends."""


def _discipline_kind(value: Any) -> str:
    if isinstance(value, dict):
        return "an aging" if "aging" in value else "a ratio"
    kinds: dict[type, str] = {Ratio: "a ratio", Aging: "an aging"}
    return kinds.get(type(value), "a word")


Discipline = Annotated[
    Annotated[Literal["priority", "fifo", "longest_queue", "longest_wait"], Tag("a word")]
    | Annotated[Ratio, Tag("a ratio")]
    | Annotated[Aging, Tag("an aging")],
    Discriminator(_discipline_kind),
]
"""Who of those waiting is called next."""
WaitingLines = Annotated[
    Annotated[Literal["one"], Tag("a word")] | Annotated[EachCounter, Tag("a map")],
    _kind({dict: "a map", EachCounter: "a map"}, "a word"),
]
"""Whether visitors wait in one line, or at a counter each."""


def named_counters(crew: Crew) -> dict[str, NamedCounter]:
    """Return the counters of a station by name; those that have none are numbered from 1."""
    if isinstance(crew, int):
        return _numbered(crew)
    named = {str(key): one for key, one in crew.items() if isinstance(one, NamedCounter)}
    return named or _numbered(max(counts_over_time(crew).values()))


def counts_over_time(crew: Crew) -> dict[float, int]:
    """Return how many counters there are from each time on; empty where that is not how it is."""
    pieces = {} if isinstance(crew, int) else crew
    return {float(key): count for key, count in pieces.items() if isinstance(count, int)}


def _numbered(n: int) -> dict[str, NamedCounter]:
    return {str(number): NamedCounter() for number in range(1, n + 1)}
