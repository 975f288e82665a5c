"""The report as one HTML file."""

import re
from html.parser import HTMLParser
from pathlib import Path

from support.results import (
    comparison_of,
    health_moves_in,
    hostile,
    nobody_comes,
    result_of,
    too_many_come,
)

from mppsim.report import Comparison, Result
from mppsim.report.html import report_html
from mppsim.report.pages import comparison_page, result_page


class Elements(HTMLParser):
    """The tags, ids and references of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.references: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            if name in ("href", "src", "xlink:href") and value:
                self.references.append(value)


def page_of(result: Result | Comparison) -> str:
    page = result_page(result) if isinstance(result, Result) else comparison_page(result)
    return report_html(page)


def test_the_same_run_gives_the_same_page(tmp_path: Path) -> None:
    result_of().to_html(tmp_path / "new" / "first.html")
    result_of().to_html(tmp_path / "second.html")
    first = (tmp_path / "new" / "first.html").read_bytes()
    assert first == (tmp_path / "second.html").read_bytes()


def test_nothing_from_a_scenario_becomes_markup() -> None:
    page = page_of(result_of(hostile))
    elements = Elements(page)
    assert not {"script", "b", "img", "i"} & set(elements.tags)
    assert "onload" not in re.sub(r'"[^"]*"|>[^<]*<', "", page)
    assert "&lt;b&gt;bold&lt;/b&gt;" in page


def test_a_page_fetches_nothing_and_every_reference_in_it_is_met() -> None:
    elements = Elements(page_of(comparison_of(result_of(), result_of(health_moves_in))))
    inner = [reference for reference in elements.references if reference.startswith("#")]
    assert inner
    assert {reference[1:] for reference in inner} <= set(elements.ids)
    assert len(elements.ids) == len(set(elements.ids))
    assert [ref for ref in elements.references if ref not in inner] == ["data:,"]


def test_each_tenant_has_a_picture_of_its_waits() -> None:
    page = page_of(result_of())
    for tenant in ("tax", "bank", "post"):
        assert f'aria-label="{tenant}: waiting times, mean ' in page


def test_new_tenants_stand_under_a_heading_of_their_own() -> None:
    page = page_of(comparison_of(result_of(), result_of(health_moves_in)))
    table = page.index('<th scope="rowgroup" colspan="10">New tenants</th>')
    assert page.index(">Health &amp; &lt;b&gt;care&lt;/b&gt;</th>") > table
    assert page.count("<h3 class=") == 2  # above the waits, and above the lines


def test_three_halls_make_a_page_with_two_differences() -> None:
    halls = result_of(), result_of(health_moves_in), result_of(too_many_come)
    page = page_of(comparison_of(*halls))
    assert 'id="change-1"' in page
    assert 'id="change-2"' in page


def test_a_hall_without_visitors_has_a_page() -> None:
    page = page_of(result_of(nobody_comes))
    assert "Nobody joined a line" in page
    assert ">nan" not in page.lower()


def test_a_notebook_shows_headline_and_table() -> None:
    shown = result_of()._repr_html_()
    assert "kept least at" in shown
    assert "<caption>" in shown
    assert "<svg" not in shown
