"""Overlays: `extends: base.yaml` and only what changes."""

from __future__ import annotations

from pathlib import Path

from mppsim.scenario.errors import ScenarioError, nearest_name, quoted, shown
from mppsim.scenario.files import read_text
from mppsim.scenario.tables import LAW_NAMES, with_tables
from mppsim.scenario.tree import Finding, Key, Keys, Node, problem_at, refusal
from mppsim.scenario.yaml_files import parse_yaml

KIND = "a scenario file in YAML"
LAWS_AT = ("service", "patience", "late", "late_start")


def load_tree(path: Path) -> Node:
    """Return the tree of a scenario file, merged into the files that it extends.

    Maps merge by key, lists and laws replace, `null` removes. New keys come after those of the
    base, but an overlay that names all classes sets their order too, as it has a meaning.
    """
    return _load(path, (), None)


def extended(tree: Node) -> Node:
    """Return the tree of plain data, with the files that it names in the current folder."""
    return _extended(tree, Path(), ())


def _load(path: Path, chain: tuple[Path, ...], asked: Node | None) -> Node:
    where = None if asked is None else (asked, Finding(("extends",), ""))
    tree = parse_yaml(read_text(path, KIND, where), str(path))
    return _extended(tree, path.parent, (*chain, path))


def _extended(tree: Node, folder: Path, chain: tuple[Path, ...]) -> Node:
    """Return a tree merged into the file that it extends; `chain` are the files that led here."""
    extends = tree.value.get("extends")
    if extends is None:
        return with_tables(tree)
    if not isinstance(extends.value, str | Path) or not extends.value:
        expectation = "the path of a scenario file such as 'base.yaml'"
        raise refusal(extends, ("extends",), f"found {shown(extends.value)}", expectation)
    base_path = folder / extends.value
    passed = [file.resolve() for file in chain]
    if "\0" not in str(extends.value) and base_path.resolve() in passed:
        cycle = [*chain[passed.index(base_path.resolve()) :], base_path]
        names = " -> ".join(file.name for file in cycle)
        raise refusal(extends, ("extends",), f"found a cycle: {names}", "files that end in a base")
    base = _load(base_path, chain, extends)
    own = {key: inner for key, inner in tree.value.items() if key != "extends"}
    return with_tables(_merged(base, Node(own, tree.file, tree.line), ()))


def _merged(base: Node, overlay: Node, keys: Keys) -> Node:
    entries: dict[Key, Node] = dict(base.value)
    for key, node in overlay.value.items():
        here = (*keys, key)
        if node.value is None:
            if key not in entries:
                raise ScenarioError(problem_at(node, _nothing_to_remove(base, here)))
            del entries[key]
        elif key in entries and _merges(key, entries[key], node):
            entries[key] = _merged(entries[key], node, here)
        else:
            entries[key] = node
    if keys[-1:] == ("classes",) and entries.keys() <= overlay.value.keys():
        entries = {key: entries[key] for key in overlay.value if key in entries}
    return Node(entries, overlay.file, overlay.line)


def _merges(key: Key, base: Node, overlay: Node) -> bool:
    return (
        isinstance(base.value, dict)
        and isinstance(overlay.value, dict)
        and not _is_law(key, overlay)
    )


def _is_law(key: Key, node: Node) -> bool:
    return key in LAWS_AT and len(node.value) == 1 and set(node.value) <= LAW_NAMES


def _nothing_to_remove(base: Node, keys: Keys) -> Finding:
    found = f"found no {quoted(str(keys[-1]))} in the base to remove"
    return Finding(keys, found, "a key that the base has", nearest_name(keys[-1], base.value))
