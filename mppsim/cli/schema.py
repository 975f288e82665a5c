"""`mppsim schema`: what a scenario file may say, as JSON Schema."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from mppsim.scenario import scenario_json_schema
from mppsim.study.study_file import study_json_schema


def schema(
    study: Annotated[bool, typer.Option("--study", help="Of study files instead.")] = False,
) -> None:
    """Print the JSON Schema of scenario files, by which editors complete and check them."""
    content = study_json_schema() if study else scenario_json_schema()
    print(json.dumps(content, indent=2, ensure_ascii=False))
