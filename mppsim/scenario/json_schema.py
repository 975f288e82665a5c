"""The JSON schema of scenario files, for editors that complete and check what a planner types."""

from __future__ import annotations

from typing import Any

from mppsim.scenario.expectations import Schema
from mppsim.scenario.parts import Model
from mppsim.scenario.schema import Scenario

_NULL = {"type": "null"}
_EXTENDS = {
    "type": "string",
    "description": "the scenario file that this one changes, seen from its own folder",
    "examples": ["base.yaml"],
}
_CSV = {"type": "string", "pattern": r"\.[cC][sS][vV]$"}
_TABLE = _CSV | {
    "description": "a CSV file with a row for each service",
    "examples": ["services.csv"],
}
_REPLAY_TABLE = _CSV | {
    "description": "a CSV file with a row for each visit",
    "examples": ["visits.csv"],
}
_BACKLOG_TABLE = _CSV | {
    "description": "a CSV file with the columns tenant, service and visitors",
    "examples": ["backlog.csv"],
}


def scenario_json_schema() -> Schema:
    """Return the schema of a scenario file: a whole hall, or an overlay on one.

    An overlay may leave out what its base has, and removes a key by `null`; so beneath the top
    nothing is required, but in the laws, which an overlay replaces as a whole.
    """
    whole = file_schema()
    definitions = whole["$defs"]
    for name in definitions.keys() & _parts(Model):
        _open_to_overlays(definitions[name])
    required = whole["required"]
    _open_to_overlays(whole)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:mppsim:scenario",
        **whole,
        "title": "mppsim scenario",
        "if": {"required": ["extends"]},
        "else": {"required": required},
    }


def file_schema() -> Schema:
    """Return the schema of a whole hall with what only a file can say: `extends`, a table."""
    whole = Scenario.model_json_schema()
    whole["properties"] = {"extends": _EXTENDS, **whole["properties"]}
    services = whole["$defs"]["Tenant"]["properties"]
    services["services"] = {"anyOf": [services["services"], _TABLE]}
    replay = whole["properties"]["replay"]
    replay["anyOf"].insert(0, _REPLAY_TABLE)
    for part in (whole, whole["$defs"]["Day"], whole["$defs"]["DayType"]):
        backlog = part["properties"]["backlog"]
        options = backlog.pop("anyOf", [backlog])
        part["properties"]["backlog"] = {"anyOf": [*options, _BACKLOG_TABLE]}
    return whole


def _parts(kind: type[Model]) -> set[str]:
    """Return the names of all parts of a scenario; a law is none."""
    return {kind.__name__}.union(*(_parts(part) for part in kind.__subclasses__()))


def _open_to_overlays(definition: Schema) -> None:
    definition.pop("required", None)
    for name, inner in definition.get("properties", {}).items():
        if name not in ("extends", "name"):
            definition["properties"][name] = _or_null(inner)


def _or_null(inner: Any) -> Any:
    """Return a schema that also lets `null` remove the value, and every entry where it is a map."""
    options = inner.get("anyOf", [inner])
    for option in options:
        for kind in ("additionalProperties", "patternProperties"):
            if isinstance(option.get(kind), dict):
                option[kind] = _nullable_entries(kind, option[kind])
        if "patternProperties" in option:
            option["additionalProperties"] = False
    if _NULL in options:
        return inner
    around = {key: inner[key] for key in ("title", "description", "default") if key in inner}
    return {**around, "anyOf": [*options, _NULL]}


def _nullable_entries(kind: str, inner: Schema) -> Schema:
    if kind == "additionalProperties":
        return {"anyOf": [inner, _NULL]}
    return {pattern: {"anyOf": [entry, _NULL]} for pattern, entry in inner.items()}
