"""The hall while a day runs: who stands where, which counters are free, what has happened."""

from __future__ import annotations

from collections import deque
from itertools import count
from typing import NamedTuple

import simpy

from mppsim.engine.another_day import Mask, steps_to_make
from mppsim.engine.policy import Policy, Waiting
from mppsim.engine.skills import skills_of
from mppsim.engine.trace import DayTrace
from mppsim.plan.plan import DayPlan, Layout
from mppsim.plan.rules import CounterRule, StationRule


class Turn(NamedTuple):
    """What decides when a ticket is called."""

    is_behind: bool
    """False for who comes back to the head of the line."""
    joined: float
    number: int
    """Counts those who have joined a line in the hall before."""
    visitor: int


class Hall:
    """The state of one day; the engine's functions change it, each at its instant."""

    def __init__(
        self,
        layout: Layout,
        day: DayPlan,
        to_make: Mask | None = None,
        policy: Policy | None = None,
    ) -> None:
        self.clock = simpy.Environment()
        self.layout, self.day, self.policy = layout, day, policy
        self.to_make = steps_to_make(day) if to_make is None else to_make
        """By step: whether it is made if nobody gives up."""
        self._set_up_lines()
        self.trace = DayTrace.blank(day)
        self.closed = False
        self.tickets = day.door.tickets.tolist()
        """Tickets left today, by tenant."""
        self.service_tickets = day.door.service_tickets.tolist()
        """Tickets left today, by service."""
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
        self.outer: list[deque[int]] = [deque() for _ in layout.stations]
        """Visitors who wait for a place in the room of a station, by station, first come first."""
        self.seeks: dict[int, int] = {}
        """By visitor in an outer line: the step that he is about to make."""
        self.held: dict[int, tuple[int, int]] = {}
        """By visitor: the counter behind that he still occupies, and the step that it served."""
        self.outside: deque[int] = deque()
        """Visitors at the gate, first come first."""
        self.gate_answers: dict[int, simpy.Event] = {}
        """By visitor at the gate: the event that lets him in, or sends him away."""
        self.persons_inside = 0
        self.outages_at = [0] * len(layout.counters)
        """How many outages each counter is in."""
        self.running: dict[int, simpy.Event] = {}
        """By counter with a service under way: the event that stops it."""
        self.stopped: dict[int, simpy.Event] = {}
        """By counter with a service that stands still: the event that lets it go on."""
        self.restarting: set[int] = set()
        """Counters whose stopped service begins anew."""
        self.under_way: dict[int, simpy.Event] = {}
        """By serving counter whose services may be broken off: the event that does it."""
        self.leaving: dict[int, simpy.Event] = {}
        """By counter whose break is due: the event that its service is over."""
        self.woken: set[int] = set()
        """Counters that were idle and look again because of somebody who joined a line."""
        self.freed: set[int] = set()
        """Counters that became free at this instant and have not yet looked at the lines."""

    def _set_up_lines(self) -> None:
        """Set up the empty lines, and the rules by which visitors are called from them."""
        layout = self.layout
        self.counter_rules = layout.counter_rules or (CounterRule(),) * len(layout.counters)
        self.station_rules = layout.station_rules or (StationRule(),) * len(layout.stations)
        self.skills = skills_of(layout)
        self.lines = self.skills.lines
        """Waiting visitors by station and line; `line_of` tells who stands where."""
        self.step_of: dict[int, int] = {}
        """By visitor: the step that he is making."""
        self.joining = count()
        """Numbers those who join a line, in the order in which they do."""
        self.turn: dict[int, Turn] = {}
        """By ticket in a line: the visitor, or the complement of the step of a dead ticket."""
        self.line_chosen: dict[int, int] = {}
        """By visitor at a station with a line for each counter: the one that he stands in."""
        self.told: dict[int, simpy.Event] = {}
        """By visitor who waits elsewhere until he is told to come: the event that tells him."""
        self.late: set[int] = set()
        """Visitors who were called while they were on their way back."""
        self.owed: dict[int, list[int]] = {}
        """By station and class: how many of later classes come before the next of this one."""
        self.seen: dict[Turn, Waiting] = {}
        """By turn: what a policy sees of who waits, which does not change meanwhile."""
