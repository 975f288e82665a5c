"""The reports: which sections a run and a comparison have, and what is in them."""

from __future__ import annotations

from mppsim.report import charts, headlines, sheets, space_sheets, wording
from mppsim.report.cells import Sheet
from mppsim.report.channel_sheets import channels_sheet
from mppsim.report.comparison import Comparison, Pair
from mppsim.report.glossary import GLOSSARY
from mppsim.report.key_numbers import pair_numbers, result_numbers
from mppsim.report.page import Glance, Listing, Page, Part, Section, Terms
from mppsim.report.pair_sheets import (
    change_sheet,
    judged_sheet,
    load_change_sheet,
    shared_stations_sheet,
    who_waits_sheet,
)
from mppsim.report.promise_sheets import (
    broken_promises,
    promises_change_sheet,
    promises_sheet,
    promises_summary,
)
from mppsim.report.provenance import command, provenance
from mppsim.report.result import Result
from mppsim.report.theory_sheets import THEORY_TEXT, theory_sheet
from mppsim.scenario import Scenario
from mppsim.scenario.crews import named_counters
from mppsim.study import Run


def result_page(result: Result) -> Page:
    """Return the report of a run."""
    by_group = Section("groups", "Who waits when", (), _group_sheets(result))
    return Page(
        title=result.scenario.name,
        subtitle=_what_was_done(result.run),
        headlines=(headlines.result_headline(result),),
        findings=headlines.result_findings(result),
        key_numbers=result_numbers(result),
        sections=(
            Section(
                "waiting",
                "Waiting at the tenants",
                (),
                (sheets.waiting_sheet(result), charts.waiting_chart(result)),
            ),
            *((by_group,) if by_group.parts else ()),
            *_promise_sections(result),
            *_hall_sections(result, ""),
            Section("formulas", "Beside the formulas", (THEORY_TEXT,), (theory_sheet(result),)),
            *_closing_sections([result], command("run", [result.run])),
        ),
    )


def comparison_page(comparison: Comparison) -> Page:
    """Return the report of a comparison: each hall against the base, then each hall by itself."""
    pairs, results = comparison.pairs, comparison.results
    many = len(pairs) > 1
    sections: list[Section] = []
    for number, pair in enumerate(pairs):
        suffix = f"-{number + 1}" if many else ""
        sections += _pair_sections(pair, suffix, pair.other.scenario.name if many else "")
    for number, result in enumerate(results):
        sections.append(_numbers_of_one(result, f"-hall-{number + 1}"))
    names = [result.scenario.name for result in results]
    return Page(
        title=f"{wording.listed(names[1:])} against {names[0]}",
        subtitle=_what_was_done(results[0].run),
        headlines=tuple(_named(pair, many, headlines.pair_headline(pair)) for pair in pairs),
        findings=tuple(
            _named(pair, many, text) for pair in pairs for text in headlines.pair_findings(pair)
        ),
        key_numbers=pair_numbers(pairs[0]) if not many else (),
        sections=(
            *sections,
            *_closing_sections(results, command("compare", [one.run for one in results])),
        ),
    )


def result_glance(result: Result) -> Glance:
    """Return what a notebook shows of a run."""
    sheet = sheets.waiting_sheet(result)
    return Glance(result.scenario.name, (headlines.result_headline(result),), (sheet,))


def comparison_glance(comparison: Comparison) -> Glance:
    """Return what a notebook shows of a comparison."""
    pairs = comparison.pairs
    return Glance(
        f"Against {comparison.results[0].scenario.name}",
        tuple(_named(pair, True, headlines.pair_headline(pair)) for pair in pairs),
        tuple(change_sheet(pair) for pair in pairs),
    )


def _pair_sections(pair: Pair, suffix: str, name: str) -> list[Section]:
    start = f"{name}: " if name else ""

    def title(text: str) -> str:
        return wording.sentence(f"{start}{text}")

    stations = shared_stations_sheet(pair)
    return [
        Section(
            f"change{suffix}",
            title("waiting before and after"),
            (
                f"Before: {pair.base.scenario.name}. After: {pair.other.scenario.name}. Both met "
                "the same visitors; the difference is after minus before.",
            ),
            (change_sheet(pair), charts.change_chart(pair), *_if_any(stations)),
        ),
        Section(
            f"who{suffix}",
            title("better or worse, and for whom"),
            (),
            (*_if_any(judged_sheet(pair)), *_if_any(who_waits_sheet(pair))),
        ),
        Section(
            f"waiting{suffix}",
            title("how long visitors wait"),
            (),
            (charts.waiting_chart(pair), sheets.waiting_sheet(pair.other)),
        ),
        *_promise_change(pair, suffix, title("promises before and after")),
        Section(f"lines{suffix}", title("lines over the day"), (), (charts.queue_chart(pair),)),
        Section(
            f"seats{suffix}",
            title("seats over the day"),
            (),
            (charts.seats_chart(pair), sheets.seats_sheet(pair.other)),
        ),
        Section(
            f"counters{suffix}",
            title("how busy the counters are"),
            (),
            (charts.utilization_chart(pair), load_change_sheet(pair)),
        ),
    ]


def _promise_sections(result: Result) -> list[Section]:
    """Return the section of promises; none where nothing was promised."""
    sheet, broken = promises_sheet(result), broken_promises(result)
    if not sheet.has_rows:
        return []
    parts = (broken, sheet) if broken.lines else (sheet,)
    return [Section("promises", "Promises", (promises_summary(result),), parts)]


