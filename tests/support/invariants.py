"""What is true of every day that any engine has run, whatever the scenario."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.engine import DayTrace, Outcome
from mppsim.engine.another_day import postponed_after
from mppsim.plan.clock import TICK, on_grid
from mppsim.plan.plan import AWAY, HEAD, NO_LIMIT, DayPlan, Layout
from mppsim.plan.rules import StationRule

NEVER_JOINED = (Outcome.NOT_REACHED, Outcome.BALKED, Outcome.REFUSED, Outcome.BLOCKED)
ENDED_WELL = (Outcome.NOT_REACHED, Outcome.SERVED)


def assert_possible(layout: Layout, day: DayPlan, facts: DayTrace) -> None:
    """Fail unless the day could have happened in this hall."""
    _each_visitor_has_one_outcome(layout, day, facts)
    _times_are_in_order(layout, day, facts)
    _broken_services_are_made_of_pieces(day, facts)
    _counters_serve_one_at_a_time_on_duty(layout, day, facts)
    _rooms_and_gate_hold_no_more(layout, day, facts)
    for station in range(len(layout.stations)):
        if rule_at(layout, station).lines == "one":
            _nobody_overtakes_within_a_class(layout, day, facts, station)
            _no_counter_is_idle_beside_a_waiting_visitor(layout, day, facts, station)


def left_line(facts: DayTrace) -> NDArray[np.float64]:
    return np.where(np.isnan(facts.started), facts.ended, facts.started)


def _each_visitor_has_one_outcome(layout: Layout, day: DayPlan, facts: DayTrace) -> None:
    postponed = postponed_after(day, facts)
    for visitor, (first, end) in enumerate(
        zip(day.visitors.first_step, day.visitors.first_step[1:], strict=False)
    ):
        steps = np.arange(first, end)
        reached = steps[facts.outcome[steps] != Outcome.NOT_REACHED]
        if day.visitors.returns[visitor] >= 0 and not len(reached):
            assert np.isnan(facts.left[visitor]), "who settled everything did not come"
            continue
        assert len(reached), "a visitor without an outcome"
        refused = facts.outcome[reached[0]] == Outcome.REFUSED
        one_way = not day.steps.only_after[steps].any() and day.visitors.returns[visitor] < 0
        if one_way and not (refused or day.steps.any_order[steps].any()):
            assert np.array_equal(reached, steps[: len(reached)]), "a step was left out"
        # A visitor may leave at the very moment at which the service before is over.
        lost = facts.outcome[reached] != Outcome.SERVED
        away = day.steps.station[reached] == AWAY
        took = np.where(away, day.steps.service_time[reached], 0)
        began = np.fmin(facts.joined[reached], facts.ended[reached] - took)
        in_time = reached[np.lexsort((lost, began, facts.ended[reached]))]
        outcomes = facts.outcome[in_time].tolist()
        for step, code in zip(in_time[:-1], outcomes[:-1], strict=True):
            went_on = code in (Outcome.RENEGED, Outcome.BALKED) and day.steps.instead[step]
            assert code == Outcome.SERVED or went_on
        if facts.visitor_outcome[visitor] == Outcome.POSTPONED:
            assert np.array_equal(in_time[postponed[in_time]], in_time[-1:])
        else:
            assert outcomes[-1] == facts.visitor_outcome[visitor]
            assert not postponed[steps].any()
            all_made = len(reached) == len(steps) or not one_way
            assert all_made or outcomes[-1] != Outcome.SERVED
        _the_visit_has_no_gaps(layout, day, facts, visitor, in_time)


def _the_visit_has_no_gaps(
    layout: Layout, day: DayPlan, facts: DayTrace, visitor: int, in_time: NDArray[np.int64]
) -> None:
    """Fail unless a visit is made of waits, services, delays and walks, one behind the other."""
    at, zone = _at_the_ticket(layout, day)[visitor], -1
    if day.visitors.is_of_backlog(visitor):
        zone = layout.station_zone[day.steps.station[in_time[0]]]
    at = at if np.isnan(facts.admitted[visitor]) else facts.admitted[visitor]
    for step in in_time:
        station, end = day.steps.station[step], facts.ended[step]
        if station == AWAY:
            assert end == at + day.steps.service_time[step]
        else:
            walks = len(layout.walk) and facts.outcome[step] != Outcome.REFUSED
            walk = layout.walk[zone, layout.station_zone[station]] if walks else 0
            late = facts.outcome[step] == Outcome.REFUSED and np.isnan(facts.admitted[visitor])
            slot = day.steps.not_before[step] if facts.outcome[step] != Outcome.REFUSED else at
            joins = max(at + walk, slot)
            assert late or joins == (end if np.isnan(facts.joined[step]) else facts.joined[step])
            assert np.isnan(facts.came[step]) or facts.came[step] == at + walk
            zone = layout.station_zone[station]
        at = end
    stays = day.visitors.stays[visitor] * (facts.visitor_outcome[visitor] == Outcome.SERVED)
    assert facts.left[visitor] == at + stays


def _times_are_in_order(layout: Layout, day: DayPlan, facts: DayTrace) -> None:
    joined, started, ended = facts.joined, facts.started, facts.ended
    at_station = day.steps.station != AWAY
    served = (facts.outcome == Outcome.SERVED) & at_station
    broken = np.isin(np.arange(len(started)), [piece.step for piece in facts.pieces])
    assert np.array_equal(served | broken, ~np.isnan(started))
    assert np.array_equal(facts.outcome == Outcome.NOT_REACHED, np.isnan(ended))
    never_joined = np.isin(facts.outcome, NEVER_JOINED)
    never_joined |= ~at_station
    assert np.array_equal(never_joined, np.isnan(joined))
    assert (joined[served] <= started[served]).all()
    speed = np.array([rule.speed for rule in layout.counter_rules] or [1.0] * len(layout.counters))
    minutes = np.maximum(on_grid(day.steps.service_time / speed[facts.counter]), TICK)
    whole = served & ~broken
    _services_take_their_time_and_stand_still_in_outages(layout, day, facts, whole, minutes)
    _counters_are_left_when_there_is_a_place_ahead(day, facts)
    waits = (left_line(facts) - joined)[~never_joined]
    assert (waits >= 0).all()
    assert (waits <= day.steps.patience[~never_joined]).all()
    reneged = facts.outcome == Outcome.RENEGED
    shared = layout.patience_shared[day.steps.station] & at_station & np.isnan(day.steps.remote)
    visitor = np.repeat(np.arange(len(facts.left)), np.diff(day.visitors.first_step))
    waited = np.where(~never_joined, left_line(facts) - joined, 0)
    in_all = np.bincount(visitor, np.where(shared, waited, 0), len(facts.left))[visitor]
    patience_used = np.where(shared, in_all, waited)
    assert np.array_equal(patience_used[reneged], day.steps.patience[reneged])


def _services_take_their_time_and_stand_still_in_outages(
    layout: Layout,
    day: DayPlan,
    facts: DayTrace,
    whole: NDArray[np.bool_],
    minutes: NDArray[np.float64],
) -> None:
    for step in np.flatnonzero(whole):
        begin, end = facts.started[step], facts.ended[step]
        at = layout.counter_station[facts.counter[step]]
        outages = [one for one in day.outages if at in one.stations]
        edges = {time for one in outages for time in (one.begin, one.end) if begin < time < end}
        pieces = pairwise(sorted({begin, *edges, end}))
        worked = sum(
            till - since
            for since, till in pieces
            if not any(one.begin <= since < one.end for one in outages)
        )
        restarts = any(one.restarts and begin < one.end and one.begin < end for one in outages)
        need = minutes[step]
        assert worked == need or (restarts and worked > need)


def _counters_are_left_when_there_is_a_place_ahead(day: DayPlan, facts: DayTrace) -> None:
    served = (facts.outcome == Outcome.SERVED) & (day.steps.station != AWAY)
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
    needs_none = (day.visitors.ordinal < 0) | (day.visitors.booking >= 0)
    return np.where(
        needs_none, day.visitors.arrival, np.maximum(day.visitors.arrival, tickets_from)
    )


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


def _broken_services_are_made_of_pieces(day: DayPlan, facts: DayTrace) -> None:
    for step in {piece.step for piece in facts.pieces}:
        pieces = [piece for piece in facts.pieces if piece.step == step]
        assert pieces[0].started == facts.started[step]
        assert pieces[-1].counter == facts.counter[step]
        assert all(one.ended <= other.started for one, other in pairwise(pieces))
        if facts.outcome[step] == Outcome.SERVED:
            assert pieces[-1].ended == facts.ended[step]
            assert len(pieces) > 1


def rule_at(layout: Layout, station: int) -> StationRule:
    return layout.station_rules[station] if layout.station_rules else StationRule()


def _work(facts: DayTrace, counter: int) -> list[tuple[Any, Any, Any]]:
    """Return begin, end and step of all that a counter has done."""
    broken = {piece.step for piece in facts.pieces}
    whole = [step for step in np.flatnonzero(facts.counter == counter) if step not in broken]
    return sorted(
        [(facts.started[step], facts.released[step], step) for step in whole]
        + [
            (
                p.started,
                max(p.ended, facts.released[p.step]) if p.ended == facts.ended[p.step] else p.ended,
                p.step,
            )
            for p in facts.pieces
            if p.counter == counter
        ]
        + [(c.begin, c.end, c.step) for c in facts.vain_calls if c.counter == counter]
    )


def _counters_serve_one_at_a_time_on_duty(layout: Layout, day: DayPlan, facts: DayTrace) -> None:
    for counter in range(len(layout.counters)):
        work = _work(facts, counter)
        assert all(end <= begin for (_, end, _), (begin, _, _) in pairwise(work)), "two at once"
        for start, _, step in work:
            assert _may_serve(layout, day, counter, step), "a visitor whom it does not serve"
            assert _on_duty(layout, day, facts, counter, start), "a start outside the roster"
            assert not _out(layout, day, counter, start), "a start in an outage"


def _out(layout: Layout, day: DayPlan, counter: int, time: float) -> bool:
    station = layout.counter_station[counter]
    return any(one.begin <= time < one.end for one in day.outages if station in one.stations)


def _may_serve(layout: Layout, day: DayPlan, counter: int, step: int) -> bool:
    rules = layout.counter_rules
    station, service = day.steps.station[step], day.steps.service[step]
    visitor = np.searchsorted(day.visitors.first_step, step, side="right") - 1
    if not rules or not rules[counter].serves:
        return bool(station == layout.counter_station[counter])
    return any(
        target.station == station
        and target.service in (-1, service)
        and target.visitor_class in (-1, day.visitors.visitor_class[visitor])
        for level in rules[counter].serves
        for target in level
    )


def _on_duty(layout: Layout, day: DayPlan, facts: DayTrace, counter: int, time: float) -> bool:
    """Tell whether a counter may call somebody."""
    stop = rule_at(layout, layout.counter_station[counter]).stop_taking
    shift_ends = day.shift_ends[counter] if day.shift_ends else [s.end for s in day.duty[counter]]
    stays = [span.end for span in day.duty[counter] if day.serve_all and span.end >= day.closing]
    return any(
        span.start <= time
        and (time < span.end - (stop if span.end in shift_ends else 0) or span.end in stays)
        for span in facts.duty.get(counter, day.duty[counter])
        if span.start < day.closing
    )


def _nobody_overtakes_within_a_class(
    layout: Layout, day: DayPlan, facts: DayTrace, station: int
) -> None:
    n_steps = np.diff(day.visitors.first_step)
    late = [call.step for call in facts.vain_calls]
    booking = np.where(day.visitors.booking < 0, len(n_steps), day.visitors.booking)
    first_booked = np.repeat(booking, n_steps)
    if layout.capacity < NO_LIMIT:  # those who leave at one instant may let in several, in turn
        first_booked = facts.started
    rank = np.repeat(day.visitors.visitor_class, n_steps)
    if any(rule.serves for rule in layout.counter_rules):
        rank = rank * len(layout.services) + day.steps.service
    rank = np.where(day.steps.ahead, -1 - rank, rank)
    for level in np.unique(rank):
        here = (day.steps.station == station) & (rank == level) & ~day.steps.misses
        here &= day.steps.back != HEAD
        here &= ~np.isin(np.arange(len(here)), late)
        served = np.flatnonzero(here & (facts.outcome == Outcome.SERVED))
        served = served[np.lexsort((first_booked[served], facts.entered[served]))]
        assert (np.diff(facts.started[served]) >= 0).all(), "overtaken within a class"


def _no_counter_is_idle_beside_a_waiting_visitor(
    layout: Layout, day: DayPlan, facts: DayTrace, station: int
) -> None:
    here = np.flatnonzero((day.steps.station == station) & ~np.isnan(facts.joined))
    joined, left = facts.joined[here], left_line(facts)[here]
    there = np.nan_to_num(facts.returned[here], nan=-np.inf)
    spans = [facts.duty.get(counter, own) for counter, own in enumerate(day.duty)]
    changes = [edge for own in spans for span in own for edge in span]
    changes += [edge for one in day.outages for edge in (one.begin, one.end)]
    work = [_work(facts, counter) for counter in range(len(layout.counters))]
    ends = [end for own in work for _, end, _ in own]
    back = there[np.isfinite(there)]
    times = np.unique(np.concatenate([joined, left, back, ends, changes]))
    for middle in (times[1:] + times[:-1]) / 2:
        waiting = here[(joined <= middle) & (middle < left) & (there <= middle)]
        for counter, own in enumerate(work if len(waiting) else ()):
            if any(begin <= middle < end for begin, end, _ in own):
                continue
            if _out(layout, day, counter, middle):
                continue
            if any(_may_serve(layout, day, counter, step) for step in waiting):
                on_duty = _on_duty(layout, day, facts, counter, middle)
                assert not on_duty, "idle beside a line"
