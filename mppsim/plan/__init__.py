"""All randomness: a scenario and a seed in, the plan of a replication out."""

from mppsim.plan.draw import Drawer, draw_plan
from mppsim.plan.plan import DayPlan, Layout, Plan

__all__ = ["DayPlan", "Drawer", "Layout", "Plan", "draw_plan"]
