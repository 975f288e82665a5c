"""How the demand comes: online, booked, not shown up, waiting elsewhere; and the waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mppsim.measure.inference import Estimate, Index, ratio
from mppsim.measure.observations import Observations, grouping
from mppsim.measure.summary import Summary, Ticks
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
    numbers, elsewhere, early = observations.daily(
        lambda summary: summary.channels,
        lambda summary: summary.elsewhere,
        lambda summary: summary.early_minutes,
        kept=kept,
    )
    totals = dict(zip(Channel._fields, np.moveaxis(numbers.sum(axis=1), 2, 0), strict=True))
    days = np.full((len(numbers), 1), kept.sum(), np.float64)
    columns = {"n": totals["booked"].sum(axis=0)}
    for name in ("online", "places", "booked", "without_slot"):
        columns |= _columns(name, ratio(totals[name], days, confidence=confidence))
    no_shows = totals["no_shows"].astype(np.float64), totals["booked"].astype(np.float64)
    columns |= _columns("no_show", ratio(*no_shows, confidence=confidence))
    booked, walk_in = (_waits(observations, booking, kept) for booking in (1, 0))
    from_arrival = booked[0] + early.sum(axis=1), booked[1]
    waits = {"wait": booked, "wait_from_arrival": from_arrival, "wait_walk_in": walk_in}
    for name, (minutes, visits) in waits.items():
        columns |= _columns(name, ratio(minutes, visits, confidence=confidence))
    went, minutes = np.moveaxis(elsewhere.sum(axis=1), 2, 0)
    columns |= _columns("elsewhere", ratio(went, days, confidence=confidence))
    columns |= _columns("elsewhere_minutes", ratio(minutes, went, confidence=confidence))
    used = np.sum([totals["places"], totals["online"], went], axis=(0, 1)) > 0
    table: pd.DataFrame = groups.frame(columns)[used]
    return table


def _waits(
    observations: Observations, booking: int, kept: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Return minutes in line and visits, of the booked or of walk-ins; (replications, services)."""
    layout = observations.layout
    at_tenant, n_services = layout.station_tenant >= 0, len(layout.services)

    def rows_of(summary: Summary) -> tuple[Index, Index, Ticks]:
        visits = summary.visits
        rows = (visits.booking == booking) & at_tenant[visits.station] & (visits.wait >= 0)
        rows &= kept[visits.day % np.intp(len(kept))]
        return visits.day[rows], visits.service[rows], visits.wait[rows]

    ticks = observations.counted(rows_of, n_services)
    return ticks / TICKS_PER_MINUTE, observations.counted(
        lambda summary: rows_of(summary)[:2], n_services
    )


def _columns(name: str, estimate: Estimate) -> dict[str, Floats]:
    return {name: estimate.value, f"{name}_half_width": estimate.half_width}
