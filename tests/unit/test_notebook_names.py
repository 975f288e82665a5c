"""What a notebook completes after a point, and what it shows of a hall and of each answer."""

from __future__ import annotations

import inspect

import pytest
from support.halls import hall
from support.results import health_moves_in

import mppsim
from mppsim import Comparison, Result, Scenario
from mppsim.report.attribution import Attribution
from mppsim.report.headroom import Headroom
from mppsim.report.sizing import Sizing
from mppsim.report.sweep import SweepResult

ANSWERS = (Attribution, Comparison, Headroom, Result, Sizing, SweepResult)
TARGET = "tax P(wait <= 30 min) >= 0.5"


def test_a_hall_completes_to_the_keys_of_its_file_and_its_digest() -> None:
    keys = {*Scenario.model_fields, "digest"}
    assert set(dir(hall())) == keys


@pytest.mark.parametrize("answer", ANSWERS)
def test_every_public_name_of_an_answer_says_what_it_is(answer: type) -> None:
    fields = set(inspect.get_annotations(answer))
    public = {name for name in dir(answer) if not name.startswith("_")} - fields
    assert {name for name in public if not inspect.getdoc(getattr(answer, name))} == set()


def test_the_package_completes_to_its_public_names() -> None:
    assert set(dir(mppsim)) == {*mppsim.__all__, "__version__"}


def test_a_hall_shows_its_tenants_escaped() -> None:
    shown = hall(lambda spec: spec["tenants"]["tax"].update(name="Tax & <duty>"))._repr_html_()
    assert "<td>Tax &amp; &lt;duty&gt;</td>" in shown
    assert shown.count("<tr>") == 1 + len(hall().tenants)


def test_a_size_shows_counters_and_what_is_kept() -> None:
    shown = mppsim.size(hall(), target=TARGET, day="mon")._repr_html_()
    assert "All bounds can be kept." in shown
    assert '<th scope="col">one less</th>' in shown and '<th scope="row">tax</th>' in shown


def test_headroom_shows_each_bound() -> None:
    shown = mppsim.headroom(hall(), target=TARGET, day="mon", replications=10)._repr_html_()
    assert "How much demand may grow" in shown and '<th scope="row">tax</th>' in shown


def test_an_attribution_shows_what_new_tenants_add() -> None:
    shown = mppsim.attribute(hall(), hall(health_moves_in), replications=3)._repr_html_()
    assert "What new tenants add to the others" in shown and '<th scope="row">together' in shown


def test_a_sweep_shows_each_variant_and_where_it_is_best() -> None:
    counters = {"tenants.tax.counters": [2, 3]}
    shown = mppsim.sweep(hall(), counters, measures=["tax mean wait"], replications=3)._repr_html_()
    assert shown.count('<th scope="row">') == 2
    assert ": from " in shown
