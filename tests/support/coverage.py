"""How often 95 % intervals hold the exact value, over many repeated studies of one hall.

The hall is an M/M/c day that starts empty and serves all who came: the Kolmogorov equations of its
two hours give every wait exactly. `python -m support.coverage 1000` prints the table.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from scipy.stats import gamma

from mppsim.measure import waiting
from mppsim.measure.apart import one_by_one
from mppsim.measure.targets import parse_precision
from mppsim.plan.plan import Floats
from mppsim.scenario import parse_scenario
from mppsim.study import Job, replicate, replicate_until

COUNTERS, MINUTES, VISITORS, SERVICE, PROMISE = 2, 120, 60, 3.6, 5.0
REPLICATIONS = 20
"""Of each study; as many as are done unless more are asked for."""
HALL = parse_scenario(
    {
        "name": "Two hours of two counters",
        "days": {day: {"open": "09:00", "close": "11:00"} for day in ("mon", "tue")},
        "arrivals": {"profile": {"09:00": 1.0}},
        "promise": {"wait": f"{PROMISE} min"},
        "zones": {"hall": {"seats": 20}},
        "tenants": {
            "desk": {
                "zone": "hall",
                "counters": COUNTERS,
                "visitors_per_day": VISITORS,
                "services": {"any": {"service": {"exponential": {"mean": f"{SERVICE} min"}}}},
            }
        },
    }
)


def covered(n_studies: int, *, seed: int = 1, workers: int = 1) -> dict[str, float]:
    """Return the share of studies whose interval holds the exact value, by column of `waiting`."""
    run = replicate(
        Job(HALL, n_studies * REPLICATIONS, seed, "compiled"), workers=workers
    ).observations
    truth = exact_values()
    held = dict.fromkeys(truth, 0)
    each = [*one_by_one(run.summaries)]
    for first in range(0, n_studies * REPLICATIONS, REPLICATIONS):
        study = replace(run, summaries=each[first : first + REPLICATIONS])
        row = waiting(study, "all").to_dict("index")["all"]
        for name, value in truth.items():
            held[name] += abs(row[name] - value) <= row[f"{name}_half_width"]
    return {name: count / n_studies for name, count in held.items()}


def covered_when_reached(n_studies: int, precision: str, *, seed: int = 2) -> tuple[float, float]:
    """Return how many studies hold the exact mean when they stop, and the mean of their lengths.

    A study begins with 20 replications and goes on until the mean wait is known so well.
    """
    most = 5 * REPLICATIONS
    run = replicate(Job(HALL, n_studies * most, seed, "compiled")).observations
    truth, held, length = exact_values()["mean"], 0, 0
    each = [*one_by_one(run.summaries)]
    for first in range(0, n_studies * most, most):
        luck = [
            replace(summary, replication=number)
            for number, summary in enumerate(each[first : first + most])
        ]
        asked = [parse_precision(precision)]
        known = replicate_until(
            Job(HALL, REPLICATIONS, seed, "compiled"), asked, most=most, known=luck
        )
        (standing,) = known.standings
        held += abs(standing.value - truth) <= standing.half_width
        length += known.run.job.replications
    return held / n_studies, length / n_studies


def exact_values() -> dict[str, float]:
    """Return mean, quantiles and the share within the promise of all visitors' waits."""
    share_of_state = visitors_found()
    states = np.arange(len(share_of_state))
    ahead = np.maximum(states - COUNTERS + 1, 0)

    def within(minutes: float) -> float:
        waits = gamma.cdf(minutes, np.maximum(ahead, 1), scale=SERVICE / COUNTERS)
        return float(share_of_state @ np.where(ahead > 0, waits, 1.0))

    def quantile(probability: float) -> float:
        return float(brentq(lambda minutes: within(minutes) - probability, 0, 1000))

    mean = float(share_of_state @ ahead) * SERVICE / COUNTERS
    quantiles = {"p50": quantile(0.5), "p90": quantile(0.9), "p95": quantile(0.95)}
    return {"mean": mean, **quantiles, "kept": within(PROMISE)}


def visitors_found() -> Floats:
    """Return the share of visitors who find each number of others in the hall."""
    states = np.arange(200)
    up, down = VISITORS / MINUTES, np.minimum(states, COUNTERS) / SERVICE

    def change(_: float, state: Floats) -> Floats:
        flow = up * state[:-1] - down[1:] * state[1:]
        return np.diff(np.concatenate([[0.0], -flow, [0.0]]))

    start = (states == 0).astype(float)
    minutes = np.linspace(0, MINUTES, 2001)
    path = solve_ivp(change, (0, MINUTES), start, t_eval=minutes, rtol=1e-9, atol=1e-12).y
    return np.asarray(np.trapezoid(path, minutes, axis=1) / MINUTES)


if __name__ == "__main__":
    shares = covered(int(sys.argv[1]), workers=2)
    stopped, _ = covered_when_reached(int(sys.argv[1]) // 4, "hall mean wait within 20 %")
    shares["mean, stopped when within 20 %"] = stopped
    for measure, share in shares.items():
        print(f"{share:.1%} {measure}")
    sys.exit(any(not 0.93 <= share <= 0.97 for share in shares.values()))
