"""The tables for counting promises, and what was counted from them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.measure.compiled.tables import HOURS, INDEX, LOSS, MADE, OF_HOUR, PROMISE
from mppsim.measure.promise_counts import PromiseCounts, without_twins
from mppsim.plan.clock import TICKS_PER_MINUTE
from mppsim.plan.plan import Layout

_KINDS = ("wait", "service", "visit")


def of_promises(layout: Layout) -> dict[str, NDArray[Any]]:
    """Return the tables of promises that are the same on all days, and scratch for any day."""
    promises, tables = layout.promises, without_twins(layout)
    records = np.zeros(len(promises), PROMISE)
    records["minutes"] = [promise.minutes for promise in promises]
    records["longest"] = np.floor(records["minutes"] * TICKS_PER_MINUTE)
    records["station"] = [-1 if one.kind == "visit" else one.station for one in promises]
    by_kind = [table for kind in _KINDS for of, table in tables if of == kind]
    return {
        "promises": records,
        "promise_at": np.array(by_kind, INDEX).ravel(),
        "by_hour": np.zeros(len(promises) * HOURS, OF_HOUR),
        "lost": np.full(len(promises) * (len(layout.stations) + 1), -1.0),
        "made": np.empty(0, MADE),
        "losses": np.empty(0, LOSS),
    }


def numbers_of_promises(layout: Layout) -> dict[str, int]:
    """Return how many promises there are, and where the tables of each kind end."""
    kinds = [kind for kind, _ in without_twins(layout)]
    of_waits = kinds.count("wait")
    return {
        "n_promises": len(layout.promises),
        "n_places": len(layout.stations) * len(layout.services),
        "of_waits": of_waits,
        "of_services": of_waits + kinds.count("service"),
        "of_visits": len(kinds),
    }


def most_made(minutes: float, n_promises: int) -> int:
    """Return how many rows of promises made a day has at most, with arrivals so far apart."""
    return (int(minutes / 60) + 2) * n_promises


def most_losses(n_steps: int, n_promises: int, n_tables: int) -> int:
    """Return how many rows of losses a day has at most, given the tables of promises of visits."""
    return n_promises + n_tables * n_steps


def promise_counts(days: NDArray[Any], made: NDArray[Any], losses: NDArray[Any]) -> PromiseCounts:
    """Return the promises of all days, of which each has added rows in the order of promises."""
    made_day, made = _by_promise(days["made"], made)
    loss_day, losses = _by_promise(days["losses"], losses)
    return PromiseCounts(
        day=made_day,
        **{name: made[name].astype(np.intp) for name in ("promise", "hour", "made", "kept")},
        loss_day=loss_day,
        loss_promise=losses["promise"].astype(np.intp),
        loss_station=losses["station"].astype(np.intp),
        loss=losses["lost"].copy(),
    )


def _by_promise(n_rows: NDArray[Any], rows: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[Any]]:
    """Return rows in the order of promises, then days, and the day of each; `n_rows` by day."""
    order = rows["promise"].argsort(kind="stable")
    return np.arange(len(n_rows)).repeat(n_rows)[order], rows[order]
