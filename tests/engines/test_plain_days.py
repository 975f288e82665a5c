"""Plain days: a kernel without what they do not need gives the trace of the SimPy engine."""

from __future__ import annotations

from dataclasses import replace

from support.hand_made import one_station
from support.random_days import random_plain_day
from support.same_traces import differing_between_engines

from mppsim.engine.another_day import steps_to_make
from mppsim.engine.compiled.day_tables import set_up
from mppsim.engine.trace import DayTrace
from mppsim.plan import Plan
from mppsim.plan.plan import Outage


def is_plain(plan: Plan) -> bool:
    """Tell whether the compiled engine takes the kernel for plain days on the first one."""
    day = plan.days[0]
    return set_up(plan.layout, day, steps_to_make(day), DayTrace.blank(day)).is_plain


def test_engines_agree_on_plain_days() -> None:
    plans = [random_plain_day(seed) for seed in range(300)]
    assert sum(map(is_plain, plans)) > 120  # all without skills that anybody comes to
    for seed, plan in enumerate(plans):
        assert not differing_between_engines(plan), f"random_plain_day({seed})"


def test_a_day_with_an_outage_is_not_plain() -> None:
    plan = one_station([0, 1, 1], [5, 4, 3])
    outage = Outage(begin=2.0, end=3.0, stations=(0,), restarts=False)
    assert is_plain(plan)
    assert not is_plain(replace(plan, days=(replace(plan.days[0], outages=(outage,)),)))
