"""Functions that take no time to compile."""

from mppsim.engine.compiled.jit import apart, inner
from mppsim.plan.compiling import part


@part
def twice(number: int) -> int:
    return 2 * number


def three_times(number: int) -> int:
    return twice(number) + number


def with_its_half(number: int) -> tuple[int, int]:
    return number, number // 2


@apart
def seldom(number: int) -> int:
    return number + 1


@inner
def often(number: int) -> int:
    return seldom(number)


def often_called(number: int) -> int:
    return often(number)
