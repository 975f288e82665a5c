"""What a notebook completes after a point: of a hall what its file may say, and public names."""

from __future__ import annotations

import inspect

from support.halls import hall

from mppsim import Result, Scenario


def test_a_hall_completes_to_the_keys_of_its_file_and_its_digest() -> None:
    keys = {*Scenario.model_fields, "digest"}
    assert set(dir(hall())) == keys


def test_every_public_name_of_a_result_says_what_it_is() -> None:
    public = {name for name in dir(Result) if not name.startswith("_")}
    assert {
        name for name in public - {"standings"} if not inspect.getdoc(getattr(Result, name))
    } == set()
