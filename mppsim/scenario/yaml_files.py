"""YAML 1.2 text as a tree with line numbers, without tags, objects and duplicate keys."""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.nodes import Node as YamlNode

from mppsim.scenario.errors import Problem, ScenarioError, quoted, shown
from mppsim.scenario.tree import Key, Keys, Node, refusal

MOST_VALUES = 100_000
"""More values than any hall needs: anchors that repeat each other reach it within a few lines."""

_CORE = "tag:yaml.org,2002:"
_NUMBERS = {"int": int, "float": float}
_INFINITE = {".inf": "inf", "+.inf": "inf", "-.inf": "-inf", ".nan": "nan"}
_OLD_YAML = re.compile(r"^%YAML\s+(?!1\.2\b)", re.MULTILINE)


def parse_yaml(text: str, file: str, kind: str = "a scenario") -> Node:
    """Return the map that a YAML text holds; raises ScenarioError with the line."""
    old = _OLD_YAML.search(text)
    if old:
        line = text.count("\n", 0, old.start()) + 1
        raise ScenarioError(
            Problem("found another YAML version", "YAML 1.2", None, None, file, line)
        )
    root = _composed(text, file, kind)
    if root is None:
        raise ScenarioError(Problem("found no keys, only comments", kind, file=file))
    tree = _Conversion(file).node(root, (), None)
    if not isinstance(tree.value, dict):
        raise refusal(tree, (), f"found {shown(tree.value)}", "a map such as 'name: My hall'")
    return tree


def _composed(text: str, file: str, kind: str) -> YamlNode | None:
    yaml = YAML()
    yaml.composer.warn_double_anchors = False  # YAML 1.2 allows to use the name of an anchor anew
    try:
        root: YamlNode | None = yaml.compose(text)
    except (YAMLError, ValueError, OverflowError) as error:  # the last two by "\\UFFFFFFFF"
        raise ScenarioError(_syntax_problem(error, file, kind)) from None
    except RecursionError:
        found = "found maps or lists nested too deep"
        raise ScenarioError(Problem(found, f"{kind} in YAML", file=file)) from None
    return root


class _Conversion:
    """Turns the nodes of one file into ours."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._n_values = 0
        self._around: list[YamlNode] = []

    def node(self, source: YamlNode, keys: Keys, line: int | None) -> Node:
        """Return the tree of a YAML node; `line` is that of its key."""
        here = Node(None, self._file, line or source.start_mark.line + 1)
        self._n_values += 1
        if self._n_values > MOST_VALUES:
            found = f"found more than {MOST_VALUES:,} values"
            raise refusal(here, keys[:1], found, "fewer values, or fewer aliases of them")
        if any(source is outer for outer in self._around):
            raise refusal(here, keys, "found an alias of itself", "a value that ends")
        self._around.append(source)
        value = self._value(source, keys, here)
        self._around.pop()
        return Node(value, here.file, here.line)

    def _value(self, source: YamlNode, keys: Keys, here: Node) -> Any:
        kind = str(source.tag).removeprefix(_CORE)
        if isinstance(source, MappingNode) and kind == "map":
            return self._map(source, keys)
        if isinstance(source, SequenceNode) and kind == "seq":
            return [self.node(item, (*keys, i), None) for i, item in enumerate(source.value)]
        if isinstance(source, ScalarNode) and not str(source.tag).startswith("!"):
            # The parser marks with bells where it has folded lines.
            text = source.value.replace("\a", "") if source.style == ">" else source.value
            scalar = _scalar(kind, text)
            if scalar is not NotImplemented:
                return scalar
        tag = str(source.tag).replace(_CORE, "!!")
        found = f"found the tag {quoted(tag)}"
        raise refusal(here, keys, found, "plain text, numbers, lists and maps")

    def _map(self, source: MappingNode, keys: Keys) -> dict[Key, Node]:
        entries: dict[Key, Node] = {}
        for key_source, value_source in source.value:
            line = key_source.start_mark.line + 1
            here = Node(None, self._file, line)
            key = self._key(key_source, keys, here)
            if key in entries:
                first = f"the key {key} once (it is also on line {entries[key].line})"
                raise refusal(here, keys, f"found a second key {quoted(str(key))}", first)
            entries[key] = self.node(value_source, (*keys, key), line)
        return entries

    def _key(self, source: YamlNode, keys: Keys, here: Node) -> Key:
        if not isinstance(source, ScalarNode):
            raise refusal(here, keys, "found a map or list as a key", "a name as a key")
        key: Key = self._value(source, keys, here)
        if type(key) not in (str, int):
            raise refusal(here, keys, f"found {shown(key)} as a key", "a name as a key")
        return key


def _scalar(kind: str, text: str) -> Any:
    """Return a scalar by the name of its YAML type; NotImplemented for a type that has no place."""
    if kind in ("str", "timestamp", "merge", "value"):
        return text
    if kind == "null":
        return None
    if kind == "bool" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    if kind in _NUMBERS:
        digits = _INFINITE.get(text.lower(), text.replace("_", ""))
        based = kind == "int" and digits.lstrip("+-")[:2] in ("0x", "0o", "0b")
        try:
            return int(digits, 0) if based else _NUMBERS[kind](digits)
        except ValueError:
            return NotImplemented
    return NotImplemented


def _syntax_problem(error: Exception, file: str, kind: str) -> Problem:
    what, mark = str(error), None
    if isinstance(error, MarkedYAMLError):
        what = ", ".join(filter(None, (error.context, error.problem)))
        mark = error.problem_mark or error.context_mark
    line = None if mark is None else mark.line + 1
    found = f"found text that is no YAML ({what})"
    return Problem(found, f"{kind} in YAML", file=file, line=line)
