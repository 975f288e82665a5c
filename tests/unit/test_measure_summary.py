"""A trace and its summary: exact, because every time is on the clock's grid."""

from __future__ import annotations

import pickle
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from support.hand_made import one_station
from support.traced import DESK, NAN, PASSPORTS, PERMITS, Day, Step, Visit, row, served, traced

from mppsim.engine import Outcome, simulate
from mppsim.measure import Observations, counters, summarize
from mppsim.measure.paths import Grid, Stays
from mppsim.plan.clock import TICK, TICKS_PER_MINUTE, on_grid


def random_day(seed: int) -> Day:
    """Return a day of visits with times that have nothing to do with queues."""
    random = np.random.default_rng(seed)
    arrival = np.sort(on_grid(random.uniform(420, 890, 300)))
    wait, service = on_grid(random.exponential(9, (2, 300))) + TICK
    gone = random.random(300) < 0.2
    visits = []
    for k in range(300):
        station = int(random.integers(3))
        step = served(station, arrival[k], wait[k], service[k], counter=station)
        if gone[k]:
            step = Step(station, arrival[k], NAN, arrival[k] + wait[k], -1, Outcome.RENEGED)
        visits.append(Visit(arrival[k], [step], party=int(random.integers(1, 5))))
    return Day(visits)


def path_of(events: list[tuple[float, int]]) -> list[tuple[float, int]]:
    """Return (time, value from then on) of a path, one entry a distinct time."""
    value, path = 0, []
    for time in sorted({time for time, _ in events}):
        value += sum(change for when, change in events if when == time)
        path.append((time, value))
    return path


def test_little_s_law_holds_exactly_on_the_event_path() -> None:
    day = random_day(3)
    summary = summarize(traced(day))
    for station in range(3):
        steps = [visit.steps[0] for visit in day.visits if visit.steps[0].station == station]
        ends = [step.ended if np.isnan(step.started) else step.started for step in steps]
        path = path_of([(s.joined, 1) for s in steps] + [(end, -1) for end in ends])
        integral = sum(
            Fraction(value) * (Fraction(after) - Fraction(time))
            for (time, value), (after, _) in pairwise(path)
        )
        over_time = summary.over_time
        parts = (
            over_time.queue_minutes_early,
            over_time.queue_minutes_open,
            over_time.queue_minutes_late,
        )
        assert sum(Fraction(part[0, station]) for part in parts) == integral
        waited = summary.visits.wait[summary.visits.station == station].sum(dtype=np.int64)
        assert Fraction(int(waited), TICKS_PER_MINUTE) == integral
        assert over_time.longest_queue[0, station] == max(value for _, value in path)
        sampled = [sum(c for t, c in path_changes(path) if t <= g) for g in over_time.grid]
        assert over_time.queue[0, station].tolist() == sampled


def path_changes(path: list[tuple[float, int]]) -> list[tuple[float, int]]:
    values = [0, *(value for _, value in path)]
    return [(time, value - values[k]) for k, (time, value) in enumerate(path)]


def test_queue_minutes_are_split_at_opening_and_closing() -> None:
    step = served(PERMITS, 470.0, 440.0, 5.0)
    over_time = summarize(traced(Day([Visit(470.0, [step])]))).over_time
    assert over_time.queue_minutes_early[0, PERMITS] == 10.0
    assert over_time.queue_minutes_open[0, PERMITS] == 420.0
    assert over_time.queue_minutes_late[0, PERMITS] == 10.0


def test_samples_take_the_right_limit() -> None:
    over_time = summarize(
        traced(Day([Visit(500.0, [served(PERMITS, 500.0, 10.0, 5.0)])]))
    ).over_time
    at = dict(zip(over_time.grid.tolist(), over_time.queue[0, PERMITS].tolist(), strict=True))
    assert (at[495.0], at[500.0], at[505.0], at[510.0]) == (0, 1, 1, 0)


def test_who_came_before_the_first_sample_is_in_it() -> None:
    day = Day([Visit(330.0, [served(PERMITS, 330.0, 160.0, 5.0)])])
    assert summarize(traced(day)).over_time.queue[0, PERMITS, 0] == 1


def test_who_comes_as_another_is_called_does_not_lengthen_the_line() -> None:
    visits = [Visit(500.0 + 10 * k, [served(PERMITS, 500.0 + 10 * k, 10.0, 5.0)]) for k in range(9)]
    assert summarize(traced(Day(visits))).over_time.longest_queue[0, PERMITS] == 1


