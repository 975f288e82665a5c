"""What pydantic refuses, in the words of a planner: what was found, what is expected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from mppsim.scenario.errors import listed, nearest_name, quoted, shown
from mppsim.scenario.expectations import (
    Schema,
    allowed_keys,
    choices,
    described,
    described_key,
    key_choices,
)
from mppsim.scenario.tree import Finding, Key, Keys

KEY_MARK = "[key]"
"""Where pydantic says that it refuses the key of a map, not the value."""

_BOUNDS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


def findings_of(error: ValidationError, data: Any, schema: Schema) -> list[Finding]:
    """Return what is wrong in the data of a file, each thing once.

    `schema` says what is expected where pydantic only says what it is not.
    """
    details = [
        (_keys_in_file(detail, data), detail)
        for detail in error.errors(include_url=False, include_context=True)
    ]
    findings: dict[tuple[Keys, str], Finding] = {}
    for keys, detail in details:
        if _is_other_branch(keys, detail, details):
            continue
        finding = _finding(keys, detail, schema)
        findings.setdefault((finding.keys, finding.found), finding)
    return _without_echoes(list(findings.values()))


def _keys_in_file(detail: ErrorDetails, data: Any) -> Keys:
    """Return the path in the file: pydantic's without the names of the branches that it tried.

    A branch may be called like a key ('constant' in a mixture): then the value tells them apart.
    """
    ways = [*_ways(detail["loc"], data)]
    fitting = [keys for keys, value in ways if value is detail["input"]]
    return max(fitting or [keys for keys, _ in ways], key=len)


def _ways(loc: tuple[int | str, ...], data: Any) -> Iterator[tuple[Keys, Any]]:
    """Yield every path in the data whose keys come in this order in `loc`, with its value."""
    if not loc:
        yield (), data
        return
    part = loc[0]
    inner: dict[Key, Any] = {}
    if isinstance(data, dict):
        inner = {key: value for key, value in data.items() if str(key) == str(part)}
    elif isinstance(data, list) and isinstance(part, int) and part < len(data):
        inner = {part: data[part]}
    for key, value in inner.items():
        for keys, found in _ways(loc[1:], value):
            yield (key, *keys), found
    yield from _ways(loc[1:], data)


def _is_other_branch(
    keys: Keys, detail: ErrorDetails, details: list[tuple[Keys, ErrorDetails]]
) -> bool:
    """Tell whether a refusal is only about the kind of value that the planner did not mean.

    A lunch is a map or 'none': of a map with a wrong entry, only the entry is refused; of the
    refusals of one value, that in our own words is kept.
    """
    if (
        detail["type"] in ("missing", "extra_forbidden", "invalid_key")
        or detail["loc"][-1] == KEY_MARK
    ):
        return False
    for other_keys, other in details:
        inside = other_keys[: len(keys)] == keys and len(other_keys) > len(keys)
        missing_inside = other_keys == keys and other["type"] == "missing"
        ours = other_keys == keys and other["type"] == "expected" and detail["type"] != "expected"
        if inside or missing_inside or ours:
            return True
    return False


def _finding(keys: Keys, detail: ErrorDetails, schema: Schema) -> Finding:
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "missing":
        name = str(detail["loc"][-1])
        wanted = described(schema, (*keys, name))
        return Finding(keys, f"missing key {quoted(name)}", wanted, at_key=name)
    if kind in ("extra_forbidden", "invalid_key"):
        return _unknown_key(keys, schema)
    if detail["loc"][-1] == KEY_MARK:
        return _wrong_key(keys, context.get("expectation"), schema)
    found, near = shown(value), context.get("nearest")
    if kind == "expected":
        found = context["found"] or found
        wanted = _with_words(context["expectation"], schema, keys)
    elif kind in _BOUNDS and isinstance(value, str):
        bound, words = _BOUNDS[kind]
        wanted = f"a duration of {words} {context[bound]:g} min"
    elif kind == "finite_number":
        wanted = "a finite number"
    else:
        near = nearest_name(value, choices(schema, keys)) if isinstance(value, str) else None
        wanted = described(schema, keys)
    return Finding(keys, f"found {found}", wanted, near)


def _wrong_key(keys: Keys, expectation: str | None, schema: Schema) -> Finding:
    around, key = keys[:-1], keys[-1]
    wanted = expectation or described_key(schema, around)
    near = nearest_name(key, key_choices(schema, around))
    return Finding(around, f"found the key {shown(key)}", wanted, near, at_key=key)


def _unknown_key(keys: Keys, schema: Schema) -> Finding:
    around, key = keys[:-1], keys[-1]
    allowed = allowed_keys(schema, around)
    near = nearest_name(key, allowed)
    return Finding(
        around, f"unknown key {quoted(str(key))}", f"one of {listed(allowed)}", near, at_key=key
    )


def _with_words(expectation: str, schema: Schema, keys: Keys) -> str:
    """Add the words that may stand in place of what a validator of ours expects: 'none'."""
    return " or ".join([expectation, *map(quoted, choices(schema, keys))])


def _without_echoes(findings: list[Finding]) -> list[Finding]:
    """Leave out keys that are missing because they, or `extends`, are written wrongly."""
    meant = {(finding.keys, finding.nearest) for finding in findings if finding.nearest}
    return [
        finding
        for finding in findings
        if not finding.found.startswith("missing key")
        or not {(finding.keys, finding.at_key), ((), "extends")} & meant
    ]
