"""What is written down by hand holds for every engine."""

from collections.abc import Iterator

import pytest
from support.engines import UNDER_TEST, simulate

from mppsim.engine.simulate import EngineName


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the tests that simulate on the engine under test once for each engine."""
    if getattr(metafunc.module, "simulate", None) is simulate:
        metafunc.fixturenames.append("engine")
        metafunc.parametrize("engine", ["simpy", "compiled"], indirect=True)


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Iterator[EngineName]:
    token = UNDER_TEST.set(request.param)
    yield request.param
    UNDER_TEST.reset(token)
