"""Write what was measured: results.md with tables, and a picture."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from textwrap import wrap

from benchmarks.agreement import LARGEST_Z, LEAST_PRECISION, Mean
from benchmarks.children import Child
from benchmarks.commands import Whole
from benchmarks.parts import IN_STUDIES, PARTS
from benchmarks.picture import draw

Runs = dict[str, list[Child]]
"""By program."""
ABOUT = (
    "Written by `make bench`. CPU time of one core, in nanoseconds a visitor: the median of the "
    "rounds, and from the least to the greatest. In each round the programs take turns, each in a "
    "process of its own. What starts once (compiling, reading the scenario, a first day) is in "
    "the column `first day` and nowhere else; `peak` is the memory of the whole process. All "
    "programs keep every wait; mppsim keeps every time, and makes the summaries that its tables "
    "need."
)
HUNDRED = (
    "The hall with 80 to 120 % of its visitors, one day each; CPU milliseconds a scenario, "
    "reading the files not counted. Slow programs did only some of the hundred."
)
PARTED = (
    "CPU nanoseconds a visitor of the compiled engine, medians of the rounds: each part where "
    "plans and traces are there to be looked at, then all together as studies do it, which show "
    "them to nobody and keep the summaries."
)
WHOLE = (
    "`mppsim run` and `mppsim size` of the hall day from the start of the interpreter to its end, "
    "on the clock, once each; the first time the compiled engine is compiled."
)
AGREEMENT = (
    "Before anything is timed, the means over days of what visitors meet are compared, with their "
    f"standard errors. Any two programs must be within {LARGEST_Z:g} standard errors of each "
    f"other, and no mean wait may have one of more than {LEAST_PRECISION:.0%}. The hall is "
    "compared without lunch, for that is not quite the same everywhere. In mppsim the first "
    "counter of a tenant stays and the others go after the service under way. In SimPy and "
    "salabim whoever is free first goes. Ciw replaces the whole crew: the new one begins at once, "
    "while all of the old one finish their services, and so again when lunch is over. M/M/1 is a "
    "tenth as long in slow programs."
)
PACKAGES = ("mppsim", "numpy", "numba", "simpy", "ciw", "salabim", "cimba")


@dataclass(frozen=True)
class Results:
    """Everything that was measured."""

    checked: dict[str, list[Mean]]
    timed: dict[str, Runs]
    parts: dict[str, dict[str, float]]
    hundred: Runs
    scaled: dict[str, list[tuple[str, Runs]]]
    workers: dict[str, dict[int, float]]
    whole: list[Whole]


def write_results(results: Results, folder: Path) -> None:
    """Write results.md and results.svg into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    draw(results.timed, results.scaled, folder / "results.svg")
    text = "\n".join(_lines(results)) + "\n"
    (folder / "results.md").write_text(text, encoding="utf-8")


def _lines(results: Results) -> Iterable[str]:
    yield "# Speed beside other simulators"
    yield ""
    yield from wrap(ABOUT, 100)
    yield ""
    yield "![CPU time a visitor, by program and workload](results.svg)"
    yield ""
    yield from _machine()
    for title, runs in results.timed.items():
        yield ""
        yield f"## {title}"
        yield ""
        yield from _timed(runs)
    yield ""
    yield "## Where the time goes"
    yield ""
    yield from wrap(PARTED, 100)
    yield ""
    rows = [
        (title, *(f"{of[part]:,.0f}" for part in PARTS), f"{of[IN_STUDIES]:,.0f}")
        for title, of in results.parts.items()
        if of
    ]
    yield from _table(("workload", *PARTS, IN_STUDIES), rows)
    yield ""
    yield "## Whole commands"
    yield ""
    yield from wrap(WHOLE, 100)
    yield ""
    rows = [
        (one.title, f"{one.seconds:.1f}", f"{one.peak_megabytes:,.0f}") for one in results.whole
    ]
    yield from _table(("command", "seconds", "peak, MB"), rows)
    yield ""
    yield "## A hundred scenarios"
    yield ""
    yield from wrap(HUNDRED, 100)
    yield ""
    yield from _table(
        ("program", "scenarios", "ms a scenario"),
        [
            (name, str(len(run.measures)), f"{run.cpu_seconds / len(run.measures) * 1e3:,.2f}")
            for name, (run, *_) in results.hundred.items()
        ],
    )
    for kind, loads in results.scaled.items():
        yield ""
        yield f"## Scaling: {kind}"
        yield ""
        names = list(loads[0][1])
        rows = [(load, *(f"{_median(runs[name]):,.0f}" for name in names)) for load, runs in loads]
        yield from _table(("workload", *names), rows)
    yield ""
    yield "## Scaling: workers"
    yield ""
    yield "Seconds on the clock for a whole run, with its start and summaries."
    yield ""
    rows = [(name, *(f"{s:.2f}" for s in by.values())) for name, by in results.workers.items()]
    yield from _table(("program", "1 worker", "2 workers"), rows)
    yield ""
    yield from _agreement(results.checked)


def _machine() -> Iterable[str]:
    yield f"Machine: {_processor()}, {os.cpu_count()} cores, {platform.system()}; Python"
    yield f"{platform.python_version()}, {', '.join(_versions())}."


def _processor() -> str:
    about = Path("/proc/cpuinfo")
    if about.exists():
        for line in about.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _versions() -> Iterable[str]:
    for name in PACKAGES:
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"{name} not installed"


def _timed(runs: Runs) -> Iterable[str]:
    fastest = min(_median(those) for those in runs.values())
    rows = [
        (
            name,
            f"{_median(those):,.0f}",
            f"{min(one.nanoseconds for one in those):,.0f} to "
            f"{max(one.nanoseconds for one in those):,.0f}",
            f"{_median(those) / fastest:,.1f}",
            f"{statistics.median(one.first_day_seconds for one in those):.2f}",
            f"{max(one.peak_megabytes for one in those):,.0f}",
        )
        for name, those in runs.items()
    ]
    yield from _table(
        ("program", "ns a visitor", "range", "times the fastest", "first day, s", "peak, MB"), rows
    )


def _agreement(checked: dict[str, list[Mean]]) -> Iterable[str]:
    yield "## Do they simulate the same?"
    yield ""
    yield from wrap(AGREEMENT, 100)
    for title, found in checked.items():
        if not found:
            continue
        names = list(dict.fromkeys(one.program for one in found))
        by = {(one.program, one.measure): one for one in found}
        yield ""
        yield f"{title}:"
        yield ""
        rows = [
            (
                measure,
                *(
                    f"{by[name, measure].value:.4g} ± {by[name, measure].standard_error:.2g}"
                    for name in names
                ),
            )
            for measure in dict.fromkeys(one.measure for one in found)
        ]
        yield from _table(("measure", *names), rows)


def _median(runs: Sequence[Child]) -> float:
    return statistics.median(one.nanoseconds for one in runs)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterable[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
