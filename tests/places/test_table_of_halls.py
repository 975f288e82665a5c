"""The tables of halls in the documents are what the files and their summaries say."""

from __future__ import annotations

from collections.abc import Iterator
from os.path import relpath
from pathlib import Path

import pytest
from support.answers import PLACES, ROOT, SCENARIOS, answer_of, golden_of, halls_of

from mppsim import Scenario, load_scenario
from mppsim.scenario.crews import named_counters

BEGIN, END = "<!-- table -->\n", "<!-- end of table -->"
PAGES = {SCENARIOS / "README.md": PLACES, ROOT / "docs" / "published.md": ("published",)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_a_page_has_each_hall_with_its_size_question_answer_and_run_time(
    page: Path, update: bool
) -> None:
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    table = "\n".join(row for place in PAGES[page] for row in rows_of(place, page.parent))
    found = f"{before}{BEGIN}\n{table}\n{END}{after}"
    if update:
        page.write_text(found, encoding="utf-8")
    assert found == page.read_text(encoding="utf-8")


def rows_of(place: str, folder: Path) -> Iterator[str]:
    yield f"### {place}/\n"
    yield "| hall | tenants, counters, visitors a day | question | answer | seconds |"
    yield "|---|---|---|---|---|"
    for path in halls_of(place):
        answer, seconds = answer_of(path), golden_of(path).read_text(encoding="utf-8").split()[2]
        link = f"[{path.name}]({relpath(path, folder)})"
        size = size_of(load_scenario(path))
        yield f"| {link} | {size} | {answer.question} | {answer.text} | {seconds} |"
    yield ""


def size_of(hall: Scenario) -> str:
    counters = sum(len(named_counters(tenant.counters)) for tenant in hall.tenants.values())
    visitors = sum(tenant.visitors_per_day for tenant in hall.tenants.values())
    return f"{len(hall.tenants)}, {counters}, {visitors:,.0f}"
