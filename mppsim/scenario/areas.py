"""Areas as planners write them: '120 m2'."""

from __future__ import annotations

import math
import re
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from mppsim.scenario.errors import expected

AREA_WORDS = "an area with its unit, such as '120 m2'"
_NUMBER = r"([0-9]+\.?[0-9]*|\.[0-9]+)"
_AREA = re.compile(rf"\s*{_NUMBER}\s*(m2|m²|sqm)\s*")


def parse_area(text: object) -> float:
    """Return the square meters of a text such as '120 m2'; refuse everything else."""
    match = _AREA.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise expected(AREA_WORDS)
    area = float(match[1])
    if not 0 < area < math.inf:
        raise expected("an area of more than 0 m2")
    return area


def area_text(area: float) -> str:
    """Return the text that is read back to exactly this area: '120.0 m2'."""
    return f"{area!r} m2"


Area = Annotated[
    float,
    BeforeValidator(parse_area),
    PlainSerializer(area_text, return_type=str, when_used="json"),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": rf"^\s*{_NUMBER}\s*(m2|m²|sqm)\s*$",
            "description": AREA_WORDS,
            "examples": ["120 m2"],
        }
    ),
]
