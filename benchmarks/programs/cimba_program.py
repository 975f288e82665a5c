"""The single lines in Cimba, compiled from Python: a store of arrivals, a process a counter."""

from __future__ import annotations

import cimba
import numpy as np
from cimba import inputs

from benchmarks.days import Day, Program
from benchmarks.workloads import Queue, Workload

COUNTERS = 12
"""Of the busy day: the number of processes is part of a model's code."""


class Line(cimba.Model):
    """One line, with arrivals whose rate changes from part to part of the day."""

    gap: cimba.Input[float] = inputs.dist.exponential(mean=1.0)
    """In arrivals: a minute holds as many as the rate says."""
    service: cimba.Input[float] = inputs.dist.exponential(mean=1.0)
    rates: cimba.Array[float] = cimba.Array([1.0])
    part: cimba.Param[float] = 60.0
    arrived: cimba.Store[float]
    waits: cimba.Dataset

    @cimba.process
    def arrivals(self) -> None:
        for number in range(len(self.rates)):
            rate, end = self.rates[number], (number + 1) * self.part
            gap = self.gap.next() / rate
            while cimba.now() + gap < end:
                cimba.hold(gap)
                self.arrived.put(cimba.now())
                gap = self.gap.next() / rate
            cimba.hold(end - cimba.now())


class SingleCounter(Line):
    """A line with one counter."""

    @cimba.process
    def counter(self) -> None:
        while True:
            came = self.arrived.get()
            self.waits.record(cimba.now() - came)
            cimba.hold(self.service.next())


class TwelveCounters(Line):
    """A line with twelve counters."""

    @cimba.process(copies=COUNTERS)
    def counter(self) -> None:
        while True:
            came = self.arrived.get()
            self.waits.record(cimba.now() - came)
            cimba.hold(self.service.next())


def simulate(workload: Workload, n_days: int, seed: int) -> object:
    """Simulate the days as trials of an experiment, on one thread; ValueError for the hall."""
    queue = workload.numbers
    if not isinstance(queue, Queue):
        raise ValueError("the hall is not written in Cimba")
    model = SingleCounter() if queue.counters == 1 else TwelveCounters()
    model.service = inputs.dist.exponential(mean=queue.mean_service)
    model.rates = cimba.Array(list(queue.rates))
    model.part = queue.closing / len(queue.rates)
    model.waits = cimba.Dataset()
    model.waits.capture()
    until_all_served = cimba.Window(duration=2 * queue.closing)
    experiment = cimba.Experiment(model, replications=n_days, seed=seed, window=until_all_served)
    return experiment.run(workers=1)[model].waits


def days(waits: cimba.Signal) -> list[Day]:
    """Return what happened."""
    (trials,) = waits.trials
    return [Day(len(those), {"line": np.asarray(those)}) for _, those in trials]


PROGRAM = Program(simulate, days)
