import json
import math
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from mppsim.scenario.distributions import (
    Constant,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Law,
    Lognormal,
    Mixture,
    SmoothLaw,
    Weibull,
)

LAW: TypeAdapter[Law] = TypeAdapter(Law)
WRITTEN: list[dict[str, Any]] = [
    {"constant": "0.5 min"},
    {"exponential": {"mean": "36 s"}},
    {"erlang": {"mean": "4 min", "phases": 3}},
    {"gamma": {"mean": "14 min", "cv": 0.6}},
    {"lognormal": {"mean": "10 min", "cv": 0.8}},
    {"lognormal": {"median": "75 min", "cv": 0.8}},
    {"weibull": {"mean": "7 min", "cv": 0.7}},
    {"weibull": {"mean": "7 min", "shape": 0.9}},
    {"uniform": {"low": "30 s", "high": "0.1 h"}},
    {"triangular": {"low": "1 min", "mode": "3 min", "high": "10 min"}},
    {"triangular": {"low": "1 min", "mode": "1 min", "high": "10 min"}},
    {"empirical": {"samples": ["3 min", "1 min", "0.1 s", "1 min"]}},
    {"empirical": {"histogram": {"5-10 min": 30, "0-5 min": 12, "10-11 min": 0}}},
    {"empirical": {"histogram": {"0-5 min": 12, "7 min-0.5 h": 30}}},
    {
        "mixture": [
            {"weight": 0.8, "lognormal": {"mean": "10 min", "cv": 0.5}},
            {"weight": 0.2, "constant": "1 min"},
        ]
    },
    {
        "mixture": [
            {"weight": 0.25, "gamma": {"mean": "10 min", "cv": 0.5}},
            {"weight": 0.75, "uniform": {"low": "1 min", "high": "2 min"}},
        ]
    },
]
U = (np.arange(20_000) + 0.5) / 20_000


class Station(BaseModel):
    service: Law
    patience: Law | Literal["none"] | None = None


every_law = pytest.mark.parametrize("written", WRITTEN, ids=lambda w: next(iter(w)))


@every_law
def test_a_law_is_read_back_from_what_it_writes(written: dict[str, Any]) -> None:
    law = LAW.validate_python(written)
    assert b"null" not in LAW.dump_json(law)
    for again in (
        LAW.validate_python(LAW.dump_python(law, mode="json")),
        LAW.validate_json(LAW.dump_json(law)),
    ):
        assert again == law
        assert hash(again) == hash(law)
        assert LAW.dump_json(again) == LAW.dump_json(law)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.floats(1e-6, 1e6), st.floats(0.01, 10))
def test_every_float_survives_writing(mean: float, cv: float) -> None:
    law = LAW.validate_python({"gamma": {"mean": f"{mean!r} min", "cv": cv}})
    assert isinstance(law, Gamma)
    assert (law.mean, law.cv) == (mean, cv)
    assert LAW.validate_json(LAW.dump_json(law)) == law


@every_law
def test_the_json_schema_lists_the_law_with_no_other_key(
    written: dict[str, Any],
) -> None:
    branches = {next(iter(b["properties"])): b for b in LAW.json_schema()["oneOf"]}
    branch = branches[next(iter(written))]
    assert branch["required"] == [*written]
    assert branch["additionalProperties"] is False


def test_the_json_schema_knows_all_ways_to_write_samples() -> None:
    ways = LAW.json_schema()["$defs"]["Empirical"]["oneOf"]
    assert [way["required"] for way in ways] == [
        ["samples"],
        ["histogram"],
        ["file", "column", "unit"],
    ]


@every_law
def test_quantiles_never_fall(written: dict[str, Any]) -> None:
    law = LAW.validate_python(written)
    values = law.quantile(U)
    assert np.all(np.diff(values) >= 0)
    assert values[0] >= 0
    assert np.array_equal(law.quantile(U[:7]), values[:7])


@every_law
def test_moments_are_those_of_the_quantiles(written: dict[str, Any]) -> None:
    law = LAW.validate_python(written)
    values = law.quantile(U)
    mean, cv = law.moments()
    assert np.mean(values) == pytest.approx(mean, rel=1e-4)  # the midpoint rule at 20,000 points
    assert np.std(values) / np.mean(values) == pytest.approx(cv, rel=5e-3, abs=1e-15)  # far tail


