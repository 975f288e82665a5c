"""`mppsim size`: the cheapest hall that keeps its promises."""

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
from mppsim.measure.targets import parse_goal
from mppsim.scenario import load_scenario
from mppsim.scenario.errors import InputError
from mppsim.study import Job
from mppsim.study.sizing import SizingRules, size_hall

TARGET_NOT_MET = 1

Targets = Annotated[
    list[str] | None,
    typer.Option(
        "--target",
        help="A bound such as 'P(wait <= 15 min) >= 0.9', for every tenant and station, or with "
        "one in front; 'P(standing <= 10) >= 0.95' for seats. Without: what the hall promises.",
    ),
]
Prices = Annotated[
    list[str] | None,
    typer.Option("--price", help="What a counter of a station costs, such as kiosk=0.2; else 1."),
]
Confidence = Annotated[float, typer.Option(help="How sure the whole answer must be.")]
Indifference = Annotated[
    float,
    typer.Option(
        help="By which part of the visitors a bound may be kept and yet be called broken."
    ),
]
Most = Annotated[int, typer.Option(help="Most replications of one hall.")]


def size(
    scenario: Annotated[Path, typer.Argument(help="A scenario file.")],
    target: Targets = None,
    price: Prices = None,
    shifts: Annotated[
        Path | None,
        typer.Option(help="A file of shifts with costs, from which rosters are made."),
    ] = None,
    confidence: Confidence = SizingRules.confidence,
    indifference: Indifference = SizingRules.indifference,
    most: Most = SizingRules.most,
    seed: Seed = 1,
    workers: Workers = None,
    cluster: OnCluster = None,
    engine: Engine = "auto",
    day: OneDay = None,
    runs: Runs = None,
    out: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="Folder for the report, the sized hall, the tables."),
    ] = None,
    json_: Json = False,
) -> None:
    """Find the cheapest counters and seats with which a hall keeps its targets.

    Exit code 1 if no number of counters is enough somewhere.
    """
    from mppsim.report.sizing import Sizing
    from mppsim.report.sizing_text import sizing_text
    from mppsim.study.shift_cover import load_shifts

    hall = load_scenario(scenario)
    with progress_bar(hall.name, None) as progress:
        study = size_hall(
            hall,
            [parse_goal(text) for text in target or ()],
            prices=_prices(price or ()),
            shifts=None if shifts is None else load_shifts(shifts),
            rules=SizingRules(confidence, indifference, most),
            job=Job(hall, 1, seed, engine, day),
            workers=workers_at(cluster, workers),
            progress=progress,
            runs=store_in(runs),
        )
    sizing = Sizing(study)
    if out is not None:
        sizing.to_html(out / "report.html")
        sizing.to_csv(out)
        sizing.to_yaml(out / "sized.yaml")
        sizing.plot().savefig(out / "frontier.svg")
    if json_:
        print(sizing.to_json())
    else:
        show_answer(sizing_text(sizing), out)
    if not sizing.is_met:
        raise typer.Exit(TARGET_NOT_MET)


def _prices(texts: list[str] | tuple[()]) -> dict[str, float]:
    prices = {}
    for text in texts:
        station, _, amount = text.partition("=")
        try:
            prices[station.strip()] = float(amount)
        except ValueError:
            found = f"--price: found '{text}'"
            raise InputError(f"{found}; expected a station and a number, kiosk=0.2") from None
    return prices
