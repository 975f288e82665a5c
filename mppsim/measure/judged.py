"""Better or worse: the measures of a hall against those of its base."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mppsim.measure.estimates import Measured, estimate
from mppsim.measure.inference import Linear
from mppsim.measure.observations import Observations
from mppsim.measure.paired import pairs
from mppsim.measure.simultaneous import (
    is_certain,
    is_unchanged,
    joint_half_width,
    more_replications,
)
from mppsim.measure.targets import Measure

if TYPE_CHECKING:
    import pandas as pd

BETTER, WORSE, UNCHANGED, CANNOT_TELL = "better", "worse", "unchanged", "cannot tell"


def judged(
    base: Observations,
    other: Observations,
    measures: Sequence[Measure],
    *,
    n_comparisons: int = 1,
    day: str | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return whether the other hall is better than the base, one row a measure and shared place.

    half_width is that of the difference alone; with joint_half_width all rows of this table, and of
    as many others as are compared with the base, hold at once, and so do the verdicts: better,
    worse, unchanged (in every replication) or cannot tell. more_days: how many more would be likely
    to tell, if the difference is what it seems; NaN where it is told. Raises InputError for a place
    that a hall does not have, and ValueError as `paired_difference`.
    """
    import pandas as pd

    base, other = pairs(base, other)
    sides = [
        tuple(estimate(side, measure, day=day) for side in (base, other)) for measure in measures
    ]
    rows = [
        (measure.text, place, measure.is_share)
        for measure, (before, after) in zip(measures, sides, strict=True)
        for place in _shared(before, after)
    ]
    before, after = (
        _together([_only(pair[side], _shared(*pair)) for pair in sides]) for side in (0, 1)
    )
    difference = after.minus(before)
    sign = np.where([is_share for _, _, is_share in rows], 1, -1)
    told = is_certain(difference, n_comparisons=n_comparisons, confidence=confidence)
    better = np.where(difference.value * sign > 0, BETTER, WORSE)
    verdict = np.where(told, better, CANNOT_TELL)
    verdict[is_unchanged(difference)] = UNCHANGED
    days = int(base.days_of(day).sum())
    return pd.DataFrame(
        {
            "measure": [text for text, _, _ in rows],
            "place": [place for _, place, _ in rows],
            "n": base.n_replications,
            "base": before.value,
            "other": after.value,
            "difference": difference.value,
            "half_width": difference.half_width(confidence),
            "joint_half_width": joint_half_width(
                difference, n_comparisons=n_comparisons, confidence=confidence
            ),
            "verdict": verdict,
            "more_days": days
            * more_replications(difference, n_comparisons=n_comparisons, confidence=confidence),
        }
    )


def _shared(before: Measured, after: Measured) -> list[str]:
    return [place for place in before.places if place in after.places]


def _only(measured: Measured, places: Sequence[str]) -> Linear:
    rows = [measured.places.index(place) for place in places]
    return Linear(measured.linear.value[rows], measured.linear.error[:, rows])


def _together(parts: Sequence[Linear]) -> Linear:
    return Linear(
        np.concatenate([part.value for part in parts]),
        np.concatenate([part.error for part in parts], axis=1),
    )
