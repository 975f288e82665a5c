"""Plans drawn at random in which all that an engine can do meets, with many ties."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from mppsim.plan import Plan
from mppsim.plan.clock import TICK
from mppsim.plan.plan import (
    AWAY,
    HEAD,
    NO_LIMIT,
    TAIL,
    DayPlan,
    Door,
    Floats,
    Layout,
    Outage,
    Recalling,
    Remote,
    Room,
    Steps,
    Visitors,
)
from mppsim.plan.rules import CounterRule, StationRule, Target
from mppsim.scenario.durations import Span
from support.hand_made import one_station

DAY = 60.0
"""Minutes from the opening to the last possible closing."""
DISCIPLINES = (
    ("priority", 0.0),
    ("priority", 0.0),
    ("fifo", 0.0),
    ("ratio", 2.0),
    ("aging", 1.7),
    ("longest_queue", 0.0),
    ("longest_wait", 0.0),
)
"""With their amounts; the first three look at nobody but those who are first in line."""


def random_plan(seed: int) -> Plan:
    """Return a plan of one or two days with any features; the same seed gives the same plan."""
    return _RandomPlan(np.random.default_rng(seed)).plan()


def random_line(seed: int) -> Plan:
    """Return a plan of one day of one station, where all or nearly all are served in turn."""
    luck = np.random.default_rng(seed)
    n, unit = int(luck.integers(1, 40)), float(luck.choice([1.0, 0.5, TICK]))
    arrivals = np.sort(luck.integers(0, int(30 / unit), n)) * unit
    services = luck.integers(1, int(9 / unit), n) * unit
    starts = luck.integers(0, 10, int(luck.integers(1, 6))) / 2
    plan = one_station(
        arrivals.tolist(),
        services.tolist(),
        counters=[[(float(start), 1000.0)] for start in starts],
        closing=float(luck.choice([25.0, 30.0, 100.0])),
    )
    rules = tuple(CounterRule(speed=float(luck.choice([1.0, 0.8, 1.25]))) for _ in starts)
    return replace(plan, layout=replace(plan.layout, counter_rules=rules))


def random_plain_day(seed: int) -> Plan:
    """Return the first day of such a plan, without what plain days do not have."""
    drawn = random_plan(seed)
    layout, day = drawn.layout, drawn.days[0]
    visitors, steps, nothing = day.visitors, day.steps, np.zeros(0)
    layout = replace(
        layout,
        dead_calls={},
        remote={},
        rooms={},
        capacity=NO_LIMIT,
        patience_shared=np.zeros_like(layout.patience_shared),
        balk_above=np.full_like(layout.balk_above, NO_LIMIT),
        balk_wait=nothing,
        balk_shares=(),
        station_rules=tuple(
            StationRule(
                stop_taking=rule.stop_taking,
                discipline="fifo" if rule.discipline == "fifo" else "priority",
            )
            for rule in layout.station_rules
        ),
    )
    of_visitors = ("arrival", "service", "ordinal", "visitor_class", "party", "first_step")
    of_steps = ("station", "service", "service_time", "patience")
    day = replace(
        day,
        visitors=Visitors(*(getattr(visitors, name) for name in of_visitors)),
        steps=Steps(*(getattr(steps, name) for name in of_steps)),
        outages=(),
        shift_ends=(),
    )
    return replace(drawn, layout=layout, days=(day,))


class _RandomPlan:
    """Draws a plan; each feature is in some halls, and there anywhere."""

    def __init__(self, luck: np.random.Generator) -> None:
        self.luck = luck
        # Most times are whole or half minutes, so that much happens at one instant.
        self.unit = float(luck.choice([1.0, 0.5, 0.5, TICK]))
        self.n_stations, self.n_classes = int(luck.integers(1, 5)), int(luck.integers(1, 4))
        self.n_services = self.n_stations + int(luck.integers(0, 2))
        self.n_zones = int(luck.integers(1, 3))
        self.own = np.repeat(np.arange(self.n_stations), luck.integers(1, 4, self.n_stations))
        # Where nothing depends on who waits, an engine may note later that somebody has left.
        self.is_plain = self.maybe(0.25)
        self.lines = [
            str(self.unless_plain("one", ["one", "one", "shortest", "random"]))
            for _ in self.stations
        ]
        self.with_skills = self.maybe(0.4)
        self.with_remote = not self.is_plain and self.maybe(0.2)
        self.layout = self.hall()

    @property
    def stations(self) -> range:
        return range(self.n_stations)

    def maybe(self, chance: float = 0.35) -> bool:
        return bool(self.luck.random() < chance)

    def one_of(self, choices: Any) -> Any:
        return choices[int(self.luck.integers(len(choices)))]

    def unless_plain(self, plain: Any, choices: Any) -> Any:
        return plain if self.is_plain else self.one_of(choices)

    def times(self, n: int, most: float, least: float = 0.0) -> Floats:
        span = int((most - least) / self.unit)
        return np.asarray(least + self.luck.integers(0, span + 1, n) * self.unit, np.float64)

    def time(self, most: float, least: float = 0.0) -> float:
        return float(self.times(1, most, least)[0])

    def plan(self) -> Plan:
        first = self.day()
        later = (self.next_day(first),) if self.maybe(0.3) else ()
        return Plan(self.layout, seed=0, replication=0, days=(first, *later))

    def hall(self) -> Layout:
        names, n = tuple(f"s{k}" for k in self.stations), self.n_stations
        return Layout(
            tenants=names,
            services=tuple(f"t{k}" for k in range(self.n_services)),
            service_tenant=np.arange(self.n_services, dtype=np.int32) % n,
            service_promise=np.full(self.n_services, np.nan),
            stations=names,
            station_tenant=np.arange(n, dtype=np.int32),
            station_zone=self.luck.integers(0, self.n_zones, n).astype(np.int32),
            station_promise=np.full(n, np.nan),
            balk_above=np.array(
                [self.unless_plain(NO_LIMIT, [NO_LIMIT, NO_LIMIT, 0, 2, 4]) for _ in names],
                np.int32,
            ),
            counters=tuple(f"c{k}" for k in range(len(self.own))),
            counter_station=self.own.astype(np.int32),
            classes=tuple(f"k{k}" for k in range(self.n_classes)),
            zones=tuple(f"z{k}" for k in range(self.n_zones)),
            seats=np.full(self.n_zones, 9, np.int32),
            dead_calls={k: max(self.unit, self.time(2)) for k in self.stations
                        if self.maybe(0.2) and not self.is_plain},
            recalls={k: Recalling(max(self.unit, self.time(2)), self.one_of([1, 2, NO_LIMIT]))
                     for k in self.stations},
            remote={k: Remote(self.one_of([0, 1, 3]), max(self.unit, self.time(1)))
                    for k in self.stations if self.with_remote},
            rooms={k: self.room() for k in self.stations if self.may_have_room(k)},
            capacity=self.unless_plain(NO_LIMIT, [NO_LIMIT, NO_LIMIT, NO_LIMIT, 6, 12]),
            patience_shared=self.luck.random(n) < self.one_of([0, 0, 0.5]),
            balk_wait=np.array(
                [self.unless_plain(np.inf, [np.inf, np.inf, np.inf, 7.3]) for _ in names]
            ),
            balk_shares=self.unless_plain((), [(), tuple(self.shares() for _ in names)]),
            mean_service=self.luck.random(n) * 5,
            walk=self.times((self.n_zones + 1) * self.n_zones, 2).reshape(-1, self.n_zones)
            if self.maybe() else np.zeros((0, 0)),
            counter_rules=tuple(self.counter_rule(k) for k in range(len(self.own))),
            station_rules=tuple(self.station_rule(k) for k in self.stations),
        )  # fmt: skip

    def may_have_room(self, station: int) -> bool:
        return self.lines[station] == "one" and not (
            self.is_plain or self.with_skills or self.with_remote or self.maybe(0.6)
        )

    def room(self) -> Room:
        return Room(int(self.luck.integers(0, 4)), self.one_of(["block", "outside", "lose"]))

    def shares(self) -> tuple[tuple[int, float], ...]:
        steps: list[tuple[tuple[int, float], ...]] = [(), ((0, 0.3),), ((1, 0.2), (3, 0.7))]
        return steps[int(self.luck.integers(3))]

    def counter_rule(self, counter: int) -> CounterRule:
        own, speed = int(self.own[counter]), self.one_of([1.0, 1.0, 1.25, 0.7])
        if not self.with_skills or self.maybe(0.4):
            return CounterRule(speed)
        separate = self.lines[own] != "one"
        reach = [own] if separate else [k for k in self.stations if self.lines[k] == "one"]
        levels = [
            tuple(self.target(reach) for _ in range(self.luck.integers(1, 4)))
            for _ in range(self.luck.integers(1, 3))
        ]
        # The first counter of each station serves everybody there: nobody is served nowhere.
        if counter == int(np.searchsorted(self.own, own)):
            levels.append((Target(own),))
        return CounterRule(speed, tuple(levels))

    def target(self, reach: list[int]) -> Target:
        return Target(
            self.one_of(reach),
            int(self.luck.integers(-1, self.n_services)),
            int(self.luck.integers(-1, self.n_classes)),
        )

    def station_rule(self, station: int) -> StationRule:
        discipline, amount = self.unless_plain(self.one_of(DISCIPLINES[:3]), DISCIPLINES)
        return StationRule(
            shifted_breaks=self.maybe(),
            shift_end=self.unless_plain("finish", ["finish", "finish", "resume", "restart"]),
            stop_taking=self.one_of([0.0, 0.0, 2 * self.unit]),
            discipline=discipline,
            amount=amount,
            lines=self.lines[station],  # type: ignore[arg-type]  # one of the three words
        )

    def day(self) -> DayPlan:
        n = int(self.luck.integers(0, 30))
        closing = self.time(DAY, DAY / 2)
        duty = tuple(self.roster() for _ in self.own)
        steps, first_step = self.visits(n)
        return DayPlan(
            weekday="mon",
            kind="mon",
            opening=0.0,
            closing=closing,
            door=self.door(closing),
            serve_all=self.maybe(0.7),
            duty=duty,
            visitors=self.visitors(n, first_step),
            steps=steps,
            outages=tuple(self.outage() for _ in range(self.one_of([0, 0, 1, 3]))),
            shift_ends=self.one_of(
                [(), tuple(tuple(s.end for s in spans if self.maybe(0.5)) for spans in duty)]
            ),
        )

    def roster(self) -> tuple[Span, ...]:
        if self.maybe(0.4):
            return (Span(0.0, DAY),)
        edges = np.unique(self.times(int(self.luck.integers(2, 7)), DAY)).tolist()
        return tuple(Span(*pair) for pair in zip(edges[::2], edges[1::2], strict=False))

    def outage(self) -> Outage:
        begin = self.time(DAY / 2)
        struck = tuple(k for k in self.stations if self.maybe(0.6)) or (0,)
        return Outage(begin, begin + max(self.unit, self.time(12)), struck, self.maybe())

    def door(self, closing: float) -> Door:
        limited = self.maybe(0.2)
        return Door(
            tickets=self.luck.integers(0, 9, self.n_stations).astype(np.int32)
            if limited else np.full(self.n_stations, NO_LIMIT, np.int32),
            service_tickets=self.luck.integers(0, 9, self.n_services).astype(np.int32)
            if limited and self.maybe() else np.full(self.n_services, NO_LIMIT, np.int32),
            tickets_from=self.one_of([np.full(self.n_stations, -np.inf),
                                      self.times(self.n_stations, 12)]),
            last_ticket=self.one_of([*[np.full(self.n_stations, closing)] * 4,
                                     self.times(self.n_stations, closing)]),
        )  # fmt: skip

    def visitors(self, n: int, first_step: Any) -> Visitors:
        booked = self.luck.random(n) < self.one_of([0.0, 0.0, 0.4])
        booking = np.full(n, -1, np.int32)
        booking[booked] = self.luck.permutation(int(booked.sum()))
        expected = ~booked & (self.luck.random(n) < self.one_of([0.0, 0.2]))
        groups = expected & (self.luck.random(n) < 0.5)
        return Visitors(
            arrival=np.sort(self.times(n, DAY * self.one_of([0.2, 0.5, 0.8]))),
            service=self.luck.integers(0, self.n_services, n).astype(np.int32),
            ordinal=np.where(expected, -1, np.arange(n)).astype(np.int32),
            visitor_class=self.luck.integers(0, self.n_classes, n).astype(np.int32),
            party=self.luck.integers(1, 4, n).astype(np.int32),
            first_step=first_step,
            balking=self.luck.random(n),
            booking=booking,
            stays=np.where(groups, self.times(n, 9, self.unit), 0.0),
            stay_zone=np.where(groups, 0, -1).astype(np.int32),
        )

    def visits(self, n: int) -> tuple[Steps, Any]:
        """Return the steps of n visitors, and where those of each begin."""
        rows: list[dict[str, Any]] = []
        ends = [0]
        with_order, with_second_tries = (
            not self.is_plain and self.maybe(),
            not self.is_plain and self.maybe(),
        )
        for _ in range(n):
            rows += self.visit(with_order, with_second_tries)
            ends.append(len(rows))
        n = len(rows)
        spare = 4.0 if self.maybe() else 30.0
        columns = {name: [row.get(name, 0) for row in rows] for name in _INTEGERS}
        # Each visitor has one patience, or none.
        patience = self.times(len(ends) - 1, spare)
        patience[self.luck.random(len(patience)) < self.one_of([0.1, 0.5, 1.0])] = np.inf
        slots = self.luck.random(n) < self.unless_plain(0.0, [0.0, 0.0, 0.4])
        remote = np.where(
            (self.luck.random(n) < 0.5) & ~slots & self.with_remote, self.times(n, 6), np.nan
        )
        remote[~np.isnan(remote) & (self.luck.random(n) < 0.2)] = np.inf
        waits_here = np.isnan(remote)
        return Steps(
            **{name: np.array(values, np.int32) for name, values in columns.items()},
            service_time=self.times(n, 8.0, self.unit),
            patience=np.where(waits_here, np.repeat(patience, np.diff(ends)), np.inf),
            remote=remote,
            not_before=np.where(slots, self.times(n, DAY), -np.inf),
            ahead=slots & (self.luck.random(n) < 0.7),
            misses=waits_here & (self.luck.random(n) < self.unless_plain(0.0, [0.0, 0.0, 0.3])),
            line_choice=self.luck.random(n),
        ), np.array(ends, np.int32)

    def visit(self, with_order: bool, with_second_tries: bool) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = []
        for number in range(1 + int(self.luck.integers(0, 4))):
            step = self.step(place=number + 1)
            if made and self.maybe(0.15):
                step["station"] = AWAY
            if with_second_tries:
                step["another_day"] = int(self.one_of([0, 0, 0, 1, 2, 3]))
            made.append(step)
            if with_second_tries and self.maybe(0.25):
                step["instead"] = number + 1
                made += [self.step(place=0) for _ in range(self.luck.integers(0, 2))]
                made.append(self.step(place=number + 1, only_after=number + 1))
            elif with_second_tries and self.maybe(0.25):
                made.append({"station": AWAY, "service": 0})
                made.append(self.step(place=number + 1, back=self.one_of([TAIL, HEAD])))
        if with_order and len(made) > 2 and self.maybe(0.7):
            first = int(self.luck.integers(0, len(made) - 1))
            part = 0
            for step in made[first:]:
                # A part begins at a station: nobody compares the line before a delay.
                part += step["station"] != AWAY and (part == 0 or self.maybe(0.7))
                step["any_order"], step["part"] = int(part > 0), part
        return made

    def step(self, **columns: int) -> dict[str, Any]:
        return {
            "station": int(self.luck.integers(self.n_stations)),
            "service": int(self.luck.integers(self.n_services)),
            **columns,
        }

    def next_day(self, first: DayPlan) -> DayPlan:
        """Return another day, on which some visitors come back if they have to."""
        day, n = self.day(), len(first.visitors.arrival)
        those = self.luck.permutation(n)[: len(day.visitors.arrival) // 2]
        returns = np.full(len(day.visitors.arrival), -1, np.int32)
        returns[self.luck.permutation(len(returns))[: len(those)]] = those
        return replace(day, weekday="tue", visitors=replace(day.visitors, returns=returns))


_INTEGERS = ("station", "service", "any_order", "part", "instead", "only_after", "back",
             "another_day", "place")  # fmt: skip
