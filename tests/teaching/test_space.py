"""Space: waiting rooms that are full, the gate of a full hall, and how dense it gets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from support.traced import row

from mppsim import draw_plan, load_scenario, run, simulate
from mppsim.scenario import Scenario, parse_scenario

TEACHING = Path(__file__).parents[2] / "scenarios" / "teaching"


@pytest.fixture(scope="module")
def room() -> pd.DataFrame:
    return simulate(draw_plan(TEACHING / "waiting-room.yaml", seed=1)).steps


def test_who_finds_no_place_at_the_counter_stays_in_the_booth(room: pd.DataFrame) -> None:
    visits = room[room["tenant"] == "passport"]
    photo, counter = (visits[visits["station"] == name] for name in ("photo", "passport"))
    booth_free = np.concatenate([[0.0], photo["released"].to_numpy()[:-1]])
    assert (photo["started"] == np.maximum(photo["joined"], booth_free)).all()
    # The third before me must have been called before two are left waiting in front of me.
    called = np.concatenate([[0.0] * 2, counter["started"].to_numpy()[:-2]])
    left = np.maximum(photo["ended"].to_numpy(), called)
    np.testing.assert_array_equal(photo["released"], left)
    assert (left > photo["ended"]).sum() > 5


def test_the_bank_never_has_more_than_one_waiting_and_loses_the_others(room: pd.DataFrame) -> None:
    bank = room[room["tenant"] == "bank"]
    lost = bank[bank["outcome"] == "blocked"]
    assert len(lost) > 2
    for moment in lost["ended"]:
        waiting = (bank["joined"] <= moment) & (moment < bank["started"])
        assert waiting.sum() == 1


@pytest.fixture(scope="module")
def gate() -> Scenario:
    return load_scenario(TEACHING / "gate.yaml")


def test_the_gate_lets_in_no_more_persons_than_the_hall_holds(gate: Scenario) -> None:
    visitors = simulate(draw_plan(gate, seed=2)).visitors
    inside = visitors[visitors["admitted"].notna()]
    counts = [
        inside["party"][(inside["admitted"] <= time) & (time < inside["left"])].sum()
        for time in inside["admitted"]
    ]
    assert 10 <= max(counts) <= 12
    assert (inside["admitted"].diff().dropna() >= 0).all()
    assert (inside["admitted"] > inside["arrived"]).any()


def test_the_gate_and_the_density_are_in_the_results(gate: Scenario) -> None:
    result = run(gate, replications=4, seed=1)
    at_gate, dense = row(result.gate(), "all"), row(result.density_summary(), "hall")
    assert at_gate["longest"] > 3
    assert at_gate["mean"] > 1
    assert 0.4 < dense["largest"] <= dense["largest_p95"] <= 12 / 24
    assert result.density()["high"].max() <= 12 / 24
    assert {"gate", "density", "density_summary"} <= result.tables().keys()


def test_a_hall_that_holds_everybody_has_no_line_outside(gate: Scenario) -> None:
    wide = parse_scenario(gate.model_dump(mode="json") | {"capacity": 10_000})
    result = run(wide, replications=4, seed=1)
    assert row(result.gate(), "all")["waited"] == 0
    without = parse_scenario(gate.model_dump(mode="json") | {"capacity": None})
    assert run(without, replications=4, seed=1).waiting().equals(result.waiting())
