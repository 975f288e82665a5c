"""The notebooks run from a clean kernel, and print what they are committed with."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_output

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_prints_what_it_was_committed_with(path: Path, update: bool) -> None:
    kept = nbformat.read(path, as_version=4)
    fresh = nbformat.read(path, as_version=4)
    about = {"metadata": {"path": str(NOTEBOOKS)}}
    NotebookClient(fresh, timeout=120, record_timing=False, resources=about).execute()
    if update:
        for cell in code_cells(fresh):
            cell.outputs = joined(cell.outputs)
        nbformat.write(fresh, path)
    else:
        assert printed(fresh) == printed(kept)


def test_a_stream_may_come_in_any_number_of_pieces() -> None:
    pieces = [new_output("stream", name="stdout", text=text) for text in ("one\n", "two\n")]
    table = new_output("display_data", {"text/plain": "a table"})
    aside = new_output("stream", name="stderr", text="compiling, this once ..\n")
    assert joined([pieces[0], aside, pieces[1], table, *pieces[:1]]) == [
        new_output("stream", name="stdout", text="one\ntwo\n"),
        table,
        pieces[0],
    ]


def printed(notebook: Any) -> list[list[str]]:
    """Return the texts that the code cells show; the looks of a figure are seen in a review."""
    return [[text(output) for output in joined(cell.outputs)] for cell in code_cells(notebook)]


def code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def joined(outputs: list[Any]) -> list[Any]:
    """Join what one stream printed in a row: into how many pieces it was cut is chance.

    What is said aside, on standard error, is left out: only the first run tells that it compiles.
    """
    found: list[Any] = []
    told = [output for output in outputs if output.get("name") != "stderr"]
    for name, group in groupby(told, key=lambda output: output.get("name")):
        pieces = list(group)
        if name:
            whole = "".join(piece.text for piece in pieces)
            pieces = [new_output("stream", name=name, text=whole)]
        found += pieces
    return found


def text(output: Any) -> str:
    """Return what an output says in words, those in a drawing too."""
    data = output.get("data", {})
    words = re.findall(r"<text[^>]*>([^<]*)", "".join(data.get("image/svg+xml", "")))
    return "\n".join([output.get("text") or str(data.get("text/plain")), *words])
