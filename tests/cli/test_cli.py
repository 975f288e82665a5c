"""The program as a user meets it: what it prints, what it leaves behind, how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
HALL = str(ROOT / "scenarios" / "invalid" / "_hall.yaml")
OFFICE = str(ROOT / "scenarios" / "teaching" / "promise.yaml")
PEKANBARU = str(ROOT / "scenarios" / "pekanbaru" / "base.yaml")
REPLAY = str(ROOT / "scenarios" / "teaching" / "replay.yaml")


def mppsim(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mppsim", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT), "COLUMNS": "80", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        check=False,
        timeout=120,
    )


def test_run_leaves_a_report_and_tables(tmp_path: Path) -> None:
    done = mppsim("run", HALL, "-n", "3", "--out", "out", "--parquet", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "bank" in done.stdout
    assert "out/report.html" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    written = pd.read_csv(tmp_path / "out" / "waiting.csv")
    assert written["tenant"].tolist() == ["tax", "bank"]
    assert pd.read_parquet(tmp_path / "out" / "waiting.parquet")["n"].equals(written["n"])
    assert (tmp_path / "out" / "report.html").read_text().startswith("<!DOCTYPE html>")


def test_run_writes_strict_json_and_nothing_else() -> None:
    done = mppsim("run", HALL, "-n", "2", "--json", "--day", "mon")
    result = json.loads(done.stdout, parse_constant=pytest.fail)
    assert [row["tenant"] for row in result["tables"]["waiting"]] == ["tax", "bank"]
    assert done.stderr == ""


def test_until_goes_on_and_a_second_time_the_store_answers(tmp_path: Path) -> None:
    asked = ["run", HALL, "--until", "tax mean wait within 1 min", "--runs", "runs"]
    done = mppsim(*asked, "--most", "200", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "“tax mean wait within 1 min” is reached after" in " ".join(done.stdout.split())
    assert mppsim(*asked, cwd=tmp_path).stdout == done.stdout
    unmet = mppsim(*asked[:3], "bank mean wait within 1 s", "--most", "21", cwd=tmp_path)
    assert unmet.returncode == 1
    assert "is not reached after 21 replications" in " ".join(unmet.stdout.split())


def test_runs_are_listed_shown_and_pruned(tmp_path: Path) -> None:
    mppsim("run", HALL, "-n", "3", "--runs", "runs", cwd=tmp_path)
    mppsim("run", HALL, "--more", "4", "--runs", "runs", cwd=tmp_path)
    (run,) = json.loads(mppsim("runs", "list", "--json", cwd=tmp_path).stdout)
    assert run["replications"] == 7
    shown = json.loads(mppsim("runs", "show", run["key"][:4], cwd=tmp_path).stdout)
    assert shown["scenario"]["tenants"]["tax"]["counters"] == 2
    assert "\n1 run, " in mppsim("runs", "list", cwd=tmp_path).stdout
    assert "Removed 0 runs" in mppsim("runs", "prune", cwd=tmp_path).stdout
    dry = mppsim("runs", "prune", run["key"], "--dry-run", cwd=tmp_path)
    assert "Would remove 1 runs" in dry.stdout
    assert "Removed 1 runs" in mppsim("runs", "prune", "--unused", "0", cwd=tmp_path).stdout
    assert not list((tmp_path / "runs").iterdir())


def test_compare_shows_the_difference(tmp_path: Path) -> None:
    overlay = tmp_path / "more.yaml"
    overlay.write_text(f"extends: {HALL}\nname: One more\ntenants: {{bank: {{counters: 2}}}}\n")
    done = mppsim("compare", HALL, str(overlay), "-n", "8", "--workers", "1", "--seed", "5")
    assert done.returncode == 0, done.stderr
    assert "shorter" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_check_tells_what_cannot_keep_up(tmp_path: Path) -> None:
    assert mppsim("check", HALL).returncode == 0
    overlay = tmp_path / "crowd.yaml"
    overlay.write_text(f"extends: {HALL}\ntenants: {{bank: {{visitors_per_day: 200}}}}\n")
    done = mppsim("check", str(overlay))
    assert done.returncode == 1
    # 200 visitors of 4 min bring 800 minutes of work to one counter that has 420.
    assert "mon: bank cannot keep up: 800 minutes of work for 420 minutes on duty" in " ".join(
        done.stdout.split()
    )


def test_check_passes_where_the_file_says_why_a_station_cannot_keep_up(tmp_path: Path) -> None:
    overlay = tmp_path / "crowd.yaml"
    crowd = f"extends: {HALL}\ntenants: {{bank: {{visitors_per_day: 200}}}}\nassumptions: "
    overlay.write_text(crowd + "{overload: 'bank, tax: [b]everybody[/b] comes.'}\n")
    done = mppsim("check", str(overlay))
    assert done.returncode == 0
    assert "The file says why, of bank: [b]everybody[/b] comes." in done.stdout
    overlay.write_text(crowd + "{overload: 'tax: everybody comes.'}\n")
    assert mppsim("check", str(overlay)).returncode == 1


def test_schema_is_the_one_that_is_shipped() -> None:
    assert mppsim("schema").stdout == (ROOT / "scenarios" / "schema.json").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "nowhere.yaml"], "nowhere.yaml"),
        (["run", HALL, "--day", "sun"], "day: found sun; expected one of mon, fri"),
        (["run", HALL, "--engine", "fast"], "'fast' is not one of 'auto', 'simpy'"),
        (["run", HALL, "-n", "0"], "replications: found 0; expected at least 1"),
        (["run", HALL, "--seed", "-1"], "seed: found -1"),
        (["run", HALL, "-n", "1", "--workers", "0"], "workers: found 0"),
        (["run", HALL, "--cluster", "host"], "cluster: found 'host'; expected the address"),
        (["run", HALL, "--cluster", "tcp://h:1", "--workers", "2"], "--cluster: found beside"),
        (["run", HALL, "-n", "1", "--out", HALL], "is a file"),
        (["run", HALL, "--until", "mean wait"], "expected a measure within an amount"),
        (["run", HALL, "--until", "kept within 0.1", "--most", "9"], "most: found 9; expected at"),
        (["run", REPLAY, "--until", "kept within 0.1"], "until: found a replay, which is always"),
        (["run", HALL, "--more", "5"], "more: found no run store; expected its folder"),
        (["run", HALL, "-n", "2", "--more", "5"], "--more: found beside --replications"),
        (["run", HALL, "--runs", HALL], "is a file"),
        (["runs", "list", "--runs", "nowhere"], "runs: found no folder nowhere"),
        (["runs", "show", "ab", "--runs", "docs"], "runs: found no runs 'ab'"),
        (["runs", "prune", "--unused", "-1", "--runs", "docs"], "--unused: found -1"),
        (["compare", HALL], "scenarios to compare: found 1; expected at least 2"),
        (["check", "scenarios/invalid/key-unknown.yaml"], "scenarios/invalid/key-unknown.yaml:"),
        (["check", HALL, "--day", "tue"], "found tue"),
        (["size", HALL], "the hall promises no wait"),
        (["attribute", HALL, HALL], "found no tenant that the base does not have"),
        (["attribute", HALL, HALL, "--group", "a"], "expected a name and tenants"),
        (["attribute", PEKANBARU, OFFICE], "found no tenant of the base in the plan"),
        (["attribute", HALL, HALL, "--group", "=tax"], "expected a name and tenants"),
        (["attribute", HALL, HALL, "--group", "a=x", "--group", "a=y"], "found a twice"),
        (["headroom", OFFICE, "--target", "P(standing <= 9) >= 0.9"], "found a bound on seats"),
        (["size", OFFICE, "--shifts", "nowhere.yaml"], "expected a file of shifts in YAML"),
        (["run", OFFICE, "--runs", "/proc/none"], "/proc/none: found that it cannot be used"),
        (["headroom", HALL, "--growth", "0.05"], "expected both, or neither"),
        (["headroom", HALL, "--growth", "5", "--year", "2026"], "expected a share a year"),
        (["size", HALL, "--target", "wait < 3"], "'P(wait <= 15 min) >= 0.9'"),
        (["size", HALL, "--price", "bank"], "expected a station and a number, kiosk=0.2"),
        (["chekc", HALL], "No such command 'chekc'"),
    ],
    ids=lambda value: " ".join(value[:1] + value[2:]) if isinstance(value, list) else "",
)
def test_a_mistake_ends_with_exit_code_2_and_no_traceback(
    arguments: list[str], message: str
) -> None:
    done = mppsim(*arguments)
    assert done.returncode == 2
    assert message in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_size_writes_the_hall_that_it_finds(tmp_path: Path) -> None:
    target = "bank P(wait <= 20 min) >= 0.8"
    done = mppsim("size", HALL, "--target", target, "--day", "mon", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "bank" in done.stdout
    assert (tmp_path / "out" / "frontier.svg").stat().st_size > 1000
    assert pd.read_csv(tmp_path / "out" / "counters.csv")["station"].tolist() == ["bank"]
    assert mppsim("check", str(tmp_path / "out" / "sized.yaml")).returncode == 0
