"""A hall as the tables that compiled code reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.arrivals import weights_up_to
from mppsim.plan.booking import Slots
from mppsim.plan.compiled.keys import halves_below, round_keys
from mppsim.plan.compiled.laws import Laws
from mppsim.plan.compiled.program import Program, Programs
from mppsim.plan.compiled.records import (
    BACKLOG,
    COUNTER,
    CROWD,
    CURVE,
    DAY,
    DELEGATION,
    GUIDES,
    NOTHING,
    OUTAGE,
    SERVICE,
    SLOTS,
    SOURCE,
    Hall,
    Today,
)
from mppsim.plan.plan import NO_LIMIT, Integers
from mppsim.plan.prepared import Prepared, PreparedDay
from mppsim.plan.sources import FIRST_BOOKED, Source
from mppsim.plan.streams import Words
from mppsim.scenario.days import WEEKDAYS
from mppsim.scenario.profile import ArrivalCurve
from mppsim.scenario.quantiles import Standard
from mppsim.scenario.schema import Delegation

Fields = dict[str, Any]


class Tables:
    """A prepared scenario in tables."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._laws = Laws()
        self._programs = Programs(
            prepared.layout,
            self._laws,
            prepared.patience,
            prepared.missed,
            prepared.virtual_queues,
        )
        self._sources: list[Fields] = []
        self._guides: list[Integers] = []
        self._services = {one.service: self._source(one) for one in prepared.sources}
        self._filling = {
            service: self._source(one, ordinal=FIRST_BOOKED)
            for service, one in prepared.filling.items()
        }
        self._delegations = [self._delegation(*written) for written in prepared.delegations]
        cv = prepared.scenario.arrivals.day_to_day_cv
        self._busy = self._laws.standard(Standard("gamma", 1 / cv**2), cv**2) if cv > 0 else NOTHING
        self.days = [self._today(day) for day in prepared.days]
        self.hall, self.leg_columns = self._hall()
        self.n_places, self.n_columns = self._programs.n_places, self._programs.n_columns

    def _hall(self) -> tuple[Hall, list[str]]:
        """Return the tables of the hall, when nothing is added to them any more.

        And which columns of the steps its legs say.
        """
        visitors = self._prepared.scenario.visitors
        operations, legs = self._programs.tables()
        places = legs.pop("place")
        used = {name: column for name, column in legs.items() if column.any()}
        keys = [*(source.pop("key") for source in self._sources), self._prepared.hall_key]
        counters, outages = self._counters(keys), self._outages(keys)
        laws, numbers = self._laws.tables()
        hall = Hall(
            keys=np.stack([round_keys(key) for key in keys]),
            sources=_records(SOURCE, self._sources),
            operations=operations,
            laws=laws,
            numbers=numbers,
            counters=_records(COUNTER, counters),
            outages=_records(OUTAGE, outages),
            class_edges=_edges(visitors.classes.values()),
            party_edges=_edges(visitors.party.values()),
            parties=np.array([*visitors.party], np.int32),
            places=places,
            legs=np.array([*used.values()], np.int32).reshape(len(used), len(places)),
            guides=np.concatenate([*self._guides, np.empty(0, np.int32)]),
            columns=np.empty(0, np.int32),  # depends on all others; see `HallColumns`
        )
        return hall, [*used]

    def _counters(self, keys: list[Words]) -> list[Fields]:
        """Return the counters that luck befalls, the same on all days; add their keys."""
        found = []
        for luck in self._prepared.days[0].rosters.luck.values():
            law = NOTHING if luck.late is None else self._laws.number(luck.late)
            found.append({"key": len(keys), "absence": luck.absence, "law": law})
            keys.append(luck.key)
        return found

    def _outages(self, keys: list[Words]) -> list[Fields]:
        """Return the outages at random; add their keys."""
        found = []
        for outage in self._prepared.random_outages:
            between, lasts = outage.written.between, outage.written.lasts
            assert between is not None and lasts is not None  # the schema has seen to it
            laws = {"between": self._laws.number(between), "lasts": self._laws.number(lasts)}
            found.append({"key": len(keys)} | laws)
            keys.append(outage.key)
        return found

    def _source(self, source: Source, *, ordinal: int = 0, sign: int = 1) -> int:
        """Add a source, and that of those of its visitors who come back; return its number."""
        found = {
            "key": source.key,
            "service": source.service,
            "ordinal": ordinal,
            "sign": sign,
            "tenant": self._prepared.layout.service_tenant[source.service],
            "stays": NOTHING,
            "zone": NOTHING,
            "again": NOTHING,
        }
        program = self._programs.write(source)
        if program.may_return:
            found["again"] = self._add(found, self._programs.write(source, again=True))
        return self._add(found, program)

    def _delegation(self, delegation: Delegation, key: Words) -> int:
        """Add a delegation as a source, whose program is its reception; return its number."""
        station = self._prepared.layout.stations.index(delegation.station)
        found = {
            "key": key,
            "ordinal": -1,
            "sign": -1,
            "again": NOTHING,
            "stays": self._laws.number(delegation.stays),
            "zone": self._prepared.layout.zones.index(delegation.zone),
            "persons": delegation.persons,
        }
        return self._add(found, self._programs.reception(station, delegation.service))

    def _add(self, source: Fields, program: Program) -> int:
        self._sources.append(
            source
            | {
                "first": program.first,
                "end": program.end,
                "steps": program.steps,
                "plain": program.plain,
            }
        )
        return len(self._sources) - 1

    def _today(self, prepared: PreparedDay) -> Today:
        slots: list[Fields] = []
        crowds = [*self._backlog(prepared), *self._delegations_on(prepared)]
        crowds += [
            self._demand(prepared, source, slots) | {"channel": channel}
            for channel, source in enumerate(self._prepared.sources)
        ]
        day = {
            "demand": prepared.day.demand,
            "opening": prepared.day.open,
            "closing": prepared.day.close,
            "busy": self._busy,
            "number": WEEKDAYS.index(prepared.weekday),
        }
        return Today(
            day=_records(DAY, [day]),
            crowds=_records(CROWD, crowds),
            curves=_records(CURVE, [self._curve(curve) for curve in prepared.curves]),
            # One row at least, so that there is something to point at.
            slots=_records(SLOTS, slots or [{}]),
        )

    def _backlog(self, prepared: PreparedDay) -> Iterator[Fields]:
        for source, n in prepared.backlog:
            number = self._source(source, ordinal=-1, sign=-1)
            yield {"kind": BACKLOG, "source": number, "n": n, "time": prepared.there}

    def _delegations_on(self, prepared: PreparedDay) -> Iterator[Fields]:
        for number, (delegation, _) in zip(
            self._delegations, self._prepared.delegations, strict=True
        ):
            times = np.array(delegation.days.get(prepared.weekday, ()), np.float64)
            yield {
                "kind": DELEGATION,
                "source": number,
                "n": len(times),
                "first": self._laws.keep(times),
                "time": delegation.within,
                "chance": delegation.chance,
            }

    def _demand(self, prepared: PreparedDay, source: Source, slots: list[Fields]) -> Fields:
        tenant = int(self._prepared.layout.service_tenant[source.service])
        crowd = {
            "kind": SERVICE,
            "source": self._services[source.service],
            "booked": self._filling.get(source.service, NOTHING),
            "tenant": tenant,
            "service": source.service,
            "visitors_per_day": source.visitors_per_day,
            "factor": prepared.demand[tenant],
            "online": source.online,
            "slots": NOTHING,
        }
        if source.service in prepared.slots:
            crowd["slots"] = len(slots)
            slots.append(self._slots(prepared.slots[source.service]))
        mean = source.visitors_per_day * (prepared.day.demand * prepared.demand[tenant])
        if self._busy == NOTHING and source.service not in self._filling and mean > 0:
            lowest, reached = weights_up_to(mean)
            crowd["lowest"], crowd["n_reached"] = lowest, len(reached)
            crowd["first_reached"] = self._laws.keep(np.array(reached))
        return crowd

    def _slots(self, slots: Slots) -> Fields:
        rules, punctuality = slots.rules, slots.rules.punctuality
        filled = slots.filled(NO_LIMIT)
        found: Fields = {
            "share": rules.share or 0.0,
            "no_show": rules.no_show,
            "grace": np.inf if rules.grace is None else rules.grace,
            "law": NOTHING,
            "spread": 1.0,
            "n": len(slots.places),
            "first": self._laws.keep(np.array([*slots.places, *slots.places.values()], float)),
            "n_filled": len(filled),
            "first_filled": self._laws.keep(filled),
            "fills": rules.fill is not None,
            "lost": rules.else_ == "lost",
            "ahead": rules.priority == "appointment_first",
        }
        if punctuality is not None and punctuality.law is not None:
            found |= {"law": self._laws.number(punctuality.law), "early": punctuality.early}
        elif punctuality is not None:
            found["law"] = self._laws.standard(Standard("normal", 1.0), 1.0)
            found |= {"late": punctuality.mean or 0.0, "spread": punctuality.sd or 0.0}
        return found

    def _curve(self, curve: ArrivalCurve) -> Fields:
        """Return where a curve's pieces are: the shares before them, their left edges, slopes."""
        shares = np.diff(curve.cumulative)
        # Nobody comes where the curve is flat: the slope there is never asked for.
        slopes = np.divide(np.diff(curve.edges), shares, np.zeros(len(shares)), where=shares > 0)
        before = curve.cumulative[:-1]
        guides = before[1:].searchsorted(np.arange(GUIDES) / GUIDES, "right")
        self._guides.append(guides.astype(np.int32))
        return {
            "first": self._laws.keep(np.concatenate([before, curve.edges[:-1], slopes])),
            "n": len(slopes),
            "guide": GUIDES * (len(self._guides) - 1),
        }


def _edges(shares: Iterable[float]) -> Words:
    """Return where the shares of the visitors end, but for the last, as halves of a word."""
    return halves_below(np.array([*shares][:-1], np.float64).cumsum())


def _records(dtype: np.dtype[Any], rows: list[Fields]) -> NDArray[Any]:
    """Return rows as records; what a row does not say is 0."""
    records = np.zeros(len(rows), dtype)
    for record, row in zip(records, rows, strict=True):
        for name, value in row.items():
            record[name] = value
    return records
