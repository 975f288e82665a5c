"""Tables for the terminal."""

from io import StringIO

from rich.console import Console, RenderableType
from support.results import comparison_of, health_moves_in, hostile, result_of

from mppsim.report.console import comparison_text, result_text


def shown(content: RenderableType) -> str:
    console = Console(file=StringIO(), width=80)
    with console.capture() as capture:
        console.print(content)
    return capture.get()


def test_a_run_fits_into_80_columns_with_all_its_numbers() -> None:
    text = shown(result_text(result_of()))
    row = result_of().waiting().loc["bank"]
    assert max(map(len, text.splitlines())) <= 80
    line = next(line for line in text.splitlines() if line.startswith("bank"))
    assert f"{row['mean']:.1f} ± {row['mean_half_width']:.1f}" in line
    assert line.endswith(f"{100 * row['kept']:.0f} %")


def test_new_tenants_stand_below_the_old_and_are_called_new() -> None:
    text = shown(comparison_text(comparison_of(result_of(), result_of(health_moves_in))))
    lines = [line.strip() for line in text.splitlines()]
    heading = lines.index("New tenants")
    assert lines[heading + 1].startswith("Health & <b>care</b>")
    assert lines[heading + 1].endswith("new")
    assert any(line.startswith("tax") for line in lines[:heading])


def test_names_are_shown_as_they_are() -> None:
    text = shown(result_text(result_of(hostile)))
    assert "=1+1 <script>" in text
