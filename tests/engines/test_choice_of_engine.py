"""Which engine `auto` takes, and what it says about it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support.hand_made import one_station

from mppsim import load_scenario, run
from mppsim.engine import order, simulate
from mppsim.engine.another_day import steps_to_make
from mppsim.engine.compiled.day_tables import set_up
from mppsim.engine.compiled.pending import key_of
from mppsim.engine.compiled.tables import readable
from mppsim.engine.simulate import WORTH_COMPILING, WORTH_LOADING, engine_for
from mppsim.engine.trace import DayTrace
from mppsim.plan import compiling
from mppsim.plan.compiling import content_of
from mppsim.scenario.errors import InputError

HALL = one_station([0], [1]).layout


@pytest.fixture
def nothing_compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the code be uncompiled; return the list of what is done about it."""
    done: list[str] = []
    monkeypatch.setattr(compiling, "is_compiled", lambda *names: False)
    monkeypatch.setattr(compiling, "compile_now", lambda *names: done.append("compiled"))
    return done


def test_a_small_job_runs_on_simpy_and_a_large_one_compiled() -> None:
    assert engine_for("auto", WORTH_LOADING - 1, HALL) == "simpy"
    simulate(one_station([0], [1]), engine="compiled")
    assert engine_for("auto", WORTH_LOADING, HALL) == "compiled"


def test_only_a_large_job_is_worth_compiling(
    nothing_compiled: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert engine_for("auto", WORTH_COMPILING - 1, HALL) == "simpy"
    assert not capsys.readouterr().err
    assert engine_for("auto", WORTH_COMPILING, HALL) == "compiled"
    assert nothing_compiled == ["compiled"]


def test_where_nothing_can_be_compiled_auto_runs_simpy_and_compiled_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compiling, "find_spec", lambda name: None)
    assert engine_for("auto", 10**9, HALL) == "simpy"
    assert "runs, as numba is not installed; pip install 'mppsim[fast]'" in capsys.readouterr().err
    with pytest.raises(InputError, match="engine: found compiled, but numba is not installed"):
        simulate(one_station([0], [1]), engine="compiled")


def test_another_version_of_numba_is_a_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compiling, "find_spec", lambda name: name)  # asked anew
    monkeypatch.setattr(compiling, "version", lambda name: "0.61.2")
    assert engine_for("auto", 10**9, HALL) == "simpy"
    assert "runs, as numba is 0.61.2, not 0.68; pip install" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_to_is_a_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    taken = tmp_path / "a file, no folder"
    taken.touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(taken / "below"))
    with pytest.raises(
        InputError, match=r"but compiled code cannot be kept in .*a file, no folder"
    ):
        engine_for("compiled", 1, HALL)


def test_a_compiled_run_imports_no_numba_and_a_run_on_simpy_nothing_of_it() -> None:
    run(load_scenario("scenarios/teaching/tickets.yaml"), replications=2, engine="compiled")
    code = (
        "import sys, mppsim; hall = mppsim.load_scenario(sys.argv[1]); "
        "mppsim.run(hall, replications=2, engine=sys.argv[2]); "
        "print('numba' in sys.modules, 'llvmlite' in sys.modules)"
    )
    for engine, imported in {"simpy": "False False", "compiled": "False True"}.items():
        words = [sys.executable, "-c", code, "scenarios/teaching/tickets.yaml", engine]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        assert (done.stdout.strip(), done.stderr) == (imported, "")


def test_as_plain_python_a_run_gives_the_same_numbers() -> None:
    def shown(engine: str, **variables: str) -> str:
        hall = Path(__file__).parents[2] / "scenarios" / "teaching" / "gate.yaml"
        words = [sys.executable, "-m", "mppsim", "run", str(hall), "-n", "2", "--engine", engine]
        done = subprocess.run(
            words, env=os.environ | variables, check=True, capture_output=True, text=True
        )
        assert not done.stderr
        return done.stdout

    assert shown("compiled", NUMBA_DISABLE_JIT="1") == shown("simpy")


def test_code_is_compiled_anew_when_any_file_changes_that_parts_come_from(tmp_path: Path) -> None:
    names = {content_of(tmp_path)}
    for file in (
        "plan/clock.py",
        "engine/order.py",
        "engine/compiled/a.py",
        "measure/compiled/b.py",
    ):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(f"# {file}")
        names.add(content_of(tmp_path))
    (tmp_path / "measure" / "tables.py").write_text("# is not compiled")
    assert len(names | {content_of(tmp_path)}) == 5


def test_keys_have_the_order_of_kinds_at_one_instant() -> None:
    plan = one_station([0], [1])
    (day,) = plan.days
    facts = DayTrace.blank(day)
    hall = set_up(plan.layout, day, steps_to_make(day), facts)
    here = readable(hall).day[0]
    firsts = [0, here.counter_on, here.counter_off, here.closes, here.outage_begins,
              here.outage_ends, here.looks, here.reneges, here.booked, here.walk_in]  # fmt: skip
    assert len(firsts) == len(order.Kind)
    assert (np.diff(firsts) >= 0).all()
    python = getattr(key_of, "py_func", key_of)
    assert python(readable(hall), 1, 0) > python(readable(hall), 0, here.walk_in)
