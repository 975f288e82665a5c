"""The cheapest crews with which a hall keeps its bounds, with the evidence.

Formulas say where to begin (`theory.estimate`). From there each station is raised or lowered by
simulation (`descent`), all halls under the same luck, each answer with a bounded probability of
being wrong (`feasibility`), shared evenly by Bonferroni among the bounds and six rungs of each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mppsim.measure.targets import Goal
from mppsim.plan.plan import Floats
from mppsim.scenario import Scenario
from mppsim.scenario.errors import InputError
from mppsim.study.bounds import standing_goals, wait_bounds
from mppsim.study.descent import Descent, Rungs, descend
from mppsim.study.executors import Workers
from mppsim.study.experiments import Bound, Experiments, Facts
from mppsim.study.feasibility import FIRST_STAGE, FeasibilityTest
from mppsim.study.influence import levels
from mppsim.study.ladders import Ladder, counter_ladders, with_crews
from mppsim.study.replications import Job, Progress
from mppsim.study.run_store import RunStore
from mppsim.study.seats import days_needed
from mppsim.study.shift_cover import Shifts, roster_ladders
from mppsim.theory.estimate import StationEstimate, estimate

TESTS_EACH = 6
"""Rungs of a station among which the probability of an error is shared."""
_POINTS = 7
"""Halls on the frontier, besides the one that was found."""
_MINUTES_NEAR = 0.1
"""The indifference zone of a bound in minutes, as a part of its limit."""


@dataclass(frozen=True)
class SizingRules:
    """How sure the answer must be."""

    confidence: float = 0.95
    indifference: float = 0.02
    """The part of the visitors by which a bound may be kept and yet be called broken."""
    most: int = 500
    """Replications of a hall after which an open question is answered by what is known."""

    def __post_init__(self) -> None:
        for name, value, most in (
            ("confidence", self.confidence, 0.9999),
            ("indifference", self.indifference, 0.5),
        ):
            if not 0 < value <= most:
                raise InputError(f"{name}: found {value:g}; expected more than 0, up to {most:g}")
        if self.most < FIRST_STAGE:
            raise InputError(f"most: found {self.most}; expected at least {FIRST_STAGE}")


@dataclass(frozen=True, eq=False)
class Sized:
    """A hall that has been sized."""

    hall: Scenario
    job: Job
    rules: SizingRules
    bounds: tuple[Bound, ...]
    ladders: dict[str, Ladder]
    levels: list[list[str]]
    descent: Descent
    facts: dict[str, Facts]
    """By what differs from the hall as found: '' (nothing), '-' or '+' with a level's number."""
    undecided: frozenset[str]
    """Bounds left open after the most replications, by label."""
    standing: dict[str, list[Goal]]
    frontier: tuple[tuple[Rungs, Facts], ...]
    n_simulated: int

    @property
    def sized(self) -> Scenario:
        """The hall with the crews that were found."""
        return hall_at(self.hall, self.ladders, self.descent.rungs)


def size_hall(
    hall: Scenario,
    goals: Sequence[Goal],
    *,
    prices: Mapping[str, float],
    shifts: Shifts | None = None,
    rules: SizingRules,
    job: Job,
    workers: Workers = 1,
    progress: Progress | None = None,
    runs: RunStore | None = None,
) -> Sized:
    """Find the cheapest crews that keep the goals, or without any what the hall promises.

    With `shifts` each crew is a roster of them, at their own costs; else a number of counters.
    Raises InputError for goals that cannot be understood of this hall, and for a replay, which
    shows one day and not how days differ.
    """
    if hall.replay is not None:
        raise InputError("size: found a replay, which is always the same; expected drawn visitors")
    bounds, standing = wait_bounds(hall, goals), standing_goals(hall, goals)
    bounded = list(dict.fromkeys(bound.station for bound in bounds))
    ladders = counter_ladders(hall, bounded, prices)
    if shifts is not None:
        if prices:
            raise InputError("price: found beside shifts, which have costs of their own")
        ladders = roster_ladders(hall, [*ladders], shifts)
    groups = levels(hall, [*ladders])
    start = _start(hall, ladders, bounds)
    with Experiments(job, bounds, workers=workers, progress=progress, runs=runs) as experiments:
        search = _Search(hall, ladders, bounds, rules, experiments)
        tops = {name: len(ladder.rungs) - 1 for name, ladder in ladders.items()}
        now = {name: start[name] if one.now is None else one.now for name, one in ladders.items()}
        found = descend(start, tops, groups, search.holds, helps=search.helps, home=now)
        wanted = [
            days_needed(one, rules.confidence) for those in standing.values() for one in those
        ]
        facts = search.around(found, groups, max(wanted, default=1))
        frontier = search.frontier(found, facts, groups)
        return Sized(
            hall,
            job,
            rules,
            bounds,
            ladders,
            groups,
            found,
            facts,
            frozenset(search.undecided),
            standing,
            frontier,
            experiments.n_simulated,
        )


