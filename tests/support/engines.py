"""The engine under test: the same tests hold for all of them."""

from __future__ import annotations

from contextvars import ContextVar

import mppsim
from mppsim.engine import Trace
from mppsim.engine.simulate import EngineName
from mppsim.plan import Plan

UNDER_TEST: ContextVar[EngineName] = ContextVar("engine under test", default="simpy")


def simulate(plan: Plan) -> Trace:
    """Run a plan on the engine under test."""
    return mppsim.simulate(plan, engine=UNDER_TEST.get())
