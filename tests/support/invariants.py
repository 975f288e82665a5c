"""What is true of every day that any engine has run, whatever the scenario."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from mppsim.engine import DayTrace, Outcome
from mppsim.plan.plan import AWAY, DayPlan, Layout

NEVER_JOINED = (Outcome.NOT_REACHED, Outcome.BALKED, Outcome.REFUSED, Outcome.BLOCKED)
ENDED_WELL = (Outcome.NOT_REACHED, Outcome.SERVED)


def assert_possible(layout: Layout, day: DayPlan, facts: DayTrace) -> None:
    """Fail unless the day could have happened in this hall."""
    _each_visitor_has_one_outcome(layout, day, facts)
    _times_are_in_order(layout, day, facts)
    _counters_serve_one_at_a_time_on_duty(layout, day, facts)
    _rooms_and_gate_hold_no_more(layout, day, facts)
    for station in range(len(layout.stations)):
        _nobody_overtakes_within_a_class(day, facts, station)
        _no_counter_is_idle_beside_a_waiting_visitor(layout, day, facts, station)


def left_line(facts: DayTrace) -> NDArray[np.float64]:
    return np.where(np.isnan(facts.started), facts.ended, facts.started)


def _each_visitor_has_one_outcome(layout: Layout, day: DayPlan, facts: DayTrace) -> None:
    for visitor, (first, end) in enumerate(
        zip(day.visitors.first_step, day.visitors.first_step[1:], strict=False)
    ):
        steps = np.arange(first, end)
        reached = steps[facts.outcome[steps] != Outcome.NOT_REACHED]
        assert len(reached), "a visitor without an outcome"
        refused = facts.outcome[reached[0]] == Outcome.REFUSED
        if not (refused or day.steps.any_order[steps].any()):
            assert np.array_equal(reached, steps[: len(reached)]), "a step was left out"
        in_time = reached[np.argsort(facts.ended[reached], kind="stable")]
        outcomes = facts.outcome[in_time].tolist()
        assert all(code == Outcome.SERVED for code in outcomes[:-1])
        assert outcomes[-1] == facts.visitor_outcome[visitor]
        assert len(reached) == len(steps) or outcomes[-1] != Outcome.SERVED
        _the_visit_has_no_gaps(layout, day, facts, visitor, in_time)


def _the_visit_has_no_gaps(
    layout: Layout, day: DayPlan, facts: DayTrace, visitor: int, in_time: NDArray[np.int64]
) -> None:
    """Fail unless a visit is made of waits, services, delays and walks, one behind the other."""
    tenant = layout.service_tenant[day.visitors.service[visitor]]
    at, zone = max(day.visitors.arrival[visitor], day.door.tickets_from[tenant]), -1
    at = at if np.isnan(facts.admitted[visitor]) else facts.admitted[visitor]
    for step in in_time:
        station, end = day.steps.station[step], facts.ended[step]
        if station == AWAY:
            assert end == at + day.steps.service_time[step]
        else:
            walks = len(layout.walk) and facts.outcome[step] != Outcome.REFUSED
            walk = layout.walk[zone, layout.station_zone[station]] if walks else 0
            late = facts.outcome[step] == Outcome.REFUSED and np.isnan(facts.admitted[visitor])
            assert late or at + walk == (
                end if np.isnan(facts.joined[step]) else facts.joined[step]
            )
            zone = layout.station_zone[station]
        at = end
    assert facts.left[visitor] == at


def _times_are_in_order(layout: Layout, day: DayPlan, facts: DayTrace) -> None:
    joined, started, ended = facts.joined, facts.started, facts.ended
    at_station = day.steps.station != AWAY
    served = (facts.outcome == Outcome.SERVED) & at_station
    assert np.array_equal(served, ~np.isnan(started))
    assert np.array_equal(facts.outcome == Outcome.NOT_REACHED, np.isnan(ended))
    never_joined = np.isin(facts.outcome, NEVER_JOINED)
    never_joined |= ~at_station
    assert np.array_equal(never_joined, np.isnan(joined))
    assert (joined[served] <= started[served]).all()
    _services_take_their_time_and_stand_still_in_outages(day, facts)
    _counters_are_left_when_there_is_a_place_ahead(day, facts)
    waits = (left_line(facts) - joined)[~never_joined]
    assert (waits >= 0).all()
    assert (waits <= day.steps.patience[~never_joined]).all()
    reneged = facts.outcome == Outcome.RENEGED
    shared = layout.patience_shared[day.steps.station] & at_station
    visitor = np.repeat(np.arange(len(facts.left)), np.diff(day.visitors.first_step))
    waited = np.where(~never_joined, left_line(facts) - joined, 0)
    in_all = np.bincount(visitor, np.where(shared, waited, 0), len(facts.left))[visitor]
    patience_used = np.where(shared, in_all, waited)
    assert np.array_equal(patience_used[reneged], day.steps.patience[reneged])


def _services_take_their_time_and_stand_still_in_outages(day: DayPlan, facts: DayTrace) -> None:
    for step in np.flatnonzero(~np.isnan(facts.started)):
        begin, end = facts.started[step], facts.ended[step]
        outages = [one for one in day.outages if day.steps.station[step] in one.stations]
        edges = {time for one in outages for time in (one.begin, one.end) if begin < time < end}
        pieces = itertools.pairwise(sorted({begin, *edges, end}))
        worked = sum(
            till - since
            for since, till in pieces
            if not any(one.begin <= since < one.end for one in outages)
        )
        restarts = any(one.restarts and begin < one.end and one.begin < end for one in outages)
        need = day.steps.service_time[step]
        assert worked == need or (restarts and worked > need)


def _counters_are_left_when_there_is_a_place_ahead(day: DayPlan, facts: DayTrace) -> None:
    served = ~np.isnan(facts.started)
    assert np.array_equal(served, ~np.isnan(facts.released))
    stays = np.flatnonzero(served & (facts.released > facts.ended))
    assert (facts.released >= facts.ended)[served].all()
    for step in stays:  # until he is in the room ahead, or leaves
        visitor = np.searchsorted(day.visitors.first_step, step, side="right") - 1
        own = np.arange(*day.visitors.first_step[visitor : visitor + 2])
        (ahead,) = own[facts.joined[own] == facts.ended[step]]
        came_in = facts.entered[ahead]
        assert facts.released[step] == (facts.ended[ahead] if np.isnan(came_in) else came_in)


def _at_the_ticket(layout: Layout, day: DayPlan) -> NDArray[np.float64]:
    tickets_from = day.door.tickets_from[layout.service_tenant[day.visitors.service]]
    return np.maximum(day.visitors.arrival, tickets_from)


def _rooms_and_gate_hold_no_more(layout: Layout, day: DayPlan, facts: DayTrace) -> None:
    waits_in = ~np.isnan(facts.entered)
    called = left_line(facts)
    for station, room in layout.rooms.items():
        here = np.flatnonzero(waits_in & (day.steps.station == station))
        for time in facts.entered[here]:
            inside = (facts.entered[here] <= time) & (time < called[here])
            assert inside.sum() <= room.places, "more than the room holds"
    came_in = np.flatnonzero(~np.isnan(facts.admitted))
    order = came_in[np.argsort(facts.admitted[came_in], kind="stable")]
    came = _at_the_ticket(layout, day)[order]
    assert (np.diff(came) >= 0).all(), "overtaken at the gate"
    for time in facts.admitted[came_in]:
        inside = (facts.admitted[came_in] <= time) & (time < facts.left[came_in])
        assert day.visitors.party[came_in][inside].sum() <= layout.capacity


def _counters_serve_one_at_a_time_on_duty(layout: Layout, day: DayPlan, facts: DayTrace) -> None:
    for counter in range(len(layout.counters)):
        mine = np.flatnonzero(facts.counter == counter)
        calls = [call for call in facts.vain_calls if call.counter == counter]
        begin = np.concatenate([facts.started[mine], [call.begin for call in calls]])
        end = np.concatenate([facts.released[mine], [call.end for call in calls]])
        order = np.argsort(begin)
        assert (end[order][:-1] <= begin[order][1:]).all(), "two at once"
        assert (day.steps.station[mine] == layout.counter_station[counter]).all()
        for start in begin:
            assert _on_duty(day, counter, start), "a start outside the roster"
            assert not _out(layout, day, counter, start), "a start in an outage"


def _out(layout: Layout, day: DayPlan, counter: int, time: float) -> bool:
    station = layout.counter_station[counter]
    return any(one.begin <= time < one.end for one in day.outages if station in one.stations)


def _on_duty(day: DayPlan, counter: int, time: float) -> bool:
    return any(
        span.start <= time and (time < span.end or (day.serve_all and span.end >= day.closing))
        for span in day.duty[counter]
        if span.start < day.closing
    )


def _nobody_overtakes_within_a_class(day: DayPlan, facts: DayTrace, station: int) -> None:
    n_steps = np.diff(day.visitors.first_step)
    rank = np.repeat(day.visitors.visitor_class, n_steps)
    for level in np.unique(rank):
        here = (day.steps.station == station) & (rank == level) & ~day.steps.misses
        served = np.flatnonzero(here & (facts.outcome == Outcome.SERVED))
        served = served[np.argsort(facts.entered[served], kind="stable")]
        assert (np.diff(facts.started[served]) >= 0).all(), "overtaken within a class"


def _no_counter_is_idle_beside_a_waiting_visitor(
    layout: Layout, day: DayPlan, facts: DayTrace, station: int
) -> None:
    here = np.flatnonzero((day.steps.station == station) & ~np.isnan(facts.joined))
    joined, left = facts.joined[here], left_line(facts)[here]
    mine = np.flatnonzero(layout.counter_station == station)
    changes = [edge for counter in mine for span in day.duty[counter] for edge in span]
    changes += [edge for one in day.outages for edge in (one.begin, one.end)]
    mine_left = facts.released[~np.isnan(facts.released)]
    times = np.unique(np.concatenate([joined, left, mine_left, changes]))
    for middle in (times[1:] + times[:-1]) / 2:
        waiting = ((joined <= middle) & (middle < left)).any()
        if waiting:
            for counter in mine:
                steps = facts.counter == counter
                busy = ((facts.started[steps] <= middle) & (middle < facts.released[steps])).any()
                busy |= any(
                    call.counter == counter and call.begin <= middle < call.end
                    for call in facts.vain_calls
                )
                busy |= _out(layout, day, int(counter), middle)
                assert busy or not _on_duty(day, int(counter), middle), "idle beside a line"
