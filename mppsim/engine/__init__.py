"""A plan in, a trace out: what happens in the hall, and in which order."""

from mppsim.engine.policy import Call, Policy, Waiting
from mppsim.engine.simulate import simulate
from mppsim.engine.trace import DayTrace, Outcome, Trace

__all__ = ["Call", "DayTrace", "Outcome", "Policy", "Trace", "Waiting", "simulate"]
