"""Tables as files."""

import json
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]  # it has no types
import pandas as pd
import pytest
from support.results import comparison_of, health_moves_in, hostile, nobody_comes, result_of

from mppsim.report import files


def test_csv_and_parquet_hold_every_table_in_full(tmp_path: Path) -> None:
    result = result_of()
    result.to_csv(tmp_path)
    result.to_parquet(tmp_path)
    for name, table in result.tables().items():
        expected = table.reset_index(drop=True)
        csv = pd.read_csv(tmp_path / f"{name}.csv")
        pd.testing.assert_frame_equal(
            csv,
            expected,
            check_dtype=False,
            rtol=1e-14,  # pandas reads the last digit roughly
        )
        parquet = pd.read_parquet(tmp_path / f"{name}.parquet")
        pd.testing.assert_frame_equal(parquet, expected, check_dtype=False)


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("first", "second"):
        result_of().to_csv(tmp_path / folder)
    for path in (tmp_path / "first").iterdir():
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes()


def test_json_is_strict_and_has_null_for_what_is_not_there() -> None:
    content = json.loads(result_of(nobody_comes).to_json(), parse_constant=pytest.fail)
    assert content["tables"]["waiting"][0]["mean"] is None
    assert content["provenance"]["seed"] == 1


def test_tables_of_a_comparison_say_which_scenario_first() -> None:
    tables = comparison_of(result_of(), result_of(health_moves_in)).tables()
    assert {table.columns[0] for table in tables.values()} == {"scenario"}
    assert set(tables["waiting"]["scenario"]) == {"A small hall", "A small hall with health"}


def test_equal_names_of_scenarios_are_counted_apart() -> None:
    tables = comparison_of(result_of(), result_of()).tables()
    assert set(tables["waiting"]["scenario"]) == {"A small hall (1)", "A small hall (2)"}


def test_no_text_acts_as_a_formula_in_a_workbook(tmp_path: Path) -> None:
    result_of(hostile).to_excel(tmp_path / "report.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx")["provenance"]
    assert sheet["B2"].value.startswith("=1+1")
    assert sheet["B2"].data_type == "s"


def test_a_missing_excel_library_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(files, "find_spec", lambda _: None)
    with pytest.raises(ImportError, match=r"pip install 'mppsim\[excel\]'"):
        result_of().to_excel(tmp_path / "report.xlsx")


def test_the_command_in_the_provenance_repeats_the_run() -> None:
    command = result_of().tables()["provenance"].loc["command", "value"]
    assert command == "mppsim.run(scenario, replications=3, seed=1)"
