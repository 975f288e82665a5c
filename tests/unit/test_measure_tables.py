"""Tables of visits and visitors: who counts where, and what each number means."""

from __future__ import annotations

import numpy as np
import pytest
from support.traced import (
    DESK,
    NAN,
    PASSPORTS,
    PERMITS,
    Day,
    Step,
    Visit,
    observed,
    row,
    served,
    waits,
)

from mppsim.engine import Outcome
from mppsim.measure import (
    Observations,
    common_edges,
    outcomes,
    sojourn,
    waiting,
    waiting_histogram,
)


def random_week(seed: int) -> list[Day]:
    """Return two days on which every outcome happens, at every kind of station."""
    random = np.random.default_rng(seed)
    days = []
    for weekday, kind in (("mon", "busy"), ("tue", "calm")):
        visits = []
        for arrival in np.sort(random.integers(480, 800, 60)).astype(float):
            desk = served(DESK, arrival, float(random.integers(0, 4)), 1.0, counter=0)
            station = PERMITS + int(random.integers(2))
            outcome = Outcome(int(random.integers(1, 7)))
            step = served(station, desk.ended, float(random.integers(0, 30)), 5.0, station)
            if outcome == Outcome.REFUSED:
                desk = Step(DESK, NAN, NAN, arrival, -1, outcome)
            elif outcome == Outcome.BALKED:
                step = Step(station, NAN, NAN, desk.ended, -1, outcome)
            elif outcome != Outcome.SERVED:
                step = Step(station, desk.ended, NAN, step.started, -1, outcome)
            steps = [desk] if outcome == Outcome.REFUSED else [desk, step]
            service = 2 if station == PASSPORTS else int(random.integers(2))
            visits.append(Visit(arrival, steps, service, int(random.integers(2))))
        days.append(Day(visits, kind=kind, weekday=weekday))
    return days


@pytest.fixture(scope="module")
def observations() -> Observations:
    return observed(*(random_week(seed) for seed in range(6)))


def test_the_mean_weighs_visits_not_days() -> None:
    table = waiting(observed([Day(waits(10))], [Day(waits(0, 0, 0))]))
    assert table.loc["permits", "n"] == 4
    assert table.loc["permits", "mean"] == 2.5


def test_the_three_95th_percentiles_answer_three_questions() -> None:
    days = [[Day(waits(*range(100)))], [Day(waits(*range(0, 200, 2)))], [Day(waits(7))]]
    those = row(waiting(observed(*days)), "permits")
    pooled = [*range(100), *range(0, 200, 2), 7]
    daily = [np.quantile(range(100), 0.95), np.quantile(range(0, 200, 2), 0.95), 7]
    assert those["p95"] == np.quantile(pooled, 0.95)
    assert those["p95_typical_day"] == pytest.approx(np.mean(daily), rel=1e-12)  # rounding only
    assert those["p95_bad_day"] == np.quantile(daily, 0.95)


def test_a_quantile_within_the_atom_at_zero_is_exactly_zero() -> None:
    those = row(waiting(observed(*[[Day(waits(0, 0, 0, 9))]] * 3)), "permits")
    assert those["p50"] == 0
    assert not np.signbit(those["p50"])
    assert those["p50_half_width"] == 0


def test_an_empty_group_has_no_mean_and_no_half_width() -> None:
    those = row(waiting(observed(*[[Day(waits(1))]] * 3)), "passports")
    assert those["n"] == 0
    assert those.drop(["tenant", "n"]).isna().all()


def test_one_replication_has_estimates_without_half_widths() -> None:
    those = row(waiting(observed([Day(waits(1, 2, 3)), Day(waits(4), weekday="tue")])), "permits")
    assert those["mean"] == 2.5
    assert those.filter(like="half_width").isna().all()


def test_everybody_in_line_counts_and_the_served_only_mean_stands_beside() -> None:
    gone = Visit(600.0, [Step(PERMITS, 600.0, NAN, 640.0, -1, Outcome.RENEGED)])
    those = row(waiting(observed([Day([*waits(10, 10), gone])])), "permits")
    assert (those["n"], those["mean"], those["mean_served"], those["mean_reneged"]) == (
        3,
        20,
        10,
        40,
    )


def test_a_promise_is_kept_up_to_its_minute_and_broken_to_all_who_came() -> None:
    visits = [
        *waits(15, 15 + 2**-20),
        Visit(600.0, [Step(PERMITS, 600.0, NAN, 601.0, -1, Outcome.RENEGED)]),
        Visit(610.0, [Step(PERMITS, NAN, NAN, 610.0, -1, Outcome.BALKED)]),
        Visit(620.0, [Step(DESK, NAN, NAN, 620.0, -1, Outcome.REFUSED)]),
        Visit(630.0, [served(PERMITS, 630.0, 1.0, 1.0)], service=1),  # promised nothing
    ]
    observations = observed([Day(visits)])
    assert waiting(observations).loc["permits", "kept"] == 0.25
    assert np.isnan(row(waiting(observations, by="service"), "permits/renewal")["kept"])


def test_a_shared_station_keeps_its_own_promise() -> None:
    visits = [Visit(500.0, [served(DESK, 500.0, wait, 1.0, counter=0)]) for wait in (1.0, 2.0, 3.0)]
    table = waiting(observed([Day(visits)]), by="station")
    assert table.loc["desk", "kept"] == pytest.approx(2 / 3)
    assert waiting(observed([Day(visits)])).loc["permits", "n"] == 0


