"""Run one program in a process of its own, and print what it took and showed as JSON."""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from typing import Any

from benchmarks.days import Program
from benchmarks.workloads import workload

PROGRAMS = {
    "mppsim, compiled": ("mppsim_program", "COMPILED_ENGINE"),
    "mppsim, SimPy engine": ("mppsim_program", "SIMPY_ENGINE"),
    "SimPy": ("simpy_program", "PROGRAM"),
    "Ciw": ("ciw_program", "PROGRAM"),
    "salabim": ("salabim_program", "PROGRAM"),
    "Cimba": ("cimba_program", "PROGRAM"),
}
"""By name: the module and the program in it."""


def program_named(name: str) -> Program[Any]:
    """Return a program; raises ImportError where its simulator is not installed."""
    module, attribute = PROGRAMS[name]
    program: Program[Any] = getattr(
        importlib.import_module(f"benchmarks.programs.{module}"), attribute
    )
    return program


def main(name: str, n_days: int, seed: int, workloads: list[str]) -> None:
    """Simulate the days of each workload; a day before it starts everything that starts once."""
    program, loads = program_named(name), [workload(one) for one in workloads]
    begun = time.perf_counter()
    program.days(program.simulate(loads[0], 1, seed + 1))
    first_day = time.perf_counter() - begun
    begun = time.process_time()
    done = [program.simulate(load, n_days, seed) for load in loads]
    seconds = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = [
        (load.numbers.visitors, program.days(those))
        for load, those in zip(loads, done, strict=True)
    ]
    print(
        json.dumps(
            {
                "cpu_seconds": seconds,
                "first_day_seconds": first_day,
                "peak_megabytes": peak / 1024,
                "visitors": sum(day.visitors for _, days in found for day in days),
                "measures": [day.measures(mean) for mean, days in found for day in days],
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
