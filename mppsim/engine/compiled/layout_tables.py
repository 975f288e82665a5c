"""The tables of a hall that hold for all its days, made once for each layout."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.compiled.plain import may_be_plain
from mppsim.engine.compiled.records import (
    COUNTER,
    DAY,
    INDEX,
    LINE,
    NEVER,
    NOBODY,
    RANGE,
    SHARE,
    STATION,
    TICKS,
)
from mppsim.engine.compiled.tables import (
    DISCIPLINES,
    FIFO,
    LINES,
    OFF_GRID,
    ONE,
    Records,
    UnsupportedPlanError,
    addresses_of_all_days,
)
from mppsim.engine.skills import Skills, skills_of
from mppsim.plan.clock import TICKS_PER_MINUTE
from mppsim.plan.plan import NO_LIMIT, Floats, Layout
from mppsim.plan.rules import CounterRule, StationRule


@dataclass(frozen=True, eq=False)
class LayoutTables:
    """What `Hall` needs of a layout."""

    fixed: dict[str, Any]
    """Tables that are the same every day, by name."""
    addresses: NDArray[np.int64]
    """Where they stand in memory, for `at_addresses`."""
    day: NDArray[np.int64]
    """What the record of every day says; 0 where it depends on the day."""
    counters: Records
    """Before a day begins."""
    lines: Records
    n_rows: dict[str, int]
    """Of those tables in memory that have as many every day; before all others, in any order."""
    n_leaves: int
    outage_begins: int
    notes_spans: bool
    """Whether services may come in pieces, or breaks be other than planned."""
    may_be_plain: bool
    """Whether days may be plain."""
    somebody_counts: bool
    """Whether it matters at which moment a visitor leaves a line, not only that he does."""


@lru_cache(maxsize=8)
def layout_tables(layout: Layout) -> LayoutTables:
    """Return the tables of a hall."""
    skills = skills_of(layout)
    numbers = {id(line): n for n, line in enumerate(line for here in skills.lines for line in here)}
    levels = [level for levels in skills.levels for level in levels]
    entries = [entry for level in levels for entry in level]
    stations, shares = _stations(layout, skills)
    lines, able = _lines(layout, skills)
    has_skills = int(
        (stations["lines"] != ONE).any() or any(c.serves for c in layout.counter_rules)
    )
    if not has_skills:
        _own_counters_alone(lines, stations)
    able_to, service_kind, able, n_kinds = _able_to(layout, skills, able)
    fixed = {
        "stations": stations,
        "levels": ranges(map(len, levels)),
        "entries": ranges(map(len, entries)),
        "listed": np.array([numbers[id(line)] for entry in entries for line in entry], INDEX),
        "able": np.array(able, INDEX),
        "able_to": able_to,
        "service_kind": service_kind.ravel(),
        "part_of": _part_of(layout, skills).ravel(),
        "shares": shares,
        "walk": in_ticks(layout.walk).ravel(),
        "service_tenant": np.array(layout.service_tenant, INDEX),
    }
    n_counters = len(layout.counters)
    day = {
        "look": NEVER,
        "n_counters": n_counters,
        "n_leaves": 4 ** max(1, ((n_counters - 1).bit_length() + 1) // 2),
        "n_lines": len(lines),
        "n_zones": len(layout.zones) if layout.walk.any() else 0,
        "n_services": len(layout.services),
        "n_classes": len(layout.classes),
        "n_kinds": n_kinds,
        "gate_head": NOBODY,
        "gate_tail": NOBODY,
        "has_rooms": int(len(layout.rooms) > 0),
        "has_skills": has_skills,
        "capacity": layout.capacity,
        # engine/order.py: finish, on, off, closing, outages begin, ..
        "counter_on": n_counters,
        "counter_off": 2 * n_counters,
        "closes": 3 * n_counters,
        "outage_begins": 3 * n_counters + 1,
    }
    return LayoutTables(
        fixed=fixed,
        addresses=addresses_of_all_days(fixed),
        day=np.array([day.get(name, 0) for name in DAY.names or ()], TICKS),
        counters=_counters(layout, skills),
        lines=lines,
        n_rows={
            "day": 1,
            "counters": n_counters,
            "lines": len(lines),
            "owed": len(layout.stations) * len(layout.classes),
            "tickets": len(layout.tenants),
            "service_tickets": len(layout.services),
        },
        n_leaves=day["n_leaves"],
        outage_begins=day["outage_begins"],
        notes_spans=bool((stations["breaks_off"] | stations["shifted_breaks"]).any()),
        may_be_plain=may_be_plain(
            stations, _somebody_counts(layout, stations), bool(day["has_skills"])
        ),
        somebody_counts=_somebody_counts(layout, stations),
    )


def _somebody_counts(layout: Layout, stations: Records) -> bool:
    return bool(
        layout.rooms
        or layout.remote
        or layout.dead_calls
        or any(layout.balk_shares)
        or layout.capacity != NO_LIMIT
        or (layout.balk_above != NO_LIMIT).any()
        or (layout.balk_wait < np.inf).any()
        or (stations["lines"] != ONE).any()
        or stations["breaks_off"].any()
        or (stations["discipline"] > FIFO).any()
    )


def in_ticks(minutes: Floats | Sequence[float]) -> NDArray[np.int64]:
    """Return times in ticks; raise UnsupportedPlanError for one between two."""
    exact = np.asarray(minutes, np.float64) * TICKS_PER_MINUTE
    ticks = exact.astype(TICKS)
    if (ticks != exact).any():
        raise UnsupportedPlanError(OFF_GRID)
    return ticks


def ticks_of(minutes: float) -> int:
    """Return a time in ticks; raise UnsupportedPlanError for one between two."""
    exact = float(minutes) * TICKS_PER_MINUTE
    if not exact.is_integer():
        raise UnsupportedPlanError(OFF_GRID)
    return int(exact)


def ranges(lengths: Iterable[int]) -> Records:
    """Return where each of several lists begins and ends that stand one behind the other."""
    ends = np.cumsum([0, *lengths])
    table: Any = np.zeros(len(ends) - 1, RANGE)
    table["first"], table["end"] = ends[:-1], ends[1:]
    return table


def _stations(layout: Layout, skills: Skills) -> tuple[Records, Records]:
    table: Any = np.zeros(len(layout.stations), STATION)
    rules = layout.station_rules or (StationRule(),) * len(table)
    own = layout.counter_station.tolist()
    ends = np.cumsum([0, *map(len, skills.lines)])
    shares = layout.balk_shares or ((),) * len(table)
    share_ends = np.cumsum([0, *map(len, shares)])
    table["zone"] = layout.station_zone
    table["first_counter"] = np.searchsorted(own, range(len(table)), side="left")
    table["end_counter"] = np.searchsorted(own, range(len(table)), side="right")
    table["first_line"], table["end_line"] = ends[:-1], ends[1:]
    table["parts"] = skills.parts
    table["outer"] = ends[-1] + np.arange(len(table))
    table["first_share"], table["end_share"] = share_ends[:-1], share_ends[1:]
    table["discipline"] = [DISCIPLINES.index(rule.discipline) for rule in rules]
    table["lines"] = [LINES.index(rule.lines) for rule in rules]
    table["shifted_breaks"] = [rule.shifted_breaks for rule in rules]
    table["breaks_off"] = [rule.shift_end != "finish" for rule in rules]
    table["restarts"] = [rule.shift_end == "restart" for rule in rules]
    table["stop_taking"] = in_ticks([rule.stop_taking for rule in rules])
    table["amount"] = [rule.amount for rule in rules]
    table["patience_shared"] = layout.patience_shared
    table["balk_above"], table["balk_wait"] = layout.balk_above, layout.balk_wait
    table["mean_service"] = layout.mean_service
    table["places"] = NO_LIMIT
    for station, room in layout.rooms.items():
        table["has_room"][station], table["places"][station] = 1, room.places
        table["blocks"][station] = room.full == "block"
        table["loses"][station] = room.full == "lose"
    for station, minutes in layout.dead_calls.items():
        table["calls_dead"][station] = 1
        table["dead_call"][station] = in_ticks([minutes])[0]
    for station, recall in layout.recalls.items():
        table["recall_call"][station] = in_ticks([recall.call_time])[0]
        table["recall_after"][station] = recall.after
    for station, remote in layout.remote.items():
        table["is_remote"][station], table["notice"][station] = 1, remote.notice
        table["remote_call"][station] = in_ticks([remote.call_time])[0]
    return table, np.array([share for here in shares for share in sorted(here)], SHARE)


def _counters(layout: Layout, skills: Skills) -> Records:
    table: Any = np.zeros(len(layout.counters), COUNTER)
    ends = np.cumsum([0, *map(len, skills.levels)])
    table["station"] = layout.counter_station
    table["first_level"], table["end_level"] = ends[:-1], ends[1:]
    table["speed"] = [rule.speed for rule in layout.counter_rules or (CounterRule(),) * len(table)]
    table["step"] = NOBODY
    return table


def _lines(layout: Layout, skills: Skills) -> tuple[Records, list[int]]:
    """Return the empty lines of all stations, then those outside, and who may serve each."""
    own = layout.counter_station.tolist()
    inside = [(s, line, c) for s, here in enumerate(skills.able) for line, c in enumerate(here)]
    outside = [
        (station, -1, [counter for counter, at in enumerate(own) if at == station])
        for station in range(len(layout.stations))
    ]
    table: Any = np.zeros(len(inside) + len(outside), LINE)
    table["head"] = table["tail"] = NOBODY
    able = ranges(len(counters) for _, _, counters in (*inside, *outside))
    table["first_able"], table["end_able"] = able["first"], able["end"]
    for number, (station, line, _) in enumerate(inside):
        table["rank"][number] = line // skills.parts[station]
    return table, [counter for _, _, counters in (*inside, *outside) for counter in counters]


def _own_counters_alone(lines: Records, stations: Records) -> None:
    """Say of each line, those outside come last, that all counters of its station may serve it."""
    n_lines = [*(stations["end_line"] - stations["first_line"]), *np.ones(len(stations), int)]
    for which in ("first", "end"):
        counters = np.tile(stations[f"{which}_counter"], 2)
        lines[f"{which}_able"] = np.repeat(counters, n_lines)


def _able_to(
    layout: Layout, skills: Skills, able: list[int]
) -> tuple[Records, NDArray[np.int32], list[int], int]:
    """Return who is able to serve whom, by station, kind of service there and class.

    Services that no counter tells apart from others at a station are of the kind 0 there.
    """
    told_apart = {
        (target.station, target.service)
        for levels in skills.serves
        for level in levels
        for target in level
        if target.service >= 0
    }
    kinds = np.zeros((len(layout.stations), len(layout.services)), INDEX)
    n_kinds, able, whom = 1, list(able), {}
    for station in range(len(layout.stations)):
        services = [-2, *sorted(service for at, service in told_apart if at == station)]
        n_kinds = max(n_kinds, len(services))
        for kind, service in enumerate(services):
            if kind:
                kinds[station, service] = kind
            for rank in range(len(layout.classes)):
                counters = skills.able_to(station, service, rank)
                whom[station, kind, rank] = len(able), len(able) + len(counters)
                able += counters
    table = np.zeros((len(layout.stations), n_kinds, len(layout.classes)), RANGE)
    for place, span in whom.items():
        table[place] = span
    return table.ravel(), kinds, able, n_kinds


def _part_of(layout: Layout, skills: Skills) -> NDArray[np.int32]:
    table = np.zeros((len(layout.stations), len(layout.services)), INDEX)
    for place, part in skills.part_of.items():
        table[place] = part
    return table
