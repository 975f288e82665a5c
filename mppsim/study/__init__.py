"""What is done around the model: replications, and scenarios side by side."""

from mppsim.study.comparison import PairedRuns, measures_for, replicate_all
from mppsim.study.executors import Cluster
from mppsim.study.replications import (
    Job,
    Run,
    replicate,
    replicate_each,
    usual_replications,
    with_more,
)
from mppsim.study.run_store import RunStore
from mppsim.study.until import KnownRun, Standing, replicate_until

__all__ = [
    "Cluster",
    "Job",
    "KnownRun",
    "PairedRuns",
    "Run",
    "RunStore",
    "Standing",
    "measures_for",
    "replicate",
    "replicate_all",
    "replicate_each",
    "replicate_until",
    "usual_replications",
    "with_more",
]
