"""Tables of promises: whether each is kept, and where and when it breaks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mppsim.measure.inference import Estimate, Index, linear_ratio, ratio
from mppsim.measure.observations import Observations, service_labels
from mppsim.measure.paired import pairs
from mppsim.measure.promise_counts import DOOR
from mppsim.measure.summary import Summary
from mppsim.plan.plan import Floats, Layout

if TYPE_CHECKING:
    import pandas as pd

KEPT, BROKEN, CANNOT_TELL = "kept", "broken", "cannot tell"


def promises(
    observations: Observations, *, day: str | None = None, confidence: float = 0.95
) -> pd.DataFrame:
    """Return one row a promise: the share for whom it was kept, and whether that is enough.

    promise: wait (promised to all who come to the counter, joined or balked), service (to all who
    are served) or visit (to all who come to the hall for the service). n: how often it was made,
    over all replications. verdict: 'kept' or 'broken' where the whole interval lies on one side of
    the required share, and that of as many independent visits does too (so that a few visits that
    end alike decide nothing), else 'cannot tell'. Where it is not 'kept': cause, the station to
    which most of the broken promises are laid ('door': they got no ticket), with its part of them,
    and breaks_at, the hours of arrival in which fewer than the required share were kept. Raises
    ValueError for an unknown `day`.
    """
    import pandas as pd

    layout = observations.layout
    made, kept = _counts(observations, observations.days_of(day))
    estimate = ratio(kept.sum(axis=2), made.sum(axis=2), confidence=confidence)
    of_visits = _exact_interval(kept.sum(axis=(0, 2)), made.sum(axis=(0, 2)), confidence)
    low = np.minimum(estimate.value - estimate.half_width, of_visits[0])
    high = np.maximum(estimate.value + estimate.half_width, of_visits[1])
    verdicts = [
        _verdict(promise.share, *interval)
        for promise, *interval in zip(layout.promises, low, high, strict=True)
    ]
    causes = _causes(observations, observations.days_of(day))
    hours = [
        _hours(promise.share, *row)
        for promise, *row in zip(layout.promises, made.sum(axis=0), kept.sum(axis=0), strict=True)
    ]
    blamed = np.array([verdict != KEPT for verdict in verdicts], bool)
    return pd.DataFrame(
        {
            **_keys(layout),
            "n": made.sum(axis=(0, 2)).astype(np.int64),
            "kept": estimate.value,
            "kept_half_width": estimate.half_width,
            "verdict": verdicts,
            "cause": _where(blamed, [cause for cause, _ in causes]),
            "cause_share": np.where(blamed, np.array([part for _, part in causes]), np.nan),
            "breaks_at": _where(blamed, hours),
        },
        index=pd.Index(labels(layout)),
    )


def promises_difference(
    base: Observations,
    other: Observations,
    *,
    day: str | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return how the share kept differs, other minus base, for each promise that both halls make.

    A promise is the same where tenant, service and kind are, though its minutes may differ. n: the
    paired replications. Raises ValueError as `paired_difference`.
    """
    import pandas as pd

    before, after = (promises(side, day=day, confidence=confidence) for side in (base, other))
    shared = [label for label in before.index if label in after.index]
    base, other = pairs(base, other)
    estimate = _difference(base, other, shared, day, confidence)
    key = ("tenant", "service", "station", "promise")
    columns = {name: before.loc[shared, name].to_numpy() for name in key}
    for name in ("promised", "share", "kept", "verdict"):
        columns[f"{name}_base"] = before.loc[shared, name].to_numpy()
        columns[f"{name}_other"] = after.loc[shared, name].to_numpy()
    columns["kept_difference"] = estimate.value
    columns["kept_difference_half_width"] = estimate.half_width
    return pd.DataFrame({**columns, "n": base.n_replications}, index=pd.Index(shared))


