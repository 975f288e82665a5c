"""Browser tests run where there is a browser; on a build machine one is expected."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.chromium import Chromium

_HERE = Path(__file__).parent


def executable() -> str | None:
    """Return the path of Chromium, or None where it is not installed."""
    return shutil.which("chromium")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take these tests out where they cannot run, unless a build machine ought to run them."""
    if executable() or os.environ.get("CI") == "true":
        return
    here = [item for item in items if _HERE in item.path.parents]
    if here:
        config.hook.pytest_deselected(items=here)
        items[:] = [item for item in items if item not in here]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """Start a browser, once for all tests of a file."""
    path = executable()
    if path is None:
        pytest.fail("chromium: not found on PATH; expected it where CI=true (apt install chromium)")
    with Chromium(path) as browser:
        yield browser