@every_law
def test_tail_and_quantile_are_inverse(written: dict[str, Any]) -> None:
    law = LAW.validate_python(written)
    u = U[::20]
    x = law.quantile(u)
    slack = 1e-12  # rounding of x, times the density
    assert np.all(law.tail(x * (1 + 1e-14), False) >= u - slack)
    assert np.all(law.tail(x * (1 - 1e-14), False) <= u + slack + np.diff(law.tail(x, False)).max())
    assert law.tail(x, True) == pytest.approx(1 - law.tail(x, False), abs=1e-14)  # one rounding


@pytest.mark.parametrize("cv", [0.01, 0.3, 1.0, 10.0])
def test_mean_and_cv_of_smooth_laws_agree_with_scipy(cv: float) -> None:
    from scipy import stats

    for name in ("gamma", "lognormal", "weibull"):
        law = LAW.validate_python({name: {"mean": "5 min", "cv": cv}})
        assert isinstance(law, SmoothLaw)
        k, family = law.standard.shape, {"lognormal": "lognorm", "weibull": "weibull_min"}
        peer = getattr(stats, family.get(name, name))(k, scale=law.scale)
        assert peer.mean() == pytest.approx(5, rel=1e-12)
        assert peer.std() / peer.mean() == pytest.approx(cv, rel=1e-8)  # Weibull cancels at 0.01


def test_weibull_cv_and_shape_are_two_ways_to_say_the_same() -> None:
    by_cv = Weibull.model_validate({"mean": "5 min", "cv": 0.7})
    shape = by_cv.standard.shape
    by_shape = Weibull.model_validate({"mean": "5 min", "shape": shape})
    assert by_shape.moments() == pytest.approx((5, 0.7), rel=1e-12)
    assert by_shape.scale == by_cv.scale


def test_a_longer_mean_moves_every_value_in_proportion() -> None:
    for name in ("gamma", "lognormal", "weibull"):
        short = LAW.validate_python({name: {"mean": "5 min", "cv": 0.8}})
        long = LAW.validate_python({name: {"mean": "10 min", "cv": 0.8}})
        assert isinstance(short, SmoothLaw)
        assert isinstance(long, SmoothLaw)
        assert short.standard == long.standard
        assert np.array_equal(2 * short.quantile(U), long.quantile(U))  # 2 is a power of two: exact


def test_erlang_is_the_gamma_law_of_its_phases() -> None:
    erlang = LAW.validate_python({"erlang": {"mean": "4 min", "phases": 4}})
    gamma = LAW.validate_python({"gamma": {"mean": "4 min", "cv": 0.5}})
    assert isinstance(erlang, Erlang)
    assert isinstance(gamma, Gamma)
    assert (erlang.standard, erlang.scale) == (gamma.standard, gamma.scale)
    assert erlang.moments() == gamma.moments()


def test_lognormal_median_is_the_middle_value() -> None:
    law = LAW.validate_python({"lognormal": {"median": "75 min", "cv": 0.8}})
    assert law.quantile(np.array([0.5]))[0] == 75
    assert law.moments().mean == pytest.approx(75 * math.sqrt(1.64), rel=1e-15)


def test_samples_are_drawn_each_alike() -> None:
    law = LAW.validate_python({"empirical": {"samples": ["3 min", "1 min", "2 min", "2 min"]}})
    u = np.array([1e-9, 0.25, 0.2500001, 0.75, 0.7500001, 1 - 1e-9])
    assert np.array_equal(law.quantile(u), [1, 1, 2, 2, 3, 3])
    assert law.moments() == pytest.approx((2, math.sqrt(0.5) / 2))


def test_a_histogram_is_even_within_its_bins_and_empty_between() -> None:
    bins = {"10-20 min": 1, "0-4 min": 2, "4-5 min": 0, "20 min - 1 h": 1}
    law = LAW.validate_python({"empirical": {"histogram": bins}})
    u = np.array([0.125, 0.25, 0.5, 0.625, 0.875])
    assert np.array_equal(law.quantile(u), [1, 2, 4, 15, 40])
    x = np.array([-1.0, 2, 4, 7, 10, 15, 99])
    assert np.array_equal(law.tail(x, False), [0, 0.25, 0.5, 0.5, 0.5, 0.625, 1])


