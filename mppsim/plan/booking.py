"""Appointments: who books which slot, when the booked come, and who does not show up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.clock import on_grid
from mppsim.plan.plan import Channel, Floats
from mppsim.plan.queue_up import Drawn
from mppsim.plan.streams import Words, high_half, low_half, uniform
from mppsim.plan.tables import draw_law, draw_standard
from mppsim.scenario.appointments import book_in_turn, filled_places, slots_on
from mppsim.scenario.booking import Appointments, Punctuality
from mppsim.scenario.days import Weekday
from mppsim.scenario.quantiles import Standard
from mppsim.scenario.schema import Scenario


@dataclass(frozen=True, eq=False)
class Slots:
    """The slots of a service on a day."""

    rules: Appointments
    places: Mapping[float, int]
    """By the time of the slot, in order."""

    @classmethod
    def of(cls, scenario: Scenario, weekday: Weekday, rules: Appointments) -> Slots:
        """Return the slots of a weekday, at times on the clock's grid."""
        places = slots_on(scenario, weekday, rules)
        times = on_grid(np.array([*places], np.float64)).tolist()
        return cls(rules, dict(zip(times, places.values(), strict=True)))

    def filled(self, tickets: int) -> Floats:
        """Return the slots of those who book where the places, not the demand, say how many."""
        times = np.repeat([*self.places], [*self.places.values()]).astype(np.float64)
        if self.rules.fill is None:
            return times[:0]
        return times[np.array(filled_places(self.rules, len(times)), np.bool_)][:tickets]


def book(slots: Slots, drawn: Drawn, words: Words, tickets: int) -> tuple[Drawn, Channel]:
    """Let a share of the visitors book the free slot next to their own time, in turn.

    Who finds none comes as a walk-in, or not at all. There are no more bookings than `tickets`.
    """
    wanted = uniform(words[:, 0]) < (slots.rules.share or 0.0)
    slot = np.full(len(wanted), np.nan)
    slot[wanted] = book_in_turn(drawn.arrival[wanted], slots.places, tickets)
    none = wanted & np.isnan(slot)
    lost = none if slots.rules.else_ == "lost" else np.zeros_like(none)
    come, channel = keep_slots(slots, drawn, slot, words, lost)
    return come, channel._replace(without_slot=int(none.sum()))


def keep_slots(
    slots: Slots, drawn: Drawn, slot: Floats, words: Words, lost: NDArray[np.bool_] | None = None
) -> tuple[Drawn, Channel]:
    """Let those who have a slot (NaN: none) come about its time, or not; the `lost` stay away."""
    rules, booked = slots.rules, ~np.isnan(slot)
    late = _lateness(rules.punctuality, words)
    arrival = np.where(booked, on_grid(np.maximum(slot + late, 0.0)), drawn.arrival)
    absent = booked & (high_half(words[:, 2]) < rules.no_show)
    in_time = arrival <= slot + (np.inf if rules.grace is None else rules.grace)
    ahead: NDArray[np.bool_] = booked & in_time & (rules.priority == "appointment_first")
    gone = absent if lost is None else absent | lost
    channel = Channel(
        places=sum(slots.places.values()),
        booked=int(booked.sum()),
        no_shows=int(absent.sum()),
    )
    return replace(drawn, arrival=arrival, slot=slot, ahead=ahead).only(~gone), channel


def _lateness(punctuality: Punctuality | None, words: Words) -> Floats:
    """Return how many minutes after the slot each booked visitor comes; below 0: before it."""
    if punctuality is None:
        return np.zeros(len(words))
    if punctuality.law is not None:
        return draw_law(punctuality.law, words[:, 1], low_half(words[:, 2])) - punctuality.early
    mean, sd = punctuality.mean or 0.0, punctuality.sd or 0.0
    return mean + sd * draw_standard(Standard("normal", 1.0), words[:, 1])
