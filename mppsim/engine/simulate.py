"""Run a plan on an engine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import lru_cache, partial
from importlib import import_module
from typing import Any, Literal, cast, get_args

from mppsim.engine.another_day import Mask, steps_to_make
from mppsim.engine.policy import Policy, name_of
from mppsim.engine.trace import DayTrace, Trace
from mppsim.plan import compiling
from mppsim.plan.plan import DayPlan, Layout, Plan
from mppsim.scenario.errors import InputError

EngineName = Literal["auto", "simpy", "compiled"]
Engine = Callable[[Layout, DayPlan, Mask], DayTrace]

WORTH_LOADING, WORTH_COMPILING = 2_000, 100_000
"""From how many visitors on `auto` takes the compiled engine: SimPy needs a tenth of a second for
the first, about what loading takes, and ten seconds for the second, about what compiling takes."""


def simulate(plan: Plan, *, engine: str = "auto", policy: Policy | None = None) -> Trace:
    """Run a plan and return what happened; the same plan gives the same trace on every engine.

    A `policy` says whom free counters call, in place of all disciplines; only SimPy runs it.
    Raises ValueError for an engine that is not there, or that cannot run the plan or the policy.
    """
    n_visitors = sum(len(day.visitors.arrival) for day in plan.days)
    name, before, traces = engine_for(engine, n_visitors, plan.layout, policy), None, []
    simulate_one = _loaded(name, policy)
    for day in plan.days:
        facts = simulate_one(plan.layout, day, steps_to_make(day, before))
        before = (day, facts)
        traces.append(facts)
    return Trace(plan, tuple(traces))


def engine_named(engine: str) -> EngineName:
    """Return the name of an engine; raise ValueError where there is none of this name."""
    if engine not in get_args(EngineName):
        raise InputError(
            f"engine: found {engine!r}; expected one of {', '.join(get_args(EngineName))}"
        )
    return cast(EngineName, engine)


def engine_for(
    engine: str, n_visitors: int, layout: Layout, policy: Policy | None = None
) -> EngineName:
    """Return the engine that runs so many visitors in all: the one asked for, or the faster one.

    Compiles it if need be, and says on standard error why that takes a while, or why `auto` does
    without it. Raises ValueError for an engine that is not there, or that does not run policies.
    """
    if policy is not None and not callable(policy):
        raise InputError(f"policy: found {policy!r}; expected a function of a Call")
    if engine_named(engine) == "compiled" and policy is not None:
        raise InputError(
            f"engine: found compiled beside the policy {name_of(policy)}; expected simpy or auto, "
            "as policies in Python run on SimPy alone"
        )
    if engine == "simpy" or policy is not None:
        return "simpy"
    if engine == "auto" and n_visitors < WORTH_LOADING:
        return "simpy"
    reason = compiling.why_not()
    if reason is not None:
        if engine == "compiled":
            raise InputError(f"engine: found compiled, but {reason}")
        print(f"mppsim: the slower SimPy engine runs, as {reason}", file=sys.stderr)
        return "simpy"
    needed = _compiled_engine().kernel_for_days_in(layout).name
    if engine == "auto" and n_visitors < WORTH_COMPILING and not compiling.is_compiled(needed):
        return "simpy"
    compiling.compile_now(needed)
    return "compiled"


def _loaded(engine: EngineName, policy: Policy | None) -> Engine:
    if engine == "simpy":
        from mppsim.engine import simpy_engine

        return partial(simpy_engine.simulate_day, policy=policy)
    return cast(Engine, _compiled_engine().simulate_day)


@lru_cache
def _compiled_engine() -> Any:
    """Import what loads machine code only when it is about to be used."""
    return import_module("mppsim.engine.compiled.engine")
