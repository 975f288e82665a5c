import pytest
from hypothesis import given
from hypothesis import strategies as st

from mppsim.scenario import Scenario, duty_spans, parse_scenario
from mppsim.scenario.durations import Span, clock_text


def hall(
    *, counters: int = 3, tenant: dict[str, object] | None = None, **changes: object
) -> Scenario:
    tax: dict[str, object] = {
        "zone": "main",
        "counters": counters,
        "visitors_per_day": 10,
        "services": {"ask": {"service": {"constant": "5 min"}}},
    }
    return parse_scenario(
        {
            "name": "A hall",
            "days": {"mon": {"open": "08:00", "close": "15:00"}},
            "arrivals": {"profile": {"08:00": 1.0}},
            "zones": {"main": {"seats": 5}},
            "tenants": {"tax": tax | (tenant or {})},
        }
        | changes
    )


def written(spans: tuple[tuple[Span, ...], ...]) -> list[str]:
    return [" ".join(f"{clock_text(on)}-{clock_text(off)}" for on, off in own) for own in spans]


LUNCH = {"start": "12:00", "length": "30 min", "sittings": 2, "keep": 1}


def test_without_lunch_and_breaks_every_counter_is_on_duty_all_day() -> None:
    assert written(duty_spans(hall(counters=2), "mon", "tax")) == ["08:00-15:00"] * 2


def test_counters_beyond_the_kept_ones_go_to_lunch_in_turn() -> None:
    assert written(duty_spans(hall(counters=4, lunch=LUNCH), "mon", "tax")) == [
        "08:00-15:00",
        "08:00-12:00 12:30-15:00",
        "08:00-12:30 13:00-15:00",
        "08:00-12:00 12:30-15:00",
    ]


def test_a_station_s_own_lunch_goes_before_the_hall_s() -> None:
    own = {**LUNCH, "start": "10:00", "keep": 0, "sittings": 1}
    spans = duty_spans(hall(counters=1, lunch=LUNCH, tenant={"lunch": own}), "mon", "tax")
    assert written(spans) == ["08:00-10:00 10:30-15:00"]


def test_none_leaves_a_station_without_the_lunch_of_the_hall() -> None:
    spans = duty_spans(hall(lunch=LUNCH, tenant={"lunch": "none"}), "mon", "tax")
    assert written(spans) == ["08:00-15:00"] * 3


def test_a_break_stands_in_for_the_sitting_that_it_overlaps() -> None:
    days = {"mon": {"open": "08:00", "close": "15:00", "breaks": ["12:15-12:30"]}}
    assert written(duty_spans(hall(days=days, lunch=LUNCH), "mon", "tax")) == [
        "08:00-12:15 12:30-15:00",
        "08:00-12:15 12:30-15:00",
        "08:00-12:15 13:00-15:00",
    ]


def test_lunch_is_cut_at_closing_and_left_out_after_it() -> None:
    days = {"mon": {"open": "08:00", "close": "12:15"}}
    spans = duty_spans(hall(days=days, lunch=LUNCH), "mon", "tax")
    assert written(spans) == ["08:00-12:15", "08:00-12:00", "08:00-12:15"]


def test_breaks_that_touch_leave_no_empty_span_between_them() -> None:
    breaks = ["10:30-11:00", "10:00-10:30", "08:00-08:30", "14:00-15:00"]
    days = {"mon": {"open": "08:00", "close": "15:00", "breaks": breaks}}
    spans = duty_spans(hall(counters=1, days=days), "mon", "tax")
    assert written(spans) == ["08:30-10:00 11:00-14:00"]


def test_nobody_is_on_duty_on_a_day_that_the_hall_is_closed() -> None:
    assert duty_spans(hall(counters=2), "sun", "tax") == ((), ())


def test_a_station_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        duty_spans(hall(), "mon", "bank")


@given(st.integers(480, 899), st.integers(1, 200), st.integers(1, 4), st.integers(0, 3))
def test_duty_and_lunch_make_up_the_day(start: int, length: int, sittings: int, keep: int) -> None:
    lunch = {"start": clock_text(start), "length": f"{length} min"}
    lunch_hall = hall(lunch={**lunch, "sittings": sittings, "keep": keep}, counters=4)
    for counter, spans in enumerate(duty_spans(lunch_hall, "mon", "tax")):
        begins = start + (counter - keep) % sittings * length
        off = 0 if counter < keep else max(min(begins + length, 900) - min(begins, 900), 0)
        assert sum(span.end - span.start for span in spans) == 420 - off
        assert all(span.start < span.end for span in spans)