def test_the_longest_line_between_two_samples_is_seen() -> None:
    visits = [Visit(501.0, [served(PERMITS, 501.0, 1.0, 5.0)]) for _ in range(7)]
    over_time = summarize(traced(Day(visits))).over_time
    assert over_time.longest_queue[0, PERMITS] == 7
    assert over_time.queue[0, PERMITS].max() == 0


def test_the_party_waits_together_and_the_companions_stay_until_the_service_ends() -> None:
    visit = Visit(500.0, [served(PERMITS, 500.0, 10.0, 10.0)], party=3)
    over_time = summarize(traced(Day([visit]))).over_time
    at = dict(zip(over_time.grid.tolist(), over_time.persons[0, 0].tolist(), strict=True))
    assert [at[t] for t in (495.0, 500.0, 505.0, 510.0, 515.0, 520.0)] == [0, 3, 3, 2, 2, 0]
    assert over_time.largest_crowd[0].tolist() == [3, 0]


def test_a_party_that_gives_up_takes_its_companions_along() -> None:
    step = Step(PASSPORTS, 500.0, NAN, 510.0, -1, Outcome.RENEGED)
    over_time = summarize(traced(Day([Visit(500.0, [step], party=4)]))).over_time
    at = dict(zip(over_time.grid.tolist(), over_time.persons[0, 1].tolist(), strict=True))
    assert (at[505.0], at[510.0]) == (4, 0)


def test_before_opening_the_line_stands_outside() -> None:
    visit = Visit(450.0, [served(PERMITS, 450.0, 35.0, 5.0)], party=2)
    over_time = summarize(traced(Day([visit]))).over_time
    at = dict(zip(over_time.grid.tolist(), over_time.persons[0, 0].tolist(), strict=True))
    assert (at[450.0], at[475.0], at[480.0], at[485.0], at[490.0]) == (0, 0, 2, 1, 0)
    assert over_time.queue[0, PERMITS].max() == 1


def test_moving_to_the_next_line_does_not_count_a_party_twice() -> None:
    steps = [served(DESK, 500.0, 10.0, 2.0, counter=0), served(PERMITS, 512.0, 10.0, 5.0)]
    over_time = summarize(traced(Day([Visit(500.0, steps, party=5)]))).over_time
    assert over_time.largest_crowd[0, 0] == 5


def test_utilization_is_21_of_37_with_a_changing_crew() -> None:
    # Ciw, tests/test_node.py::test_server_utilisation_with_schedules: on duty 9 + 14 + 14
    plan = one_station(
        [2, 6, 10, 10, 17],
        [4, 2, 6, 6, 3],
        counters=[[(0, 9)], [(9, 23)], [(9, 23)]],
    )
    minutes = summarize(simulate(plan)).counters
    assert minutes.busy.sum() == 21
    assert minutes.on_duty.sum() == 37
    assert minutes.overtime.sum() == 0


def test_busy_time_and_overtime_add_up_to_all_services() -> None:
    day = random_day(5)
    minutes = summarize(traced(day)).counters
    total = sum(
        step.ended - step.started
        for visit in day.visits
        for step in visit.steps
        if step.outcome == Outcome.SERVED
    )
    assert minutes.busy.sum() + minutes.overtime.sum() == total
    assert minutes.overtime.sum() > 0


def test_service_into_a_break_and_past_the_end_is_overtime() -> None:
    duty = [[(480.0, 900.0)], [(480.0, 720.0), (780.0, 900.0)], [], [(480.0, 900.0)]]
    visits = [
        Visit(700.0, [served(PERMITS, 700.0, 10.0, 25.0)]),
        Visit(880.0, [served(PERMITS, 880.0, 15.0, 30.0)]),
    ]
    day = Day(visits, duty=duty)
    summary = summarize(traced(day))
    assert summary.counters.on_duty[0].tolist() == [420.0, 360.0, 0.0, 420.0]
    assert summary.counters.busy[0, 1] == 10.0 + 5.0
    assert summary.counters.overtime[0, 1] == 15.0 + 25.0
    assert summary.overrun.tolist() == [25.0]
    table = counters(Observations(traced(day).plan.layout, ("mon",), ("busy",), [summary]))
    assert np.isnan(row(table, "permits 2")["utilization"])