def labels(layout: Layout) -> list[str]:
    """Return 'tenant/service wait' or 'station wait' for each promise."""
    services = service_labels(layout)
    return [
        f"{services[made.service] if made.service >= 0 else layout.stations[made.station]} "
        f"{made.kind}"
        for made in layout.promises
    ]


def _keys(layout: Layout) -> dict[str, Sequence[object]]:
    made = layout.promises

    def named(names: Sequence[str], of_service: NDArray[np.int32] | None) -> list[str | None]:
        return [
            None
            if one.service < 0
            else names[one.service if of_service is None else of_service[one.service]]
            for one in made
        ]

    return {
        "tenant": named(layout.tenants, layout.service_tenant),
        "service": named(layout.services, None),
        "station": [layout.stations[one.station] for one in made],
        "promise": [one.kind for one in made],
        "promised": [one.minutes for one in made],
        "share": [one.share for one in made],
    }


def _counts(observations: Observations, days: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return promises made and kept on these days, shape (replications, promises, hours)."""
    last = max((int(s.promises.hour.max(initial=0)) for s in observations.summaries), default=0)
    shape = (observations.n_replications, len(observations.layout.promises), last + 1)

    def summed(name: str) -> Floats:
        def rows_of(summary: Summary) -> tuple[Index, Index, NDArray[np.integer]]:
            counts = summary.promises
            number = np.where(days[counts.day % len(days)], getattr(counts, name), 0)
            return counts.day, counts.promise * shape[2] + counts.hour, number

        return observations.counted(rows_of, shape[1] * shape[2]).reshape(shape)

    return summed("made"), summed("kept")


def _causes(observations: Observations, days: NDArray[np.bool_]) -> list[tuple[str | None, float]]:
    """Return, by promise, the station to which most broken ones are laid, and its part of them."""
    names = (*observations.layout.stations, DOOR)
    lost = np.zeros((len(observations.layout.promises), len(names)))
    for summary in observations.summaries:
        counts = summary.promises
        rows = days[counts.loss_day % len(days)]
        np.add.at(lost, (counts.loss_promise[rows], counts.loss_station[rows]), counts.loss[rows])
    return [
        (names[int(row.argmax())], float(row.max() / row.sum())) if row.any() else (None, np.nan)
        for row in lost
    ]


def _exact_interval(kept: Floats, made: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Return the interval of a share of independent visits (Clopper, Pearson 1934, Biometrika)."""
    if not len(made):
        return made, made
    from scipy.special import betaincinv

    tail, broken = (1 - confidence) / 2, made - kept
    low = np.where(kept > 0, betaincinv(kept, broken + 1, tail), 0.0)
    return low, np.where(broken > 0, betaincinv(kept + 1, broken, 1 - tail), 1.0)


def _verdict(share: float, low: float, high: float) -> str:
    if low >= share:
        return KEPT
    return BROKEN if high < share else CANNOT_TELL


def _hours(share: float, made: Floats, kept: Floats) -> str:
    """Return the hours in which fewer than the share were kept, as '08:00-10:00, 13:00-14:00'."""
    broken = np.flatnonzero(kept < share * made)
    spans = []
    for _, together in groupby(enumerate(broken.tolist()), lambda pair: pair[1] - pair[0]):
        hours = [hour for _, hour in together]
        spans.append(f"{hours[0]:02d}:00-{hours[-1] + 1:02d}:00")
    return ", ".join(spans)


def _where(chosen: NDArray[np.bool_], texts: Sequence[str | None]) -> list[str | None]:
    return [text if one and text else None for one, text in zip(chosen, texts, strict=True)]


def _difference(
    base: Observations,
    other: Observations,
    shared: Sequence[str],
    day: str | None,
    confidence: float,
) -> Estimate:
    sides = []
    for side in (base, other):
        made, kept = (part.sum(axis=2) for part in _counts(side, side.days_of(day)))
        places = [labels(side.layout).index(label) for label in shared]
        sides.append(linear_ratio(kept[:, places], made[:, places]))
    return sides[1].minus(sides[0]).estimate(confidence)
