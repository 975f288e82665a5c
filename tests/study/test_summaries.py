"""The summaries of a run: together or apart, in memory or in a file, always the same."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pytest
from support.halls import hall

import mppsim
from mppsim.measure import Summary, summarize
from mppsim.measure.apart import apart, one_by_one
from mppsim.measure.spool import Spool
from mppsim.study import Job, replicate
from mppsim.study.summaries import Summaries


def values(table: Any) -> list[Any]:
    """Return everything that a summary holds, in order."""
    parts = [getattr(table, field.name) for field in fields(table)]
    return [one for part in parts for one in (values(part) if is_dataclass(part) else [part])]


def assert_same(one: Summary, other: Summary) -> None:
    for mine, yours in zip(values(one), values(other), strict=True):
        np.testing.assert_array_equal(mine, yours)


def test_replications_summarized_together_come_apart_as_each_alone() -> None:
    promised = hall(lambda spec: spec.update(promise={"wait": "5 min", "visit": "20 min"}))
    traces = [mppsim.simulate(mppsim.draw_plan(promised, replication=k)) for k in range(4)]
    for own, alone in zip(apart(summarize(*traces)), map(summarize, traces), strict=True):
        assert_same(own, alone)


@pytest.mark.parametrize("in_memory", [0, 60_000])
def test_summaries_that_do_not_fit_into_memory_are_read_again(
    in_memory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = replicate(Job(hall(), 9))
    monkeypatch.setattr(Spool.__init__, "__defaults__", (in_memory,))
    spooled = Summaries()
    spooled.add([*run.summaries][::-1])
    assert spooled.numbers == {*range(9)}
    assert [one.replication for one in spooled] == [0, 5]  # in units of five
    for one, other in zip(spooled, run.summaries, strict=True):
        assert_same(one, other)


def test_a_run_of_which_more_is_known_than_asked_for_takes_the_first() -> None:
    known = replicate(Job(hall(), 9)).summaries
    run = replicate(Job(hall(), 7), known=known)
    for one, other in zip(one_by_one(run.summaries), one_by_one(known), strict=False):
        assert_same(one, other)
    assert run.observations.n_replications == 7
