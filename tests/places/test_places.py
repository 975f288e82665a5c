"""The halls that come with mppsim: each loads, keeps up, and says what a run of it says."""

from __future__ import annotations

import time
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from support.answers import FIGURE, PLACES, SCENARIOS, Answer, answer_of, golden_of, halls_of
from support.moved_figures import with_moved_figures
from support.summary_text import comparison_lines, result_lines

from mppsim import Comparison, Result, check, load_scenario
from mppsim.scenario.days import Weekday
from mppsim.scenario.overload import explained_overloads
from mppsim.study import Job, PairedRuns, Run, replicate

HALLS = [path for place in PLACES for path in halls_of(place)]
SHIPPED = [*HALLS, *halls_of("teaching")]
every_hall = pytest.mark.parametrize(
    "path", HALLS, ids=[str(path.relative_to(SCENARIOS)) for path in HALLS]
)


@every_hall
def test_a_run_says_what_its_golden_summary_says(path: Path, update: bool) -> None:
    found, seconds = summary(answer_of(path))
    golden = golden_of(path)
    kept = golden.read_text(encoding="utf-8").splitlines() if golden.exists() else [""]
    if update and kept[1:] != found:
        write_anew(path, kept, [f"processor seconds: {seconds:.0f}", *found])
    else:
        assert found == kept[1:]


@every_hall
def test_the_answer_takes_its_figures_from_the_summary(path: Path) -> None:
    figures = FIGURE.findall(answer_of(path).text)
    assert figures, "an answer has a number with its interval"
    assert set(figures) <= set(FIGURE.findall(golden_of(path).read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "path", SHIPPED, ids=[str(path.relative_to(SCENARIOS)) for path in SHIPPED]
)
def test_an_overload_is_explained_in_the_file_and_nothing_else_is(path: Path) -> None:
    overloaded = {load.station for load in check(path) if load.ratio > 1}
    assert overloaded == explained_overloads(load_scenario(path)).keys()


def write_anew(path: Path, before: list[str], after: list[str]) -> None:
    """Write a summary, and carry the figures of the answer over from the one before."""
    golden_of(path).parent.mkdir(parents=True, exist_ok=True)
    golden_of(path).write_text("\n".join(after) + "\n", encoding="utf-8")
    head, answer, text = path.read_text(encoding="utf-8").rpartition("\n# Answer")
    moved = with_moved_figures(text, "\n".join(before), "\n".join(after))
    path.write_text(head + answer + moved, encoding="utf-8")


def summary(answer: Answer) -> tuple[list[str], float]:
    """Return the figures behind an answer, and the processor time of its runs."""
    lines: list[str] = []
    seconds = 0.0
    for command in answer.commands:
        done = [simulated(file, command.replications, command.day) for file in command.files]
        runs = tuple(run for run, _ in done)
        seconds += sum(taken for _, taken in done)
        if command.verb == "run":
            lines += chain(*(result_lines(Result(run)) for run in runs))
        else:
            lines += comparison_lines(Comparison(PairedRuns(runs)))
    return lines, seconds


@cache
def simulated(file: Path, replications: int, day: Weekday | None) -> tuple[Run, float]:
    """Simulate a hall once, although several files compare themselves with it."""
    started = time.process_time()
    run = replicate(Job(load_scenario(file), replications, day=day))
    return run, time.process_time() - started
