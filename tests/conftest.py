"""What all tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples on every machine; a slow one is no failure, since speed is measured elsewhere.
settings.register_profile("mppsim", deadline=None, derandomize=True, max_examples=150)
settings.load_profile("mppsim")

collect_ignore = (
    []
    if Path(os.environ.get("MPPSIM_TICKET_BOOTH", "no file")).is_file()
    else ["teaching/test_replay_of_a_ticket_booth.py"]
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update", action="store_true", help="write the expected texts anew, to be read in a diff"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long runs against theory, so that no worker is left with one at the end."""
    items.sort(key=lambda item: "theory" not in item.path.parts)


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update"))
