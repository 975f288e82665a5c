"""Whether the mean of independent numbers is above 0, decided while they come in.

The procedure is that of Andradottir and Kim (2010), Fully sequential procedures for comparing
constrained systems via simulation, Naval Research Logistics 57, 403-421 (feasibility check with
c = 1, after Kim and Nelson 2001): the sum of r numbers is watched until it leaves the triangle
|sum| < eta (n0 - 1) S^2 / epsilon - epsilon r / 2, with the variance S^2 of the first n0 numbers
and eta = ((2 error)^(-2 / (n0 - 1)) - 1) / 2. For numbers that are independent and normal, a mean
of at least epsilon is declared above 0, and one of at most -epsilon below it, each wrongly with a
probability of at most `error`; in between, either answer is good enough (the indifference zone).
"""

from __future__ import annotations

from dataclasses import dataclass

from mppsim.plan.plan import Floats

FIRST_STAGE = 30
"""Replications from which the variance is taken."""


@dataclass(frozen=True)
class FeasibilityTest:
    """A test with this probability of a wrong answer outside of the indifference zone."""

    error: float
    indifference: float
    """Epsilon, in units of the numbers."""

    @property
    def eta(self) -> float:
        """The constant of the triangle."""
        return float(((2 * self.error) ** (-2 / (FIRST_STAGE - 1)) - 1) / 2)

    def verdict(self, numbers: Floats) -> bool | None:
        """Return whether their mean is above 0; None: more are needed.

        `numbers`: all so far, in order. It looks at every sum from the first stage on, so that the
        answer does not depend on how many come in at a time.
        """
        if len(numbers) < FIRST_STAGE:
            return None
        variance = float(numbers[:FIRST_STAGE].var(ddof=1))
        sums = numbers.cumsum()[FIRST_STAGE - 1 :]
        for more, total in enumerate(sums.tolist()):
            reach = self.eta * (FIRST_STAGE - 1) * variance / self.indifference
            if abs(total) >= reach - self.indifference * (FIRST_STAGE + more) / 2:
                return bool(total >= 0)
        return None
