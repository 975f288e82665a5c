"""Which program simulates how much of which workload: a second or two each."""

from __future__ import annotations

from dataclasses import dataclass, field

COMPILED, REFERENCE = "mppsim, compiled", "mppsim, SimPy engine"
SIMPY, CIW, SALABIM, CIMBA = "SimPy", "Ciw", "salabim", "Cimba"


@dataclass(frozen=True)
class Bench:
    """A workload, and how many days each program simulates of it."""

    title: str
    workload: str
    days: dict[str, int]
    """Timed, in each round."""
    checked: dict[str, int]
    """Before that, to see that all agree; nobody where the tests have shown it already."""
    shorter: dict[str, str] = field(default_factory=dict)
    """For programs to which the workload would take too long: a part of it."""
    check: str = ""
    """What is added to the workload when it is checked."""

    def workload_of(self, program: str) -> str:
        """Return what the program simulates."""
        return self.shorter.get(program, self.workload)


BENCHES = (
    Bench(
        "The hall day",
        "hall",
        {COMPILED: 200, REFERENCE: 5, SIMPY: 15, CIW: 2, SALABIM: 2},
        {COMPILED: 600, REFERENCE: 60, SIMPY: 150, CIW: 50, SALABIM: 50},
        check=" lunch=0",
    ),
    Bench(
        "The hall day with every feature",
        "features",
        {COMPILED: 60, REFERENCE: 2},
        {},
    ),
    Bench(
        "M/M/1",
        "queue",
        {COMPILED: 10, REFERENCE: 1, SIMPY: 1, CIW: 2, SALABIM: 1, CIMBA: 10},
        {COMPILED: 20, REFERENCE: 15, SIMPY: 4, CIW: 20, SALABIM: 8, CIMBA: 20},
        shorter=dict.fromkeys((REFERENCE, CIW, SALABIM), "queue length=0.1"),
    ),
    Bench(
        "M(t)/M/12 day",
        "busy",
        {COMPILED: 500, REFERENCE: 10, SIMPY: 50, CIW: 20, SALABIM: 4, CIMBA: 500},
        {COMPILED: 3000, REFERENCE: 150, SIMPY: 400, CIW: 300, SALABIM: 60, CIMBA: 3000},
    ),
)
PARTS = (
    ("The hall day", "hall", 200),
    ("The hall day with every feature", "features", 60),
    ("M/M/1", "queue", 10),
)
"""Where the compiled engine's time goes: title, workload and days of a round."""
HUNDRED = tuple(f"hall demand={0.8 + 0.004 * number:.3f}" for number in range(100))
"""A hundred scenarios: the hall with 80 to 120 % of its visitors, one day each."""
OF_HUNDRED = {COMPILED: 1, REFERENCE: 10, SIMPY: 1, CIW: 20, SALABIM: 20}
"""Each program simulates every so many of them."""
SCALING = {
    "visitors": ("hall visitors=0.5", "hall", "hall visitors=2", "hall visitors=4"),
    "tenants": ("hall", "hall tenants=2", "hall tenants=4", "hall tenants=8"),
    "counters": ("hall", "hall counters=2", "hall counters=4", "hall counters=8"),
}
SCALED = {COMPILED: 60, REFERENCE: 2, SIMPY: 4}
"""Days of each."""
