"""Summaries as Parquet: one row a replication, one column a field, however nested.

The fields are read off the dataclasses, so that a new measure is stored without a word here.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from functools import reduce
from itertools import pairwise
from typing import TYPE_CHECKING, Any, get_type_hints

import numpy as np
from numpy.typing import NDArray

from mppsim.measure import Summary

if TYPE_CHECKING:
    import pyarrow as pa

SHAPE = ":shape"
"""End of the name of the column that holds the shapes of another."""


def bytes_of(summaries: Sequence[Summary]) -> bytes:
    """Return the content of a Parquet file: numbers as they are, arrays as lists and shapes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns: dict[str, pa.Array] = {}
    for name in _leaves(Summary):
        values = [operator.attrgetter(name)(summary) for summary in summaries]
        if isinstance(values[0], np.ndarray):
            columns[name] = _lists([value.ravel() for value in values])
            columns[name + SHAPE] = _lists([np.array(value.shape) for value in values])
        else:
            columns[name] = pa.array(values, pa.uint64() if isinstance(values[0], int) else None)
    file = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), file, compression="zstd")
    return bytes(file.getvalue())


def summaries_of(content: bytes) -> tuple[Summary, ...]:
    """Return the summaries that a Parquet file holds."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(pa.BufferReader(content))
    columns = {name: _values(table.column(name)) for name in table.column_names}
    return tuple(
        _built(Summary, {name: values[row] for name, values in columns.items()})
        for row in range(table.num_rows)
    )


def _leaves(cls: type, prefix: str = "") -> Iterator[str]:
    """Yield the paths of all fields that are no dataclasses themselves: `visits.wait`."""
    hints = get_type_hints(cls)
    for field in fields(cls):
        if is_dataclass(hints[field.name]):
            yield from _leaves(hints[field.name], f"{prefix}{field.name}.")
        else:
            yield prefix + field.name


def _built(cls: type, row: dict[str, Any], prefix: str = "") -> Any:
    hints, parts = get_type_hints(cls), {}
    for field in fields(cls):
        name = prefix + field.name
        if is_dataclass(hints[field.name]):
            parts[field.name] = _built(hints[field.name], row, f"{name}.")
        else:
            is_array = name + SHAPE in row
            parts[field.name] = row[name].reshape(row[name + SHAPE]) if is_array else row[name]
    return cls(**parts)


def _lists(arrays: list[NDArray[Any]]) -> pa.Array:
    import pyarrow as pa

    # Replications may differ in type, as in whether times need 64 bits: the wider holds both.
    wide = reduce(np.promote_types, (array.dtype for array in arrays))
    ends = np.cumsum([0, *map(len, arrays)]).astype(np.int32)
    return pa.ListArray.from_arrays(ends, np.concatenate(arrays, dtype=wide))


def _values(column: pa.ChunkedArray) -> list[Any]:
    """Return a cell each row: a number, or an array of numbers that shares the column's memory."""
    import pyarrow as pa

    if not pa.types.is_list(column.type):
        numbers: list[Any] = column.to_pylist()
        return numbers
    arrays: list[Any] = []
    for chunk in column.chunks:
        numbers_of_all = chunk.values.to_numpy(zero_copy_only=False)
        ends = chunk.offsets.to_numpy()
        arrays += [numbers_of_all[start:end] for start, end in pairwise(ends)]
    return arrays
