"""`mppsim schema`: what a scenario file may say, as JSON Schema."""

from __future__ import annotations

import json

from mppsim.scenario import scenario_json_schema


def schema() -> None:
    """Print the JSON Schema of scenario files, by which editors complete and check them."""
    print(json.dumps(scenario_json_schema(), indent=2, ensure_ascii=False))
