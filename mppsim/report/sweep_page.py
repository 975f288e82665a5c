"""The report of a sweep: its variants in a table, and its pictures."""

from __future__ import annotations

from math import isnan

from mppsim.measure.estimates import Measured
from mppsim.report import wording
from mppsim.report.answers import origin_of, origin_section
from mppsim.report.cells import Cell, Row, Sheet, one_group
from mppsim.report.drawing import Chart
from mppsim.report.figures_sweep import heat_chart, tornado_chart
from mppsim.report.page import Glance, Page, Section
from mppsim.report.sweep import SENSITIVE, SweepResult, label
from mppsim.study.factors import numeric

MOST_ROWS = 200
_DESIGNS = {
    "grid": "every combination",
    "one_at_a_time": "one thing changed at a time",
    "latin_hypercube": "points spread evenly (Latin hypercube)",
    "morris": "walks of one step a factor (Morris)",
    "sobol": "points that divide the variance (Sobol)",
}


def sweep_page(result: SweepResult) -> Page:
    """Return the report of a sweep."""
    sweep = result.swept.sweep
    points = wording.counted(len(result.swept.points), "variant")
    days = wording.counted(sweep.job.replications, "replication")
    sections = [Section("variants", "The variants", (), (sweep_sheet(result),))]
    for number, one in enumerate(result.swept.base, start=1):
        charts = _charts(result, one)
        if charts:
            sections.append(Section(f"measure-{number}", one.title(one.places[0]), (), charts))
    return Page(
        title=sweep.job.scenario.name,
        subtitle=f"{wording.sentence(points)}, {_DESIGNS[sweep.design]}, {days} each; all meet the "
        "same visitors.",
        headlines=(_headline(result),),
        findings=(),
        key_numbers=(),
        sections=(*sections, _provenance(result)),
    )


def sweep_glance(result: SweepResult) -> Glance:
    """Return what a notebook shows of a sweep."""
    name = result.swept.sweep.job.scenario.name
    return Glance(name, (_headline(result),), (sweep_sheet(result),))


def sweep_sheet(
    result: SweepResult, *, most_rows: int = MOST_ROWS, most_columns: int | None = None
) -> Sheet:
    """Return the variants, one a row, with the measures at each place, in the order asked for."""
    measured = [(n, place) for n, one in enumerate(result.swept.base) for place in one.places]
    shown = measured[:most_columns]
    variants = list(zip(result.swept.points, result.swept.cells, strict=True))
    rows: list[Row] = [
        (
            *(Cell(label(numeric(point[p])) if p in point else "") for p in result.paths),
            *(_cell(cells[number].measured, place) for number, place in shown),
        )
        for point, cells in variants[:most_rows]
    ]
    titles = (result.swept.base[number].title(place) for number, place in shown)
    is_cut = len(shown) < len(measured) or len(rows) < len(variants)
    return Sheet(
        "Each variant, ± half of its 95 % interval",
        (*result.paths, *titles),
        one_group(rows),
        "More in sweep.csv." if is_cut else "",
    )


def _charts(result: SweepResult, one: Measured) -> tuple[Chart, ...]:
    """Return the pictures that the design allows, at the first place of a measure."""
    text, design = one.measure.text, result.swept.sweep.design
    charts = [] if design == "one_at_a_time" else [heat_chart(result, text)]
    if design in ("one_at_a_time", *SENSITIVE):
        charts.append(tornado_chart(result, text))
    return tuple(charts)


def _headline(result: SweepResult) -> str:
    """Return where the first measure is least and most."""
    place = result.swept.base[0].places[0]
    values = [row[0].measured.at(place)[0] for row in result.swept.cells]
    known = [number for number, value in enumerate(values) if not isnan(value)]
    title = result.swept.base[0].title(place)
    if not known:
        return f"{title}: nobody came in any variant."
    ends = []
    for number in (min(known, key=values.__getitem__), max(known, key=values.__getitem__)):
        point = result.swept.points[number]
        where = ", ".join(f"{path} {label(numeric(value))}" for path, value in point.items())
        cell = _cell(result.swept.cells[number][0].measured, place)
        ends.append(f"{cell.text} {cell.half_width}".rstrip() + f" ({where})")
    return f"{title}: from {ends[0]} to {ends[1]}."


def _provenance(result: SweepResult) -> Section:
    job = result.swept.sweep.job
    design = f"{result.swept.sweep.design}, {len(result.swept.points)} points"
    return origin_section(origin_of(job, design=design, replications=job.replications))


def _cell(measured: Measured, place: str) -> Cell:
    value, half_width = measured.at(place)
    if measured.measure.is_share:
        return Cell(wording.percent(value), wording.half_width(half_width * 100))
    return Cell(wording.number(value, 1), wording.half_width(half_width, 1))
