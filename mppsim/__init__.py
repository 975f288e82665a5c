"""mppsim: simulate the visitors of a public service hall, and read how long they wait."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mppsim.api import (
        Call,
        Policy,
        Waiting,
        attribute,
        check,
        compare,
        draw_plan,
        estimate,
        headroom,
        load_scenario,
        run,
        simulate,
        size,
        sweep,
    )
    from mppsim.report.comparison import Comparison
    from mppsim.report.result import Result
    from mppsim.scenario import Scenario, ScenarioError

__version__ = "0.1.0"

__all__ = [
    "Call",
    "Comparison",
    "Policy",
    "Result",
    "Scenario",
    "ScenarioError",
    "Waiting",
    "attribute",
    "check",
    "compare",
    "draw_plan",
    "estimate",
    "headroom",
    "load_scenario",
    "run",
    "simulate",
    "size",
    "sweep",
]

_HOMES = {
    "Comparison": "mppsim.report.comparison",
    "Result": "mppsim.report.result",
    "Scenario": "mppsim.scenario",
    "ScenarioError": "mppsim.scenario",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: `import mppsim` alone takes no time."""
    if name not in __all__:
        raise AttributeError(f"module 'mppsim' has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES.get(name, "mppsim.api")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
