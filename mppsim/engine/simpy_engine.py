"""The SimPy engine: a day of the hall as it happens. It is the specification, so it stays plain.

Visitors, the counters' rosters and the closing are SimPy processes. Lines are deques, one for each
station and class, and a counter takes the next visitor by an ordinary function call.

Why this way: simpy's Resource decides itself who is next and when; here the order of simultaneous
events is part of the model (engine/order.py), so every wait for a time is a `Due` with a rank.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from typing import cast

import simpy

from mppsim.engine.order import Kind
from mppsim.engine.trace import DayTrace, Outcome
from mppsim.plan.plan import DayPlan, Layout

Process = Generator[simpy.Event, object, None]


def simulate_day(layout: Layout, day: DayPlan) -> DayTrace:
    """Run one day until the last visitor has left, and return what happened."""
    hall = _Hall(layout, day)
    for counter in range(len(layout.counters)):
        hall.clock.process(hall.roster(counter))
    hall.clock.process(hall.closing())
    for visitor in range(len(day.visitors.arrival)):
        hall.clock.process(hall.visit(visitor))
    hall.clock.run()
    return hall.trace


class Due(simpy.Event):
    """An event at a given time, ranked among those of the same instant by (kind, index).

    SimPy's own events have the priorities 0 and 1; a rank is larger, so whatever one ranked event
    sets off is over before the next one comes.
    """

    def __init__(self, clock: simpy.Environment, time: float, kind: Kind, index: int = 0) -> None:
        super().__init__(clock)
        if time < clock.now:
            raise ValueError(f"{kind.name} {index} is due at {time}, before now ({clock.now})")
        self._ok, self._value = True, None  # it will happen, like simpy's own Timeout
        rank = (kind << 40) + index
        clock.schedule(self, priority=rank, delay=time - clock.now)  # type: ignore[arg-type]  # any int will do


class _Hall:
    """The hall while a day runs."""

    def __init__(self, layout: Layout, day: DayPlan) -> None:
        self.clock = simpy.Environment()
        self.layout, self.day = layout, day
        self.trace = DayTrace.blank(day)
        self.closed = False
        self.tickets = [0] * len(layout.tenants)
        self.lines: list[list[deque[int]]] = [
            [deque() for _ in layout.classes] for _ in layout.stations
        ]
        self.counters_of: list[list[int]] = [[] for _ in layout.stations]
        for counter, station in enumerate(layout.counter_station):
            self.counters_of[station].append(counter)
        self.on_duty = [False] * len(layout.counters)
        self.serving = [False] * len(layout.counters)
        self.idle_since = [0.0] * len(layout.counters)
        self.freed: set[int] = set()
        """Counters that became free at this instant and have not yet looked at the lines."""
        self.called: dict[int, simpy.Event] = {}
        """By waiting visitor: the event that ends the wait, with the counter or an outcome."""

    # -- processes ---------------------------------------------------------------------------

    def visit(self, visitor: int) -> Process:
        """Let a visitor come, make each step of the visit, and leave."""
        visitors, trace = self.day.visitors, self.trace
        first, end = visitors.first_step[visitor : visitor + 2].tolist()
        time = float(visitors.arrival[visitor])
        for step in range(first, end):
            yield Due(self.clock, time, Kind.WALK_IN, visitor)
            refused = step == first and self.refused(visitor)
            outcome = Outcome.REFUSED if refused else (yield from self.take_step(visitor, step))
            time = self.clock.now
            trace.ended[step], trace.outcome[step] = time, outcome
            if outcome != Outcome.SERVED:
                break
        trace.left[visitor], trace.visitor_outcome[visitor] = time, outcome

    def take_step(self, visitor: int, step: int) -> Generator[simpy.Event, object, Outcome]:
        """Let a visitor join the line of a station, wait and be served; say how it ended."""
        steps, trace = self.day.steps, self.trace
        station = int(steps.station[step])
        turned_away = self.closed_to_visitors(station)
        if not turned_away and self.too_long(station):
            return Outcome.BALKED
        trace.joined[step] = self.clock.now
        if turned_away:
            return turned_away
        counter = self.longest_idle(station)
        if counter is None:
            call = yield from self.wait(visitor, station, float(steps.patience[step]))
            if isinstance(call, Outcome):
                return call
            counter = call
        self.serving[counter] = True
        trace.started[step], trace.counter[step] = self.clock.now, counter
        yield Due(
            self.clock, self.clock.now + float(steps.service_time[step]), Kind.FINISH, counter
        )
        self.serving[counter] = False
        self.free(counter)
        return Outcome.SERVED

    def wait(
        self, visitor: int, station: int, patience: float
    ) -> Generator[simpy.Event, object, int | Outcome]:
        """Let a visitor stand in line until a counter calls, patience ends or the hall says so."""
        if patience == 0:
            return Outcome.RENEGED
        line = self.lines[station][self.day.visitors.visitor_class[visitor]]
        line.append(visitor)
        called = self.called[visitor] = self.clock.event()
        if patience == float("inf"):
            yield called
        else:
            yield called | Due(self.clock, self.clock.now + patience, Kind.RENEGE, visitor)
        del self.called[visitor]
        if not called.triggered:
            line.remove(visitor)
            return Outcome.RENEGED
        return cast("int | Outcome", called.value)

    def roster(self, counter: int) -> Process:
        """Let a counter come on duty and go, as planned; it finishes a service that lasts longer.

        Nobody comes on duty once the doors are closed. Where all who are inside are served, whoever
        is on duty at closing stays to the end.
        """
        for span in self.day.duty[counter]:
            if span.start >= self.day.closing:
                return
            yield Due(self.clock, span.start, Kind.COUNTER_ON, counter)
            self.on_duty[counter] = True
            self.free(counter)
            if self.day.serve_all and span.end >= self.day.closing:
                return
            yield Due(self.clock, span.end, Kind.COUNTER_OFF, counter)
            self.on_duty[counter] = False

    def closing(self) -> Process:
        """Close the doors; those whom no counter will call any more leave."""
        yield Due(self.clock, self.day.closing, Kind.CLOSING)
        self.closed = True
        for station, lines in enumerate(self.lines):
            outcome = self.closed_to_visitors(station)
            for line in lines if outcome else ():
                while line:
                    self.called[line.popleft()].succeed(outcome)

    def look(self) -> Process:
        """Let every counter that became free at this instant take its next visitor."""
        yield Due(self.clock, self.clock.now, Kind.LOOK)
        for counter in sorted(self.freed):
            if self.on_duty[counter] and not self.serving[counter]:
                self.take_next(counter)
        self.freed.clear()

    # -- what they do at an instant ------------------------------------------------------------

    def free(self, counter: int) -> None:
        """Let a counter look at the lines once all changes of this instant are made."""
        if not self.freed:
            self.clock.process(self.look())
        self.freed.add(counter)

    def take_next(self, counter: int) -> None:
        """Call the visitor who joined first in the first class that has one; else stay idle."""
        for line in self.lines[self.layout.counter_station[counter]]:
            if line:
                self.serving[counter] = True
                self.called[line.popleft()].succeed(counter)
                return
        self.idle_since[counter] = self.clock.now

    def longest_idle(self, station: int) -> int | None:
        """Return the free counter that has been idle longest, then the lowest; None if none is."""
        free = [c for c in self.counters_of[station] if self.on_duty[c] and not self.serving[c]]
        return min(free, key=lambda c: (self.idle_since[c], c), default=None)

    def refused(self, visitor: int) -> bool:
        """Tell whether a visitor at the door comes too late for a ticket; else give him one."""
        tenant = self.layout.service_tenant[self.day.visitors.service[visitor]]
        late = self.clock.now >= min(self.day.last_ticket, self.day.closing)
        if late or self.tickets[tenant] >= self.layout.quota[tenant]:
            return True
        self.tickets[tenant] += 1
        return False

    def closed_to_visitors(self, station: int) -> Outcome | None:
        """Tell what becomes of those whom no counter of the station will call any more."""
        if self.closed and not self.day.serve_all:
            return Outcome.DISMISSED
        if self.closed and not any(self.on_duty[c] for c in self.counters_of[station]):
            return Outcome.UNSERVED
        return None

    def too_long(self, station: int) -> bool:
        """Tell whether a visitor balks at the line of a station, all classes counted."""
        return sum(map(len, self.lines[station])) > int(self.layout.balk_above[station])
