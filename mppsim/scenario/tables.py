"""What a scenario takes from CSV files: services, samples of a law, a backlog, visits."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mppsim.scenario.errors import listed, nearest_name, quoted, shown
from mppsim.scenario.files import read_text
from mppsim.scenario.tree import Finding, Keys, Node, refusal

LAW_NAMES = frozenset(
    (
        *("constant", "exponential", "erlang", "gamma", "lognormal", "weibull"),
        *("uniform", "triangular", "empirical", "mixture"),
    )
)
PARAMETERS = ("mean", "median", "cv", "low", "mode", "high", "shape", "phases", "value")
PROMISES = {
    "promise": "wait",
    "promise_service": "service",
    "promise_visit": "visit",
    "promise_share": "share",
}
"""What is promised, by the column of a table of services."""
SERVICE_COLUMNS = ("tenant", "service", "name", "share", "law", *PARAMETERS, *PROMISES)
BACKLOG_COLUMNS = ("tenant", "service", "visitors")
REPLAY_COLUMNS = (
    *("day", "tenant", "service", "arrived", "service_time", "minutes"),
    *("class", "party", "patience"),
)
EMPIRICAL_KEYS = ("file", "column", "unit")


@dataclass(frozen=True)
class Row:
    """A row of a table: its cells that are not blank, by column."""

    line: int
    cells: dict[str, str]


def with_tables(tree: Node) -> Node:
    """Return the tree with the content of the CSV files that it names.

    A file is sought beside the file that names it; what it holds stands at its own lines.
    """
    return _expanded(tree, ())


def _expanded(node: Node, keys: Keys) -> Node:
    read = _table_at(keys) if isinstance(node.value, str) else None
    if read is not None:
        return read(node, keys)
    if isinstance(node.value, dict):
        if keys and keys[-1] == "empirical" and "file" in node.value:
            return _samples(node, keys)
        entries = {key: _expanded(inner, (*keys, key)) for key, inner in node.value.items()}
        return Node(entries, node.file, node.line)
    if isinstance(node.value, list):
        items = [_expanded(inner, (*keys, i)) for i, inner in enumerate(node.value)]
        return Node(items, node.file, node.line)
    return node


def _table_at(keys: Keys) -> Callable[[Node, Keys], Node] | None:
    """Return how to read the table that a text at this path names; None where it names none."""
    if keys == ("replay",):
        return _replay
    if len(keys) == 3 and keys[0] == "tenants" and keys[2] == "services":
        return _services
    of_a_day = len(keys) == 3 and keys[0] in ("days", "day_types") and keys[2] == "backlog"
    return _backlog if keys == ("backlog",) or of_a_day else None


def _backlog(node: Node, keys: Keys) -> Node:
    path = _csv_path(node, keys)
    entries: dict[Any, Node] = {}
    for row in _rows(path, node, keys, BACKLOG_COLUMNS, needed="tenant"):
        here = Node(None, str(path), row.line)
        for column in ("tenant", "visitors"):
            if column not in row.cells:
                raise refusal(
                    here, keys, f"found no {column} in this row", f"a cell under {column}"
                )
        name = "/".join(row.cells[key] for key in ("tenant", "service") if key in row.cells)
        if name in entries:
            once = f"each of them once (it is also on line {entries[name].line})"
            raise refusal(here, keys, f"found a second row for {quoted(name)}", once)
        entries[name] = Node(_number(row.cells["visitors"]), str(path), row.line)
    return Node(entries, node.file, node.line)


def _replay(node: Node, keys: Keys) -> Node:
    """Return the visits of a table; a column that is none of a visit's is taken for a station."""
    path = _csv_path(node, keys)
    rows = _rows(path, node, keys, None, needed="tenant")
    visits = [_replay_visit(row, str(path), (*keys, k)) for k, row in enumerate(rows)]
    return Node(visits, node.file, node.line)


def _replay_visit(row: Row, file: str, keys: Keys) -> Node:
    cells = dict(row.cells)
    if "minutes" in cells and "service_time" in cells:
        found = "found both service_time and minutes"
        raise refusal(Node(None, file, row.line), keys, found, "one of them")
    if "minutes" in cells:
        cells["service_time"] = f"{cells.pop('minutes')} min"
    visit: dict[Any, Node] = {}
    for column in REPLAY_COLUMNS:
        if column in cells:
            cell: str | float = cells.pop(column)
            if column in ("arrived", "party"):
                cell = _number(str(cell))
            visit["visitor_class" if column == "class" else column] = Node(cell, file, row.line)
    if cells:
        stations = {name: Node(cell, file, row.line) for name, cell in cells.items()}
        visit["at"] = Node(stations, file, row.line)
    return Node(visit, file, row.line)


