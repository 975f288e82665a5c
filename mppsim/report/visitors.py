"""Visitors of the hall as a whole: how many come on a day, and how their visits end."""

from __future__ import annotations

from dataclasses import dataclass

from mppsim.engine.trace import Outcome
from mppsim.report.result import Result

ENDINGS = {
    Outcome.RENEGED: "gave up waiting",
    Outcome.BALKED: "left at the sight of a line",
    Outcome.REFUSED: "got no ticket",
    Outcome.DISMISSED: "were sent home at closing",
    Outcome.UNSERVED: "found a station closed",
    Outcome.BLOCKED: "found a waiting room full",
    Outcome.NO_SHOW: "did not come back from waiting elsewhere",
    Outcome.POSTPONED: "went home to come back on another day",
}
"""How a visit ends that is not served to the end, after the words 'a day, 12 visitors'."""


@dataclass(frozen=True)
class VisitorsADay:
    """Mean numbers of visitors a day, each with the half-width of its interval."""

    came: tuple[float, float]
    ended: dict[Outcome, tuple[float, float]]
    """By the outcome of the whole visit."""

    @property
    def lost(self) -> dict[Outcome, tuple[float, float]]:
        """The outcomes other than served that happened at all."""
        return {
            outcome: number
            for outcome, number in self.ended.items()
            if outcome in ENDINGS and number[0] > 0
        }


def visitors_a_day(result: Result) -> VisitorsADay:
    """Count visitors by the outcome of their whole visit; the intervals are over replications."""
    import numpy as np

    from mppsim.measure.inference import ratio

    observations = result.run.observations
    counts = observations.counted(
        lambda summary: (summary.journeys.day, summary.journeys.outcome), len(Outcome)
    )
    with_total = np.column_stack([counts, counts.sum(axis=1)])
    estimate = ratio(with_total, np.full_like(with_total, len(observations.weekdays)))
    *ended, came = zip(estimate.value.tolist(), estimate.half_width.tolist(), strict=True)
    return VisitorsADay(came, dict(zip(Outcome, ended, strict=True)))
