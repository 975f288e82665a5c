"""Traces as files: what happened, step by step, one file a replication and table.

    traces/steps/000012.parquet       one row a step, as `Trace.steps`, after its replication
    traces/visitors/000012.parquet    one row a visitor, as `Trace.visitors`

Each folder is one table for whatever reads Parquet, such as `pandas.read_parquet("traces/steps")`.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from mppsim.engine.trace import Trace
from mppsim.study.whole_files import put


def write_trace(trace: Trace, folder: Path) -> None:
    """Write the tables of one replication, in place of any that are there."""
    number = trace.plan.replication
    for name, table in (("steps", trace.steps), ("visitors", trace.visitors)):
        table.insert(0, "replication", number)
        content = BytesIO()
        table.to_parquet(content, index=False)
        (folder / name).mkdir(parents=True, exist_ok=True)
        put(folder / name / f"{number:06d}.parquet", content.getvalue())
