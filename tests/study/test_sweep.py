"""Sweeps: many variants of one hall under the same luck."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from support.halls import hall

import mppsim
from mppsim.report.sweep import SweepResult
from mppsim.report.sweep_page import sweep_page
from mppsim.scenario.errors import InputError
from mppsim.study.designs import DesignName, points_of, sensitivity_of, unit_points
from mppsim.study.factors import Factor, Range, scenario_at
from mppsim.study.study_file import load_study
from mppsim.study.sweep import do_sweep

ROOT = Path(__file__).parents[2]
COUNTERS = "tenants.bank.counters"


@pytest.fixture(scope="module")
def grid() -> SweepResult:
    return mppsim.sweep(
        hall(),
        {COUNTERS: [1, 2], "arrivals.demand": [1.0, 1.2]},
        measures=["bank mean wait", "kept"],
        replications=4,
    )


def test_a_point_is_the_run_of_the_hall_that_says_so(grid: SweepResult) -> None:
    table = grid.table()
    two = hall(lambda spec: spec["tenants"]["bank"].update(counters=2))
    (found,) = table[
        (table[COUNTERS] == 2) & (table["arrivals.demand"] == 1) & (table["place"] == "bank")
    ].to_dict("records")[:1]
    waiting = mppsim.run(two, replications=4).waiting().to_dict("index")["bank"]
    assert found["value"] == waiting["mean"]
    assert found["half_width"] == waiting["mean_half_width"]


def test_the_long_table_has_a_row_for_each_point_measure_and_place(grid: SweepResult) -> None:
    table = grid.table()
    assert len(table) == 4 * (1 + 3)
    assert table.columns[:3].tolist() == ["point", COUNTERS, "arrivals.demand"]
    assert set(table["place"]) == {"tax", "bank", "post"}


def test_differences_are_paired_with_the_hall_as_it_is(grid: SweepResult) -> None:
    waits = grid.table().query("measure == 'bank mean wait'").to_dict("records")
    as_it_is = next(row for row in waits if row[COUNTERS] == row["arrivals.demand"] == 1)
    assert as_it_is["difference"] == as_it_is["difference_half_width"] == 0
    assert [row["difference"] > 0 for row in waits] == [False, True, False, False]


def test_equal_points_and_the_hall_itself_are_simulated_once() -> None:
    done: list[int] = []
    vary = {COUNTERS: [1, 2, 1, 2]}
    mppsim.sweep(hall(), vary, replications=2, progress=done.append)
    assert sum(done) == 2 * 2


def test_more_demand_is_more_visitors_of_every_day() -> None:
    busier = scenario_at(hall(), {"arrivals.demand": 1.5})
    assert [day.demand for day in busier.days.values()] == [1.5, pytest.approx(1.2)]


def test_a_star_stands_for_every_key_and_durations_have_units() -> None:
    path = "tenants.*.counters"
    changed = scenario_at(
        hall(), {path: 7, "tenants.bank.services.*.service.exponential.mean": "5 min"}
    )
    assert {tenant.counters for tenant in changed.tenants.values()} == {7}
    assert changed.tenants["bank"].services["pay"].service.mean == 5  # type: ignore[union-attr]  # it is exponential


def test_a_range_is_whole_where_its_ends_are_and_keeps_its_unit() -> None:
    counters = Factor("x", Range(1, 3))
    assert [counters.at(share) for share in (0, 0.3, 0.34, 0.67, 1)] == [1, 1, 2, 3, 3]
    assert Factor("x", Range("4 min", "0.1 h")).at(0.5) == "5.0 min"
    assert Factor("x", Range(0.5, 1.5)).at(0.5) == 1.0
    assert Factor("x", ("a", "b")).at(1.0) == "b"


def test_a_latin_hypercube_has_each_part_of_each_range_once_and_its_seed_fixes_it() -> None:
    factors = [Factor("a", Range(0.0, 10.0)), Factor("b", Range(0.0, 1.0))]
    points = points_of("latin_hypercube", factors, samples=10, seed=3)
    assert sorted(int(float(point["a"])) for point in points) == list(range(10))
    assert points == points_of("latin_hypercube", factors, samples=10, seed=3)
    assert points != points_of("latin_hypercube", factors, samples=10, seed=4)


@pytest.mark.parametrize(("design", "n"), [("morris", 8 * 4), ("sobol", 8 * 5)])
def test_sensitivity_finds_what_a_linear_measure_is_made_of(design: DesignName, n: int) -> None:
    shares = unit_points(design, 3, samples=8, seed=1)
    assert shares.shape == (n, 3)
    found = sensitivity_of(design, shares, shares @ [4.0, 2.0, 0.0], seed=1)
    if design == "morris":
        assert found["mean_effect"] == pytest.approx([4, 2, 0], abs=1e-9)  # rounding only
        assert found["effect_spread"] == pytest.approx([0, 0, 0], abs=1e-9)
    else:
        # Variances 16 : 4; eight base points know a share to about a tenth.
        assert found["total"] == pytest.approx([0.8, 0.2, 0], abs=0.15)


def test_a_tornado_needs_a_design_that_moves_one_thing_at_a_time(grid: SweepResult) -> None:
    with pytest.raises(InputError, match="design: found grid; expected one_at_a_time"):
        grid.plot.tornado()
    alone = mppsim.sweep(
        hall(), {COUNTERS: [2], "zones.main.seats": [30]}, design="one_at_a_time", replications=3
    )
    names = [text.get_text() for text in alone.plot.tornado().axes[0].get_yticklabels()]
    assert names == ["zones.main.seats", COUNTERS]  # seats move no wait
    with pytest.raises(InputError, match="expected another for a heat map"):
        alone.plot.heat_map()


def test_the_line_of_one_factor_runs_from_left_to_right() -> None:
    many = mppsim.sweep(hall(), {COUNTERS: [3, 1, 2]}, measures=["bank mean wait"], replications=2)
    (line, *_) = many.plot.heat_map().axes[0].lines
    assert np.asarray(line.get_xdata()).tolist() == [1, 2, 3]
    assert (
        np.asarray(line.get_ydata()).tolist()
        == many.table().sort_values(COUNTERS)["value"].tolist()
    )


def test_a_heat_map_shows_each_variant_s_number(grid: SweepResult) -> None:
    figure = grid.plot.heat_map("kept", "bank", x="arrivals.demand")
    axes = figure.axes[0] if figure.axes else figure.subfigs[-1].axes[0]
    shown = {text.get_text() for text in axes.texts}
    kept = grid.table().query("measure == 'kept' and place == 'bank'")["value"]
    assert shown == {f"{value:.2f}" for value in kept}
    assert axes.get_xlabel() == "arrivals.demand"
    with pytest.raises(InputError, match="measure: found 'mean'; expected one of bank mean wait"):
        grid.plot.heat_map("mean")


def test_the_report_says_where_the_first_measure_is_least_and_most(
    grid: SweepResult, tmp_path: Path
) -> None:
    grid.to_html(tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text()
    headline = sweep_page(grid).headlines[0]
    assert headline.startswith("bank mean wait: from ")
    assert f"({COUNTERS} 2, arrivals.demand 1) to " in headline
    assert headline.split(" ±")[0] in page  # a space after ± does not break
    assert page.count("<svg") == 2  # a map for each measure


def test_a_study_file_is_the_sweep_that_it_describes(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(
        f"scenario: {ROOT}/scenarios/invalid/_hall.yaml\n"
        f"vary: {{{COUNTERS}: [1, 2]}}\nmeasures: [kept, hall mean wait]\nreplications: 2\n"
    )
    asked = load_study(tmp_path / "study.yaml")
    from_file = SweepResult(do_sweep(asked))
    vary = {COUNTERS: [1, 2]}
    measures = ["kept", "hall mean wait"]
    same = mppsim.sweep(asked.job.scenario, vary, measures=measures, replications=2)
    assert from_file.to_json() == same.to_json()


def started(folder: Path, runs: Path) -> subprocess.Popen[bytes]:
    study = ROOT / "scenarios" / "studies" / "counters.yaml"
    command = [sys.executable, "-m", "mppsim", "sweep", str(study), "--workers", "1"]
    command += ["--engine", "simpy"]  # slow enough to be killed in the middle
    return subprocess.Popen(
        [*command, "--out", str(folder), "--runs", str(runs)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )


def test_a_study_killed_and_resumed_gives_the_bytes_of_an_undisturbed_one(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    victim = started(tmp_path / "killed", runs)
    while len(list(runs.glob("*/*.parquet"))) < 3:
        assert victim.poll() is None, "it ended before it could be killed"
        time.sleep(0.02)
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    for folder, store in (("resumed", runs), ("undisturbed", tmp_path / "others")):
        assert started(tmp_path / folder, store).wait() == 0
    written = sorted((tmp_path / "undisturbed").iterdir())
    assert len(written) == 5  # a report, two tables and two maps
    for path in written:
        assert (tmp_path / "resumed" / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("vary", "options", "message"),
    [
        ({"tenants.bnak.counters": [1]}, {}, "did you mean 'bank'"),
        ({COUNTERS: "12"}, {}, "found '12'; expected a list, or a map of low and high"),
        ({COUNTERS: 3}, {}, "found 3; expected a list, or a map of low and high"),
        ({COUNTERS: {"low": 1}}, {}, "expected a list, or a map of low and high"),
        ({COUNTERS: {"low": None, "high": 3}}, {"design": "morris"}, "found a range from nothing"),
        ({}, {}, "vary: found nothing to vary"),
        ({COUNTERS: [1]}, {"samples": 0, "design": "morris"}, "samples: found 0"),
        ({COUNTERS: [1]}, {"measures": ["kept", "wait"]}, "measures: found 'wait'"),
    ],
)
def test_what_cannot_be_swept_is_refused(
    vary: dict[str, object], options: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        mppsim.sweep(hall(), vary, **options)  # type: ignore[arg-type]  # on purpose
