"""How the demand comes: online, booked, not shown up, waiting elsewhere; and the waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mppsim.measure.inference import Estimate, ratio
from mppsim.measure.observations import Observations, grouping
from mppsim.measure.summary import Summary
from mppsim.plan.clock import TICKS_PER_MINUTE
from mppsim.plan.plan import Channel, Floats

if TYPE_CHECKING:
    import pandas as pd


def channels(
    observations: Observations, *, day: str | None = None, confidence: float = 0.95
) -> pd.DataFrame:
    """Return, for each service, how its demand comes, and how long those with a slot wait.

    online, places, booked, without_slot: mean numbers a day. no_show: the share of the booked who
    do not come. wait: of those with an appointment, from the slot or the later arrival;
    wait_from_arrival: from the arrival at the station; wait_walk_in: of the others. elsewhere: how
    many a day wait elsewhere, at any station; elsewhere_minutes: the mean time until they are back,
    or called in vain. Rows are the services of which any of this is true. Raises ValueError for
    an unknown `day`.
    """
    kept, groups = observations.days_of(day), grouping(observations, "service")
    numbers = np.stack([summary.channels[kept] for summary in observations.summaries])
    totals = dict(zip(Channel._fields, np.moveaxis(numbers.sum(axis=1), 2, 0), strict=True))
    days = np.full((len(numbers), 1), kept.sum(), np.float64)
    columns = {"n": totals["booked"].sum(axis=0)}
    for name in ("online", "places", "booked", "without_slot"):
        columns |= _columns(name, ratio(totals[name], days, confidence=confidence))
    no_shows = totals["no_shows"].astype(np.float64), totals["booked"].astype(np.float64)
    columns |= _columns("no_show", ratio(*no_shows, confidence=confidence))
    waits = [_waits(observations, summary, kept) for summary in observations.summaries]
    for number, name in enumerate(("wait", "wait_from_arrival", "wait_walk_in")):
        minutes, visits = (np.stack([pairs[number][k] for pairs in waits]) for k in (0, 1))
        columns |= _columns(name, ratio(minutes, visits, confidence=confidence))
    went, minutes = np.moveaxis(
        np.stack([summary.elsewhere[kept].sum(axis=0) for summary in observations.summaries]), 2, 0
    )
    columns |= _columns("elsewhere", ratio(went, days, confidence=confidence))
    columns |= _columns("elsewhere_minutes", ratio(minutes, went, confidence=confidence))
    used = np.sum([totals["places"], totals["online"], went], axis=(0, 1)) > 0
    table: pd.DataFrame = groups.frame(columns)[used]
    return table


def _waits(
    observations: Observations, summary: Summary, kept: NDArray[np.bool_]
) -> list[tuple[Floats, Floats]]:
    """Return minutes and visits by service: of the booked, the same from arrival, of walk-ins."""
    layout, visits = observations.layout, summary.visits
    joined = kept[visits.day] & (layout.station_tenant[visits.station] >= 0) & (visits.wait >= 0)
    found = []
    for booking in (1, 0):
        rows = joined & (visits.booking == booking)
        service, n = visits.service[rows], len(layout.services)
        minutes = np.bincount(service, visits.wait[rows] / TICKS_PER_MINUTE, n).astype(np.float64)
        found.append((minutes, np.bincount(service, minlength=n).astype(np.float64)))
    (minutes, count), walk_in = found
    return [(minutes, count), (minutes + summary.early_minutes[kept].sum(axis=0), count), walk_in]


def _columns(name: str, estimate: Estimate) -> dict[str, Floats]:
    return {name: estimate.value, f"{name}_half_width": estimate.half_width}