def test_a_visitor_who_goes_on_counts_at_the_hour_of_arrival() -> None:
    steps = [served(DESK, 535.0, 10.0, 20.0, counter=0), served(PERMITS, 565.0, 6.0, 5.0)]
    observations = observed([Day([Visit(535.0, steps), *waits(2, start=700.0)])])
    table = waiting(observations, by="hour")
    assert table["hour"].tolist() == [8, 9, 10, 11]
    assert table.loc[8, "mean"] == 6
    assert np.isnan(row(table, 9)["mean"])


@pytest.mark.parametrize(
    "by", ["tenant", "service", "station", "visitor_class", "hour", "kind", "all"]
)
@pytest.mark.parametrize("day", [None, "calm"])
def test_flow_balances_exactly(observations: Observations, by: str, day: str | None) -> None:
    table = outcomes(observations, by, day=day)
    joined = table["served"] + table["reneged"] + table["dismissed"] + table["unserved"]
    came = table["unserved"] + table["refused"] + table["balked"] + table["dismissed"]
    filled = ~table["offered"].isna()
    assert (table["joined"] == joined)[filled].all()
    assert (table["offered"] == came + table["reneged"] + table["served"])[filled].all()


def test_all_visitors_are_in_every_breakdown(observations: Observations) -> None:
    for by in ("tenant", "service", "visitor_class", "hour", "kind"):
        assert outcomes(observations, by)["n"].sum() == 6 * 120
    assert outcomes(observations, "all")["offered"].tolist() == [60.0]
    by_kind = outcomes(observations, "kind")["offered"]
    assert by_kind.to_dict() == {"busy": 60.0, "calm": 60.0}


def test_who_was_refused_counts_at_his_service_and_at_the_first_station() -> None:
    visit = Visit(500.0, [Step(DESK, NAN, NAN, 500.0, -1, Outcome.REFUSED)], service=2)
    observations = observed([Day([visit])])
    assert outcomes(observations).loc["passports", "refused"] == 1
    assert outcomes(observations).loc["permits", "refused"] == 0
    assert outcomes(observations, "station").loc["desk", "refused"] == 1
    assert outcomes(observations, "station").loc["passports", "offered"] == 0


def test_one_kind_of_day_alone_is_the_row_of_that_kind(observations: Observations) -> None:
    by_kind = row(waiting(observations, by="kind"), "calm")
    alone = row(waiting(observations, by="all", day="calm"), "all")
    assert (
        by_kind[["n", "mean", "p95", "kept"]].tolist()
        == alone[["n", "mean", "p95", "kept"]].tolist()
    )
    assert by_kind["mean_half_width"] == alone["mean_half_width"]


def test_only_whole_visits_have_a_sojourn_time() -> None:
    steps = [served(DESK, 500.0, 1.0, 1.0, counter=0), served(PERMITS, 505.0, 5.0, 10.0)]
    gone = [steps[0], Step(PERMITS, 505.0, NAN, 600.0, -1, Outcome.RENEGED)]
    table = sojourn(observed([Day([Visit(500.0, steps), Visit(500.0, gone)])]), by="service")
    assert row(table, "permits/new")[["n", "mean", "p95"]].tolist() == [1, 20, 20]


def test_tables_do_not_depend_on_the_order_of_the_summaries(observations: Observations) -> None:
    turned = Observations(
        observations.layout,
        observations.weekdays,
        observations.kinds,
        observations.summaries[::-1],
    )
    for table in (waiting, outcomes, sojourn):
        assert table(turned).to_csv() == table(observations).to_csv()


def test_a_replication_that_is_there_twice_is_refused(observations: Observations) -> None:
    twice = [observations.summaries[0]] * 2
    with pytest.raises(ValueError, match="twice"):
        Observations(observations.layout, observations.weekdays, observations.kinds, twice)


def test_no_replication_is_refused(observations: Observations) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Observations(observations.layout, observations.weekdays, observations.kinds, [])


@pytest.mark.parametrize("by", ["tenant", "hour", "kind", "all"])
def test_a_hall_that_nobody_visits_has_empty_tables_not_errors(by: str) -> None:
    nobody = observed([Day()], [Day()])
    assert waiting(nobody, by)["n"].sum() == 0
    assert waiting(nobody, by)["mean"].isna().all()
    assert (outcomes(nobody, by)["offered"] == 0).all()
    assert sojourn(nobody, by)["p95"].isna().all()
    assert common_edges(nobody).tolist() == [0.0, 0.5]


def test_an_unknown_group_or_day_is_refused_with_the_known_ones(observations: Observations) -> None:
    with pytest.raises(ValueError, match="expected one of tenant, service"):
        waiting(observations, by="zone")
    with pytest.raises(ValueError, match="expected one of busy, calm"):
        waiting(observations, day="sun")
    with pytest.raises(ValueError, match="expected one of permits, passports"):
        waiting_histogram(observations, "sim", np.array([0.0, 5.0]))


def test_a_histogram_counts_everybody_and_ends_at_one(observations: Observations) -> None:
    edges = common_edges(observations)
    table = waiting_histogram(observations, "permits", edges)
    assert table["count"].sum() == waiting(observations).loc["permits", "n"]
    assert table["cumulative"].iloc[-1] == 1
    assert edges[0] == 0
    assert len(edges) <= 31


def test_the_cumulative_curve_counts_waits_up_to_the_edge() -> None:
    table = waiting_histogram(observed([Day(waits(0, 5, 10))]), None, np.array([0.0, 5.0, 8.0]))
    assert table["count"].tolist() == [2, 0, 1]
    assert table["cumulative"].tolist() == pytest.approx([2 / 3, 2 / 3, 1])
