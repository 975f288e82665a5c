"""Where the compiled engine's time goes: drawing the plan, simulating it, summarizing the trace."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from benchmarks.workloads import workload
from mppsim.engine import Trace, simulate
from mppsim.measure import summarize
from mppsim.plan import Drawer
from mppsim.study.replications import DAYS_TOGETHER

PARTS = ("plan", "simulate", "summarize")
Done = TypeVar("Done")


def parts_of(load: str, n_rounds: int, days: int) -> dict[str, float]:
    """Return the CPU nanoseconds a visitor of each part, medians over rounds of so many days."""
    words = [sys.executable, "-m", "benchmarks.parts", load, str(n_rounds), str(days)]
    done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main(load: str, n_rounds: int, days: int) -> None:
    """Measure in this process and print JSON; one round before the others starts everything."""
    drawer = Drawer(workload(load).scenario, seed=1, compiled=True)
    rounds = [_round(drawer, range(n * days, (n + 1) * days)) for n in range(n_rounds + 1)]
    medians = map(statistics.median, zip(*rounds[1:], strict=True))
    print(json.dumps(dict(zip(PARTS, medians, strict=True))))


def _round(drawer: Drawer, numbers: range) -> tuple[float, float, float]:
    """Simulate replications in the way of a study, and time each part."""
    spent, visitors, waiting = [0.0, 0.0, 0.0], 0, list[Trace]()

    def timed(part: int, work: Callable[[], Done]) -> Done:
        begun = time.process_time()
        done = work()
        spent[part] += time.process_time() - begun
        return done

    for number in numbers:
        plan = timed(0, partial(drawer.draw, number))
        trace = timed(1, partial(simulate, plan, engine="compiled"))
        visitors += sum(len(day.visitors.arrival) for day in plan.days)
        waiting.append(trace)
        if len(waiting) * len(drawer.weekdays) >= DAYS_TOGETHER or number == numbers[-1]:
            timed(2, partial(summarize, *waiting))
            waiting.clear()
    drawn, simulated, summarized = (seconds / visitors * 1e9 for seconds in spent)
    return drawn, simulated, summarized


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
