"""Hold the engines against each other: python -m support.fuzz_engines VISITORS [FIRST SEED]."""

from __future__ import annotations

import sys

from support.random_days import random_line, random_plain_day, random_plan
from support.same_traces import differing_between_engines


def main(visitors: int, first: int = 100_000) -> int:
    """Return 0 if no cell differs; name the plans in which any does."""
    seed, met, steps, bad = first, 0, 0, 0
    while met < visitors:
        draw = {0: random_line, 1: random_plain_day}.get(seed % 5, random_plan)
        plan = draw(seed)
        differing = differing_between_engines(plan)
        if differing:
            bad += 1
            print(f"{draw.__name__}({seed}): {differing}")
        met += sum(len(day.visitors.arrival) for day in plan.days)
        steps += sum(len(day.steps.station) for day in plan.days)
        seed += 1
    print(f"{seed - first:,} plans, {met:,} visitors, {steps:,} steps: {bad} plans differ")
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
