"""Walks, delays and visits in free order: days followed by hand."""

from __future__ import annotations

import numpy as np
from support.changed_plans import changed
from support.engines import simulate
from support.hand_made import FOREVER, several_stations
from support.steady import exponential

from mppsim.engine import Outcome
from mppsim.plan.plan import AWAY

ALWAYS = [(0.0, FOREVER)]
N = np.nan


def test_walk_adds_to_the_sojourn_of_a_tandem_and_to_no_wait() -> None:
    n, walk = 2000, 2.5
    arrivals = exponential("gaps", 1.0, n).cumsum().tolist()
    services = [exponential(name, 0.8, n).tolist() for name in ("first", "second")]
    visits = [[(0, one), (1, other)] for one, other in zip(*services, strict=True)]
    near = several_stations(arrivals, visits, counters=[[ALWAYS], [ALWAYS]])
    zones = {"station_zone": [0, 1], "zones": ("hall", "wing"), "seats": [1, 1]}
    far = changed(near, layout=zones | {"walk": [[0.0, walk], [walk, 0.0], [0.0, walk]]})
    before, after = (simulate(plan).days[0] for plan in (near, far))
    assert np.array_equal(after.left, before.left + walk)
    assert np.array_equal(after.started - after.joined, before.started - before.joined)
    from_door = changed(far, layout={"walk": [[0.0, 0.0], [0.0, 0.0], [1.0, walk]]})
    assert np.array_equal(simulate(from_door).days[0].left, before.left + 1)


def test_delay_is_time_away_from_any_counter() -> None:
    plan = several_stations([0, 1], [[(0, 2), (0, 3), (0, 1)], [(0, 4)]], counters=[[ALWAYS]])
    facts = simulate(changed(plan, steps={"station": [0, AWAY, 0, 0]})).days[0]
    # The first is away from 2 to 5 while the other is served from 2 to 6.
    assert facts.joined.tolist()[2:] == [5, 1] and np.isnan(facts.joined[1])
    assert facts.started.tolist()[2:] == [6, 2]
    assert facts.ended.tolist() == [2, 5, 7, 6]
    table = simulate(changed(plan, steps={"station": [0, AWAY, 0, 0]})).steps
    assert table["step"].tolist() == [0, 2, 0]


def test_free_order_goes_where_the_fewest_wait() -> None:
    # Stations 0 and 1 have one visitor each in service from 0 to 10; one waits at 0 from 1 on.
    # Visitor 3 comes at 2: 1 and 0 wait, so station 1 first, with what follows from it (station
    # 2), then station 0. Visitor 4 at 3 finds 1 and 1 waiting: the first that is listed.
    plan = several_stations(
        [0, 0, 1, 2, 3],
        [[(0, 10)], [(1, 10)], [(0, 10)], [(0, 1), (1, 1), (2, 5)], [(0, 1), (1, 1)]],
        counters=[[ALWAYS]] * 3,
    )
    plan = changed(
        plan,
        steps={"any_order": [0, 0, 0, 1, 1, 1, 1, 1], "part": [0, 0, 0, 1, 2, 2, 1, 2]},
    )
    facts = simulate(plan).days[0]
    assert facts.joined.tolist() == [0, 0, 1, 16, 2, 11, 3, 21]
    assert facts.ended.tolist() == [10, 10, 20, 22, 11, 16, 21, 22]
    assert (facts.outcome == Outcome.SERVED).all()
    assert facts.left.tolist() == [10, 10, 20, 22, 22]


def test_delay_may_end_a_visit_and_begin_one() -> None:
    plan = several_stations([0], [[(0, 2), (0, 3), (0, 4)]], counters=[[ALWAYS]])
    facts = simulate(changed(plan, steps={"station": [AWAY, 0, AWAY]})).days[0]
    np.testing.assert_array_equal(facts.joined, [N, 2, N])
    assert facts.left.tolist() == [9] and facts.visitor_outcome.tolist() == [Outcome.SERVED]
