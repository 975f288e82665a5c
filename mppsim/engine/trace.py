"""The trace: what happened, one row a visitor and step, and nothing computed from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.columns import Outline, column, fill_columns, is_left_out
from mppsim.plan.memory import borrowed
from mppsim.plan.plan import DayPlan, Floats, Plan
from mppsim.scenario.durations import Span

if TYPE_CHECKING:
    import pandas as pd


class Outcome(IntEnum):
    """How a step, or a whole visit, ended."""

    NOT_REACHED = 0
    SERVED = 1
    RENEGED = 2
    BALKED = 3
    REFUSED = 4
    DISMISSED = 5
    UNSERVED = 6
    BLOCKED = 7
    POSTPONED = 8
    """Of a visit only: the visitor left in order to come back on another day."""
    NO_SHOW = 9
    """Called while waiting elsewhere; he did not come back."""


OUTCOMES = tuple(outcome.name.lower() for outcome in Outcome)


class VainCall(NamedTuple):
    """A call that nobody answered: the counter was busy with it and served nobody."""

    counter: int
    begin: float
    end: float
    step: int
    """The step that the ticket was for."""


class Piece(NamedTuple):
    """A piece of a service that was broken off, or that goes on with one."""

    step: int
    counter: int
    started: float
    ended: float


NOTE = np.dtype([("step", "i4"), ("counter", "i4"), ("started", "f8"), ("ended", "f8")])


class Notes(NamedTuple):
    """What happened on a day beside what its columns say, as records NOTE."""

    vain_calls: NDArray[Any]
    pieces: NDArray[Any]
    duty: NDArray[Any]
    """Without a step; of each counter in the order of time."""

    @classmethod
    def of(cls, facts: DayTrace) -> Notes:
        """Return the notes of a day, made from its lists if it has none."""
        noted: Notes | None = vars(facts).get("notes")
        if noted is not None:
            return noted
        calls = [(one.step, one.counter, one.begin, one.end) for one in facts.vain_calls]
        duty = [(-1, counter, *span) for counter, spans in facts.duty.items() for span in spans]
        return cls(
            *(
                np.array(notes, NOTE) if notes else _NO_NOTES
                for notes in (calls, facts.pieces, duty)
            )
        )

    def lists(self) -> dict[str, Any]:
        """Return them as a trace has them."""
        duty: dict[int, list[Span]] = {}
        for _, counter, begin, end in self.duty.tolist():
            duty.setdefault(counter, []).append(Span(begin, end))
        calls = self.vain_calls.tolist()
        return {
            "vain_calls": [
                VainCall(counter, begin, end, step) for step, counter, begin, end in calls
            ],
            "pieces": [*map(Piece._make, self.pieces.tolist())],
            "duty": duty,
        }


_NO_NOTES = np.zeros(0, NOTE)


@dataclass(frozen=True, eq=False)
class DayTrace:
    """The facts of one day, row by row beside the plan's steps and visitors.

    Times are minutes since midnight, NaN for what did not happen. `joined` is when the visitor
    joined the line; who balked, was blocked or refused never joined. `ended` is when he left the
    station, served or not; of a delay only `ended` is known. A step that was not reached has the
    outcome NOT_REACHED and no times.
    """

    joined: Floats
    started: Floats
    ended: Floats
    counter: NDArray[np.int32]
    """Index of the counter that served the step; -1 where none did."""
    outcome: NDArray[np.int8]
    left: Floats
    """By visitor: when the visitor left the hall."""
    visitor_outcome: NDArray[np.int8]
    """By visitor: the outcome of the last step reached, or POSTPONED; who did not come: none."""
    entered: Floats
    """When the visitor was in the room of the station, or at its counter; later than `joined` for
    who waited for a place in the room."""
    released: Floats
    """When the counter was left; later than `ended` for who had no place to go on to."""
    admitted: Floats
    """By visitor: when the gate let him in; NaN for who never got in."""
    came: Floats = column("joined", np.nan)
    """When the visitor was at the station, before `joined` if too early; NaN for who has no
    appointment there."""
    returned: Floats = column("joined", np.nan)
    """When a visitor who waited elsewhere was back; infinite if never, NaN for who did not go."""
    vain_calls: list[VainCall] = field(default_factory=list)
    """In the order in which they began."""
    pieces: list[Piece] = field(default_factory=list)
    """Of services that were broken off: all their pieces. `started` is the begin of the first,
    `counter` that of the last."""
    duty: dict[int, list[Span]] = field(default_factory=dict)
    """By counter whose breaks may move: when it was on duty; the others were as planned."""

    def __post_init__(self) -> None:
        """Fill the columns that were not given."""
        fill_columns(self, shared=True)

    if not TYPE_CHECKING:  # to a type checker all names would be there

        def __getattr__(self, name: str) -> Any:
            """Make the lists of a trace that only has notes when one of them is asked for."""
            noted = vars(self).get("notes")
            if noted is None or name not in Notes._fields:
                raise AttributeError(name, name=name, obj=self)
            vars(self).update(noted.lists())
            return vars(self)[name]

    def note(self, notes: Notes) -> None:
        """Let the lists say what some notes say."""
        for name in Notes._fields:
            del vars(self)[name]
        vars(self)["notes"] = notes

    @classmethod
    def blank(cls, day: DayPlan) -> DayTrace:
        """Return the trace of a day on which nothing has happened yet.

        `came` is left out where nobody has an appointment, `returned` where nobody is called back.
        """
        n_steps, n_visitors = len(day.steps.station), len(day.visitors.arrival)
        names = _TIMES_OF_STEPS[
            not is_left_out(day.steps.not_before), not is_left_out(day.steps.remote)
        ]
        n_times = len(names) * n_steps + 2 * n_visitors
        memory = borrowed(8 * n_times + 5 * n_steps + n_visitors)
        times, rest = memory[: 8 * n_times].view(np.float64), memory[8 * n_times :]
        counter, outcome = rest[: 4 * n_steps].view(np.int32), rest[4 * n_steps :].view(np.int8)
        times.fill(np.nan)
        counter.fill(-1)
        outcome.fill(0)
        left, admitted = times[len(names) * n_steps :].reshape(2, n_visitors)
        columns: dict[str, Any] = {
            "counter": counter,
            "outcome": outcome[:n_steps],
            "left": left,
            "visitor_outcome": outcome[n_steps:],
            "admitted": admitted,
            "vain_calls": [],
            "pieces": [],
            "duty": {},
        }
        for row, name in enumerate(names):
            columns[name] = times[row * n_steps : (row + 1) * n_steps]
        return _OUTLINE.table(n_steps, columns)

    def forget(self, n_visitors: int, n_steps: int) -> None:
        """Let nothing have happened yet to the first so many visitors in their steps."""
        for name in ("joined", "started", "ended", "entered", "released", "came", "returned"):
            times = getattr(self, name)
            if not is_left_out(times):
                times[:n_steps].fill(np.nan)
        for times in (self.left, self.admitted):
            times[:n_visitors].fill(np.nan)
        self.counter[:n_steps].fill(-1)
        self.outcome[:n_steps].fill(0)
        self.visitor_outcome[:n_visitors].fill(0)


_OUTLINE = Outline(DayTrace, {}, ())
_TIMES_OF_STEPS = {
    (has_slots, is_remote): (
        *("joined", "started", "ended", "entered", "released"),
        *("came",) * has_slots,
        *("returned",) * is_remote,
    )
    for has_slots in (False, True)
    for is_remote in (False, True)
}
"""By whether somebody has an appointment, and is called back."""


@dataclass(frozen=True, eq=False)
class Trace:
    """The facts of one replication, day by day."""

    plan: Plan
    days: tuple[DayTrace, ...]

    def __repr__(self) -> str:
        return f"<Trace of {self.plan!r}>"

    @property
    def steps(self) -> pd.DataFrame:
        """One row a step that was reached, in the order of days, visitors and steps."""
        from mppsim.engine.trace_tables import data_frame, steps_columns

        return data_frame(steps_columns(self))

    @property
    def visitors(self) -> pd.DataFrame:
        """One row a visitor, in the order of days and arrivals."""
        from mppsim.engine.trace_tables import data_frame, visitors_columns

        return data_frame(visitors_columns(self))
