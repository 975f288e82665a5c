"""Replications until a measure is known well enough."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from support.coverage import covered_when_reached
from support.halls import hall
from support.results import nobody_comes

import mppsim
from mppsim.measure.targets import parse_precision
from mppsim.scenario.errors import InputError
from mppsim.study import Job, Standing, replicate, replicate_until, replications


def test_it_goes_on_until_every_measure_is_known_and_says_so() -> None:
    result = mppsim.run(hall(), replications=5, until=["mean wait within 30 %", "kept within 0.1"])
    told = result.precision()
    assert told["reached"].all()
    assert (told["half_width"] <= told["allowed"]).all()
    assert 5 < result.replications < 100
    waiting = result.waiting()
    assert (waiting["mean_half_width"] <= 0.3 * waiting["mean"]).all()
    assert (waiting["kept_half_width"] <= 0.1).all()


def test_the_run_is_that_of_as_many_replications() -> None:
    result = mppsim.run(hall(), replications=5, until="tax mean wait within 20 %")
    plain = mppsim.run(hall(), replications=result.replications)
    assert result.waiting().equals(plain.waiting())


def test_it_stops_at_most_and_says_what_is_not_reached() -> None:
    known = replicate_until(Job(hall(), 5), [parse_precision("mean wait within 1 s")], most=12)
    assert known.run.job.replications == 12
    assert not known.is_reached


def test_it_looks_rarely_and_tells_how_long_it_may_take() -> None:
    looks: list[tuple[int, Sequence[Standing]]] = []
    replicate_until(
        Job(hall(), 10),
        [parse_precision("tax mean wait within 20 %")],
        look=lambda needed, standings: looks.append((needed, standings)),
    )
    assert 2 <= len(looks) <= 6  # each look comes a quarter to twice as many replications later
    assert looks[0][0] > 10
    assert looks[-1][1][0].is_reached


def test_no_replication_is_simulated_twice() -> None:
    done: list[int] = []
    asked = [parse_precision("tax mean wait within 20 %")]
    first = replicate(Job(hall(), 5)).summaries
    known = replicate_until(Job(hall(), 5), asked, known=first, progress=done.append)
    assert sum(done) == known.run.job.replications - 5


def test_all_that_is_known_is_taken_before_anything_is_simulated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = [parse_precision("tax mean wait within 20 %")]
    known = replicate(Job(hall(), 60)).summaries
    monkeypatch.setattr(replications, "simulate", pytest.fail)
    assert replicate_until(Job(hall(), 5), asked, known=known, most=60).run.job.replications > 5


def test_stopping_when_it_is_known_keeps_the_interval_honest() -> None:
    held, length = covered_when_reached(12, "hall mean wait within 30 %")
    assert held >= 0.8  # of 12 studies, fewer than 10 would hold by chance once in 50
    assert 22 < length < 95  # so that the studies did go on, and did stop


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"until": "mean wait"}, "expected a measure within an amount"),
        ({"until": "txa mean wait within 1 min"}, "did you mean 'tax'"),
        ({"until": "kept within 0.1", "most": 3}, "most: found 3; expected at least 5"),
    ],
)
def test_what_cannot_be_reached_is_refused(asked: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        mppsim.run(hall(), replications=5, **asked)  # type: ignore[arg-type]  # as a user may


def test_a_place_without_visitors_is_never_known() -> None:
    with pytest.raises(InputError, match="found nobody in 2 replications"):
        mppsim.run(hall(nobody_comes), replications=2, until="tax mean wait within 1 min")
