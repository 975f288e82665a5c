"""The figures of a run or a comparison as plain text, each with its interval."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from mppsim import Comparison, Result

_OUTCOMES = ("refused", "balked", "reneged", "dismissed", "unserved", "blocked", "postponed")


def result_lines(result: Result) -> Iterator[str]:
    """Yield a run's waits by station, lost visits, promises, seats and end of the day."""
    yield f"{result.scenario.name} ({result.replications} replications, seed {result.seed})"
    yield _row("minutes in line", "visits", "mean", "p90", "% within promise")
    yield _waits("everybody", _only(result.waiting("all")), result)
    tenants = dict(_rows(result.waiting()))
    for name, row in _rows(result.waiting("station")):
        yield _waits(name, tenants.get(name, row), result)
    yield from _sojourn(result)
    yield from _booked(result)
    yield from _lost(result)
    yield from _promises(result.promises())
    yield from _seats(result)
    overrun = dict(_rows(result.overrun()))["all"]
    yield _row("minutes after closing", _figure(overrun, "overrun"))


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """Yield each hall by itself, then what differs from the first, station by station."""
    for result in comparison.results:
        yield from result_lines(result)
        yield ""
    for pair in comparison.pairs:
        yield f"{pair.other.scenario.name}, minus {pair.base.scenario.name}"
        yield _row("minutes in line", "before", "after", "difference", "verdict")
        ((_, everybody),) = _rows(pair.differences("all"))
        stations = dict(_rows(pair.differences("station")))
        in_all, _ = stations.pop("all"), stations.pop("both")
        for name, row in {"everybody": everybody, **stations}.items():
            yield _difference(name, row)
        lines = [_lines_a_day(side) for side in (pair.base, pair.other)]
        if math.isclose(*lines, rel_tol=0.01):  # else it is not the same visits that wait
            yield _difference("hours in all lines a day", in_all, lines[0] / 60)
        yield ""


def _difference(name: str, row: dict[str, Any], times: float = 1) -> str:
    means = [f"{row[column] * times:,.1f}" for column in ("mean_base", "mean_other")]
    return _row(name, *means, _figure(row, "mean_difference", times), row["verdict"])


def _lines_a_day(result: Result) -> float:
    """Return how many lines the visitors of a day join."""
    joined = float(result.waiting("station")["n"].sum())
    return joined / (result.replications * len(result.run.observations.weekdays))


def figure(value: float, half_width: float) -> str:
    """Return a number and half of its interval, which is given to two digits."""
    if math.isnan(value):
        return "-"
    if math.isnan(half_width):
        return f"{value:,.1f}"
    decimals = 1 if half_width == 0 else 1 - math.floor(math.log10(half_width))
    decimals = min(max(decimals, 0), 2)
    return f"{value:,.{decimals}f} ± {half_width:,.{decimals}f}"


def _waits(name: str, row: dict[str, Any], result: Result) -> str:
    visits = f"{row['n'] / (result.replications * len(result.run.observations.weekdays)):,.1f}"
    return _row(name, visits, _figure(row, "mean"), _figure(row, "p90"), _figure(row, "kept", 100))


def _sojourn(result: Result) -> Iterator[str]:
    """Yield the time from the door to the end of the visit, by service where there are few."""
    yield _row("minutes in the hall", "mean", "p90")
    by = "service" if len(result.run.observations.layout.services) <= 12 else "all"
    for name, row in _rows(result.sojourn(by)):
        yield _row(name, _figure(row, "mean"), _figure(row, "p90"))


def _booked(result: Result) -> Iterator[str]:
    channels = result.channels()
    if not channels.empty:
        yield _row(
            "booked a day", "booked", "share not come", "online", "their wait", "of walk-ins"
        )
    for name, row in _rows(channels):
        columns = ("booked", "no_show", "online", "wait", "wait_walk_in")
        yield _row(name, *(_figure(row, column) for column in columns))


def _lost(result: Result) -> Iterator[str]:
    """Yield who is not served, where it is one a day or more."""
    everybody = _only(result.outcomes("all"))
    ways = [outcome for outcome in _OUTCOMES if everybody[outcome]]
    if not ways:
        return
    yield _row("visits a day that were", *ways)
    for name, row in [("everybody", everybody), *_rows(result.outcomes())]:
        if name == "everybody" or sum(row[outcome] for outcome in ways) >= 1:
            yield _row(name, *(_figure(row, outcome) for outcome in ways))


def _seats(result: Result) -> Iterator[str]:
    yield _row("seats", "there are", "most persons", "19 of 20 days", "% of days short")
    for name, row in _rows(result.seats_summary()):
        crowd, needed = _figure(row, "largest_crowd"), _figure(row, "seats_for_19_of_20_days")
        yield _row(name, f"{row['seats']}", crowd, needed, _figure(row, "days_standing", 100))


def _promises(table: pd.DataFrame) -> Iterator[str]:
    if table.empty:
        return
    counts = table["verdict"].value_counts()
    said = ", ".join(f"{counts.get(word, 0)} {word}" for word in ("kept", "broken", "cannot tell"))
    yield f"promises: {said}"
    for name, row in _rows(table[table["verdict"] == "broken"]):
        within = f"{row['promised']:.0f} min"
        yield _row(name, "broken", within, f"{_figure(row, 'kept', 100)} %", str(row["cause"]))


def _figure(row: dict[str, Any], column: str, times: float = 1) -> str:
    return figure(row[column] * times, row[f"{column}_half_width"] * times)


def _rows(table: pd.DataFrame) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, row in zip(table.index, table.to_dict("records"), strict=True):
        yield str(name), {str(column): value for column, value in row.items()}


def _only(table: pd.DataFrame) -> dict[str, Any]:
    ((_, row),) = _rows(table)
    return row


def _row(name: str, *cells: str) -> str:
    return (f"{name:<34}" + "".join(f"{cell:>17}" for cell in cells)).rstrip()
