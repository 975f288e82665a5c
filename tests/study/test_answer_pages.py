"""The reports of sizes, headroom and attribution."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.studies import STUDIES, Asked


@pytest.mark.parametrize("asked", STUDIES.values(), ids=STUDIES)
def test_a_report_has_the_answer_a_picture_and_its_origin(asked: Asked, tmp_path: Path) -> None:
    answer = asked()
    answer.to_html(tmp_path / "deep" / "report.html")
    page = (tmp_path / "deep" / "report.html").read_text()
    assert page.count("<svg") == 1
    for value in json.loads(answer.to_json())["provenance"].values():
        assert str(value) in page
    assert '<th scope="row">' in page


def test_the_program_starts_without_what_draws_pictures() -> None:
    code = "import sys, mppsim.cli.main; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