def indifference_zone(goal: Goal, rules: SizingRules) -> float:
    """Return by how much a bound may be kept and yet be called broken: a share, or minutes."""
    if goal.measure.statistic == "mean":
        return _MINUTES_NEAR * goal.limit
    share = goal.measure.level if goal.measure.statistic == "quantile" else goal.limit
    return min(rules.indifference, (1 - share) / 2)


def hall_at(hall: Scenario, ladders: Mapping[str, Ladder], at: Rungs) -> Scenario:
    """Return the hall with the stations on these rungs."""
    return with_crews(hall, {name: ladders[name].rungs[rung].crew for name, rung in at.items()})


def cost_at(ladders: Mapping[str, Ladder], at: Rungs) -> float:
    """Return what the stations cost on these rungs."""
    return sum(ladders[name].rungs[rung].cost for name, rung in at.items())


def _start(hall: Scenario, ladders: Mapping[str, Ladder], bounds: Sequence[Bound]) -> Rungs:
    """Return the rungs that the formulas find, on the busiest day."""
    weekday = max(hall.days, key=lambda day: hall.days[day].demand)
    start = {name: ladder.now or 0 for name, ladder in ladders.items()}

    def holds(at: Rungs, stations: Sequence[str]) -> dict[str, bool]:
        about = {one.station: one for one in estimate(hall_at(hall, ladders, at), weekday)}
        return {
            name: all(_is_kept(about[name], bound) for bound in bounds if bound.station == name)
            for name in stations
        }

    tops = {name: len(ladder.rungs) - 1 for name, ladder in ladders.items()}
    return descend(start, tops, [[*ladders]], holds).rungs


def _is_kept(about: StationEstimate, bound: Bound) -> bool:
    measure, goal = bound.goal.measure, bound.goal
    if measure.statistic == "mean":
        return about.wait <= goal.limit
    if measure.statistic == "quantile":
        return about.flow.within(goal.limit) >= measure.level
    if measure.statistic == "kept":
        return about.kept is None or about.kept >= goal.limit
    return about.flow.within(measure.level) >= goal.limit


