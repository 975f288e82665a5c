"""Run a plan on an engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from mppsim.engine.simpy_engine import simulate_day
from mppsim.engine.trace import DayTrace, Trace
from mppsim.plan.plan import DayPlan, Layout, Plan
from mppsim.scenario.errors import InputError

EngineName = Literal["auto", "simpy"]

ENGINES: dict[str, Callable[[Layout, DayPlan], DayTrace]] = {
    "simpy": simulate_day,
    "auto": simulate_day,
}
"""Engines by name; `auto` is the fastest that can run the plan."""


def simulate(plan: Plan, *, engine: str = "auto") -> Trace:
    """Run a plan and return what happened; the same plan gives the same trace.

    Raises ValueError for an engine that is not there.
    """
    simulate_one = engine_named(engine)
    return Trace(plan, tuple(simulate_one(plan.layout, day) for day in plan.days))


def engine_named(engine: str) -> Callable[[Layout, DayPlan], DayTrace]:
    """Return the engine of this name; raise ValueError where there is none."""
    if engine not in ENGINES:
        raise InputError(f"engine: found {engine!r}; expected one of {', '.join(ENGINES)}")
    return ENGINES[engine]
