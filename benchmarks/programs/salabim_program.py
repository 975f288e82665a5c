"""The workloads in salabim: a component a visitor, resources with priorities; no monitors."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Generator

import salabim

from benchmarks.days import Day, Program
from benchmarks.programs.simpy_program import gaps
from benchmarks.workloads import Hall, Queue, Station, Workload

Steps = Generator[object, object, None]
AWAY = -1
"""The priority of a counter's lunch: before all visitors."""


class HallDay:
    """One day of the hall."""

    def __init__(self, hall: Hall, seed: int) -> None:
        self.env = salabim.Environment(random_seed=None, yieldless=False)
        self.hall, self.random = hall, random.Random(seed)
        self.waits: dict[str, list[float]] = defaultdict(list)
        self.visitors = self.gave_up = 0
        self.desk, self.kiosk, self.cashier = map(
            self.resource, (hall.desk, hall.kiosk, hall.cashier)
        )
        self.tenants = [self.resource(tenant) for tenant in hall.tenants]
        Door(day=self)
        if hall.lunch:
            begin, until = hall.lunch
            for tenant, station in zip(self.tenants, hall.tenants, strict=True):
                for _ in range(station.counters - 1):
                    Lunch(at=begin, tenant=tenant, until=until)
        self.env.run()

    def resource(self, station: Station) -> salabim.Resource:
        return salabim.Resource(capacity=station.counters, monitor=False)


class Door(salabim.Component):
    """Lets the visitors in."""

    def setup(self, day: HallDay) -> None:
        self.day = day

    def process(self) -> Steps:
        day, hall = self.day, self.day.hall
        weights = [tenant.visitors for tenant in hall.tenants]
        for hour, share in enumerate(hall.hours):
            for gap in gaps(day.random, share * hall.visitors / 60, 60.0):
                yield self.hold(till=60 * hour + gap)
                (tenant,) = day.random.choices(range(len(weights)), weights)
                HallVisitor(day=day, tenant=tenant)
                day.visitors += 1


class HallVisitor(salabim.Component):
    """One visit."""

    def setup(self, day: HallDay, tenant: int) -> None:
        self.day, self.tenant = day, tenant

    def process(self) -> Steps:
        day, hall, draw = self.day, self.day.hall, self.day.random
        self.rank = 0 if draw.random() < hall.priority else 1
        service = draw.expovariate(1 / hall.desk.mean_service)
        yield from self.be_served("desk", day.desk, service)
        yield from self.be_served("kiosk", day.kiosk, hall.kiosk.mean_service)
        sigma = math.sqrt(math.log(1 + hall.cv**2))
        mean = hall.tenants[self.tenant].mean_service
        service = draw.lognormvariate(math.log(mean) - sigma**2 / 2, sigma)
        station, joined = day.tenants[self.tenant], self.env.now()
        patience = draw.expovariate(1 / hall.patience)
        yield self.request((station, 1, self.rank), fail_delay=patience)
        day.waits["tenant"].append(self.env.now() - joined)
        if self.failed():
            day.gave_up += 1
            return
        yield self.hold(service)
        self.release(station)
        if draw.random() < hall.to_cashier:
            service = draw.expovariate(1 / hall.cashier.mean_service)
            yield from self.be_served("cashier", day.cashier, service)

    def be_served(self, name: str, station: salabim.Resource, service: float) -> Steps:
        joined = self.env.now()
        yield self.request((station, 1, self.rank))
        self.day.waits[name].append(self.env.now() - joined)
        yield self.hold(service)
        self.release(station)


class Lunch(salabim.Component):
    """The lunch of one counter."""

    def setup(self, tenant: salabim.Resource, until: float) -> None:
        self.tenant, self.until = tenant, until

    def process(self) -> Steps:
        yield self.request((self.tenant, 1, AWAY), fail_at=self.until)
        if not self.failed():
            yield self.hold(till=self.until)
            self.release(self.tenant)


class QueueDay:
    """One day of a single line."""

    def __init__(self, queue: Queue, seed: int) -> None:
        self.env = salabim.Environment(random_seed=None, yieldless=False)
        self.queue, self.random = queue, random.Random(seed)
        self.waits: list[float] = []
        self.counters = salabim.Resource(capacity=queue.counters, monitor=False)
        QueueDoor(day=self)
        self.env.run()


class QueueDoor(salabim.Component):
    """Lets the visitors in."""

    def setup(self, day: QueueDay) -> None:
        self.day = day

    def process(self) -> Steps:
        day, queue = self.day, self.day.queue
        part = queue.closing / len(queue.rates)
        for number, rate in enumerate(queue.rates):
            for gap in gaps(day.random, rate, part):
                yield self.hold(till=part * number + gap)
                QueueVisitor(day=day)


class QueueVisitor(salabim.Component):
    """One visit."""

    def setup(self, day: QueueDay) -> None:
        self.day = day

    def process(self) -> Steps:
        day, joined = self.day, self.env.now()
        yield self.request(day.counters)
        day.waits.append(self.env.now() - joined)
        yield self.hold(day.random.expovariate(1 / day.queue.mean_service))
        self.release(day.counters)


def simulate(workload: Workload, n_days: int, seed: int) -> list[HallDay | QueueDay]:
    """Simulate the days one by one."""
    numbers, seeds = workload.numbers, range(1000 * seed, 1000 * seed + n_days)
    if isinstance(numbers, Hall):
        return [HallDay(numbers, one) for one in seeds]
    return [QueueDay(numbers, one) for one in seeds]


def days(done: list[HallDay | QueueDay]) -> list[Day]:
    """Return what happened."""
    return [
        Day(day.visitors, day.waits, day.gave_up)
        if isinstance(day, HallDay)
        else Day(len(day.waits), {"line": day.waits})
        for day in done
    ]


PROGRAM = Program(simulate, days)
