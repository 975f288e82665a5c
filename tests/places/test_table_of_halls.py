"""The table of all halls in scenarios/README.md is what the files and their summaries say."""

from __future__ import annotations

from collections.abc import Iterator

from support.answers import PLACES, SCENARIOS, answer_of, golden_of, halls_of

from mppsim import Scenario, load_scenario
from mppsim.scenario.crews import named_counters

README = SCENARIOS / "README.md"
BEGIN, END = "<!-- table of halls -->\n", "<!-- end of table -->"


def test_the_readme_has_every_hall_with_its_size_question_answer_and_run_time(update: bool) -> None:
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    table = "\n".join(row for place in PLACES for row in rows_of(place))
    found = f"{before}{BEGIN}\n{table}\n{END}{after}"
    if update:
        README.write_text(found, encoding="utf-8")
    assert found == README.read_text(encoding="utf-8")


def rows_of(place: str) -> Iterator[str]:
    yield f"### {place}/\n"
    yield "| hall | tenants, counters, visitors a day | question | answer | seconds |"
    yield "|---|---|---|---|---|"
    for path in halls_of(place):
        answer, seconds = answer_of(path), golden_of(path).read_text(encoding="utf-8").split()[2]
        link = f"[{path.name}]({path.relative_to(SCENARIOS).as_posix()})"
        size = size_of(load_scenario(path))
        yield f"| {link} | {size} | {answer.question} | {answer.text} | {seconds} |"
    yield ""


def size_of(hall: Scenario) -> str:
    counters = sum(len(named_counters(tenant.counters)) for tenant in hall.tenants.values())
    visitors = sum(tenant.visitors_per_day for tenant in hall.tenants.values())
    return f"{len(hall.tenants)}, {counters}, {visitors:,.0f}"
