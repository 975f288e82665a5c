"""A study file: a hall, what to vary about it, and what to measure, in YAML."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from mppsim.scenario import Scenario, ScenarioError, load_scenario
from mppsim.scenario.days import Weekday
from mppsim.scenario.errors import InputError, Problem
from mppsim.scenario.files import read_text
from mppsim.scenario.load import refuse
from mppsim.scenario.parts import Model, Number
from mppsim.scenario.refusals import findings_of
from mppsim.scenario.tree import Finding, Node, plain
from mppsim.scenario.yaml_files import parse_yaml
from mppsim.study.designs import DesignName
from mppsim.study.factors import Range
from mppsim.study.replications import Job, usual_replications
from mppsim.study.sweep import MEASURES, SAMPLES, Sweep, sweep_of

KIND = "a study file in YAML"


class Ends(Model):
    """A range: from the one value to the other."""

    low: Annotated[int, Field(strict=True)] | Number | str
    high: Annotated[int, Field(strict=True)] | Number | str


class Study(Model):
    """What a study file may say."""

    scenario: str
    """The file of the hall, seen from the folder of the study."""
    vary: Annotated[dict[str, list[bool | int | float | str] | Ends], Field(min_length=1)]
    """What to change, by its path in the file of the hall: a list of values, or a range."""
    design: DesignName = "grid"
    samples: Annotated[int, Field(strict=True, ge=1, le=100_000)] = SAMPLES
    """How many points, walks or base points, for designs that draw them."""
    measures: Annotated[tuple[str, ...], Field(min_length=1)] = MEASURES
    replications: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] | None = None
    seed: Annotated[int, Field(strict=True, ge=0, lt=2**64)] = 1
    day: Weekday | None = None


def load_study(path: str | Path, *, engine: str = "auto") -> Sweep:
    """Return the sweep that a study file describes; raises ScenarioError with file and line."""
    path = Path(path)
    tree = parse_yaml(read_text(path, KIND), str(path), "a study")
    data = plain(tree)
    try:
        study = Study.model_validate(data)
    except ValidationError as error:
        refuse(findings_of(error, data, Study.model_json_schema()), tree)
        raise
    hall = path.parent / study.scenario
    if not hall.is_file():
        where = (tree.value["scenario"], Finding(("scenario",), ""))
        read_text(hall, "a scenario file in YAML", where)
    try:
        return _sweep(study, load_scenario(hall), engine)
    except InputError as error:
        raise _placed(tree, error) from None


def study_json_schema() -> dict[str, Any]:
    """Return the schema of study files, by which editors complete and check them."""
    about = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:mppsim:study"}
    return {**about, **Study.model_json_schema(), "title": "mppsim study"}


def _sweep(study: Study, base: Scenario, engine: str) -> Sweep:
    n = study.replications or usual_replications(base)
    job = Job(base, n, study.seed, engine, study.day)
    vary = {
        path: Range(values.low, values.high) if isinstance(values, Ends) else values
        for path, values in study.vary.items()
    }
    return sweep_of(job, vary, study.measures, study.design, study.samples)


def _placed(tree: Node, error: InputError) -> ScenarioError:
    """Return an error about a key of the study with the line of the key."""
    if isinstance(error, ScenarioError):
        problems = error.problems
    else:
        path, found = str(error).split(": ", 1)
        problems = (Problem(found, path=path),)
    return ScenarioError(*(_with_line(tree, problem) for problem in problems))


def _with_line(tree: Node, problem: Problem) -> Problem:
    if problem.file is not None:
        return problem
    node = tree
    for key in (problem.path or "").split(".", 1):
        node = node.value.get(key, node) if isinstance(node.value, dict) else node
    return replace(problem, file=node.file, line=node.line)
