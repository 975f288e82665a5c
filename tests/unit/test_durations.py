import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from mppsim.scenario.durations import (
    ClockSpan,
    ClockTime,
    Duration,
    Span,
    duration_text,
    parse_clock_span,
    parse_clock_time,
    parse_duration,
)


class Written(BaseModel):
    length: Duration
    pieces: dict[ClockTime, float]
    pause: ClockSpan


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("8 min", 8.0),
        ("90 s", 1.5),
        ("1.5 h", 90.0),
        ("2 hours", 120.0),
        ("1 hr", 60.0),
        ("30 seconds", 0.5),
        ("30sec", 0.5),
        ("1 minute", 1.0),
        ("1e-3 min", 0.001),
        (".5 min.", 0.5),
    ],
)
def test_a_duration_is_read_in_its_unit(text: str, minutes: float) -> None:
    assert parse_duration(text) == minutes


@given(st.floats(min_value=0, max_value=1e300))
def test_every_duration_is_read_back_to_the_bit(minutes: float) -> None:
    assert parse_duration(duration_text(minutes)) == minutes


@pytest.mark.parametrize("value", [8, 8.0, 0, True, None, "8", "", "min", ["8 min"]])
def test_what_has_no_unit_is_no_duration(value: object) -> None:
    with pytest.raises(PydanticCustomError, match="duration with its unit, such as '8 min'"):
        parse_duration(value)


@pytest.mark.parametrize(
    ("text", "meant"), [("8 minuts", "8 minutes"), ("8 m", "8 min"), ("1,5 h", "1.5 h")]
)
def test_a_near_miss_names_what_was_probably_meant(text: str, meant: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        parse_duration(text)
    assert refused.value.context is not None
    assert refused.value.context["nearest"] == meant


@pytest.mark.parametrize("text", ["-1 s", "1e400 h", "nan min", "inf min", "1 min 30 s"])
def test_impossible_durations_are_refused(text: str) -> None:
    with pytest.raises(PydanticCustomError):
        parse_duration(text)


def test_a_float_that_was_once_a_duration_is_refused_from_python() -> None:
    hall = Written.model_validate({"length": "8 min", "pieces": {}, "pause": "08:00-09:00"})
    with pytest.raises(ValidationError, match="duration with its unit"):
        Written(**hall.model_dump())


@pytest.mark.parametrize(
    ("text", "minutes"), [("08:00", 480.0), ("8:00", 480.0), ("24:00", 1440.0), ("00:00", 0.0)]
)
def test_a_time_of_day_is_minutes_since_midnight(text: str, minutes: float) -> None:
    assert parse_clock_time(text) == minutes


@pytest.mark.parametrize("value", [8, 8.5, 480, "8", "24:01", "12:60", "8.30", "-1:00", None])
def test_what_is_no_time_of_day_is_refused(value: object) -> None:
    with pytest.raises(PydanticCustomError, match="a time of day"):
        parse_clock_time(value)


def test_a_span_is_a_start_and_a_later_end() -> None:
    assert parse_clock_span("11:30-13:30") == Span(690, 810)
    for wrong in ("13:30-11:30", "11:30-11:30", "11:30", 690, (690, 810), "a-b"):
        with pytest.raises(PydanticCustomError, match="a span of the day"):
            parse_clock_span(wrong)


def test_times_are_written_as_they_were_read() -> None:
    text = '{"length":"1.5 min","pieces":{"08:00":1.0},"pause":"11:30-13:30"}'
    hall = Written.model_validate_json(text)
    assert hall.model_dump_json() == text
    assert Written.model_validate(hall.model_dump(mode="json")) == hall


def test_the_json_schema_of_a_duration_asks_for_a_text_with_a_unit() -> None:
    schema = TypeAdapter(Duration).json_schema()
    assert schema["type"] == "string"
    assert schema["examples"] == ["8 min", "90 s", "1.5 h"]
