"""The workloads in Ciw: a network of nodes, classes with priorities, shifts, reneging.

At the begin and at the end of lunch Ciw replaces the whole crew of a tenant: the new one begins at
once, while those of the old one finish their services. In the other programs it is the counters
that stay or go.
"""

from __future__ import annotations

import math

import ciw

from benchmarks.days import Day, Program
from benchmarks.workloads import Hall, Queue, Workload

LONG_AFTER = 10_000.0
"""Minutes by which all have been served."""
DESK, KIOSK = 1, 2


def hall_network(hall: Hall) -> ciw.network.Network:
    """Return the hall: desk, kiosk, the tenants, then the cashier."""
    n = len(hall.tenants)
    cashier, sigma = n + 3, math.sqrt(math.log(1 + hall.cv**2))
    ends = [60.0 * (hour + 1) for hour in range(len(hall.hours))]
    services = [
        ciw.dists.Exponential(1 / hall.desk.mean_service),
        ciw.dists.Deterministic(hall.kiosk.mean_service),
        *(
            ciw.dists.Lognormal(math.log(tenant.mean_service) - sigma**2 / 2, sigma)
            for tenant in hall.tenants
        ),
        ciw.dists.Exponential(1 / hall.cashier.mean_service),
    ]
    shares = [tenant.visitors / hall.visitors for tenant in hall.tenants]
    tenants = list(range(KIOSK + 1, cashier))
    routing = ciw.routing.NetworkRouting(
        routers=[
            ciw.routing.Direct(to=KIOSK),
            ciw.routing.Probabilistic(destinations=tenants, probs=shares),
            *(
                ciw.routing.Probabilistic(destinations=[cashier], probs=[hall.to_cashier])
                for _ in tenants
            ),
            ciw.routing.Leave(),
        ]
    )
    patience = ciw.dists.Exponential(1 / hall.patience)
    shares_of_classes = {"priority": hall.priority, "regular": 1 - hall.priority}
    return ciw.create_network(
        arrival_distributions={
            name: [
                ciw.dists.PoissonIntervals(
                    rates=[part * share * hall.visitors / 60 for share in hall.hours],
                    endpoints=ends,
                    max_sample_date=hall.closing,
                ),
                *([None] * (n + 2)),
            ]
            for name, part in shares_of_classes.items()
        },
        service_distributions=dict.fromkeys(shares_of_classes, services),
        routing=dict.fromkeys(shares_of_classes, routing),
        priority_classes={"priority": 0, "regular": 1},
        reneging_time_distributions={
            name: [None, None, *([patience] * n), None] for name in shares_of_classes
        },
        number_of_servers=[
            hall.desk.counters,
            hall.kiosk.counters,
            *(
                tenant.counters
                if tenant.counters == 1 or not hall.lunch
                else ciw.Schedule(
                    numbers_of_servers=[tenant.counters, 1, tenant.counters],
                    shift_end_dates=[*hall.lunch, LONG_AFTER],
                )
                for tenant in hall.tenants
            ),
            hall.cashier.counters,
        ],
    )


def queue_network(queue: Queue) -> ciw.network.Network:
    """Return a single node."""
    part = queue.closing / len(queue.rates)
    arrivals = ciw.dists.PoissonIntervals(
        rates=list(queue.rates),
        endpoints=[part * (number + 1) for number in range(len(queue.rates))],
        max_sample_date=queue.closing,
    )
    return ciw.create_network(
        arrival_distributions=[arrivals],
        service_distributions=[ciw.dists.Exponential(1 / queue.mean_service)],
        number_of_servers=[queue.counters],
    )


def simulate(workload: Workload, n_days: int, seed: int) -> list[tuple[Workload, list[object]]]:
    """Simulate the days one by one, and collect their records."""
    done = []
    for day in range(n_days):
        ciw.seed(1000 * seed + day)
        numbers = workload.numbers
        network = hall_network(numbers) if isinstance(numbers, Hall) else queue_network(numbers)
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_time(LONG_AFTER)
        done.append((workload, simulation.get_all_records()))
    return done


def days(done: list[tuple[Workload, list[ciw.data_record.DataRecord]]]) -> list[Day]:
    """Return what happened."""
    return [_day(workload, records) for workload, records in done]


def _day(workload: Workload, records: list[ciw.data_record.DataRecord]) -> Day:
    hall = workload.numbers
    if isinstance(hall, Queue):
        return Day(len(records), {"line": [record.waiting_time for record in records]})
    names = ["desk", "kiosk", *(["tenant"] * len(hall.tenants)), "cashier"]
    waits: dict[str, list[float]] = {name: [] for name in names}
    for record in records:
        waits[names[record.node - 1]].append(record.waiting_time)
    gave_up = sum(record.record_type == "renege" for record in records)
    return Day(len(waits["desk"]), waits, gave_up)


PROGRAM = Program(simulate, days)
