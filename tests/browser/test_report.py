"""The report as a browser shows it."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.chromium import Chromium
from support.results import comparison_of, health_moves_in, hostile, result_of

# The figures without size, and the labels that cover each other, by what they say.
INVISIBLE = """
Array.from(document.querySelectorAll('svg')).filter(figure => {
  const box = figure.getBoundingClientRect()
  return box.width < 100 || box.height < 50 || getComputedStyle(figure).visibility != 'visible'
}).map(figure => figure.getAttribute('aria-label'))
"""
OVERLAPPING = """
Array.from(document.querySelectorAll('svg')).flatMap(figure => {
  const texts = Array.from(figure.querySelectorAll('text'))
  const boxes = texts.map(text => text.getBoundingClientRect())
  return texts.flatMap((text, i) => texts.slice(i + 1).filter((_, j) => {
    const a = boxes[i], b = boxes[i + 1 + j]
    return a.left < b.right - 1 && b.left < a.right - 1
      && a.top < b.bottom - 1 && b.top < a.bottom - 1
  }).map(other => [figure.getAttribute('aria-label'), text.textContent, other.textContent]))
})
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    comparison_of(result_of(hostile), result_of(health_moves_in)).to_html(path)
    return path


def test_a_report_opens_without_errors_and_asks_nobody_for_anything(
    chromium: Chromium, report: Path
) -> None:
    chromium.open(report)
    requests = [event["request"]["url"] for event in chromium.seen("Network.requestWillBeSent")]
    assert [url for url in requests if not url.startswith("data:")] == [report.as_uri()]
    for trouble in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"):
        assert chromium.seen(trouble) == []


def test_no_script_of_a_scenario_runs(chromium: Chromium, report: Path) -> None:
    chromium.open(report)
    assert chromium.seen("Page.javascriptDialogOpening") == []
    assert chromium.evaluate("document.scripts.length") == 0


@pytest.mark.parametrize("width", [1200, 400])
def test_every_figure_is_visible(chromium: Chromium, report: Path, width: int) -> None:
    chromium.open(report, width=width)
    assert chromium.evaluate("document.querySelectorAll('svg').length") > 10
    assert chromium.evaluate(INVISIBLE) == []


@pytest.mark.parametrize("width", [1200, 400, 320])
def test_a_page_is_never_wider_than_its_window(
    chromium: Chromium, report: Path, width: int
) -> None:
    chromium.open(report, width=width)
    assert chromium.evaluate("document.documentElement.scrollWidth") <= width


def test_no_label_of_a_figure_covers_another(chromium: Chromium, report: Path) -> None:
    chromium.open(report)
    assert chromium.evaluate(OVERLAPPING) == []


def test_every_link_of_the_contents_leads_to_a_section(chromium: Chromium, report: Path) -> None:
    chromium.open(report)
    links = "Array.from(document.querySelectorAll('nav a'))"
    assert chromium.evaluate(f"{links}.length") > 5
    assert chromium.evaluate(f"{links}.filter(a => !document.querySelector(a.hash)).length") == 0
