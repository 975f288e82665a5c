"""What a run or a comparison leaves behind: tables on the screen, files in a folder, or JSON."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console, Group

from mppsim.report.comparison import Comparison
from mppsim.report.console import comparison_text, result_text
from mppsim.report.result import Result


def show(result: Result | Comparison, *, out: Path | None, parquet: bool, json: bool) -> None:
    """Print the result, and write report and tables into the folder `out` if there is one."""
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        result.to_html(out / "report.html")
        result.to_csv(out)
        if parquet:
            result.to_parquet(out)
    if json:
        print(result.to_json())
        return
    Console().print(result_text(result) if isinstance(result, Result) else comparison_text(result))
    _say_where(out)


def show_answer(text: Group, out: Path | None) -> None:
    """Print the answer to a study, and where its report is."""
    Console().print(text)
    _say_where(out)


def _say_where(out: Path | None) -> None:
    if out is not None:
        Console().print(f"Report: {out / 'report.html'}", soft_wrap=True)
