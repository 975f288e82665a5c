"""Durations and times of day as planners write them: '8 min', '08:00', '11:30-13:30'.

All become float64 minutes: durations as such, times of day as minutes since midnight. A bare number
is refused everywhere, because minutes taken for seconds or hours are the commonest error.
"""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, PlainSerializer, PlainValidator, WithJsonSchema

from mppsim.scenario.errors import expected, nearest_name

DURATION_WORDS = "a duration with its unit, such as '8 min', '90 s' or '1.5 h'"
TIME_WORDS = "a time of day such as '08:00'"
RECORDED_WORDS = "a time such as '16:28:33' or '08:15', or minutes since midnight up to 1440"
SPAN_WORDS = "a span of the day such as '11:30-13:30'"

_MINUTES = ("min", "mins", "minute", "minutes")
_SECONDS = ("s", "sec", "secs", "second", "seconds")
_HOURS = ("h", "hr", "hrs", "hour", "hours")
UNITS = (*_MINUTES, *_SECONDS, *_HOURS)

_NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_DURATION = re.compile(rf"\s*({_NUMBER})\s*([^\W\d_]*)\.?\s*")
_RECORDED_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")


class Span(NamedTuple):
    """A half-open piece of the day, [start, end), in minutes since midnight."""

    start: float
    end: float


def parse_duration(text: object) -> float:
    """Return the minutes of a text such as '90 s'; refuse everything else."""
    if not isinstance(text, str):
        raise expected(DURATION_WORDS)
    match = _DURATION.fullmatch(text)
    if match is None:
        dotted = re.sub(r"(?<=\d),(?=\d)", ".", text)
        raise expected(DURATION_WORDS, nearest=dotted if _DURATION.fullmatch(dotted) else None)
    number, unit = match.groups()
    if unit not in UNITS:
        name = nearest_name(unit, UNITS) or ("min" if unit in ("m", "M") else None)
        raise expected(DURATION_WORDS, nearest=f"{number} {name}" if unit and name else None)
    minutes = _in_minutes(float(number), unit)
    if not math.isfinite(minutes):
        raise expected("a duration that is not infinite")
    if minutes < 0:
        raise expected("a duration of at least 0 min")
    return minutes + 0.0  # so that '-0 min' is 0


def parse_signed_duration(text: object) -> float:
    """Return the minutes of a text such as '-5 min'; refuse everything else."""
    if isinstance(text, str) and text.strip().startswith("-"):
        return 0.0 - parse_duration(text.strip()[1:])  # so that '-0 min' is 0
    return parse_duration(text)


def parse_clock_time(text: object) -> float:
    """Return the minutes since midnight of a text such as '08:00'; '24:00' ends the day."""
    if not isinstance(text, str):
        raise expected(TIME_WORDS)
    match = _TIME.fullmatch(text.strip())
    if match is None:
        dotted = text.strip().replace(".", ":")
        raise expected(TIME_WORDS, nearest=dotted if _TIME.fullmatch(dotted) else None)
    hours, minutes = map(int, match.groups())
    if minutes > 59 or hours * 60 + minutes > 24 * 60:
        raise expected("a time of day from '00:00' to '24:00'")
    return float(hours * 60 + minutes)


def parse_recorded_time(value: object) -> float:
    """Return the minutes since midnight of a record: '16:28:33', '08:15', or plain minutes."""
    if isinstance(value, str):
        match = _RECORDED_TIME.fullmatch(value.strip())
        if match is None:
            raise expected(RECORDED_WORDS)
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return hours * 60 + minutes + seconds / 60
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1440:
        raise expected(RECORDED_WORDS)
    return float(value)


def parse_clock_span(text: object) -> Span:
    """Return the start and end of a text such as '11:30-13:30'."""
    if not isinstance(text, str):
        raise expected(SPAN_WORDS)
    start, hyphen, end = text.partition("-")
    if not hyphen:
        hyphened = re.sub(r"\s*[\u2010-\u2015]\s*", "-", text)
        raise expected(SPAN_WORDS, nearest=hyphened if "-" in hyphened else None)
    if not (_TIME.fullmatch(start.strip()) and _TIME.fullmatch(end.strip())):
        raise expected(SPAN_WORDS)
    span = Span(parse_clock_time(start), parse_clock_time(end))
    if span.end <= span.start:
        raise expected("a span of the day that ends after it starts")
    return span


def duration_text(minutes: float) -> str:
    """Return the text that is read back to exactly these minutes: '8.0 min'."""
    return f"{minutes!r} min"


def clock_text(minutes: float) -> str:
    """Return minutes since midnight as 'HH:MM'."""
    hours, rest = divmod(round(minutes), 60)
    return f"{hours:02d}:{rest:02d}"


def _in_minutes(number: float, unit: str) -> float:
    if unit in _MINUTES:
        return number
    return number / 60 if unit in _SECONDS else number * 60


def span_text(span: Span) -> str:
    return f"{clock_text(span.start)}-{clock_text(span.end)}"


def _text_schema(pattern: str, words: str, *examples: str) -> WithJsonSchema:
    schema: dict[str, Any] = {"type": "string", "pattern": pattern, "description": words}
    return WithJsonSchema(schema | {"examples": list(examples)})


_TIME_PATTERN = r"([01]?[0-9]|2[0-3]):[0-5][0-9]|24:00"
_UNIT_PATTERN = "|".join(UNITS)

Duration = Annotated[
    float,
    BeforeValidator(parse_duration),
    PlainSerializer(duration_text, return_type=str, when_used="json"),
    _text_schema(
        rf"^\s*\+?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*({_UNIT_PATTERN})\.?\s*$",
        DURATION_WORDS,
        "8 min",
        "90 s",
        "1.5 h",
    ),
]
SignedDuration = Annotated[
    float,
    BeforeValidator(parse_signed_duration),
    PlainSerializer(duration_text, return_type=str, when_used="json"),
    _text_schema(
        rf"^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*({_UNIT_PATTERN})\.?\s*$",
        "a duration with its unit, such as '-5 min'",
        "-5 min",
    ),
]
ClockTime = Annotated[
    float,
    BeforeValidator(parse_clock_time),
    PlainSerializer(clock_text, return_type=str, when_used="json"),
    _text_schema(rf"^({_TIME_PATTERN})$", TIME_WORDS, "08:00", "24:00"),
]
ClockSpan = Annotated[
    Span,
    PlainValidator(parse_clock_span),
    PlainSerializer(span_text, return_type=str, when_used="json"),
    _text_schema(rf"^({_TIME_PATTERN})\s*-\s*({_TIME_PATTERN})$", SPAN_WORDS, "11:30-13:30"),
]
RecordedTime = Annotated[
    float,
    BeforeValidator(parse_recorded_time),
    WithJsonSchema({"type": ["string", "number"], "description": RECORDED_WORDS}),
]
