"""`mppsim attribute`: which new tenants make the others wait, and what helps."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mppsim.cli.options import (
    Engine,
    Json,
    OnCluster,
    OneDay,
    Runs,
    Seed,
    Workers,
    store_in,
    workers_at,
)
from mppsim.cli.output import show_answer
from mppsim.cli.progress import progress_bar
from mppsim.scenario import load_scenario
from mppsim.scenario.errors import InputError
from mppsim.study import Job


def attribute(
    base: Annotated[Path, typer.Argument(help="The hall before the new tenants.")],
    plan: Annotated[Path, typer.Argument(help="The hall with them.")],
    group: Annotated[
        list[str] | None,
        typer.Option(help="Tenants that come together, such as police=sim,skck."),
    ] = None,
    remedy: Annotated[
        list[Path] | None, typer.Option(help="A hall with a remedy of your own, to be ranked too.")
    ] = None,
    replications: Annotated[
        int, typer.Option("--replications", "-n", help="Weeks to simulate of each hall.")
    ] = 20,
    seed: Seed = 1,
    workers: Workers = None,
    cluster: OnCluster = None,
    engine: Engine = "auto",
    day: OneDay = None,
    runs: Runs = None,
    out: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="Folder for the report, the tables, the picture."),
    ] = None,
    json_: Json = False,
) -> None:
    """Tell how much waiting and how many seats each new tenant adds to the others, and what helps.

    Each set of new tenants is simulated; of more than six, the sets of orders drawn at random.
    """
    from mppsim.report.attribution import Attribution, attribution_text
    from mppsim.study.attribution import attribute_waits
    from mppsim.study.remedies import Remedy, try_remedies, usual_remedies

    with_new = load_scenario(plan)
    job = Job(with_new, replications, seed, engine, day)
    those, store = workers_at(cluster, workers), store_in(runs)
    groups = _groups(group or [])
    remedies = [Remedy(hall.name, hall) for hall in map(load_scenario, remedy or ())]
    remedies += usual_remedies(with_new)
    with progress_bar(with_new.name, None) as progress:
        study = attribute_waits(
            load_scenario(base),
            with_new,
            groups=groups,
            job=job,
            workers=those,
            progress=progress,
            runs=store,
        )
        tried = try_remedies(remedies, job=job, workers=those, progress=progress, runs=store)
    answer = Attribution(study, tried)
    if out is not None:
        answer.to_html(out / "report.html")
        answer.to_csv(out)
        answer.plot().savefig(out / "attribution.svg")
    if json_:
        print(answer.to_json())
    else:
        show_answer(attribution_text(answer), out)


def _groups(texts: list[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for text in texts:
        name, equals, tenants = text.partition("=")
        name = name.strip()
        if not equals or not tenants or not name:
            raise InputError(
                f"--group: found '{text}'; expected a name and tenants, police=sim,skck"
            )
        if name in groups:
            raise InputError(f"--group: found {name} twice; expected all its tenants at once")
        groups[name] = [tenant.strip() for tenant in tenants.split(",")]
    return groups
