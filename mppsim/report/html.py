"""Reports as HTML: one file that needs no network, with everything from a scenario escaped."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from mppsim.report.drawing import Chart, Panel, svg_of
from mppsim.report.page import Glance, Listing, Page, Part, Terms

if TYPE_CHECKING:
    from jinja2 import Environment


def write_report(page: Page, path: str | Path) -> None:
    """Write a report; its folder is made if need be."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(report_html(page), encoding="utf-8", newline="\n")


def report_html(page: Page) -> str:
    """Return a report as a complete HTML document."""
    return _environment().get_template("report.html.j2").render(page=page)


def notebook_html(glance: Glance) -> str:
    """Return the piece of HTML that a notebook shows."""
    return _environment().get_template("notebook.html.j2").render(glance=glance)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("mppsim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["svg"] = _svg
    environment.filters["unbroken"] = _unbroken
    environment.filters["pathwise"] = _pathwise
    environment.filters["kind"] = _kind
    environment.filters["grouped"] = _grouped
    return environment


def _svg(panel: Panel, name: str) -> Markup:
    return Markup(svg_of(panel, name=name))  # drawn by us, its texts escaped


def _unbroken(text: str) -> str:
    """Keep numbers and their units on one line."""
    return re.sub(r"(?<=±) | (?=(?:%|min)\b|%)", "\N{NO-BREAK SPACE}", text)


def _pathwise(text: str) -> Markup:
    """Let `tenants.tax.counters` break after its dots, and nothing else within a word."""
    return Markup(re.sub(r"\.(?=[a-z*])", ".<wbr>", str(escape(text))))  # escaped here


def _kind(part: Part) -> str:
    """Return which macro of the template shows a part."""
    kinds = {Chart: "chart", Terms: "terms", Listing: "listing"}
    return kinds.get(type(part), "sheet")


def _grouped(chart: Chart) -> list[tuple[str, list[Panel]]]:
    """Return the panels of a chart under their headings."""
    groups: dict[str, list[Panel]] = {}
    for panel in chart.panels:
        groups.setdefault(panel.group, []).append(panel)
    return list(groups.items())
