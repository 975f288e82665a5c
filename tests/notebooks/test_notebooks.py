"""The notebooks run from a clean kernel, and print what they are committed with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_prints_what_it_was_committed_with(path: Path, update: bool) -> None:
    kept = nbformat.read(path, as_version=4)
    fresh = nbformat.read(path, as_version=4)
    about = {"metadata": {"path": str(NOTEBOOKS)}}
    NotebookClient(fresh, timeout=120, record_timing=False, resources=about).execute()
    if update:
        nbformat.write(fresh, path)
    else:
        assert printed(fresh) == printed(kept)


def printed(notebook: Any) -> list[list[str]]:
    """Return the texts that the code cells show; figures are seen in a review."""
    outputs = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]
    return [[text for output in cell for text in texts(output)] for cell in outputs]


def texts(output: Any) -> list[str]:
    return [output.text] if "text" in output else [str(output.get("data", {}).get("text/plain"))]
