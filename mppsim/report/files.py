"""Tables as files: CSV, Parquet, Excel, JSON. A table set is a dict from name to data frame."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

Tables = dict[str, "pd.DataFrame"]

_LONGEST_SHEET_NAME = 31
_LEAST_WIDTH, _WIDEST_COLUMN = 10, 40


def write_csv(tables: Tables, folder: str | Path) -> None:
    """Write each table as `name.csv`, in UTF-8 and with one kind of line end on every system."""
    for name, table in tables.items():
        table.to_csv(_within(folder, f"{name}.csv"), index=False, lineterminator="\n")


def write_parquet(tables: Tables, folder: str | Path) -> None:
    """Write each table as `name.parquet`."""
    for name, table in tables.items():
        table.to_parquet(_within(folder, f"{name}.parquet"), index=False)


def write_excel(tables: Tables, path: str | Path) -> None:
    """Write a workbook with one sheet a table; a number that is not there is an empty cell.

    Raises ImportError, saying what to install, where openpyxl is missing.
    """
    import pandas as pd

    if find_spec("openpyxl") is None:
        raise ImportError(
            "writing Excel files needs openpyxl, which is not installed; "
            "expected `pip install 'mppsim[excel]'`"
        )
    with pd.ExcelWriter(path, engine="openpyxl") as workbook:
        for name, table in tables.items():
            sheet = name[:_LONGEST_SHEET_NAME]
            table.to_excel(workbook, sheet_name=sheet, index=False)
            _made_readable(workbook.sheets[sheet])


def json_text(content: Mapping[str, object], tables: Tables) -> str:
    """Return strict JSON: the content, then the tables as lists of records; NaN becomes null."""
    records = {name: _records(table) for name, table in tables.items()}
    return json.dumps({**content, "tables": records}, ensure_ascii=False, allow_nan=False)


def _within(folder: str | Path, name: str) -> Path:
    Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder) / name


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    columns = [str(column) for column in table.columns]
    rows = zip(*(table[column].tolist() for column in table.columns), strict=True)
    return [dict(zip(columns, map(_plain, row), strict=True)) for row in rows]


def _plain(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _made_readable(sheet: Any) -> None:
    """Keep the header in view, make columns wide enough, and let no text act as a formula."""
    sheet.freeze_panes = "A2"
    for column in sheet.iter_cols():
        texts = [cell for cell in column if isinstance(cell.value, str)]
        for cell in texts:
            if cell.data_type == "f":
                cell.data_type = "s"
        longest = max(len(cell.value) for cell in texts)
        width = min(max(longest + 2, _LEAST_WIDTH), _WIDEST_COLUMN)
        sheet.column_dimensions[column[0].column_letter].width = width
