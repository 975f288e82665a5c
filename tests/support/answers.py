"""What a scenario file asks and answers in its last comments, and the command behind the answer."""

from __future__ import annotations

import re
import shlex
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path

from mppsim.scenario.days import WEEKDAYS, Weekday

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
PLACES = ("pekanbaru", "batam", "dumai", "tanjungpinang", "bengkalis", "published")
_NUMBER = r"[0-9]{1,3}(?:,?[0-9]{3})*(?:\.[0-9]+)?"
FIGURE = re.compile(rf"{_NUMBER} ± {_NUMBER}|[0-9]+ (?:kept|broken|cannot tell)")
"""A number with its interval, such as '12.3 ± 0.4' (words say its sign), or of promises."""
_FORM = re.compile(
    r"\n# Question: (?P<question>.+?)\n# Answer, by (?P<commands>`.+?`):\n(?P<answer>.+)\Z",
    re.DOTALL,
)


def halls_of(place: str) -> list[Path]:
    """Return the scenario files of a place."""
    return sorted((SCENARIOS / place).glob("[!_]*.yaml"))


def golden_of(path: Path) -> Path:
    """Return the file that holds the summary behind a scenario's answer."""
    return (ROOT / "tests" / "golden" / "halls" / path.relative_to(SCENARIOS)).with_suffix(".txt")


@dataclass(frozen=True)
class Command:
    """What to run: one hall, or several beside each other."""

    verb: str
    files: tuple[Path, ...]
    replications: int
    day: Weekday | None


@dataclass(frozen=True)
class Answer:
    """A question, the commands that answer it, and the answer as the file has it."""

    question: str
    commands: tuple[Command, ...]
    text: str


def answer_of(path: Path) -> Answer:
    """Return the question and answer with which a file ends."""
    found = _FORM.search(path.read_text(encoding="utf-8"))
    assert found, f"{path}: expected a last comment '# Question: ..', '# Answer, by `mppsim ..`:'"
    commands = re.findall(r"`mppsim (.+?)`", _prose(found["commands"]))
    question, text = _prose(found["question"]), _prose(found["answer"])
    return Answer(question, tuple(_command(words) for words in commands), text)


def _command(words: str) -> Command:
    parser = ArgumentParser()
    parser.add_argument("verb", choices=["run", "compare"])
    parser.add_argument("files", nargs="+")
    parser.add_argument("--replications", type=int, required=True)
    parser.add_argument("--day", choices=WEEKDAYS)
    asked = parser.parse_args(shlex.split(words))
    files = tuple(ROOT / file for file in asked.files)
    return Command(asked.verb, files, asked.replications, asked.day)


def _prose(comment: str) -> str:
    """Return the text of comment lines in one line."""
    return " ".join(line.lstrip("# ").rstrip() for line in comment.splitlines())
