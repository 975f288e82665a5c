"""What the JSON schema expects at a path of a scenario, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mppsim.scenario.errors import listed, quoted
from mppsim.scenario.tree import Key, Keys

Schema = dict[str, Any]


def described(schema: Schema, keys: Keys) -> str:
    """Return what may stand at a path: `a whole number of at least 1`."""
    parts = _parts_at(schema, keys)
    maps = [part for part in parts if "properties" in part]
    words = [_words(part) for part in parts if len(maps) < 2 or part not in maps]
    if len(maps) > 1:
        words.insert(0, _one_of_maps(maps))
    return " or ".join(dict.fromkeys(filter(None, words))) or "another value"


def described_key(schema: Schema, keys: Keys) -> str:
    """Return what a key of the map at a path may be."""
    names = [_words(part) for part in _key_parts(schema, keys)]
    return " or ".join(dict.fromkeys(filter(None, names))) or "another key"


def choices(schema: Schema, keys: Keys) -> list[str]:
    """Return the words that may stand at a path; empty where a value is not one of a few words."""
    return [word for part in _parts_at(schema, keys) for word in _named(part)]


def key_choices(schema: Schema, keys: Keys) -> list[str]:
    """Return the words that a key of the map at a path may be; empty where it is free."""
    return [word for part in _key_parts(schema, keys) for word in _named(part)]


def allowed_keys(schema: Schema, keys: Keys) -> list[str]:
    """Return the keys that the map at a path may have."""
    return [key for part in _parts_at(schema, keys) for key in part.get("properties", {})]


def _parts_at(schema: Schema, keys: Keys) -> list[Schema]:
    parts = list(_alternatives(schema, schema))
    for key in keys:
        parts = [
            alternative
            for part in parts
            for inner in _inside(part, key)
            for alternative in _alternatives(inner, schema)
        ]
    return parts


def _key_parts(schema: Schema, keys: Keys) -> list[Schema]:
    return [part["propertyNames"] for part in _parts_at(schema, keys) if "propertyNames" in part]


def _alternatives(part: Schema, root: Schema) -> Iterator[Schema]:
    """Yield the schemas that a value may meet, with references looked up and `null` left out."""
    if "$ref" in part:
        definition = root["$defs"][part["$ref"].rpartition("/")[2]]
        yield from _alternatives(definition, root)
    elif "anyOf" in part or "oneOf" in part:
        for inner in part["anyOf"] if "anyOf" in part else part["oneOf"]:
            yield from _alternatives(inner, root)
    elif part.get("type") != "null":
        yield part


def _inside(part: Schema, key: Key) -> list[Schema]:
    if key in part.get("properties", {}):
        return [part["properties"][key]]
    inner = [*part.get("patternProperties", {}).values()]
    inner += [part[name] for name in ("additionalProperties", "items") if name in part]
    return [schema for schema in inner if isinstance(schema, dict)]


def _words(part: Schema) -> str:
    named = _named(part)
    if named:
        return quoted(named[0]) if len(named) == 1 else f"one of {listed(named)}"
    kind = part.get("type")
    if kind == "object" and "properties" in part:
        return f"a map with the keys {listed(part['properties'])}"
    if kind == "string":
        return str(part.get("description", "a text"))
    if kind in ("integer", "number"):
        return ("a whole number" if kind == "integer" else "a number") + _bounds(part)
    if "minProperties" in part or "minItems" in part:
        return f"a {'map' if kind == 'object' else 'list'} with at least one entry"
    plain = {"object": "a map", "array": "a list", "boolean": "true or false"}
    return plain.get(str(kind), str(part.get("description", "")))


def _one_of_maps(maps: list[Schema]) -> str:
    """Return words for maps that differ by their keys, as laws do."""
    common = set.intersection(*(set(part["properties"]) for part in maps))
    names = [name for part in maps for name in part["properties"] if name not in common]
    return f"a map with one of the keys {listed(names)}"


def _named(part: Schema) -> list[str]:
    names = part["enum"] if "enum" in part else [part["const"]] if "const" in part else []
    return [str(name) for name in names]


def _bounds(part: Schema) -> str:
    low, above, high = (part.get(name) for name in ("minimum", "exclusiveMinimum", "maximum"))
    if low is not None and high is not None:
        return f" from {low:g} to {high:g}"
    bounds = (("of at least", low), ("of more than", above), ("of at most", high))
    return "".join(f" {words} {bound:g}" for words, bound in bounds if bound is not None)
