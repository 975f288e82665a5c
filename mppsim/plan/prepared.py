"""A scenario as drawing needs it: what does not depend on luck, found once for all replications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mppsim.plan.backlog import backlog_sources
from mppsim.plan.booking import Slots
from mppsim.plan.calls import missed_shares
from mppsim.plan.clock import on_grid_minutes
from mppsim.plan.delegations import Written, delegations_of
from mppsim.plan.layout import layout_of
from mppsim.plan.outages import OutageSource, outage_sources
from mppsim.plan.plan import Channel, DayPlan, Door, Layout, Outage, Steps, Visitors
from mppsim.plan.remote import virtual_queues
from mppsim.plan.replay import RecordedVisits, recorded_visits
from mppsim.plan.rosters import Rosters
from mppsim.plan.sources import Source, sources_of
from mppsim.plan.streams import HALL, Words, stream_key
from mppsim.plan.tickets import Tickets, door_of, with_bookings
from mppsim.scenario import Scenario
from mppsim.scenario.days import WEEKDAYS, Day, Weekday
from mppsim.scenario.distributions import Law
from mppsim.scenario.places import patience_at
from mppsim.scenario.profile import ArrivalCurve, tenant_curve
from mppsim.scenario.rosters import Spans
from mppsim.scenario.schema import VirtualQueue


@dataclass(frozen=True, eq=False)
class PreparedDay:
    """What is the same on all days of one weekday."""

    weekday: Weekday
    day: Day
    curves: Sequence[ArrivalCurve]
    """By tenant."""
    demand: Sequence[float]
    """By tenant: its own factor on this weekday."""
    backlog: Sequence[tuple[Source, int]]
    there: float
    """When the backlog is there: before the first other can come."""
    slots: Mapping[int, Slots]
    """By service with appointments."""
    rosters: Rosters
    door: Door
    """As it is where nobody has booked."""

    def moment(self, replication: int) -> dict[str, int]:
        """Return the part of the counters of words that says which day this is."""
        return {"replication": replication, "day": WEEKDAYS.index(self.weekday)}


@dataclass(frozen=True, eq=False)
class Prepared:
    """A scenario under one seed, ready to be drawn."""

    scenario: Scenario
    seed: int
    layout: Layout
    hall_key: Words
    sources: Sequence[Source]
    filling: Mapping[int, Source]
    """By service whose slots are filled whatever the demand: the source of those who do it."""
    delegations: Sequence[Written]
    outages: Sequence[OutageSource]
    patience: Sequence[Law | None]
    """By station."""
    missed: Mapping[int, float]
    """By station: the share of calls that are missed, where it is above 0."""
    virtual_queues: Mapping[int, VirtualQueue]
    """By station that has one."""
    recorded: RecordedVisits | None
    tickets: Tickets
    """With nothing booked."""
    days: Sequence[PreparedDay]

    @property
    def random_outages(self) -> list[OutageSource]:
        """Return the outages that come at random."""
        return [outage for outage in self.outages if outage.is_random]

    def plan(
        self,
        day: PreparedDay,
        *,
        duty: tuple[Spans, ...],
        outages: tuple[Outage, ...],
        visitors: Visitors,
        steps: Steps,
        tickets: Tickets | None,
        channels: dict[int, Channel],
    ) -> DayPlan:
        """Return the plan of a day with these visitors, who have booked these tickets.

        None: none of them can book any.
        """
        return DayPlan(
            weekday=day.weekday,
            kind=day.day.type or day.weekday,
            opening=day.day.open,
            closing=day.day.close,
            door=with_bookings(day.door, tickets) if tickets else day.door,
            serve_all=self.scenario.closing == "serve_all",
            duty=duty,
            visitors=visitors,
            steps=steps,
            outages=outages,
            shift_ends=day.rosters.shift_ends,
            channels=channels,
        )


def prepare(scenario: Scenario, weekdays: Sequence[Weekday], seed: int) -> Prepared:
    """Return these days of a scenario, ready to be drawn."""
    layout = layout_of(scenario)
    sources = sources_of(scenario, layout, seed)
    return Prepared(
        scenario=scenario,
        seed=seed,
        layout=layout,
        hall_key=stream_key(seed, HALL),
        sources=sources,
        filling={
            source.service: replace(source, key=stream_key(seed, f"{source.name}/booked"))
            for source in sources
            if source.appointments is not None and source.appointments.fill is not None
        },
        delegations=delegations_of(scenario, seed),
        outages=outage_sources(scenario, layout, seed),
        patience=[patience_at(scenario, station) for station in layout.stations],
        missed=missed_shares(scenario, layout.stations),
        virtual_queues=virtual_queues(scenario, layout.stations),
        recorded=recorded_visits(scenario, layout),
        tickets=Tickets.of(scenario),
        days=[_prepare_day(scenario, weekday, layout, sources, seed) for weekday in weekdays],
    )


def _prepare_day(
    scenario: Scenario, weekday: Weekday, layout: Layout, sources: Sequence[Source], seed: int
) -> PreparedDay:
    day = scenario.days[weekday]
    curves = [tenant_curve(scenario, weekday, tenant) for tenant in layout.tenants]
    firsts = [float(curve.edges[0]) for curve in curves]
    if scenario.replay is not None:
        firsts = [visit.arrived for visit in scenario.replay if visit.day == weekday]
    return PreparedDay(
        weekday=weekday,
        day=day,
        curves=curves,
        demand=[day.tenants.get(tenant, 1.0) for tenant in layout.tenants],
        backlog=backlog_sources(scenario, weekday, layout, sources, seed),
        there=on_grid_minutes(min(day.open, *firsts)),
        slots={
            source.service: Slots.of(scenario, weekday, source.appointments)
            for source in sources
            if source.appointments is not None
        },
        rosters=Rosters(scenario, weekday, seed),
        door=door_of(scenario, weekday),
    )
