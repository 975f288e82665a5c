"""Sizes, headroom and attribution are the same bytes from a run store as without."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.studies import STUDIES, Asked

from mppsim.study import replications


@pytest.mark.parametrize("asked", STUDIES.values(), ids=STUDIES)
def test_a_store_moves_no_byte_and_answers_the_second_time(
    asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []
    kept = asked(runs=tmp_path, progress=done.append).to_json()
    assert kept == asked().to_json()
    assert sum(done) > 0
    monkeypatch.setattr(replications, "simulate", pytest.fail)
    assert asked(runs=tmp_path).to_json() == kept