class _Search:
    """Answers by simulation, and what they are made of."""

    def __init__(
        self,
        hall: Scenario,
        ladders: Mapping[str, Ladder],
        bounds: Sequence[Bound],
        rules: SizingRules,
        experiments: Experiments,
    ) -> None:
        self._hall, self._ladders, self._bounds = hall, ladders, bounds
        self._rules, self._experiments = rules, experiments
        self._scale: Floats | None = None
        self.undecided: set[str] = set()

    def facts(self, at: Rungs, n: int = FIRST_STAGE) -> Facts:
        """Return what is known of the hall on these rungs, from n replications at least."""
        return self._experiments.facts(hall_at(self._hall, self._ladders, at), n)

    def holds(self, at: Rungs, stations: Sequence[str]) -> dict[str, bool]:
        """Tell which stations keep their bounds, with as many replications as that takes."""
        asked = [n for n, bound in enumerate(self._bounds) if bound.station in stations]
        n = FIRST_STAGE
        while True:
            facts = self.facts(at, n)
            verdicts = {b: self._verdict(b, facts) for b in asked}
            open_ = [b for b, verdict in verdicts.items() if verdict is None]
            if not open_ or len(facts.count) >= self._rules.most:
                break
            n = min(len(facts.count) + max(FIRST_STAGE, len(facts.count) // 2), self._rules.most)
        self.undecided |= {self._bounds[b].label for b in open_}
        for b in open_:
            zone = indifference_zone(self._bounds[b].goal, self._rules)
            verdicts[b] = bool((facts.amount - zone / 2 * facts.count)[:, b].sum() >= 0)
        return {
            name: all(verdicts[b] for b in asked if self._bounds[b].station == name)
            for name in stations
        }

    def _verdict(self, number: int, facts: Facts) -> bool | None:
        """Return whether a bound is kept; what nobody comes for always is."""
        if self._scale is None:
            # Any fixed scale serves; this makes the amounts parts of the visitors.
            self._scale = facts.count[:FIRST_STAGE].mean(axis=0)
        scale = self._scale[number]
        if scale == 0:
            return True
        # The zone lies on the safe side of the bound, so that what is called kept is kept.
        zone = indifference_zone(self._bounds[number].goal, self._rules)
        inside = facts.amount[:, number] - zone / 2 * facts.count[:, number]
        error = (1 - self._rules.confidence) / (TESTS_EACH * len(self._bounds))
        return FeasibilityTest(error, zone / 2).verdict(inside / scale)

    def helps(self, before: Rungs, after: Rungs, station: str) -> bool:
        """Tell whether anything differs at a station between two halls."""
        one, other = self.facts(before), self.facts(after)
        here = [n for n, bound in enumerate(self._bounds) if bound.station == station]
        n = min(len(one.count), len(other.count))
        return not np.array_equal(one.amount[:n, here], other.amount[:n, here])

    def around(
        self, found: Descent, groups: Sequence[Sequence[str]], least: int
    ) -> dict[str, Facts]:
        """Return what is known of the hall as found, and with one rung less or more by level.

        The hall as found with `least` replications, or what the search has taken of it.
        """
        facts = {"": self.facts(found.rungs, max(least, FIRST_STAGE))}
        for number, group in enumerate(groups):
            for sign, step in (("-", -1), ("+", 1)):
                at = {**found.rungs, **{one: found.rungs[one] + step for one in group}}
                facts[f"{sign}{number}"] = self.facts(
                    {one: _within(rung, self._ladders[one]) for one, rung in at.items()}
                )
        return facts

    def frontier(
        self, found: Descent, facts: Mapping[str, Facts], groups: Sequence[Sequence[str]]
    ) -> tuple[tuple[Rungs, Facts], ...]:
        """Return halls from one rung less everywhere to one more, each rung where it saves most.

        A rung's saving is the time in line at its own station; the halls themselves are simulated.
        """
        steps: list[tuple[float, str]] = []
        for number, group in enumerate(groups):
            for one in group:
                least = np.inf
                for before, after, rung in ((f"-{number}", "", -1), ("", f"+{number}", 0)):
                    saved = self._minutes(facts[before], one) - self._minutes(facts[after], one)
                    rungs, at = self._ladders[one].rungs, found.rungs[one] + rung
                    if 0 <= at < len(rungs) - 1:
                        # A station's second step never comes before its first.
                        least = min(least, saved / (rungs[at + 1].cost - rungs[at].cost))
                        steps.append((least, one))
        steps.sort(key=lambda step: -step[0])
        path = [{one: max(rung - 1, 0) for one, rung in found.rungs.items()}]
        for _, one in steps:
            path.append({**path[-1], one: path[-1][one] + 1})
        shown = {round(part * (len(path) - 1) / (_POINTS - 1)) for part in range(_POINTS)}
        halls = [path[place] for place in sorted(shown)]
        if found.rungs not in halls:
            halls.append(found.rungs)
        halls.sort(key=lambda rungs: cost_at(self._ladders, rungs))
        return tuple((rungs, self.facts(rungs)) for rungs in halls)

    def _minutes(self, facts: Facts, station: str) -> float:
        names = [*self._hall.stations, *self._hall.tenants]
        return float(facts.minutes[:FIRST_STAGE, names.index(station)].mean())


def _within(rung: int, ladder: Ladder) -> int:
    return max(0, min(rung, len(ladder.rungs) - 1))
