"""Write ticket-log.csv: two weeks of an office that does not exist, as its ticket machine would.

`python make_ticket_log.py` makes the file anew, to the same bytes. Only what a machine knows is in
it: whoever left without giving his number back was called in vain, and nobody knows when he left.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

import mppsim

FIRST_DAY, WEEKS = date(2026, 3, 2), 2
OFFICE = {
    "name": "The office behind the log",
    "days": {
        "mon": {"open": "08:00", "close": "15:00", "last_ticket": "14:30", "demand": 1.15},
        "tue": {"open": "08:00", "close": "15:00", "last_ticket": "14:30", "demand": 1.0},
        "wed": {"open": "08:00", "close": "15:00", "last_ticket": "14:30", "demand": 0.95},
        "thu": {"open": "08:00", "close": "15:00", "last_ticket": "14:30", "demand": 1.05},
        "fri": {"open": "08:00", "close": "15:00", "last_ticket": "14:30", "demand": 0.85},
    },
    "arrivals": {
        "profile": {
            "08:00": 0.26, "09:00": 0.22, "10:00": 0.18, "11:00": 0.12,
            "12:00": 0.07, "13:00": 0.1, "14:00": 0.05,
        },
        "early": {"share": 0.1, "within": "30 min"},
        "day_to_day_cv": 0.12,
    },
    "visitors": {"patience": {"lognormal": {"median": "50 min", "cv": 0.7}}},
    "dead_ticket": {"call_time": "20 s"},
    "zones": {"hall": {"seats": 60}},
    "tenants": {
        "licenses": {
            "zone": "hall",
            "counters": {"08:00": 5, "12:00": 3, "13:00": 5},
            "visitors_per_day": 165,
            "services": {
                "submit": {"share": 0.6, "service": {"lognormal": {"mean": "11 min", "cv": 0.7}}},
                "collect": {"share": 0.4, "service": {"lognormal": {"mean": "5 min", "cv": 0.6}}},
            },
        }
    },
}  # fmt: skip


def log() -> pd.DataFrame:
    """Return one row a ticket, in the order of days and tickets."""
    rows = [row for week in range(WEEKS) for row in _tickets(week)]
    columns = ["date", "ticket", "service", "taken", "called", "finished", "counter"]
    return pd.DataFrame(rows, columns=columns)


def _tickets(week: int) -> Iterator[tuple[object, ...]]:
    plan = mppsim.draw_plan(OFFICE, seed=11, replication=week)
    trace = mppsim.simulate(plan, engine="simpy")
    for number, (day, facts) in enumerate(zip(plan.days, trace.days, strict=True)):
        in_vain = {call.step: call for call in facts.vain_calls}
        steps = trace.steps[trace.steps["day"] == day.weekday].dropna(subset="joined")
        for ticket, step in enumerate(steps.itertuples(), start=1):
            call = in_vain.get(step.visitor)  # each visit has one step
            called = step.started if call is None else call.begin
            yield (
                FIRST_DAY + timedelta(days=7 * week + number),
                ticket,
                step.service,
                _clock(step.joined),
                _clock(called),
                "" if call else _clock(step.ended),
                (trace.plan.layout.counters[call.counter] if call else step.counter)[-1],
            )


def _clock(minutes: float) -> str:
    seconds = round(minutes * 60)
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"


if __name__ == "__main__":
    log().to_csv(Path(__file__).with_name("ticket-log.csv"), index=False, lineterminator="\n")