def _hall_sections(result: Result, suffix: str) -> list[Section]:
    return [
        Section(
            f"lines{suffix}",
            "Lines over the day",
            (),
            (charts.queue_chart(result), sheets.lines_sheet(result)),
        ),
        Section(
            f"seats{suffix}",
            "Seats over the day",
            (),
            (
                charts.seats_chart(result),
                sheets.seats_sheet(result),
                *_if_any(space_sheets.density_sheet(result)),
                *_if_any(space_sheets.gate_sheet(result)),
            ),
        ),
        Section(
            f"counters{suffix}",
            "How busy the counters are",
            (),
            (
                charts.utilization_chart(result),
                sheets.counters_sheet(result),
                *_if_any(space_sheets.standstill_sheet(result)),
            ),
        ),
        Section(
            f"visits{suffix}",
            "How visits end, and how long they take",
            (),
            (
                sheets.outcomes_sheet(result),
                sheets.sojourn_sheet(result),
                sheets.percentiles_sheet(result),
                *_if_any(channels_sheet(result)),
            ),
        ),
    ]


def _promise_change(pair: Pair, suffix: str, title: str) -> list[Section]:
    """Return the section of promises of a comparison; none where no hall makes any."""
    change, broken = promises_change_sheet(pair), broken_promises(pair.other)
    summary = promises_summary(pair.other)
    if not summary:
        return []
    parts = (*((broken,) if broken.lines else ()), *_if_any(change))
    return [Section(f"promises{suffix}", title, (f"After. {summary}",), parts)]


def _numbers_of_one(result: Result, suffix: str) -> Section:
    """Return the tables of one hall of a comparison that stand beside no other."""
    return Section(
        f"numbers{suffix}",
        f"More numbers: {result.scenario.name}",
        (),
        (
            sheets.lines_sheet(result),
            *_if_any(space_sheets.density_sheet(result)),
            *_if_any(space_sheets.gate_sheet(result)),
            *_if_any(space_sheets.standstill_sheet(result)),
            sheets.outcomes_sheet(result),
            sheets.sojourn_sheet(result),
            sheets.percentiles_sheet(result),
            *_if_any(channels_sheet(result)),
            *_group_sheets(result),
        ),
    )


def _group_sheets(result: Result) -> tuple[Sheet, ...]:
    """Return waiting by kind of day, class and hour, where there is more than one of them."""
    found = []
    observations = result.run.observations
    if len(observations.kind_names) > 1:
        found.append(sheets.waiting_by_sheet(result, "kind", "Kind of day", wording.kind_name))
    if len(observations.layout.classes) > 1:
        found.append(sheets.waiting_by_sheet(result, "visitor_class", "Class of visitors"))
    found.append(
        sheets.waiting_by_sheet(
            result, "hour", "Hour of arrival", lambda hour: f"{hour:02d}:00 to {hour:02d}:59"
        )
    )
    return tuple(sheet for sheet in found if sheet.has_rows)


def _closing_sections(results: list[Result] | tuple[Result, ...], again: str) -> list[Section]:
    scenarios = [result.scenario for result in results]
    return [
        Section("words", "What the words mean", (), (Terms(GLOSSARY),)),
        *(
            Section(
                f"scenario-{number + 1}",
                f"What went in: {scenario.name}",
                (scenario.description,) if scenario.description else (),
                _went_in(scenario),
            )
            for number, scenario in enumerate(scenarios)
        ),
        Section(
            "provenance",
            "How to get these numbers again",
            ("The same command with the same versions gives the same numbers, to the last digit.",),
            (_again(results, again),),
        ),
    ]


def _went_in(scenario: Scenario) -> tuple[Part, ...]:
    counters = sum(len(named_counters(tenant.counters)) for tenant in scenario.tenants.values())
    size = Terms(
        (
            ("Tenants", f"{len(scenario.tenants)} with {counters} counters"),
            ("Services", str(sum(len(tenant.services) for tenant in scenario.tenants.values()))),
            *_closed_days(scenario),
            ("Seats", str(sum(zone.seats for zone in scenario.zones.values()))),
        )
    )
    listings = (
        Listing("Sources", scenario.sources),
        Listing("Assumptions", scenario.assumptions),
    )
    return (size, *(listing for listing in listings if listing.lines))


def _closed_days(scenario: Scenario) -> list[tuple[str, str]]:
    days = [f"{wording.kind_name(day)} ({reason})" for day, reason in scenario.closed.items()]
    return [("Closed", ", ".join(days))] if days else []


def _again(results: list[Result] | tuple[Result, ...], again: str) -> Terms:
    items: list[tuple[str, str]] = [("Command", again)]
    for result in results:
        name = result.scenario.name
        items.append((f"SHA-256 of “{name}”", str(provenance(result.run)["scenario_sha256"])))
    shared = provenance(results[0].run)
    items += [
        ("Seed", str(shared["seed"])),
        ("Replications", str(shared["replications"])),
        ("Days", f"{shared['days_simulated']} ({shared['weekdays']} in each replication)"),
        *((name, str(shared[name])) for name in ("mppsim", "python", "numpy", "simpy")),
    ]
    return Terms(tuple(items), is_code=True)


def _what_was_done(run: Run) -> str:
    weekdays = run.observations.weekdays
    days = wording.listed([wording.kind_name(weekday) for weekday in weekdays])
    count = wording.counted(run.job.replications, "replication")
    total = wording.counted(run.job.replications * len(weekdays), "simulated day")
    return f"{wording.sentence(count)} of {days}: {total}."


def _named(pair: Pair, is_needed: bool, text: str) -> str:
    """Put the name of the other hall in front, where there are several."""
    return f"{pair.other.scenario.name}: {text}" if is_needed else text


def _if_any(sheet: Sheet) -> tuple[Sheet, ...]:
    return (sheet,) if sheet.has_rows else ()
