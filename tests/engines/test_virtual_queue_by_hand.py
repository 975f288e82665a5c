"""The virtual queue: visitors who wait elsewhere, followed by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from support.changed_plans import changed
from support.engines import simulate
from support.hand_made import one_station, several_stations

from mppsim.engine import Outcome, Trace
from mppsim.engine.trace import VainCall
from mppsim.measure import Observations, summarize
from mppsim.measure.tables import outcomes, waiting
from mppsim.plan.plan import Remote

N, INF = np.nan, np.inf


def run(remote: list[float], notice: int = 1, **more: Any) -> Trace:
    """Run six visitors, 1 minute apart, at a counter whose calls in vain take half a minute."""
    plan = one_station([0, 1, 2, 3, 4, 5], [10, 5, 5, 2, 3, 4], **more)
    rules = {"remote": {0: Remote(notice, 0.5)}, "areas": {0: 50.0}}
    return simulate(changed(plan, layout=rules, steps={"remote": remote}))


def test_who_is_back_in_time_is_served_in_turn_and_takes_a_seat_only_then() -> None:
    """Two are before visitor 3 at 3; one at 10, when he is told; he is back at 14."""
    trace = run([N, N, N, 4, N, N])
    (facts,) = trace.days
    assert facts.started.tolist() == [0, 10, 15, 20, 22, 25]
    np.testing.assert_equal(facts.returned, [N, N, N, 14, N, N])
    assert facts.vain_calls == []
    over_time = summarize(trace).over_time  # at 0, 5, 10, 15 and 20 minutes
    assert over_time.persons[0, 0, :5].tolist() == [0, 4, 3, 3, 2]
    assert over_time.present[0, 0, :5].tolist() == [1, 5, 4, 4, 3]


def test_who_is_called_on_his_way_back_is_next_when_he_is_back() -> None:
    (facts,) = run([N, N, N, 12, N, N]).days
    assert facts.vain_calls == [VainCall(0, 20.0, 20.5, 3)]
    assert (facts.returned[3], facts.joined[3]) == (22, 3)
    assert facts.started.tolist() == [0, 10, 15, 23.5, 20.5, 25.5]


def test_who_is_back_when_nobody_waits_goes_to_the_free_counter() -> None:
    (facts,) = run([N, N, N, 30, N, N]).days
    assert facts.started.tolist() == [0, 10, 15, 40, 20.5, 23.5]
    assert facts.outcome[3] == Outcome.SERVED


def test_who_does_not_come_back_is_called_once_and_is_in_no_wait() -> None:
    trace = run([N, N, N, INF, N, N])
    (facts,) = trace.days
    assert facts.outcome[3] == facts.visitor_outcome[3] == Outcome.NO_SHOW
    assert facts.left[3] == 20 and facts.vain_calls == [VainCall(0, 20.0, 20.5, 3)]
    observed = Observations(trace.plan.layout, ("mon",), ("mon",), [summarize(trace)])
    (ended,), (waited,) = (table(observed).to_dict("records") for table in (outcomes, waiting))
    assert (ended["no_show"], ended["joined"], ended["served"]) == (1, 6, 5)
    assert waited["n"] == 5 and waited["mean"] == (9 + 13 + 16.5 + 18.5) / 5


@pytest.mark.parametrize("notice", [2, 3])
def test_who_is_near_enough_stays_and_one_who_is_not_goes(notice: int) -> None:
    (facts,) = run([N, N, N, 1, 1, N], notice=notice).days
    assert np.isnan(facts.returned).tolist() == [True] * 4 + [notice == 3, True]
    assert facts.started.tolist() == [0, 10, 15, 20, 22, 25]


def test_at_closing_those_elsewhere_are_sent_home_and_those_on_their_way_when_they_come() -> None:
    facts = run([N, N, N, 15, N, 30], closing=21, serve_all=False).days[0]
    served, home = Outcome.SERVED, Outcome.DISMISSED
    assert facts.outcome.tolist() == [served, served, served, home, served, home]
    assert facts.left[[3, 5]].tolist() == [25, 21]
    assert facts.returned[[3, 5]].tolist() == [25, INF]


def test_patience_does_not_end_elsewhere_and_leaves_a_line_shorter_before_him() -> None:
    """Visitor 1 gives up at 4: then only visitor 2 is before visitor 3, who is told at once."""
    (facts,) = run([N, N, N, 2, N, N], patience=[INF, 3, INF, INF, INF, INF]).days
    assert facts.outcome[1] == Outcome.RENEGED and facts.returned[3] == 6


def test_those_of_later_classes_do_not_keep_him_away() -> None:
    """Two of the last class are before visitor 3, who is called before both."""
    (facts,) = run([N, N, N, 4, N, N], classes=[1, 1, 1, 0, 1, 1]).days
    assert np.isnan(facts.returned[3]) and facts.started[3] == 10


def test_time_elsewhere_takes_nothing_from_the_one_patience_of_a_visit() -> None:
    """Visitor 3 waits 17 minutes for station 0, then 8 of his 15 minutes for station 1."""
    visits = [[(0, 10)], [(0, 5)], [(0, 5)], [(0, 2), (1, 1)], [(1, 26)]]
    patience = [[INF], [INF], [INF], [INF, 15.0], [INF]]
    always = [[(0.0, 99.0)]]
    plan = several_stations([0, 1, 2, 3, 4], visits, counters=[always, always], patience=patience)
    shared = {"remote": {0: Remote(1, 0.5)}, "patience_shared": [True, True]}
    plan = changed(plan, layout=shared, steps={"remote": [N, N, N, 4, N, N]})
    (facts,) = simulate(plan).days
    assert facts.started[[3, 4]].tolist() == [20, 30]
