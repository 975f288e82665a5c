"""The hall while a day runs: who stands where, which counters are free, what has happened."""

from __future__ import annotations

from collections import deque

import simpy

from mppsim.engine.trace import DayTrace
from mppsim.plan.plan import DayPlan, Layout


class Hall:
    """The state of one day; the engine's functions change it, each at its instant."""

    def __init__(self, layout: Layout, day: DayPlan) -> None:
        self.clock = simpy.Environment()
        self.layout, self.day = layout, day
        self.trace = DayTrace.blank(day)
        self.closed = False
        self.tickets = day.door.tickets.tolist()
        """Tickets left today, by tenant."""
        self.service_tickets = day.door.service_tickets.tolist()
        """Tickets left today, by service."""
        self.lines: list[list[deque[int]]] = [
            [deque() for _ in layout.classes] for _ in layout.stations
        ]
        """Waiting visitors by station and class, first come first."""
        self.waited = [0.0] * len(day.visitors.arrival)
        """Minutes by which each visitor's one patience for the whole visit is used up."""
        self.called: dict[int, simpy.Event] = {}
        """By waiting visitor: the event that ends the wait, with the counter or an outcome."""
        self.missing: dict[int, int] = {}
        """By waiting visitor who will miss the next call: the step that he waits for."""
        self.counters_of: list[list[int]] = [[] for _ in layout.stations]
        for counter, station in enumerate(layout.counter_station):
            self.counters_of[station].append(counter)
        self.on_duty = [False] * len(layout.counters)
        self.serving = [False] * len(layout.counters)
        self.idle_since = [0.0] * len(layout.counters)
        self.freed: set[int] = set()
        """Counters that became free at this instant and have not yet looked at the lines."""
