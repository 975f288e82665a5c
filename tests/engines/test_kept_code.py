"""Compiled code is made by processes beside this one, kept in files, and loaded from them."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from support import small_kernels

from mppsim.plan import compiling, inlining, machine_code
from mppsim.plan.compiling import Kernel

NAMES = ("support.small_kernels:three_times", "support.small_kernels:with_its_half")
ANNOUNCED = "compiling the fast engine, this once (some 15 seconds) ..\n"


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(compiling, "AT_ONCE", tuple((name,) for name in NAMES))


def kept_in(folder: Path) -> dict[str, Path]:
    return {file.stem: file for file in folder.rglob("*.code*")}


def numbers() -> tuple[int, tuple[int, int]]:
    """Call both functions as a new program does."""
    three_times, with_its_half = map(Kernel, NAMES)
    return three_times(7), with_its_half(9)


def test_code_is_compiled_and_announced_once_and_then_loaded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not compiling.is_compiled()
    assert numbers() == (21, (9, 4))
    assert compiling.is_compiled()
    assert capsys.readouterr().err == ANNOUNCED
    written = {file: file.stat().st_mtime_ns for file in kept_in(tmp_path).values()}
    assert numbers() == (21, (9, 4))
    assert {file: file.stat().st_mtime_ns for file in written} == written
    assert not capsys.readouterr().err
    assert kept_in(tmp_path).keys() == {"three_times", "with_its_half"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("executable", "/bin/false"), ("executable", "/no such program"), ("frozen", True)],
)
def test_where_no_process_compiles_this_one_does_and_keeps_nothing_untried(
    name: str,
    value: object,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, name, value, raising=False)
    assert numbers() == (21, (9, 4))
    assert not kept_in(tmp_path)
    assert capsys.readouterr().err == ANNOUNCED


def test_programs_that_need_code_at_once_wait_for_one_to_compile_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    compiling.compile_now()
    (folder,) = {file.parent for file in kept_in(tmp_path).values()}
    code = {file: file.read_bytes() for file in kept_in(tmp_path).values()}
    for file in code:
        file.unlink()
    compiling._DONE.clear()
    monkeypatch.setattr(sys, "executable", "/no such program")
    lock = FileLock(folder / ".lock")
    with ThreadPoolExecutor(1) as other:
        with lock:
            waits = other.submit(compiling.compile_now)
            with pytest.raises(TimeoutError):
                waits.result(0.5)
            for file, whole in code.items():
                file.write_bytes(whole)
        waits.result()
    assert numbers() == (21, (9, 4))


def test_what_only_some_runs_need_is_compiled_when_one_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(compiling, "AT_ONCE", ((NAMES[0],),))
    compiling.compile_now()
    assert kept_in(tmp_path).keys() == {"three_times"}
    assert not compiling.is_compiled(NAMES[1])
    assert Kernel(NAMES[1])(9) == (9, 4)
    assert compiling.is_compiled(NAMES[1])


def test_damaged_code_is_compiled_anew(tmp_path: Path) -> None:
    compiling.compile_now()
    file = kept_in(tmp_path)["three_times"]
    whole = file.read_bytes()
    for damaged in (b"", whole[:-1], whole[:99] + bytes([whole[99] ^ 1]) + whole[100:]):
        file.write_bytes(damaged)
        assert machine_code.kept(file) is None
    assert numbers() == (21, (9, 4))
    assert machine_code.kept(file) is not None


def test_code_that_another_program_cannot_load_is_not_kept(tmp_path: Path) -> None:
    compiling.compile_now()
    code = machine_code.kept(kept_in(tmp_path)["three_times"])
    assert code is not None
    called = compiled_from("declare i64 @of_nobody(i64)", "@of_nobody")
    known = compiled_from("declare i64 @labs(i64)", "@labs")
    one, other = tmp_path / "one.code", tmp_path / "other.code"
    assert not machine_code.keep({one: code, other: code._replace(binary=called)})
    assert not one.exists() | other.exists()
    assert machine_code.keep({one: code, other: code._replace(binary=known)})


def compiled_from(declared: str, called: str) -> bytes:
    """Return the machine code of a function that calls another one."""
    import llvmlite.binding as llvm

    text = f"{declared}\ndefine i64 @f(i64 %x) {{ %y = call i64 {called}(i64 %x) ret i64 %y }}"
    binary: bytes = machine_code.target_machine().emit_object(llvm.parse_assembly(text))
    return binary


def test_a_compiled_function_refuses_what_are_no_whole_numbers() -> None:
    three_times, with_its_half = map(Kernel, NAMES)
    assert three_times(-(2**40)) == -3 * 2**40
    for wrong in ((), (1, 2), (1.5,), ("1",)):
        with pytest.raises(TypeError):
            three_times(*wrong)
    with pytest.raises(OverflowError):
        with_its_half(2**63)


def test_a_function_apart_is_not_put_in_the_place_of_each_call() -> None:
    inlining.machine_code(small_kernels.often_called)
    assert "alwaysinline" in as_llvm(small_kernels.often)
    assert "alwaysinline" not in as_llvm(small_kernels.seldom)


def as_llvm(part: Any) -> str:
    (compiled,) = part._compiled.overloads.values()
    text: str = compiled.library.get_llvm_str()
    return text


def test_threads_that_need_code_at_once_wait_for_one_to_compile_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert {*pool.map(lambda _: numbers(), range(8))} == {(21, (9, 4))}
    assert capsys.readouterr().err == ANNOUNCED


def test_settings_of_numba_and_its_version_name_another_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine_code.made_for.cache_clear()
    before = machine_code.made_for()
    monkeypatch.setenv("NUMBA_OPT", "1")
    machine_code.made_for.cache_clear()
    found = {before, machine_code.made_for()}
    monkeypatch.setattr(machine_code, "version", lambda name: "0.1")
    machine_code.made_for.cache_clear()
    found.add(machine_code.made_for())
    machine_code.made_for.cache_clear()
    assert len(found) == 3
