"""A scenario file as a tree of plain values that know their file and line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mppsim.scenario.errors import Problem, ScenarioError, printable

Key = str | int | float | bool | None
Keys = tuple[Key, ...]


@dataclass(frozen=True)
class Node:
    """A value and where it is written: an entry of a map stands at the line of its key."""

    value: Any
    """A map of nodes, a list of nodes, or a text, number, truth value or None."""
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class Finding:
    """What is wrong at a path of the tree; `found` is a clause such as `found 0`."""

    keys: Keys
    found: str
    expected: str | None = None
    nearest: str | None = None
    at_key: Key = None
    """The entry of the map at `keys` whose line is meant, where the path names the map."""


def plain(node: Node) -> Any:
    """Return the values without their places."""
    if isinstance(node.value, dict):
        return {key: plain(inner) for key, inner in node.value.items()}
    if isinstance(node.value, list):
        return [plain(inner) for inner in node.value]
    return node.value


def tree_of(data: Any, file: str | None = None, line: int | None = None) -> Node:
    """Return plain data as a tree, all of it at one place."""
    if isinstance(data, dict):
        data = {key: tree_of(inner, file, line) for key, inner in data.items()}
    elif isinstance(data, list | tuple):
        data = [tree_of(inner, file, line) for inner in data]
    return Node(data, file, line)


def locate(tree: Node, finding: Finding) -> Problem:
    """Return a finding with the file and line of the value, or of the nearest map around it."""
    keys = finding.keys if finding.at_key is None else (*finding.keys, finding.at_key)
    node = tree
    for key in keys:
        inner = _inner(node, key)
        if inner is None:
            break
        node = inner
    return problem_at(node, finding)


def problem_at(node: Node, finding: Finding) -> Problem:
    """Return a finding as a problem of this node."""
    return Problem(
        finding.found,
        finding.expected,
        finding.nearest,
        path=dotted(finding.keys),
        file=node.file,
        line=node.line,
    )


def refusal(node: Node, *args: Any, **kwargs: Any) -> ScenarioError:
    """Return the error of one finding (its fields as arguments) at this node."""
    return ScenarioError(problem_at(node, Finding(*args, **kwargs)))


def dotted(keys: Sequence[Key]) -> str | None:
    """Return a path as it is shown: `days.fri.breaks[0]`; None for the whole file."""
    text = "".join(f"[{key}]" if type(key) is int else f".{key}" for key in keys)
    return printable(text.removeprefix(".")) or None


def _inner(node: Node, key: Key) -> Node | None:
    inner: Node | None = None
    if isinstance(node.value, dict):
        inner = node.value.get(key)
    elif isinstance(node.value, list) and type(key) is int and key < len(node.value):
        inner = node.value[key]
    return inner
