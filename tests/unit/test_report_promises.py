"""The promises in the report: which would be broken, with the cause in words."""

from __future__ import annotations

from rich.console import Console
from support.halls import SMALL_HALL
from support.results import Spec, comparison_of, nothing_promised, result_of, too_many_come

from mppsim.report import Result
from mppsim.report.cells import Sheet
from mppsim.report.console import result_text
from mppsim.report.pages import comparison_page, result_page
from mppsim.report.promise_sheets import broken_promises, promises_sheet, promises_summary


def whole_visits(spec: Spec) -> None:
    spec["promise"] = {"wait": "15 min", "service": "30 min", "visit": "45 min", "share": 0.8}
    spec["stations"]["kiosk"]["promise"] = {"wait": "2 h", "share": 0.5}


def text_of(result: Result) -> str:
    console = Console(width=400)
    with console.capture() as captured:
        console.print(result_text(result))
    return captured.get()


def test_the_report_lists_each_broken_promise_with_its_cause() -> None:
    result = result_of(whole_visits, too_many_come)
    lines = broken_promises(result).lines
    wait = next(line for line in lines if line.startswith("tax: pay") and "wait at" in line)
    assert "80 % were promised it; the time is lost in line, for those who come 0" in wait
    visit = next(line for line in lines if line.startswith("tax: pay") and "out again" in line)
    assert "most time is lost at tax" in visit
    assert all(line in text_of(result) for line in lines[:6])


def test_every_promise_has_its_row_and_its_section() -> None:
    result = result_of(whole_visits)
    (group,) = promises_sheet(result).groups
    n_services = sum(len(tenant["services"]) for tenant in SMALL_HALL["tenants"].values())
    assert len(group.rows) == 3 * n_services + 1
    assert "promises" in [section.anchor for section in result_page(result).sections]
    assert promises_summary(result).startswith(f"Of {3 * n_services + 1} promises: ")


def test_a_hall_that_promises_nothing_has_no_section() -> None:
    result = result_of(nothing_promised)
    assert "promises" not in [section.anchor for section in result_page(result).sections]
    assert promises_summary(result) == ""
    assert "Promises" not in text_of(result)


def test_a_comparison_says_which_promises_move() -> None:
    page = comparison_page(
        comparison_of(result_of(whole_visits), result_of(whole_visits, too_many_come))
    )
    section = next(section for section in page.sections if section.anchor == "promises")
    assert section.text[0].startswith("After. Of ")
    sheet = section.parts[-1]
    assert isinstance(sheet, Sheet)
    moved = next(row for row in sheet.groups[0].rows if row[0].text == "tax: pay")
    assert moved[-1].text == "broken"
