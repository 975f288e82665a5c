"""The few numbers that stand at the head of a report."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from mppsim.engine.trace import Outcome
from mppsim.report import names, wording
from mppsim.report.cells import records
from mppsim.report.comparison import Pair
from mppsim.report.page import KeyNumber
from mppsim.report.result import Result
from mppsim.report.sheets import station_loads
from mppsim.report.visitors import visitors_a_day

_ARROW = "\N{RIGHTWARDS ARROW}"


def result_numbers(result: Result) -> tuple[KeyNumber, ...]:
    """Return the key numbers of a run."""
    waiting = records(result.waiting("all"))["all"]
    visitors = visitors_a_day(result)
    served = visitors.ended[Outcome.SERVED]
    overrun = records(result.overrun())["all"]
    return (
        KeyNumber("Visitors a day", wording.number(visitors.came[0]), _within(visitors.came)),
        KeyNumber("Served to the end", wording.number(served[0]), _within(served)),
        _minutes("Mean wait at a tenant", waiting, "mean"),
        _minutes("Nine in ten wait at most", waiting, "p90"),
        KeyNumber(
            "Served within the promise",
            wording.percent(waiting["kept"]),
            wording.half_width(waiting["kept_half_width"] * 100),
        ),
        *_busiest(result),
        KeyNumber("Last service after closing", _min(overrun["overrun"]), "mean of all days"),
    )


def pair_numbers(pair: Pair) -> tuple[KeyNumber, ...]:
    """Return the key numbers of a comparison, before and after."""
    waiting = [records(one.waiting("all"))["all"] for one in (pair.base, pair.other)]
    visitors = [visitors_a_day(one) for one in (pair.base, pair.other)]
    overrun = [records(one.overrun())["all"] for one in (pair.base, pair.other)]
    return (
        _moved("Visitors a day", wording.number, [one.came[0] for one in visitors]),
        _moved(
            "Served to the end", wording.number, [one.ended[Outcome.SERVED][0] for one in visitors]
        ),
        _moved("Mean wait at a tenant", _min, [one["mean"] for one in waiting]),
        _moved("Nine in ten wait at most", _min, [one["p90"] for one in waiting]),
        _moved("Served within the promise", wording.percent, [one["kept"] for one in waiting]),
        *_busiest(pair.other),
        _moved("Last service after closing", _min, [one["overrun"] for one in overrun]),
    )


def _busiest(result: Result) -> tuple[KeyNumber, ...]:
    loads = [load for load in station_loads(result) if not math.isnan(load.utilization)]
    if not loads:
        return ()
    load = max(loads, key=lambda load: load.utilization)
    name = names.station_name(result.scenario, load.station)
    return (KeyNumber("Busiest counters", wording.percent(load.utilization), name),)


def _moved(label: str, form: Callable[[float], str], values: list[float]) -> KeyNumber:
    before, after = map(form, values)
    return KeyNumber(label, after, f"{before} before")


def _min(value: float) -> str:
    return f"{wording.number(value, 1)} min"


def _minutes(label: str, row: dict[str, Any], name: str) -> KeyNumber:
    return KeyNumber(label, _min(row[name]), wording.half_width(row[f"{name}_half_width"], 1))


def _within(estimate: tuple[float, float]) -> str:
    return wording.half_width(estimate[1])
