"""Traces as files: what happened, step by step, one file a unit of work and table.

    traces/steps/000200.parquet       one row a step, as `Trace.steps`, after its replication
    traces/visitors/000200.parquet    one row a visitor, as `Trace.visitors`

Each folder is one table for whatever reads Parquet, such as `pandas.read_parquet("traces/steps")`.
A file is named by the first of the replications in it.

Why this way: a file for each replication takes longer to be opened and closed than to be written.
Times are kept by byte (BYTE_STREAM_SPLIT), as their first bytes are all alike, and counts by their
differences: half the size of what is written without, in less time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mppsim.engine.trace import Trace
from mppsim.engine.trace_tables import (
    Column,
    Columns,
    Names,
    joined,
    steps_columns,
    visitors_columns,
)
from mppsim.study.whole_files import put

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_TABLES = {"steps": steps_columns, "visitors": visitors_columns}
_ROWS_TOGETHER = 2**14
"""Rows that are written as one group, at least; Arrow keeps memory in proportion."""


@contextmanager
def kept_traces(folder: Path | None, numbers: range) -> Iterator[Callable[[Trace], None]]:
    """Yield what takes the traces of these replications, which are written in the end.

    They replace files of the same. Without a folder nothing is kept.
    """
    if folder is None:
        yield lambda trace: None
        return
    import pyarrow as pa

    tables = {name: _Table(columns_of) for name, columns_of in _TABLES.items()}

    def keep(trace: Trace) -> None:
        for table in tables.values():
            table.add(trace)

    yield keep
    for name, table in tables.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        first, *others = (folder / name / f"{number:06d}.parquet" for number in numbers)
        put(first, table.content())
        for path in others:
            path.unlink(missing_ok=True)
    # Arrow keeps what it has used, some 10 MB for each worker, unless it is told.
    pa.default_memory_pool().release_unused()


class _Table:
    """The content of one file, which grows by groups of rows."""

    def __init__(self, columns_of: Callable[[Trace], Columns]) -> None:
        self._columns_of = columns_of
        self._waiting: list[Columns] = []
        self._n_waiting = 0
        self._content = BytesIO()
        self._writer: pq.ParquetWriter | None = None

    def add(self, trace: Trace) -> None:
        columns = self._columns_of(trace)
        n_rows = len(columns["visitor"])
        number = np.full(n_rows, trace.plan.replication)
        self._waiting.append({"replication": number, **columns})
        self._n_waiting += n_rows
        if self._n_waiting >= _ROWS_TOGETHER:
            self._write()

    def content(self) -> memoryview:
        """Return all of it; nothing can be added any more."""
        if self._waiting:
            self._write()
        if self._writer is not None:
            self._writer.close()
        return self._content.getbuffer()

    def _write(self) -> None:
        import pyarrow as pa

        columns = joined(self._waiting)
        table = pa.table({name: arrow_array(column) for name, column in columns.items()})
        self._writer = self._writer or _writer(self._content, table.schema)
        self._writer.write_table(table)
        self._waiting, self._n_waiting = [], 0


def arrow_array(column: Column) -> pa.Array:
    """Return a column as Arrow has it: what is not there is null."""
    import pyarrow as pa

    if isinstance(column, Names):
        # Services may share a name; of names that are not all different Arrow writes stray bits.
        names = dict.fromkeys(column.names)
        place = dict(zip(names, range(len(names)), strict=True))
        number = np.array([place[name] for name in column.names], np.int32)[column.number]
        number = pa.array(number, pa.int32(), mask=column.number < 0)
        return pa.DictionaryArray.from_arrays(number, pa.array([*names], pa.string()))
    return pa.array(column, from_pandas=True)


def _writer(content: BytesIO, schema: pa.Schema) -> pq.ParquetWriter:
    import pyarrow as pa
    import pyarrow.parquet as pq

    of_type = {
        field.name: "BYTE_STREAM_SPLIT"
        if pa.types.is_floating(field.type)
        else "DELTA_BINARY_PACKED"
        for field in schema
        if not pa.types.is_dictionary(field.type)
    }
    # Without Arrow's own schema names are read as text, not as categories.
    return pq.ParquetWriter(
        content,
        schema,
        compression="zstd",
        use_dictionary=[name for name in schema.names if name not in of_type],
        column_encoding=of_type,
        store_schema=False,
    )
