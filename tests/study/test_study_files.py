"""Study files that are refused, each with its line, as scenarios are."""

from __future__ import annotations

from pathlib import Path

import pytest

from mppsim.scenario import ScenarioError
from mppsim.study.study_file import load_study

INVALID = Path(__file__).parents[2] / "scenarios" / "invalid" / "studies"
FILES = [*sorted(path.name for path in INVALID.glob("*.yaml")), "not-there.yaml"]
EXPECTED = INVALID / "expected.txt"
STUDIES = sorted((INVALID.parents[1] / "studies").glob("*.yaml"))


@pytest.fixture(autouse=True)
def _among_the_invalid_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(INVALID)


def refusal_of(name: str) -> str:
    with pytest.raises(ScenarioError) as refused:
        load_study(name)
    text = str(refused.value)
    return text if text.startswith(f"{name}:") else f"{name}: {text}"


def test_every_invalid_study_has_its_one_expected_line(update: bool) -> None:
    refusals = [refusal_of(name) for name in FILES]
    if update:
        EXPECTED.write_text("\n".join(refusals) + "\n", encoding="utf-8")
    assert EXPECTED.read_text(encoding="utf-8").splitlines() == refusals


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_the_studies_that_come_with_mppsim_are_in_order(path: Path) -> None:
    assert load_study(path).points
