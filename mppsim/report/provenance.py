"""Where a number comes from: what was simulated, how often, by which versions, and how again."""

from __future__ import annotations

import platform
import shlex
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

from mppsim.engine.policy import name_of
from mppsim.study import Run

if TYPE_CHECKING:
    import pandas as pd


def provenance(run: Run) -> dict[str, str | int]:
    """Return what repeats a run; no date and no machine, so that equal runs give equal bytes."""
    from mppsim import __version__

    job, weekdays = run.job, run.observations.weekdays
    return {
        "scenario": job.scenario.name,
        "scenario_sha256": job.scenario.digest(),
        "seed": job.seed,
        "replications": job.replications,
        "weekdays": " ".join(weekdays),
        **({"policy": name_of(job.policy)} if job.policy is not None else {}),
        "days_simulated": job.replications * len(weekdays),
        "mppsim": __version__,
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "simpy": version("simpy"),
        "command": command("run", [run]),
    }


def provenance_table(run: Run) -> pd.DataFrame:
    """Return the provenance as a table of items and values, all of them text."""
    import pandas as pd

    items = {key: str(value) for key, value in provenance(run).items()}
    return pd.DataFrame({"item": list(items), "value": list(items.values())}, index=list(items))


def command(verb: str, runs: Sequence[Run]) -> str:
    """Return the line that repeats runs of the same replications and seed.

    A scenario that was made in Python, and not read from a file, can only be repeated in Python; so
    can one with a policy.
    """
    job = runs[0].job
    paths = [run.job.scenario._path for run in runs]
    policies = [None if one is None else name_of(one) for one in (run.job.policy for run in runs)]
    if None in paths or any(policies):
        halls = "scenario" if verb == "run" else "scenarios"
        day = "" if job.day is None else f", day={str(job.day)!r}"
        arguments = f"{halls}, replications={job.replications}, seed={job.seed}{day}"
        if any(policies):
            many = f"policies=[{', '.join(map(str, policies))}]"
            arguments += f", policy={policies[0]}" if verb == "run" else f", {many}"
        return f"mppsim.{verb}({arguments})"
    day_option = [] if job.day is None else ["--day", str(job.day)]
    words = ["mppsim", verb, *map(str, paths), "--replications", str(job.replications)]
    return shlex.join([*words, "--seed", str(job.seed), *day_option])