def _services(node: Node, keys: Keys) -> Node:
    """Return the services of a table; of one for several tenants, those of the tenant at `keys`."""
    path = _csv_path(node, keys)
    tenant = str(keys[1])
    entries: dict[Any, Node] = {}
    others = set()
    for row in _rows(path, node, keys, SERVICE_COLUMNS, needed="service"):
        if row.cells.get("tenant", tenant) != tenant:
            others.add(row.cells["tenant"])
            continue
        here = Node(None, str(path), row.line)
        name = row.cells.get("service")
        if name is None:
            raise refusal(here, keys, "found a row without a service", "the id of a service")
        if name in entries:
            once = f"each service once (it is also on line {entries[name].line})"
            raise refusal(here, keys, f"found a second row for {quoted(name)}", once)
        entries[name] = _service(row.cells, str(path), row.line)
    if others and not entries:
        found, near = (
            f"found no row of {quoted(tenant)} in {path.name}",
            nearest_name(tenant, others),
        )
        raise refusal(node, keys, found, "its id under 'tenant' in each of its rows", near)
    return Node(entries, node.file, node.line)


def _service(cells: dict[str, str], file: str, line: int) -> Node:
    def at_row(value: Any) -> Node:
        return Node(value, file, line)

    service = {key: at_row(cells[key]) for key in ("name",) if key in cells}
    if "share" in cells:
        service["share"] = at_row(_number(cells["share"]))
    parameters = {key: at_row(_parameter(key, cells[key])) for key in PARAMETERS if key in cells}
    if "law" in cells:
        inner = parameters["value"] if set(parameters) == {"value"} else at_row(parameters)
        service["service"] = at_row({cells["law"]: inner})
    promise = {
        key: at_row(_number(cells[column]) if key == "share" else cells[column])
        for column, key in PROMISES.items()
        if column in cells
    }
    if promise:
        service["promise"] = at_row(promise)
    return at_row(service)


def _parameter(column: str, cell: str) -> str | float:
    return _number(cell) if column in ("cv", "shape", "phases") else cell


def _number(cell: str) -> str | float:
    """Return the number in a cell; text that is none stays as it is, to be refused by its type."""
    for kind in (int, float):
        try:
            return kind(cell)
        except ValueError:
            continue
    return cell


def _samples(node: Node, keys: Keys) -> Node:
    for key in node.value:
        if key not in EMPIRICAL_KEYS:
            raise refusal(
                node.value[key],
                keys,
                f"unknown key {quoted(str(key))}",
                f"one of {listed(EMPIRICAL_KEYS)}",
                nearest_name(key, EMPIRICAL_KEYS),
            )
    for key in EMPIRICAL_KEYS:
        if key not in node.value:
            raise refusal(node, keys, f"missing key '{key}'", f"the keys {listed(EMPIRICAL_KEYS)}")
        if not isinstance(node.value[key].value, str):
            found = f"found {shown(node.value[key].value)}"
            raise refusal(node.value[key], (*keys, key), found, "a text")
    file, column, unit = (node.value[key] for key in EMPIRICAL_KEYS)
    path = _csv_path(file, (*keys, "file"))
    rows = _rows(path, column, (*keys, "column"), None, needed=column.value)
    samples = [
        Node(f"{row.cells[column.value]} {unit.value}", str(path), row.line)
        for row in rows
        if column.value in row.cells
    ]
    return Node({"samples": Node(samples, node.file, node.line)}, node.file, node.line)


def _csv_path(node: Node, keys: Keys) -> Path:
    name = Path(node.value)
    if name.suffix.lower() != ".csv":
        raise refusal(node, keys, f"found {shown(node.value)}", "the path of a CSV file")
    return (Path(node.file).parent if node.file else Path()) / name


def _rows(
    path: Path, node: Node, keys: Keys, columns: tuple[str, ...] | None, *, needed: str
) -> Iterator[Row]:
    """Yield the rows of a CSV file; `columns` are all it may have, None: any.

    Commas or semicolons separate the cells; `node` at `keys` is where the file is named.
    """
    text = read_text(path, "a CSV file", (node, Finding(keys, "")))
    header_line = text.partition("\n")[0]
    separator = ";" if ";" in header_line and "," not in header_line else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header: list[str] = []
    line = 1
    try:
        for cells in reader:
            here, stripped = Node(None, str(path), line), [cell.strip() for cell in cells]
            if line == 1:
                header = stripped
                _check_header(header, here, keys, columns, needed)
            elif any(stripped):
                yield _row(header, stripped, here, keys)
            line = reader.line_num + 1
    except csv.Error as error:
        broken = Node(None, str(path), reader.line_num)
        raise refusal(broken, keys, f"found text that is no CSV ({error})", "a CSV file") from None


def _row(header: list[str], cells: list[str], here: Node, keys: Keys) -> Row:
    if len(cells) > len(header):
        expectation = f"at most {len(header)}, one for each column"
        raise refusal(here, keys, f"found {len(cells)} cells", expectation)
    filled = zip(header, cells, strict=False)
    return Row(here.line or 0, {column: cell for column, cell in filled if cell})


def _check_header(
    header: list[str], here: Node, keys: Keys, columns: tuple[str, ...] | None, needed: str
) -> None:
    for index, column in enumerate(header):
        if columns is not None and column not in columns:
            found = f"unknown column {quoted(column)}"
            near = nearest_name(column, columns)
            raise refusal(here, keys, found, f"one of {listed(columns)}", near)
        if column in header[:index]:
            found = f"found two columns {quoted(column)}"
            raise refusal(here, keys, found, "each column once")
    if needed not in header:
        near = nearest_name(needed, header)
        wanted = f"a first line with the column {quoted(needed)}"
        raise refusal(here, keys, f"found no column {quoted(needed)}", wanted, near)
