"""The estimate of a measure: its value at each place it is meant for, with the errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mppsim.engine.trace import Outcome
from mppsim.measure.inference import Linear, linear_quantile_over_days, linear_ratio
from mppsim.measure.observations import Observations, grouping, service_labels
from mppsim.measure.pooled import Pooled, at_most, ended, has_joined, pooled_journeys, pooled_visits
from mppsim.measure.tables import came, kept_promises
from mppsim.measure.targets import HALL, Measure
from mppsim.plan.plan import Floats, Layout
from mppsim.scenario.errors import InputError, listed, nearest_name, quoted


@dataclass(frozen=True, eq=False)
class Measured:
    """A measure at one place or several; NaN where nobody came."""

    measure: Measure
    places: tuple[str, ...]
    linear: Linear

    def title(self, place: str) -> str:
        """Return what the number at a place is called: `sim mean wait`."""
        return self.measure.text if self.measure.place else f"{place} {self.measure.text}"

    def at(self, place: str, confidence: float = 0.95) -> tuple[float, float]:
        """Return value and half-width at a place."""
        here = self.places.index(place)
        return float(self.linear.value[here]), float(self.linear.half_width(confidence)[here])


def check_place(measure: Measure, layout: Layout) -> None:
    """Refuse a measure of a place that the hall does not have; raises InputError."""
    known = [*dict.fromkeys(n for names in _places(measure, layout).values() for n in names)]
    if measure.place is not None and measure.place not in known:
        near = nearest_name(measure.place, known)
        text = f"{measure.text}: found {quoted(measure.place)}; expected one of {listed(known)}"
        raise InputError(text + (f"; did you mean {quoted(near)}?" if near else ""))


def estimate(observations: Observations, measure: Measure, *, day: str | None = None) -> Measured:
    """Estimate a measure on the days of one kind, or on all; raises InputError as check_place."""
    layout = observations.layout
    check_place(measure, layout)
    places = _places(measure, layout)
    by, labels = next(
        (by, labels) for by, labels in places.items() if measure.place in (None, *labels)
    )
    if by == "zone":
        linear = _standing(measure, _largest_standing(observations, day))
    elif measure.what == "visit":
        groups, kept = grouping(observations, by), observations.days_of(day)
        linear = _of_times(measure, pooled_journeys(observations, groups, kept=kept))
    else:
        groups, kept = grouping(observations, by), observations.days_of(day)
        tenants_only = by != "station"
        visits = pooled_visits(observations, groups, kept=kept, tenants_only=tenants_only)
        linear = _of_times(measure, visits)
    if measure.place is None:
        return Measured(measure, tuple(labels), linear)
    here = [labels.index(measure.place)]
    return Measured(measure, (measure.place,), Linear(linear.value[here], linear.error[:, here]))


def _places(measure: Measure, layout: Layout) -> dict[str, list[str]]:
    """Return the places that a measure may name, by the way to group by; the first is the usual."""
    if measure.what == "standing":
        return {"zone": list(layout.zones)}
    places = {
        "tenant": list(layout.tenants),
        "all": [HALL],
        "service": list(map(str, service_labels(layout))),
    }
    return places if measure.what == "visit" else {**places, "station": list(layout.stations)}


def _of_times(measure: Measure, rows: Pooled) -> Linear:
    """Estimate a measure of waits (joined or not) or of whole visits, served or not."""
    if measure.statistic == "kept":
        return linear_ratio(*kept_promises(rows))
    if measure.statistic == "share":
        return linear_ratio(*served_within(rows, measure.level))
    counted = rows.only(ended(Outcome.SERVED) if measure.what == "visit" else has_joined)
    if measure.statistic == "mean":
        return counted.mean()
    return counted.quantiles((measure.level,))[0]


def served_within(rows: Pooled, minutes: float) -> tuple[Floats, Floats]:
    """Return how many were served in this time, and how many came, joined or not.

    Both have the shape (replications, groups).
    """
    in_time, count = rows.counts(
        lambda part: ended(Outcome.SERVED)(part) & at_most(minutes)(part), came
    )
    return in_time, count


def _largest_standing(observations: Observations, day: str | None) -> Floats:
    """Return the largest number of persons standing, shape (replications, days, zones)."""
    kept = observations.days_of(day)
    (crowd,) = observations.daily(lambda one: one.over_time.largest_crowd, kept=kept)
    return np.asarray((crowd - observations.layout.seats).clip(0), np.float64)


def _standing(measure: Measure, standing: Floats) -> Linear:
    if measure.statistic == "quantile":
        return linear_quantile_over_days(standing, measure.level)
    numbers = standing if measure.statistic == "mean" else standing <= measure.level
    days = np.full((len(standing), standing.shape[2]), standing.shape[1], np.float64)
    return linear_ratio(numbers.sum(axis=1, dtype=np.float64), days)
