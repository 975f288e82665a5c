"""From a scenario file to a Scenario, or to a refusal that says where and why."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from mppsim.scenario.checks import contradictions
from mppsim.scenario.errors import Problem, ScenarioError, nearest_name, shown
from mppsim.scenario.json_schema import file_schema
from mppsim.scenario.overlays import extended, load_tree
from mppsim.scenario.refusals import findings_of
from mppsim.scenario.schema import Scenario
from mppsim.scenario.tree import Finding, Key, Node, locate, plain, refusal, tree_of


def load_scenario(source: str | Path | Mapping[str, Any] | Scenario) -> Scenario:
    """Return the scenario in a YAML file, with every default filled in and every check done.

    A map says what a file would say, `extends` too, seen from the current folder. A Scenario is
    checked and returned. Raises ScenarioError with everything that is wrong.
    """
    if isinstance(source, Scenario):
        refuse(contradictions(source), tree_of({}))
        return source
    if isinstance(source, Mapping):
        return _validated(extended(tree_of(dict(source))))
    scenario = _validated(load_tree(Path(source)))
    scenario._path = str(source)
    return scenario


def parse_scenario(data: dict[str, Any]) -> Scenario:
    """Return the scenario in plain data, such as a changed `model_dump(mode="json")`."""
    return _validated(tree_of(data))


def _validated(tree: Node) -> Scenario:
    tree = _without_closed_days(_with_day_types(tree))
    data = plain(tree)
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        refuse(findings_of(error, data, file_schema()), tree)
        raise
    refuse(contradictions(scenario), tree)
    return scenario


def refuse(findings: list[Finding], tree: Node) -> None:
    """Raise all findings, in the order of the lines; what several days share is said once."""
    problems: dict[tuple[Any, ...], Problem] = {}
    for finding in findings:
        problem = locate(tree, finding)
        same = problem.line is not None
        where = (problem.file, problem.line) if same else problem.path
        problems.setdefault((where, problem.found, problem.expected), problem)
    if problems:
        in_order = sorted(
            problems.values(), key=lambda problem: (problem.file or "", problem.line or 0)
        )
        raise ScenarioError(*in_order)


def _with_day_types(tree: Node) -> Node:
    """Return the tree with each day filled up from its type; the day's own keys win."""
    days, types = (tree.value.get(key) for key in ("days", "day_types"))
    if days is None or not isinstance(days.value, dict):
        return tree
    known = types.value if types is not None and isinstance(types.value, dict) else {}
    filled = {day: _filled(node, known, day) for day, node in days.value.items()}
    entries = {**tree.value, "days": Node(filled, days.file, days.line)}
    return Node(entries, tree.file, tree.line)


def _without_closed_days(tree: Node) -> Node:
    """Return the tree without the days that are closed, and with the reasons under `closed`."""
    days, closed = (tree.value.get(key) for key in ("days", "closed"))
    if days is None or not isinstance(days.value, dict):
        return tree
    reasons = dict(closed.value) if closed is not None and isinstance(closed.value, dict) else {}
    for weekday, day in days.value.items():
        said = day.value.get("closed") if isinstance(day.value, dict) else None
        if said is not None and (said.value is True or isinstance(said.value, str)):
            text = "closed" if said.value is True else said.value
            reasons[weekday] = Node(text, said.file, said.line)
    if not reasons:
        return tree
    open_days = {weekday: day for weekday, day in days.value.items() if weekday not in reasons}
    entries = {
        **tree.value,
        "days": Node(open_days, days.file, days.line),
        "closed": Node(reasons, days.file, days.line),
    }
    return Node(entries, tree.file, tree.line)


def _filled(day: Node, types: dict[Key, Node], weekday: Key) -> Node:
    kind = day.value.get("type") if isinstance(day.value, dict) else None
    if kind is None or not isinstance(kind.value, str):
        return day
    if kind.value not in types:
        expectation = f"one of {', '.join(map(str, types))}" if types else "an entry of day_types"
        found, near = f"found {shown(kind.value)}", nearest_name(kind.value, types)
        raise refusal(kind, ("days", weekday, "type"), found, expectation, near)
    shared = types[kind.value].value
    if not isinstance(shared, dict):
        return day
    return Node({**shared, **day.value}, day.file, day.line)
