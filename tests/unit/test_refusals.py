import ast
import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import mppsim.scenario
from mppsim.scenario import ScenarioError, load_scenario

INVALID = Path(__file__).parents[2] / "scenarios" / "invalid"
FILES = [*sorted(path.name for path in INVALID.glob("[!_]*.yaml")), "not-there.yaml", "tables"]
EXPECTED = INVALID / "expected.txt"
REFUSING = {"Finding", "Problem", "expected", "refusal"}
"""The makers of refusals: each call of one in the code must be reached by some file."""

Place = tuple[str, int]


def refusal_of(name: str) -> str:
    """Return the line of a file in scenarios/invalid, led by the file where it names another."""
    with pytest.raises(ScenarioError) as refused:
        load_scenario(name)
    text = str(refused.value)
    return text if text.startswith(f"{name}:") else f"{name}: {text}"


@pytest.fixture(autouse=True)
def _among_the_invalid_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(INVALID)


def test_every_invalid_file_has_its_one_expected_line(update: bool) -> None:
    refusals = [refusal_of(name) for name in FILES]
    if update:
        EXPECTED.write_text("\n".join(refusals) + "\n", encoding="utf-8")
    assert EXPECTED.read_text(encoding="utf-8").splitlines() == refusals


def test_no_two_files_are_refused_in_the_same_words() -> None:
    whats = [line.split(": ", 1)[1] for line in EXPECTED.read_text("utf-8").splitlines()]
    assert len(set(whats)) == len(FILES)


def test_the_hall_that_they_spoil_is_valid() -> None:
    assert load_scenario("_hall.yaml").name.startswith("The hall")


def test_every_refusal_in_the_code_has_an_invalid_file(monkeypatch: pytest.MonkeyPatch) -> None:
    reached: set[Place] = set()
    package = Path(mppsim.scenario.__file__).parent
    for path in package.glob("[!_]*.py"):
        module = importlib.import_module(f"mppsim.scenario.{path.stem}")
        for maker in REFUSING & set(vars(module)):
            monkeypatch.setattr(module, maker, noted(getattr(module, maker), reached))
    for name in FILES:
        refusal_of(name)
    calls = refusing_calls(package)
    assert len(calls) > 80  # so that a renamed maker is noticed
    assert [lines[0] for lines in calls if not reached & set(lines)] == []


def noted(make: Callable[..., Any], reached: set[Place]) -> Callable[..., Any]:
    """Return the maker of a refusal that also notes the line from which it is called."""

    def make_and_note(*args: Any, **kwargs: Any) -> Any:
        caller = sys._getframe(1)
        reached.add((Path(caller.f_code.co_filename).name, caller.f_lineno))
        return make(*args, **kwargs)

    return make_and_note


def refusing_calls(package: Path) -> list[list[Place]]:
    """Return the lines of each call in the package that makes a refusal."""
    return [
        [(path.name, line) for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)]
        for path in sorted(package.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in REFUSING
    ]