def test_order_of_samples_and_bins_and_their_units_do_not_matter() -> None:
    one = LAW.validate_python({"empirical": {"samples": ["2 min", "60 s"]}})
    other = LAW.validate_python({"empirical": {"samples": ["1 min", "2 min"]}})
    assert one == other
    assert hash(one) == hash(other)
    first = LAW.validate_python({"empirical": {"histogram": {"0-60 s": 1, "1-2 min": 3}}})
    second = LAW.validate_python({"empirical": {"histogram": {"1-2 min": 3, "0-1 min": 1}}})
    assert first == second


def test_a_mixture_of_equal_laws_is_that_law() -> None:
    part = {"gamma": {"mean": "4 min", "cv": 0.7}}
    mixture = LAW.validate_python({"mixture": [{"weight": 0.3, **part}, {"weight": 0.7, **part}]})
    u = np.concatenate((2.0 ** -np.arange(1, 54), 1 - 2.0 ** -np.arange(2, 54)))
    wanted = LAW.validate_python(part).quantile(u)
    assert mixture.quantile(u) == pytest.approx(wanted, rel=1e-11)  # two inversions
    assert mixture.moments() == pytest.approx((4, 0.7), rel=1e-14)


def test_a_mixture_meets_its_constant_exactly() -> None:
    law = LAW.validate_python(WRITTEN[14])
    assert isinstance(law, Mixture)
    below = 0.8 * law.components[0][1].tail(np.array([1.0]), False)[0]
    u = np.array([below + 1e-6, below + 0.1, below + 0.2 - 1e-6])
    assert np.array_equal(law.quantile(u), [1, 1, 1])
    assert law.quantile(np.array([below - 1e-6]))[0] < 1 < law.quantile(np.array([below + 0.21]))[0]


def test_weights_that_round_are_brought_to_one() -> None:
    third = {"weight": 0.3333333, "constant": "3 min"}
    law = LAW.validate_python({"mixture": [third, third, third]})
    assert isinstance(law, Mixture)
    assert math.fsum(weight for weight, _ in law.components) == pytest.approx(1, rel=1e-15)
    assert law.moments() == pytest.approx((3, 0), abs=1e-15)


def test_a_law_object_is_accepted_where_a_map_is() -> None:
    law = Lognormal.model_validate({"mean": "8 min", "cv": 0.5})
    station = Station(service=law, patience=Constant.model_validate("0 min"))
    assert station.service is law
    assert station == Station.model_validate_json(station.model_dump_json())
    assert Station(service=law, patience="none").model_dump()["patience"] == "none"


def test_laws_are_frozen() -> None:
    law = Exponential.model_validate({"mean": "8 min"})
    with pytest.raises(ValidationError, match="frozen"):
        law.mean = 3.0  # type: ignore[misc]  # what is tested


