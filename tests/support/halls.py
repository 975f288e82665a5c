"""A small hall for tests, with a bit of everything, that a test may change."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from mppsim.scenario import Scenario, parse_scenario

SMALL_HALL: dict[str, Any] = {
    "name": "A small hall",
    "days": {
        "mon": {"open": "08:00", "close": "15:00", "last_ticket": "14:30"},
        "fri": {"open": "08:00", "close": "15:00", "demand": 0.8, "breaks": ["11:30-13:30"]},
    },
    "lunch": {"start": "12:00", "length": "60 min", "sittings": 2},
    "promise": {"wait": "15 min"},
    "arrivals": {
        "profile": {"08:00": 0.5, "09:00": 0.3, "12:00": 0.2},
        "early": {"share": 0.1, "within": "30 min"},
        "day_to_day_cv": 0.15,
    },
    "visitors": {
        "classes": {"priority": 0.1, "regular": 0.9},
        "party": {1: 0.7, 2: 0.3},
        "patience": {"lognormal": {"median": "40 min", "cv": 0.8}},
        "balk": {"above": 12},
    },
    "zones": {"main": {"seats": 20}},
    "stations": {
        "kiosk": {"zone": "main", "counters": 2, "service": {"constant": "30 s"}},
        "cashier": {"zone": "main", "counters": 1, "service": {"exponential": {"mean": "2 min"}}},
    },
    "journey": ["kiosk", "tenant"],
    "tenants": {
        "tax": {
            "zone": "main",
            "counters": 3,
            "visitors_per_day": 60,
            "then": {"cashier": 0.3, "bank": 0.1},
            "services": {
                "pay": {"share": 0.7, "service": {"lognormal": {"mean": "6 min", "cv": 0.8}}},
                "ask": {"share": 0.3, "service": {"gamma": {"mean": "9 min", "cv": 0.6}}},
            },
        },
        "bank": {
            "zone": "main",
            "counters": 1,
            "visitors_per_day": 40,
            "quota": 45,
            "services": {"pay": {"service": {"exponential": {"mean": "4 min"}}}},
        },
        "post": {
            "zone": "main",
            "counters": 1,
            "visitors_per_day": 15,
            "services": {"send": {"service": {"uniform": {"low": "2 min", "high": "5 min"}}}},
        },
    },
}


def hall(*changes: Callable[[dict[str, Any]], object]) -> Scenario:
    """Return the small hall with the changes made to it."""
    spec = copy.deepcopy(SMALL_HALL)
    for change in changes:
        change(spec)
    return parse_scenario(spec)
