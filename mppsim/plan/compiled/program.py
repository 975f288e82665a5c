"""Journeys as programs: what each visitor of a source does, one operation after the other.

The operations of a journey stand in the order in which `mppsim.plan.itineraries` draws its legs. A
visitor passes them from the first to the last, and jumps over those that are not for him.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.clock import TICK, on_grid_minutes
from mppsim.plan.compiled.keys import halves_below
from mppsim.plan.compiled.laws import Laws
from mppsim.plan.compiled.records import NOTHING
from mppsim.plan.itineraries import ELSEWHERE, RETURN, Free, Stop, needs_words
from mppsim.plan.plan import AFTER_SERVICE, AWAY, IF_GIVING_UP, Layout
from mppsim.plan.sources import Source
from mppsim.plan.streams import call_block
from mppsim.scenario.distributions import Constant, Law
from mppsim.scenario.schema import VirtualQueue

VISIT, LATER, IF_ROUTE, IF_LACKING = range(4)
"""A visit with a first service; the service of who comes back with papers; two conditions."""

OPERATION = np.dtype(
    [
        # What plain programs need for every step comes first: it is in the cache together.
        ("time", np.float64),  # that a service takes that is not left to chance
        ("station", np.int32),
        ("service", np.int32),
        ("leg", np.int32),
        ("column", np.int32),  # of the times, in a plain program; NOTHING: `time` holds for all
        ("patient", np.int32),  # the column of the patience, in a plain program; NOTHING: endless
        ("block", np.uint64),
        ("call_block", np.uint64),
        ("passing", np.uint64),  # how many halves of a word let a visitor pass; see `halves_below`
        ("share", np.float64),  # of the visitors who make the visit at all
        ("low", np.float64),  # a condition holds from `low` to below `high`
        ("high", np.float64),
        ("lacking", np.float64),  # the share whose papers are incomplete
        ("costs", np.float64),  # the part of a service that it takes to find out
        ("missed", np.float64),  # the share of the calls that are missed
        ("elsewhere", np.float64),  # the share who wait elsewhere if they can
        ("no_show", np.float64),  # the share of these who do not come back
        ("visit", np.int64),  # added to the number of the visit
        ("again", np.int64),  # added once more for the words of the service
        ("kind", np.int32),
        ("end", np.int32),  # the operation after those for whom the visit or condition holds
        ("depth", np.int32),  # where the visit keeps what its conditions ask for
        ("place", np.int32),  # where visits to this block are counted; NOTHING: there is but one
        ("has_words", np.int32),
        ("law", np.uint32),
        ("patience", np.int32),  # its law
        ("remote", np.int32),  # the law of the times to come back from elsewhere
        ("chooses_line", np.int32),
        ("own", np.int32),  # whether it is what an appointment is for
        ("leg_lacking", np.int32),
        ("plain", np.int32),  # a visit of which nothing is to be remembered
        ("returns", np.int32),  # whether this may lead to a visit on another day
        ("returns_lacking", np.int32),
    ]
)
LEG_COLUMNS = ("any_order", "part", "instead", "only_after", "back", "another_day", "place")
"""Columns of the steps that are the same for all who make one leg of a journey."""


class Program(NamedTuple):
    """Where the operations of a journey are, the most steps it has, and what may come of it."""

    first: int
    end: int
    steps: int
    may_return: bool
    plain: bool
    """Whether all its operations are."""


class Programs:
    """Writes the programs of the journeys of a hall."""

    def __init__(
        self,
        layout: Layout,
        laws: Laws,
        patience: Sequence[Law | None],
        missed: Mapping[int, float],
        queues: Mapping[int, VirtualQueue],
    ) -> None:
        self.laws = laws
        self.patience = [NOTHING if law is None else laws.number(law) for law in patience]
        self.missed = missed
        self.remote = {
            station: {
                "remote": laws.number(queue.return_time),
                "elsewhere": queue.share,
                "no_show": queue.no_show,
            }
            for station, queue in queues.items()
        }
        self.call_blocks = [call_block(station) for station in layout.stations]
        self.operations: list[dict[str, Any]] = []
        self.legs: dict[tuple[int, ...], int] = {}
        self.n_places = self.n_columns = self.depth = 1

    def write(self, source: Source, *, again: bool = False) -> Program:
        """Add the program of a source, or that of its visitors who come back on another day."""
        first = len(self.operations)
        writing = _Writing(self, source, again)
        writing.journey()
        added = self.operations[first:]
        visits = Counter(one["block"] for one in added if one["kind"] == VISIT)
        more_than_one = [block for block, n in visits.items() if n > 1]
        places = {block: place for place, block in enumerate(more_than_one)}
        for one in added:
            one["place"] = places.get(one["block"], NOTHING)
        for number, one in enumerate(added, first + 1):
            one["plain"] = _is_plain(one, number)
        self.n_places = max(self.n_places, len(places))
        drawn = [one for one in added if one.get("has_words")]
        for column, one in enumerate(drawn):
            one["column"] = column
        laws = dict.fromkeys(one["patience"] for one in added if one.get("patience", NOTHING) >= 0)
        patient = {law: column for column, law in enumerate(laws, len(drawn))}
        for one in added:
            one["patient"] = patient.get(one.get("patience", NOTHING), NOTHING)
        self.n_columns = max(self.n_columns, len(drawn) + len(patient))
        return Program(
            first=first,
            end=len(self.operations),
            steps=sum(one["kind"] in {VISIT, LATER} for one in added),
            may_return=any(one.get("returns") or one.get("returns_lacking") for one in added),
            plain=all(one["plain"] for one in added),
        )

    def reception(self, station: int, law: Law) -> Program:
        """Add the program of a delegation: it is received, and that is all."""
        leg = (0,) * len(LEG_COLUMNS)
        self.operations.append(
            {
                "kind": VISIT,
                "station": station,
                "law": self.laws.number(law),
                "leg": self.legs.setdefault(leg, len(self.legs)),
            }
        )
        n = len(self.operations)
        return Program(n - 1, n, steps=1, may_return=False, plain=False)

    def tables(self) -> tuple[NDArray[Any], dict[str, NDArray[np.int32]]]:
        """Return the operations, and what is the same for all of a leg in columns by name."""
        operations = np.zeros(len(self.operations), OPERATION)
        for name in OPERATION.fields or ():
            operations[name] = [operation.get(name, 0) for operation in self.operations]
        operations["passing"] = halves_below(operations["share"])
        legs = np.array([*self.legs], np.int32).reshape(-1, len(LEG_COLUMNS))
        return operations, dict(zip(LEG_COLUMNS, np.ascontiguousarray(legs.T), strict=True))


class _Writing:
    """The program of one source as it is written; the twin of the drawing of its legs."""

    def __init__(self, programs: Programs, source: Source, again: bool) -> None:
        self.programs, self.source, self.again = programs, source, again
        self.group = self.part = self.only_after = self.n_instead = 0

    def journey(self) -> None:
        groups = parts = 0
        for step in self.source.journey:
            if isinstance(step, Stop):
                self.visit(step, 0)
                continue
            assert isinstance(step, Free)
            groups += 1
            for stop in step.stops:
                parts += 1
                self.group, self.part = groups, parts
                self.visit(stop, 0)
            self.group = self.part = 0

    def visit(self, stop: Stop, depth: int) -> None:
        self.programs.depth = max(self.programs.depth, depth + 1)
        elsewhere = None if self.only_after else stop.instead
        self.n_instead += elsewhere is not None
        instead = 0 if elsewhere is None else self.n_instead
        visit = self.serve(stop, depth, instead)
        reached = 0.0
        for onward in stop.then:
            condition = self.add(
                IF_ROUTE, depth, low=reached, high=reached + onward.share, block=stop.block
            )
            reached += onward.share
            for following in onward.stops:
                self.visit(following, depth + 1)
            condition["end"] = len(self.programs.operations)
        if elsewhere is not None:
            self.only_after = instead
            self.visit(elsewhere, depth + 1)
            self.only_after = 0
        visit["end"] = len(self.programs.operations)

    def serve(self, stop: Stop, depth: int, instead: int) -> dict[str, Any]:
        may_return = stop.comes_back and not (self.again or self.only_after)
        leaving = IF_GIVING_UP if may_return else 0
        leg = self.leg(stop.place, instead, another_day=leaving)
        visit = self.service(VISIT, stop, depth, leg, leaving)
        visit["visit"] = ELSEWHERE if self.only_after else 0
        rework = None if self.again else stop.incomplete
        if rework is None:
            return visit
        ends = leaving if rework.back else leaving | AFTER_SERVICE
        visit["lacking"], visit["costs"] = rework.share, rework.costs
        visit["leg_lacking"] = self.leg(-stop.place, instead, another_day=ends)
        visit["returns_lacking"] = ends > 0
        if rework.back:
            condition = self.add(IF_LACKING, depth, high=rework.share, block=stop.block)
            if rework.away is not None:
                self.visit(rework.away, depth + 1)
            leg = self.leg(stop.place, instead, another_day=leaving, back=rework.back)
            later = self.service(LATER, stop, depth, leg, leaving)
            later["own"], later["share"] = 0, 1.0
            condition["end"] = later["end"] = len(self.programs.operations)
        return visit

    def service(self, kind: int, stop: Stop, depth: int, leg: int, leaving: int) -> dict[str, Any]:
        away, programs, source = stop.station == AWAY, self.programs, self.source
        return self.add(
            kind,
            depth,
            block=stop.block,
            call_block=0 if away else programs.call_blocks[stop.station],
            share=stop.share,
            missed=0.0 if away else programs.missed.get(stop.station, 0.0),
            again=RETURN if self.again else 0,
            has_words=needs_words(stop),
            station=stop.station,
            service=stop.service,
            law=programs.laws.number(stop.law),
            time=_time(stop),
            column=NOTHING,
            patience=NOTHING if away else programs.patience[stop.station],
            chooses_line=stop.chooses_line,
            own=source.appointments is not None
            and (stop.station, stop.service) == (source.station, source.service),
            leg=leg,
            returns=leaving > 0,
            **programs.remote.get(stop.station, {"remote": NOTHING}),
        )

    def add(self, kind: int, depth: int, **fields: Any) -> dict[str, Any]:
        operation = {"kind": kind, "depth": depth} | fields
        self.programs.operations.append(operation)
        return operation

    def leg(self, place: int, instead: int, *, another_day: int, back: int = 0) -> int:
        row = (self.group, self.part, instead, self.only_after, back, another_day, place)
        return self.programs.legs.setdefault(row, len(self.programs.legs))


def _time(stop: Stop) -> float:
    """Return how long a service takes whose time is not left to chance; else 0."""
    time = on_grid_minutes(stop.law.value) if isinstance(stop.law, Constant) else 0.0
    return time if stop.station == AWAY else max(time, TICK)


def _is_plain(operation: dict[str, Any], following: int) -> bool:
    """Tell whether a visit is a service and no more: nothing of it is to be remembered."""
    rare = ("lacking", "again", "missed", "chooses_line", "own", "returns", "returns_lacking")
    return (
        operation["kind"] == VISIT
        and operation["end"] == following
        and operation["place"] == operation["remote"] == NOTHING
        and not any(operation.get(name) for name in rare)
    )
