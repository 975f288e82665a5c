"""Run a plan on an engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from mppsim.engine.another_day import Mask, steps_to_make
from mppsim.engine.simpy_engine import simulate_day
from mppsim.engine.trace import DayTrace, Trace
from mppsim.plan.plan import DayPlan, Layout, Plan
from mppsim.scenario.errors import InputError

EngineName = Literal["auto", "simpy"]

ENGINES: dict[str, Callable[[Layout, DayPlan, Mask], DayTrace]] = {
    "simpy": simulate_day,
    "auto": simulate_day,
}
"""Engines by name; `auto` is the fastest that can run the plan."""


def simulate(plan: Plan, *, engine: str = "auto") -> Trace:
    """Run a plan and return what happened; the same plan gives the same trace.

    Raises ValueError for an engine that is not there.
    """
    simulate_one, before, traces = engine_named(engine), None, []
    for day in plan.days:
        facts = simulate_one(plan.layout, day, steps_to_make(day, before))
        before = (day, facts)
        traces.append(facts)
    return Trace(plan, tuple(traces))


def engine_named(engine: str) -> Callable[[Layout, DayPlan, Mask], DayTrace]:
    """Return the engine of this name; raise ValueError where there is none."""
    if engine not in ENGINES:
        raise InputError(f"engine: found {engine!r}; expected one of {', '.join(ENGINES)}")
    return ENGINES[engine]
