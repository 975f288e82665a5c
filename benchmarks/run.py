"""Check that all programs agree, time them in alternated rounds, and write results.md.

python -m benchmarks.run [--quick] [--rounds 5] [--out FOLDER]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import mppsim
from benchmarks.agreement import Mean, disagreements, means
from benchmarks.children import programs, start
from benchmarks.commands import whole_commands
from benchmarks.parts import parts_of
from benchmarks.plan_of_runs import (
    BENCHES,
    COMPILED,
    HUNDRED,
    OF_HUNDRED,
    PARTS,
    REFERENCE,
    SCALED,
    SCALING,
    Bench,
)
from benchmarks.results import Results, Runs, write_results
from benchmarks.workloads import workload

SEED = 20261123
ROUNDS = 5
QUICK = 0.2
"""The part of the days that is done when somebody only wants to try."""


def main() -> int:
    """Run everything; 1 where the programs disagree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round, few days, no bounds")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="where to write")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="in which programs take turns")
    options = parser.parse_args()
    share, rounds = (QUICK, 1) if options.quick else (1.0, options.rounds)
    checked = {bench.title: _checked(bench, share) for bench in BENCHES}
    wrong = [text for found in checked.values() for text in disagreements(found)]
    if wrong:
        print("The programs do not simulate the same:", *wrong, sep="\n  ", file=sys.stderr)
        if not options.quick:
            return 1
    results = Results(
        checked,
        {bench.title: _timed(bench, share, rounds) for bench in BENCHES},
        {title: _in_parts(load, days, share, rounds) for title, load, days in PARTS},
        _hundred_scenarios(),
        {kind: [_scaled(one, share) for one in loads] for kind, loads in SCALING.items()},
        _workers(share),
        whole_commands(share) if COMPILED in programs() else [],
    )
    write_results(results, options.out)
    return 0


def _here(of_programs: Mapping[str, int], share: float = 1.0) -> dict[str, int]:
    """Return the number of days of each program that can run here."""
    return {
        name: max(1, round(n_days * share))
        for name, n_days in of_programs.items()
        if name in programs()
    }


def _checked(bench: Bench, share: float) -> list[Mean]:
    found = []
    for program, n_days in _here(bench.checked, share).items():
        _say(f"{bench.title}: does {program} agree?")
        child = start(program, max(n_days, 2), SEED, bench.workload_of(program) + bench.check)
        found += means(program, child)
    return found


def _timed(bench: Bench, share: float, rounds: int) -> Runs:
    """Return the runs of each program; one program after the other, round by round."""
    runs: Runs = {program: [] for program in _here(bench.days)}
    for number in range(rounds):
        for program, n_days in _here(bench.days, share).items():
            _say(f"{bench.title}: round {number + 1} of {rounds}, {program}")
            runs[program].append(start(program, n_days, SEED, bench.workload_of(program)))
    return runs


def _in_parts(load: str, days: int, share: float, rounds: int) -> dict[str, float]:
    if COMPILED not in programs():
        return {}
    _say(f"in parts: {load}")
    return parts_of(load, rounds, max(1, round(days * share)))


def _hundred_scenarios() -> Runs:
    runs: Runs = {}
    for program, every in _here(OF_HUNDRED).items():
        _say(f"a hundred scenarios: {program}")
        runs[program] = [start(program, 1, SEED, *HUNDRED[::every])]
    return runs


def _scaled(load: str, share: float) -> tuple[str, Runs]:
    runs: Runs = {}
    for program, n_days in _here(SCALED, share).items():
        _say(f"scaling: {load}, {program}")
        runs[program] = [start(program, n_days, SEED, load)]
    return load, runs


def _workers(share: float) -> dict[str, dict[int, float]]:
    """Return the seconds of a whole run, on the clock, by engine and number of workers."""
    seconds: dict[str, dict[int, float]] = {}
    for program, days in _here({COMPILED: 4000, REFERENCE: 60}, share).items():
        engine = "compiled" if program == COMPILED else "simpy"
        seconds[program] = {}
        for workers in (1, 2):
            _say(f"workers: {workers}, {program}")
            begun = time.perf_counter()
            hall = workload("hall").scenario
            mppsim.run(hall, replications=days, workers=workers, engine=engine)
            seconds[program][workers] = time.perf_counter() - begun
    return seconds


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
