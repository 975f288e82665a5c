"""Draw the plan of a replication: the only place where luck is made."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Protocol, cast

from mppsim.plan import compiling
from mppsim.plan.drawing import Drawing
from mppsim.plan.plan import DayPlan, Plan
from mppsim.plan.prepared import Prepared, prepare
from mppsim.scenario import Scenario
from mppsim.scenario.days import WEEKDAYS, Weekday
from mppsim.scenario.errors import InputError

if TYPE_CHECKING:
    from mppsim.plan.compiled.drawing import CompiledDrawing


def draw_plan(
    scenario: Scenario, *, seed: int = 1, replication: int = 0, day: Weekday | None = None
) -> Plan:
    """Draw one replication: every day of the scenario, or only `day`.

    The same scenario, seed and replication give the same plan on every machine. Raises ValueError
    for a seed outside 0 to 2**64 - 1, a negative replication, or a day that the hall is closed.
    """
    return Drawer(scenario, seed=seed, day=day).draw(replication)


class DrawsDays(Protocol):
    """Draws the days of a replication."""

    def days(self, replication: int) -> tuple[DayPlan, ...]: ...


class Drawer:
    """Draws replications of one scenario under one seed; several threads may use it at once.

    With `compiled`, by compiled code where that is possible: the same plans, a hundred times as
    fast after a start of some seconds.
    """

    def __init__(
        self,
        scenario: Scenario,
        *,
        seed: int = 1,
        day: Weekday | None = None,
        compiled: bool = False,
    ) -> None:
        if not 0 <= seed < 2**64:
            raise InputError(f"seed: found {seed}; expected a whole number from 0 to 2**64 - 1")
        if day is not None and day in scenario.closed:
            raise InputError(f"day: found {day}, a day on which the hall is closed")
        if day is not None and day not in scenario.days:
            raise InputError(f"day: found {day}; expected one of {', '.join(scenario.days)}")
        self.scenario = scenario
        self.seed = seed
        self.weekdays = tuple(
            weekday for weekday in WEEKDAYS if weekday in scenario.days and day in (None, weekday)
        )
        self.kinds = tuple(scenario.days[weekday].type or weekday for weekday in self.weekdays)
        self._prepared = _prepared(_Same(scenario), self.weekdays, seed)
        self.layout = self._prepared.layout
        # A replay is drawn once: its replications are all the same.
        can_compile = compiling.why_not() is None and not compiling.runs_plain()
        self._compiled = compiled and scenario.replay is None and can_compile

    def draw(self, replication: int) -> Plan:
        """Return the plan of a replication; replications are numbered from 0."""
        if replication < 0:
            raise InputError(f"replication: found {replication}; expected at least 0")
        if self.scenario.replay is not None:
            return Plan(self.layout, self.seed, replication, self._replayed)
        return Plan(self.layout, self.seed, replication, self._drawing.days(replication))

    @property
    def compiled(self) -> CompiledDrawing | None:
        """What draws by compiled code; None where nothing does."""
        return cast("CompiledDrawing", self._drawing) if self._compiled else None

    @cached_property
    def _replayed(self) -> tuple[DayPlan, ...]:
        return self._drawing.days(0)

    @cached_property
    def _drawing(self) -> DrawsDays:
        return _compiled_drawing(self._prepared) if self._compiled else Drawing(self._prepared)


class _Same:
    """A scenario that equals itself alone, as to compare all of two takes long."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.scenario is other.scenario

    def __hash__(self) -> int:
        return id(self.scenario)


# The same scenario is drawn by several: one that checks a job, others for the pieces of its work.
@lru_cache(maxsize=8)
def _prepared(same: _Same, weekdays: tuple[Weekday, ...], seed: int) -> Prepared:
    return prepare(same.scenario, weekdays, seed)


@lru_cache(maxsize=8)
def _compiled_drawing(prepared: Prepared) -> CompiledDrawing:
    from mppsim.plan.compiled.drawing import CompiledDrawing

    return CompiledDrawing(prepared)
