"""What is done around the model: replications, and scenarios side by side."""

from mppsim.study.comparison import PairedRuns, replicate_all
from mppsim.study.replications import Job, Run, replicate, usual_replications

__all__ = ["Job", "PairedRuns", "Run", "replicate", "replicate_all", "usual_replications"]
