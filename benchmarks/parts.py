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
from mppsim.measure import summarize_all
from mppsim.plan import Drawer
from mppsim.study import Job
from mppsim.study.replications import n_together, simulated

PARTS = ("plan", "simulate", "summarize")
IN_STUDIES = "in studies"
"""All three as studies do them, which do not show plans and traces to anybody."""
Done = TypeVar("Done")


def parts_of(load: str, n_rounds: int, days: int) -> dict[str, float]:
    """Return the CPU nanoseconds a visitor of each part, medians over rounds of so many days."""
    words = [sys.executable, "-m", "benchmarks.parts", load, str(n_rounds), str(days)]
    done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main(load: str, n_rounds: int, days: int) -> None:
    """Measure in this process and print JSON; one round before the others starts everything."""
    job = Job(workload(load).scenario, n_rounds * days)
    drawer, together = job.drawer(compiled=True), n_together(job.visitors())
    rounds = [
        _round(job, drawer, range(n * days, (n + 1) * days), together) for n in range(n_rounds + 1)
    ]
    medians = map(statistics.median, zip(*rounds[1:], strict=True))
    print(json.dumps(dict(zip((*PARTS, IN_STUDIES), medians, strict=True))))


def _round(
    job: Job, drawer: Drawer, numbers: range, together: int
) -> tuple[float, float, float, float]:
    """Simulate replications in the way of a study, and time each part."""
    spent, visitors = [0.0, 0.0, 0.0, 0.0], 0

    def timed(part: int, work: Callable[[], Done]) -> Done:
        begun = time.process_time()
        done = work()
        spent[part] += time.process_time() - begun
        return done

    def traced(number: int) -> Trace:
        nonlocal visitors
        plan = timed(0, partial(drawer.draw, number))
        visitors += sum(len(day.visitors.arrival) for day in plan.days)
        return timed(1, partial(simulate, plan, engine="compiled"))

    for first in range(0, len(numbers), together):
        those = numbers[first : first + together]
        timed(2, partial(summarize_all, map(traced, those), len(those), compiled=True))
    timed(3, partial(simulated, job, numbers, drawer, engine="compiled"))
    # Traces are drawn and simulated while they are summarized.
    drawing, simulating, all_three, in_studies = (each / visitors * 1e9 for each in spent)
    return drawing, simulating, all_three - drawing - simulating, in_studies


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
