"""What a planner writes: a hall, its tenants, its hours and its visitors."""

from mppsim.scenario.errors import ScenarioError
from mppsim.scenario.json_schema import scenario_json_schema
from mppsim.scenario.load import load_scenario, parse_scenario
from mppsim.scenario.rosters import duty_spans
from mppsim.scenario.schema import Scenario

__all__ = [
    "Scenario",
    "ScenarioError",
    "duty_spans",
    "load_scenario",
    "parse_scenario",
    "scenario_json_schema",
]
