"""The lowest rungs on which all stations hold, found by asking an oracle as rarely as possible.

Why this way: a station's wait hangs on its own counters far more than on anybody else's, so the
search is one of each station by itself, done for all at once. Up: all that break are raised
together, ever faster. Down: those that hold are lowered level by level (`study.influence`), so that
one answer is an answer for each station of the level by itself, as if it alone had changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Rungs = dict[str, int]
Oracle = Callable[[Rungs, Sequence[str]], Mapping[str, bool]]
"""Given the rungs of all stations, tells for some of them whether they hold."""
UP = (1, 1, 2, 4, 8, 16, 32)
_PASSES = 5


@dataclass
class Descent:
    """Where a search stands."""

    rungs: Rungs
    """Of each station."""
    top: Rungs
    """The highest rung of each."""
    breaks: Rungs = field(default_factory=dict)
    """The highest rung on which a station was seen to break; -1 below all."""
    seen: dict[str, Rungs] = field(default_factory=dict)
    """On which rungs all stations stood then."""
    stuck: set[str] = field(default_factory=set)
    """Stations that no rung helps."""


def descend(
    start: Rungs,
    top: Rungs,
    levels: Sequence[Sequence[str]],
    holds: Oracle,
    *,
    helps: Callable[[Rungs, Rungs, str], bool] = lambda before, after, station: True,
    home: Rungs | None = None,
) -> Descent:
    """Return the lowest rungs on which all stations hold, each given the others.

    `helps` tells whether raising a station changed anything there; one that is raised twice in vain
    is stuck, and goes `home`: to where it started, unless said.
    """
    state = Descent(dict(start), top, dict.fromkeys(start, -1))
    for _ in range(_PASSES):
        _raise(state, home or start, holds, helps)
        before = dict(state.rungs)
        for level in levels:
            _lower(state, [one for one in level if one not in state.stuck], holds)
        if state.rungs == before and not _forget_stale(state, levels):
            break
    return state


def _raise(
    state: Descent, home: Rungs, holds: Oracle, helps: Callable[[Rungs, Rungs, str], bool]
) -> None:
    """Raise every station that breaks until none does."""
    in_vain, raised = dict.fromkeys(state.rungs, 0), dict.fromkeys(state.rungs, 0)
    while True:
        moving = [one for one in state.rungs if one not in state.stuck]
        verdicts = holds(state.rungs, moving)
        broken = [one for one in moving if not verdicts[one]]
        if not broken:
            return
        before = dict(state.rungs)
        for one in broken:
            _note(state, one, max(state.breaks[one], before[one]), before)
            step = UP[min(raised[one], len(UP) - 1)]
            raised[one] += 1
            state.rungs[one] = min(state.rungs[one] + step, state.top[one])
        for one in broken:
            in_vain[one] = 0 if helps(before, state.rungs, one) else in_vain[one] + 1
            if in_vain[one] == 2 or state.rungs[one] == before[one]:
                state.stuck.add(one)
                state.rungs[one] = home[one]


def _note(state: Descent, station: str, rung: int, rungs: Rungs) -> None:
    state.breaks[station] = rung
    state.seen[station] = dict(rungs)


def _lower(state: Descent, level: Sequence[str], holds: Oracle) -> None:
    """Lower the stations of a level to the rung above the highest that breaks."""
    while moving := [one for one in level if state.rungs[one] > state.breaks[one] + 1]:
        tried = {**state.rungs, **{one: _below(state, one) for one in moving}}
        verdicts = holds(tried, moving)
        for one in moving:
            if verdicts[one]:
                state.rungs[one] = tried[one]
            else:
                _note(state, one, tried[one], tried)


def _forget_stale(state: Descent, levels: Sequence[Sequence[str]]) -> bool:
    """Forget what broke while stations of earlier levels stood elsewhere; tell if anything did."""
    stale = [
        one
        for number, level in enumerate(levels)
        for one in level
        if one in state.seen
        and any(
            state.rungs[other] != state.seen[one][other]
            for earlier in levels[:number]
            for other in earlier
        )
    ]
    for one in stale:
        state.breaks[one] = -1
        del state.seen[one]
    return bool(stale)


def _below(state: Descent, station: str) -> int:
    """Return the rung to try: halfway to one that breaks, or the next where none is known."""
    at, breaks = state.rungs[station], state.breaks[station]
    return at - 1 if breaks < 0 else (breaks + at) // 2
