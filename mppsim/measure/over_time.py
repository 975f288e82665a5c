"""Time-weighted measures: lines and seats as paths over the day, exact on the clock's grid.

A path is a set of jumps (group, time, change); it starts and ends at 0. Every value of a path is
its right limit: the value at t counts all jumps at t.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mppsim.measure.delegations import Stays
from mppsim.measure.reached import Reached
from mppsim.plan.clock import TICKS_PER_MINUTE
from mppsim.plan.plan import Floats, Integers, Plan

GRID_STEP = 5.0
"""Minutes between the points at which lines and seats are sampled."""
_TWO_DAYS = 48


@dataclass(frozen=True, eq=False)
class OverTime:
    """Lines and seats of one replication over the clock.

    `queue` counts the visitors waiting, `persons` everybody who wants a seat: the parties of the
    waiting and the companions of those being served, from the opening on (before it the line
    stands outside). Both are sampled at `grid_start`, 5 minutes later, and so on.
    """

    grid_start: float
    queue: NDArray[np.uint16]
    """Shape (days, stations, points)."""
    persons: NDArray[np.uint16]
    """Shape (days, zones, points)."""
    longest_queue: Integers
    """Shape (days, stations): the largest number ever waiting, between the points too."""
    largest_crowd: Integers
    """Shape (days, zones): the largest number of persons at once, between the points too."""
    present: NDArray[np.uint16]
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


@dataclass(frozen=True, eq=False)
class Jumps:
    """A path for each group, by its jumps; the jumps of a group add up to 0."""

    group: NDArray[np.intp]
    time: Floats
    change: Integers
    n_groups: int

    def sampled(self, grid: Floats) -> NDArray[np.uint16]:
        """Return the paths at evenly spaced points, shape (groups, points)."""
        n_points, step = len(grid), grid[1] - grid[0]
        first_after = np.ceil((self.time - grid[0]) / step).clip(0, n_points).astype(np.intp)
        changes = np.bincount(
            self.group * (n_points + 1) + first_after,
            weights=self.change,
            minlength=self.n_groups * (n_points + 1),
        )
        paths = changes.reshape(self.n_groups, n_points + 1).cumsum(axis=1)
        return paths[:, :n_points].astype(np.uint16)

    def largest(self) -> Integers:
        """Return the largest value of each path, 0 where nothing happened.

        Raises OverflowError where group, time and change together need more than 63 bits.
        """
        largest = np.zeros(self.n_groups, np.int32)
        if not len(self.group):
            return largest
        ticks = (self.time * TICKS_PER_MINUTE).astype(np.int64)
        time_bits = int(ticks.max()).bit_length()
        change_bits = int(np.abs(self.change).max()).bit_length() + 1
        if self.n_groups.bit_length() + time_bits + change_bits > 63:
            raise OverflowError("too long a day or too large a party to sort events by one number")
        # One sort of (group, time, change): at one instant those who leave come first, so no
        # partial sum of the instant passes its right limit.
        half = 1 << (change_bits - 1)
        key = (((self.group << time_bits) + ticks) << change_bits) + (self.change + half)
        key.sort()
        path = ((key & (2 * half - 1)) - half).cumsum()
        group = key >> (time_bits + change_bits)
        first = np.flatnonzero(np.diff(group, prepend=-1))
        largest[group[first]] = np.maximum.reduceat(path, first).clip(0)
        return largest


def over_time(plan: Plan, steps: Reached, stays: Stays) -> OverTime:
    """Return the lines and the seats of a replication over the clock."""
    n_days, layout = len(plan.days), plan.layout
    n_stations, n_zones = len(layout.stations), len(layout.zones)
    grid = day_grid(plan)
    lines = queue_jumps(steps, n_days, n_stations)
    crowds = with_stays(seat_jumps(plan, steps), stays, n_zones)
    present = with_stays(presence_jumps(plan, steps), stays, n_zones)
    measured, n_points = list(layout.areas), len(grid)
    opening = np.array([day.opening for day in plan.days])[steps.day]
    closing = np.array([day.closing for day in plan.days])[steps.day]

    def minutes(begin: Floats, end: Floats) -> Floats:
        waited = (np.fmin(steps.line_left, end) - np.fmax(steps.joined, begin)).clip(0)
        waited[np.isnan(steps.joined)] = 0
        total = np.bincount(steps.day * n_stations + steps.station, waited, n_days * n_stations)
        return np.asarray(total, np.float64).reshape(n_days, n_stations)

    always = np.full(len(opening), np.inf)
    return OverTime(
        grid_start=float(grid[0]),
        queue=lines.sampled(grid).reshape(n_days, n_stations, -1),
        persons=crowds.sampled(grid).reshape(n_days, n_zones, -1),
        longest_queue=lines.largest().reshape(n_days, n_stations),
        largest_crowd=crowds.largest().reshape(n_days, n_zones),
        present=present.sampled(grid).reshape(n_days, n_zones, n_points)[:, measured],
        largest_present=present.largest().reshape(n_days, n_zones)[:, measured],
        queue_minutes_early=minutes(-always, opening),
        queue_minutes_open=minutes(opening, closing),
        queue_minutes_late=minutes(closing, always),
    )


def day_grid(plan: Plan) -> Floats:
    """Return the points of the clock at which a hall is sampled, the same for all replications.

    They run from the whole hour at least 2 hours before the first opening of any day (not before
    midnight) to the whole hour at least 4 hours after the last closing, at most two days.
    """
    first = max(0, math.floor(min(day.opening for day in plan.days) / 60) - 2)
    last = min(math.ceil(max(day.closing for day in plan.days) / 60) + 4, _TWO_DAYS)
    return np.arange(first * 60, last * 60 + GRID_STEP, GRID_STEP)


def queue_jumps(steps: Reached, n_days: int, n_stations: int) -> Jumps:
    """Return the number of visitors waiting, for each day and station."""
    rows = np.flatnonzero(~np.isnan(steps.joined))
    group = steps.day[rows] * n_stations + steps.station[rows]
    one = np.ones(len(rows), np.int32)
    return Jumps(
        group=np.concatenate([group, group]),
        time=np.concatenate([steps.joined[rows], steps.line_left[rows]]),
        change=np.concatenate([one, -one]),
        n_groups=n_days * n_stations,
    )


def seat_jumps(plan: Plan, steps: Reached) -> Jumps:
    """Return the number of persons who want a seat, for each day and zone.

    A party comes with its visitor; when the visitor is called, the companions stay until the
    counter is left. Who waits for a place in a room is not in the zone yet; who is too early for
    an appointment has a seat, too. Whatever happens before the opening happens outside.
    """
    n_zones = len(plan.layout.zones)
    opening = np.array([day.opening for day in plan.days])
    joined = np.flatnonzero(~np.isnan(steps.entered))
    called = ~np.isnan(steps.started)
    served = joined[called[joined]]
    accompanied = served[steps.party[served] > 1]
    leaving = np.where(called[joined], 1, steps.party[joined])
    rows = np.concatenate([joined, joined, accompanied])
    seated = np.where(steps.entered > steps.joined, steps.entered, steps.came)
    time = np.concatenate(
        [
            seated[joined],
            steps.line_left[joined],
            np.fmax(steps.ended, steps.released)[accompanied],
        ]
    )
    return Jumps(
        group=steps.day[rows] * n_zones + plan.layout.station_zone[steps.station[rows]],
        time=np.maximum(time, opening[steps.day[rows]]),
        change=np.concatenate([steps.party[joined], -leaving, 1 - steps.party[accompanied]]).astype(
            np.int32
        ),
        n_groups=len(plan.days) * n_zones,
    )


def with_stays(jumps: Jumps, stays: Stays, n_zones: int) -> Jumps:
    """Return the paths with the delegations that sit in the zones."""
    group = stays.day * n_zones + stays.zone
    return Jumps(
        group=np.concatenate([jumps.group, group, group]),
        time=np.concatenate([jumps.time, stays.begin, stays.end]),
        change=np.concatenate([jumps.change, stays.persons, -stays.persons]).astype(np.int32),
        n_groups=jumps.n_groups,
    )


def presence_jumps(plan: Plan, steps: Reached) -> Jumps:
    """Return the number of persons in each zone with an area, for each day and zone.

    A party is there from entering the room of a station, or coming to its counter, until it leaves.
    """
    n_zones = len(plan.layout.zones)
    opening = np.array([day.opening for day in plan.days])
    zone = plan.layout.station_zone[steps.station]
    rows = np.flatnonzero(~np.isnan(steps.entered) & np.isin(zone, list(plan.layout.areas)))
    left = np.where(np.isnan(steps.released), steps.line_left, steps.released)
    group, party = (steps.day * n_zones + zone)[rows], steps.party[rows]
    time = np.concatenate([steps.entered[rows], left[rows]])
    return Jumps(
        group=np.concatenate([group, group]),
        time=np.maximum(time, np.tile(opening[steps.day[rows]], 2)),
        change=np.concatenate([party, -party]).astype(np.int32),
        n_groups=len(plan.days) * n_zones,
    )