REFUSED: list[tuple[Any, str, str]] = [
    # what is written, where it is refused, the words
    (5, "", "expected a map with one of the keys constant, exponential"),
    ({}, "", "found a map without a law; expected a map with exactly one of"),
    ({"lognorml": {}}, "", "found the law 'lognorml'; expected a map with one of the keys"),
    ({"constant": "1 min", "gamma": {}}, "", "found the laws constant, gamma; expected .* exactly"),
    ({"constant": 1}, "constant", "expected a duration with its unit"),
    ({"exponential": {"mean": "0 min"}}, "exponential.mean", "more than 0 min"),
    ({"exponential": {"mean": "-1 min"}}, "exponential.mean", "at least 0 min"),
    ({"erlang": {"mean": "1 min", "phases": 0}}, "erlang.phases", "greater than or equal to 1"),
    ({"erlang": {"mean": "1 min", "phases": 2.5}}, "erlang.phases", "valid integer"),
    ({"erlang": {"mean": "1 min", "phases": 10_001}}, "erlang.phases", "or equal to 10000"),
    ({"gamma": {"mean": "1 min", "cv": 0}}, "gamma.cv", "a cv above 0 .*use 'constant'"),
    ({"gamma": {"mean": "1 min", "cv": -1}}, "gamma.cv", "a cv above 0"),
    ({"gamma": {"mean": "1 min", "cv": 0.009}}, "gamma.cv", "at least 0.01 .*use 'constant'"),
    ({"gamma": {"mean": "1 min", "cv": 80}}, "gamma.cv", "at most 10 .*80 % is written 0.8"),
    ({"gamma": {"mean": "1 min", "cv": math.nan}}, "gamma.cv", "finite number"),
    ({"gamma": {"mean": "1 min", "cv": "0.5"}}, "gamma.cv", "valid number"),
    ({"gamma": {"mean": "1 min"}}, "gamma.cv", "required"),
    ({"gamma": {"mean": "1 min", "cv": 1, "sd": 1}}, "gamma.sd", "not permitted"),
    ({"lognormal": {"cv": 1}}, "lognormal", "found neither; expected exactly one of 'mean' and"),
    (
        {"lognormal": {"mean": "1 min", "median": "1 min", "cv": 1}},
        "lognormal",
        "found both; expected exactly one of 'mean' and 'median'",
    ),
    ({"lognormal": {"mean": "1 min", "cv": 0}}, "lognormal.cv", "a cv above 0"),
    ({"weibull": {"mean": "1 min"}}, "weibull", "found neither; .* one of 'cv' and 'shape'"),
    ({"weibull": {"mean": "1 min", "shape": 0.1}}, "weibull.shape", "or equal to 0.2"),
    (
        {"uniform": {"low": "2 min", "high": "60 s"}},
        "uniform",
        "found low 2 min and high 1 min; expected low below high",
    ),
    (
        {"triangular": {"low": "1 min", "mode": "9 min", "high": "5 min"}},
        "triangular",
        "found the mode 9 min; expected a mode from low to high",
    ),
    ({"empirical": {}}, "empirical", "found neither; .* 'samples' and 'histogram'"),
    ({"empirical": {"samples": []}}, "empirical.samples", "at least one sample"),
    ({"empirical": {"samples": ["1 min", "-1 s"]}}, "empirical.samples.1", "at least 0 min"),
    ({"empirical": {"histogram": {}}}, "empirical.histogram", "a map from bins to counts"),
    (
        {"empirical": {"histogram": {"5 min": 1}}},
        "empirical.histogram",
        "found the bin '5 min'; expected a bin such as '0-5 min'",
    ),
    ({"empirical": {"histogram": {"5-5 min": 1}}}, "empirical.histogram", "ends above its start"),
    (
        {"empirical": {"histogram": {"0-5 min": 1, "4-6 min": 1}}},
        "empirical.histogram",
        "found the bins 0.0-5.0 min and 4.0-6.0 min; expected bins that do not overlap",
    ),
    ({"empirical": {"histogram": {"0-5 min": 0}}}, "empirical.histogram", "at least one count"),
    ({"empirical": {"histogram": {"0-5 min": -1}}}, "empirical.histogram", "count of at least 0"),
    (
        {"mixture": [{"weight": 0.7, "constant": "1 min"}]},
        "mixture",
        "found weights that add up to 0.7; expected weights that add up to 1",
    ),
    ({"mixture": [{"constant": "1 min"}]}, "mixture.0.weight", "required"),
    (
        {"mixture": [{"weight": 1, "mixture": []}]},
        "mixture.0",
        "found the law 'mixture'; expected a map with 'weight' and one of the keys constant",
    ),
]


@pytest.mark.parametrize(("written", "where", "words"), REFUSED, ids=lambda part: str(part)[:50])
def test_what_is_wrong_is_refused_with_its_place_and_words(
    written: Any, where: str, words: str
) -> None:
    with pytest.raises(ValidationError, match=words) as caught:
        LAW.validate_python(written)
    places = [
        ".".join(str(part) for part in error["loc"] if not str(part).startswith("law "))
        for error in caught.value.errors()
    ]
    assert where in places


def test_the_nearest_law_is_offered() -> None:
    with pytest.raises(ValidationError) as caught:
        LAW.validate_python({"lognorml": {"mean": "1 min"}})
    assert caught.value.errors()[0]["ctx"]["nearest"] == "lognormal"


def test_the_schema_of_a_model_with_laws_is_json() -> None:
    schema = Station.model_json_schema()
    assert json.loads(json.dumps(schema))["properties"]["service"]["oneOf"]
    assert Empirical.__name__ in schema["$defs"]
