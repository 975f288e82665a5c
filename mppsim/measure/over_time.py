"""Time-weighted measures: lines and seats as paths over the day, exact on the clock's grid."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.measure.delegations import delegations
from mppsim.measure.paths import Grid, Stays, together
from mppsim.measure.side_by_side import Days, Index
from mppsim.plan.plan import AWAY, Floats, Integers

Path = NDArray[np.unsignedinteger[Any]]
"""Numbers of visitors, or persons, at the points of a grid."""
GRID_STEP = 5.0
"""Minutes between the points at which lines and seats are sampled."""
_TWO_DAYS = 48
_CELLS_OF_CROWDS = 5
"""Between two points; many come and go in a zone, so its busiest minutes are looked at closely."""


@dataclass(frozen=True, eq=False)
class OverTime:
    """Lines and seats of each day over the clock.

    `queue` counts the visitors waiting, `persons` everybody who wants a seat: the parties of the
    waiting and the companions of those being served, from the opening on (before it the line
    stands outside). Both are sampled at `grid_start`, 5 minutes later, and so on.
    """

    grid_start: float
    queue: Path
    """Shape (days, stations, points)."""
    persons: Path
    """Shape (days, zones, points)."""
    longest_queue: Integers
    """Shape (days, stations): the largest number ever waiting, between the points too."""
    largest_crowd: Integers
    """Shape (days, zones): the largest number of persons at once, between the points too."""
    present: Path
    """Shape (days, zones with an area, points): all persons there, those being served too."""
    largest_present: Integers
    """Shape (days, zones with an area): the largest number of them, between the points too."""
    queue_minutes_early: Floats
    """Shape (days, stations): the integral of the queue before opening."""
    queue_minutes_open: Floats
    """Shape (days, stations): the same from opening to closing."""
    queue_minutes_late: Floats
    """Shape (days, stations): the same after closing."""

    @property
    def grid(self) -> Floats:
        """The points of the samples, in minutes since midnight."""
        return self.grid_start + GRID_STEP * np.arange(self.queue.shape[2], dtype=np.float64)


def over_time(days: Days) -> OverTime:
    """Return the lines and the seats of all days over the clock."""
    n_days, n_zones = len(days), len(days.layout.zones)
    lines, grid, measured = in_line(days), day_grid(days), list(days.layout.areas)
    queue, longest = grid.sampled_and_largest(lines, n_days * len(days.layout.stations))
    crowds = (
        grid.sampled_and_largest(stays, n_days * n_zones, cells=_CELLS_OF_CROWDS)
        for stays in (seated(days), present(days))
    )
    (persons, largest), (there, most) = crowds

    def by_day(paths: Integers, largest: Integers) -> Path:
        return paths.astype(path_type(largest)).reshape(n_days, -1, grid.n_points)

    early, open_, late = _queue_minutes(days, lines)
    return OverTime(
        grid_start=grid.start,
        queue=by_day(queue, longest),
        persons=by_day(persons, largest),
        longest_queue=longest.reshape(n_days, -1),
        largest_crowd=largest.reshape(n_days, -1),
        present=by_day(there, most)[:, measured],
        largest_present=most.reshape(n_days, -1)[:, measured],
        queue_minutes_early=early,
        queue_minutes_open=open_,
        queue_minutes_late=late,
    )


def path_type(largest: Integers) -> type[np.unsignedinteger[Any]]:
    """Return the type of paths whose largest values are these: 16 bits suffice for any hall."""
    return np.uint16 if largest.max(initial=0) < 1 << 16 else np.uint32


def day_grid(days: Days) -> Grid:
    """Return the points of the clock at which a hall is sampled, the same for all replications."""
    return grid_between(days.opening.min(), days.closing.max())


def grid_between(opening: float, closing: float) -> Grid:
    """Return the points for a hall of these hours, the first and the last of any day.

    They run from the whole hour at least 2 hours before the first opening (not before midnight) to
    the whole hour at least 4 hours after the last closing, at most two days.
    """
    first = max(0, math.floor(opening / 60) - 2)
    last = min(math.ceil(closing / 60) + 4, _TWO_DAYS)
    return Grid(first * 60.0, GRID_STEP, int((last - first) * 60 / GRID_STEP) + 1)


def in_line(days: Days) -> Stays:
    """Return who waits, for each day and station; who does not have to wait is left out."""
    steps, rows = days.steps, days.steps.waiting
    return Stays(
        group=steps.day[rows] * len(days.layout.stations) + steps.station[rows],
        begin=steps.joined[rows],
        end=steps.line_left[rows],
        persons=np.ones(len(rows), np.int32),
    )


def seated(days: Days) -> Stays:
    """Return who wants a seat, for each day and zone.

    A party comes with its visitor; when the visitor is called, the companions stay until the
    counter is left. Who waits for a place in a room is not in the zone yet; who is too early for
    an appointment has a seat, too; who waits elsewhere has none until he is back. Whatever happens
    before the opening happens outside.
    """
    steps, seated_from, waiting = days.steps, days.steps.joined, days.steps.waiting
    if days.layout.rooms or days.steps.has_slots:
        in_room = np.where(np.isnan(steps.entered), np.nan, steps.came)
        seated_from = np.where(steps.entered > steps.joined, steps.entered, in_room)
        waiting = np.flatnonzero(steps.line_left > seated_from)
    if days.layout.remote:
        seated_from = np.where(np.isnan(steps.returned), seated_from, steps.returned)
        waiting = np.flatnonzero(steps.line_left > seated_from)
    party = days.visitors.party
    stays = [_in_zones(days, waiting, seated_from, steps.line_left, party)]
    if party.max(initial=1) > 1:
        served = np.flatnonzero(~np.isnan(steps.started))
        with_others = served[party[steps.visitor[served]] > 1]
        left = np.fmax(steps.ended, steps.released)
        stays.append(_in_zones(days, with_others, steps.started, left, party - 1))
    return together(*stays, delegations(days))


def present(days: Days) -> Stays:
    """Return who is there, in service too, for each day and zone; only in zones with an area.

    A party is there from entering the room of a station, or coming to its counter, until it leaves.
    """
    steps, areas = days.steps, list(days.layout.areas)
    if not areas:
        return delegations(days)
    in_area = np.isin(days.layout.station_zone, areas)[steps.station] & (steps.station != AWAY)
    came = steps.entered
    if days.layout.remote:
        came = np.where(np.isnan(steps.returned), came, steps.returned)
    rows = np.flatnonzero(np.isfinite(came) & in_area)
    left = np.where(np.isnan(steps.released), steps.line_left, steps.released)
    return together(_in_zones(days, rows, came, left, days.visitors.party), delegations(days))


def _in_zones(days: Days, rows: Index, begin: Floats, end: Floats, persons: Integers) -> Stays:
    """Return the stays of these steps in the zones of their stations, from the opening on.

    `begin` and `end` have one entry a step, `persons` one a visitor.
    """
    steps = days.steps
    day, zone = steps.day[rows], days.layout.station_zone[steps.station[rows]]
    opening = days.opening[day]
    alone = persons.max(initial=1) == 1
    return Stays(
        group=day * len(days.layout.zones) + zone,
        begin=np.maximum(begin[rows], opening),
        end=np.maximum(end[rows], opening),
        persons=np.ones(len(rows), np.int32) if alone else persons[steps.visitor[rows]],
    )


def _queue_minutes(days: Days, lines: Stays) -> tuple[Floats, Floats, Floats]:
    """Return the minutes in line before the opening, until the closing, and after it.

    Each has the shape (days, stations). Differences are exact, as all times are on the grid.
    """
    n_stations = len(days.layout.stations)
    day = days.steps.day[days.steps.waiting]
    opening, closing = days.opening[day], days.closing[day]
    before = lines.only(lines.begin < opening)
    after = lines.only(lines.end > closing)

    def total(group: NDArray[np.integer], minutes: Floats) -> Floats:
        sums = np.bincount(group, minutes, len(days) * n_stations)
        return np.asarray(sums, np.float64).reshape(len(days), n_stations)

    early = total(
        before.group,
        np.minimum(before.end, days.opening[before.group // n_stations]) - before.begin,
    )
    late = total(
        after.group,
        after.end - np.maximum(after.begin, days.closing[after.group // n_stations]),
    )
    return early, total(lines.group, lines.end - lines.begin) - early - late, late