def test_a_day_that_ends_early_has_no_overrun_and_no_negative_zero() -> None:
    summary = summarize(traced(Day([Visit(500.0, [served(PERMITS, 500.0, 0.0, 5.0)])]), Day()))
    over_time, minutes = summary.over_time, summary.counters
    assert summary.overrun.tolist() == [0.0, 0.0]
    for floats in (
        summary.overrun,
        minutes.busy,
        minutes.overtime,
        over_time.queue_minutes_early,
        over_time.queue_minutes_open,
        over_time.queue_minutes_late,
    ):
        assert not np.signbit(floats).any()


def test_who_never_joined_has_no_wait() -> None:
    visits = [
        Visit(500.0, [Step(DESK, NAN, NAN, 500.0, -1, Outcome.REFUSED)]),
        Visit(510.0, [Step(DESK, NAN, NAN, 510.0, -1, Outcome.BALKED)]),
        Visit(520.0, [Step(DESK, 520.0, NAN, 520.0, -1, Outcome.DISMISSED)]),
    ]
    assert summarize(traced(Day(visits))).visits.wait.tolist() == [-1, -1, 0]


def test_waits_longer_than_34_hours_are_kept_exactly() -> None:
    visit = Visit(500.0, [served(PERMITS, 500.0, 3000.0 + TICK, 1.0)])
    summary = summarize(traced(Day([visit])))
    assert summary.visits.wait[0] == 3000 * TICKS_PER_MINUTE + 1
    assert summary.journeys.sojourn[0] == 3001 * TICKS_PER_MINUTE + 1


def test_a_summary_travels_between_processes_and_is_small() -> None:
    summary = summarize(traced(random_day(1)))
    sent = pickle.loads(pickle.dumps(summary))
    assert sent.visits.wait.tobytes() == summary.visits.wait.tobytes()
    columns = {name: column for name, column in vars(summary.visits).items() if name != "journeys"}
    assert sum(column.itemsize for column in columns.values()) == 12  # bytes a step


def test_an_event_that_does_not_fit_the_sorting_key_is_refused() -> None:
    late, group = np.array([1e12]), np.array([999])
    stays = Stays(group, late, late + 1, np.ones(1, np.int32))
    with pytest.raises(OverflowError, match="too long a day"):
        Grid(0.0, 5.0, 10).sampled_and_largest(stays, 1000)


@pytest.mark.parametrize("cells", [1, 5])
def test_the_largest_value_of_a_path_is_found_between_the_points(cells: int) -> None:
    random = np.random.default_rng(7)
    begin = on_grid(random.uniform(0, 60, 400))
    end, persons = begin + on_grid(random.exponential(4, 400)), random.integers(1, 4, 400)
    stays = Stays(random.integers(0, 3, 400), begin, end, persons.astype(np.int32))
    sampled, largest = Grid(0.0, 5.0, 20).sampled_and_largest(stays, 3, cells=cells)
    for group in range(3):
        own = stays.only(stays.group == group)
        there = [int(own.persons[(own.begin <= t) & (own.end > t)].sum()) for t in own.begin]
        at = [int(own.persons[(own.begin <= t) & (own.end > t)].sum()) for t in range(0, 100, 5)]
        assert largest[group] == max(there) > max(at)
        assert sampled[group].tolist() == at


def test_replications_summarized_together_give_what_each_gives() -> None:
    traces = [traced(random_day(k), Day(), replication=k) for k in range(3)]
    together, each = summarize(*traces), [summarize(trace) for trace in traces]
    assert together.n_replications == 3
    for name in ("queue", "persons", "longest_queue", "largest_crowd", "queue_minutes_open"):
        parts = [getattr(one.over_time, name) for one in each]
        np.testing.assert_array_equal(getattr(together.over_time, name), np.concatenate(parts))
    for name in ("busy", "overtime", "on_duty"):
        parts = [getattr(one.counters, name) for one in each]
        np.testing.assert_array_equal(getattr(together.counters, name), np.concatenate(parts))
    waits = np.concatenate([one.visits.wait for one in each])
    np.testing.assert_array_equal(together.visits.wait, waits)
    days = [one.visits.day.astype(int) + 2 * k for k, one in enumerate(each)]
    np.testing.assert_array_equal(together.visits.day, np.concatenate(days))
