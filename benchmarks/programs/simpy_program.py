"""The workloads in SimPy, as its documentation teaches: a process a visitor, requests."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator

import simpy

from benchmarks.days import Day, Program
from benchmarks.workloads import Hall, Queue, Station, Workload

Events = Generator[simpy.Event, object, None]
AWAY = -1
"""The priority of a counter's lunch: before all visitors."""


class SimpyHall:
    """One day of the hall."""

    def __init__(self, hall: Hall, seed: int) -> None:
        self.env, self.hall, self.random = simpy.Environment(), hall, random.Random(seed)
        self.waits: dict[str, list[float]] = defaultdict(list)
        self.visitors = self.gave_up = 0
        self.desk, self.kiosk, self.cashier = map(
            self.resource, (hall.desk, hall.kiosk, hall.cashier)
        )
        self.tenants = [self.resource(tenant) for tenant in hall.tenants]
        self.env.process(self.arrivals())
        if hall.lunch:
            for tenant, station in zip(self.tenants, hall.tenants, strict=True):
                for _ in range(station.counters - 1):
                    self.env.process(self.lunch(tenant, *hall.lunch))
        self.env.run()

    def resource(self, station: Station) -> simpy.PriorityResource:
        return simpy.PriorityResource(self.env, station.counters)

    def arrivals(self) -> Events:
        weights = [tenant.visitors for tenant in self.hall.tenants]
        for hour, share in enumerate(self.hall.hours):
            rate = share * self.hall.visitors / 60
            for gap in gaps(self.random, rate, 60.0):
                yield self.env.timeout(60 * hour + gap - self.env.now)
                (tenant,) = self.random.choices(range(len(weights)), weights)
                self.env.process(self.visit(tenant))
                self.visitors += 1

    def visit(self, tenant: int) -> Events:
        hall, draw = self.hall, self.random
        rank = 0 if draw.random() < hall.priority else 1
        service = draw.expovariate(1 / hall.desk.mean_service)
        yield from self.be_served("desk", self.desk, rank, service)
        yield from self.be_served("kiosk", self.kiosk, rank, hall.kiosk.mean_service)
        sigma = math.sqrt(math.log(1 + hall.cv**2))
        mean = hall.tenants[tenant].mean_service
        service = draw.lognormvariate(math.log(mean) - sigma**2 / 2, sigma)
        joined = self.env.now
        with self.tenants[tenant].request(rank) as counter:
            yield counter | self.env.timeout(draw.expovariate(1 / hall.patience))
            self.waits["tenant"].append(self.env.now - joined)
            if not counter.triggered:
                self.gave_up += 1
                return
            yield self.env.timeout(service)
        if draw.random() < hall.to_cashier:
            service = draw.expovariate(1 / hall.cashier.mean_service)
            yield from self.be_served("cashier", self.cashier, rank, service)

    def be_served(
        self, name: str, station: simpy.PriorityResource, rank: int, service: float
    ) -> Events:
        joined = self.env.now
        with station.request(rank) as counter:
            yield counter
            self.waits[name].append(self.env.now - joined)
            yield self.env.timeout(service)

    def lunch(self, tenant: simpy.PriorityResource, begin: float, end: float) -> Events:
        yield self.env.timeout(begin)
        with tenant.request(AWAY) as counter:
            yield counter | self.env.timeout(end - begin)
            yield self.env.timeout(end - self.env.now)


class SimpyQueue:
    """One day of a single line."""

    def __init__(self, queue: Queue, seed: int) -> None:
        self.env, self.queue, self.random = simpy.Environment(), queue, random.Random(seed)
        self.waits: list[float] = []
        self.counters = simpy.Resource(self.env, queue.counters)
        self.env.process(self.arrivals())
        self.env.run()

    def arrivals(self) -> Events:
        part = self.queue.closing / len(self.queue.rates)
        for number, rate in enumerate(self.queue.rates):
            for gap in gaps(self.random, rate, part):
                yield self.env.timeout(part * number + gap - self.env.now)
                self.env.process(self.visit())

    def visit(self) -> Events:
        joined = self.env.now
        with self.counters.request() as counter:
            yield counter
            self.waits.append(self.env.now - joined)
            yield self.env.timeout(self.random.expovariate(1 / self.queue.mean_service))


def gaps(draw: random.Random, rate: float, length: float) -> Iterator[float]:
    """Yield the times of a Poisson process of this rate, up to the length."""
    time = draw.expovariate(rate)
    while time < length:
        yield time
        time += draw.expovariate(rate)


def simulate(workload: Workload, n_days: int, seed: int) -> list[SimpyHall | SimpyQueue]:
    """Simulate the days one by one."""
    numbers = workload.numbers
    make: Callable[[int], SimpyHall | SimpyQueue] = (
        (lambda day: SimpyHall(numbers, day))
        if isinstance(numbers, Hall)
        else (lambda day: SimpyQueue(numbers, day))
    )
    return [make(1000 * seed + day) for day in range(n_days)]


def days(done: list[SimpyHall | SimpyQueue]) -> list[Day]:
    """Return what happened."""
    return [
        Day(day.visitors, day.waits, day.gave_up)
        if isinstance(day, SimpyHall)
        else Day(len(day.waits), {"line": day.waits})
        for day in done
    ]


PROGRAM = Program(simulate, days)
