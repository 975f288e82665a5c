"""Sentences for planners, each derived from the tables by a rule that holds for any result.

The headline of a run is the first that applies: nobody came; a station cannot keep up; no promise
was made; nearly all promises are kept; else, the tenant that keeps its promise least.
"""

from __future__ import annotations

import math
from typing import Any

from mppsim.report import names, wording
from mppsim.report.cells import Differences, records
from mppsim.report.comparison import Pair
from mppsim.report.pair_sheets import TOO_MANY_DAYS
from mppsim.report.result import Result
from mppsim.report.sheets import CountersOf, station_loads
from mppsim.report.visitors import ENDINGS, visitors_a_day
from mppsim.theory.offered_load import StationLoad, offered_load

NEARLY_ALL = 0.95
"""A tenant that serves this share of its visitors in time is said to keep its promise."""


def result_headline(result: Result) -> str:
    """Return the one sentence to remember of a run."""
    waiting = {t: row for t, row in records(result.waiting()).items() if row["n"] > 0}
    if not waiting:
        return "Nobody joined a line at any tenant."
    overloaded = most_overloaded(result)
    if overloaded is not None:
        return _cannot_keep_up(result, overloaded)
    promised = {t: row for t, row in waiting.items() if not math.isnan(row["kept"])}
    if not promised:
        longest = max(waiting, key=lambda tenant: waiting[tenant]["p90"])
        return (
            f"Waits are longest at {_name(result, longest)}: {_half_and_tenth(waiting[longest])}."
        )
    least = min(promised, key=lambda tenant: promised[tenant]["kept"])
    kept = _kept_words(result, least, promised[least])
    where = _name(result, least)
    if promised[least]["kept"] >= NEARLY_ALL:
        who = "Every tenant" if len(promised) == len(waiting) else "Every tenant that promised"
        return (
            f"{who} serves at least {wording.percent(NEARLY_ALL)} of its visitors within the "
            f"promised wait; the fewest at {where}, {kept}."
        )
    waits = _half_and_tenth(promised[least])
    return f"The promise is kept least at {where}: {kept} of the visitors; {waits}."


def result_findings(result: Result) -> tuple[str, ...]:
    """Return further sentences: promises, what is closest to its limit, who is lost, seats."""
    rules = (_replayed, _precision, _promises, _limit, _lost, _gate, _seats, _overrun)
    return tuple(text for text in (rule(result) for rule in rules) if text)


def pair_headline(pair: Pair) -> str:
    """Return the one sentence to remember of a comparison; it is about the other hall."""
    parts = [_more_visitors(pair)]
    if pair.new_tenants:
        parts.append(wording.counted(len(pair.new_tenants), "new tenant"))
    if pair.gone_tenants:
        parts.append(f"{wording.counted(len(pair.gone_tenants), 'tenant')} fewer")
    differences = Differences.of(pair.differences())
    where, row = "at the tenants of both halls", differences.both
    if math.isnan(row["mean_difference"]):
        where, row = "over all visits to tenants", differences.everybody
    start = wording.sentence(wording.listed(parts))
    return f"{start}: {where}, the mean wait is {_difference(row)}."


def pair_findings(pair: Pair) -> tuple[str, ...]:
    """Return further sentences: who waits longer, where, at which new tenant, and what breaks."""
    found = (
        _verdicts(pair),
        _who_waits(pair),
        _all_visits(pair),
        _shared_stations(pair),
        _worst_new(pair),
        _limit(pair.other),
        _lost(pair.other),
        _gate(pair.other),
        _seats(pair.other),
    )
    return tuple(text for text in found if text)


def most_overloaded(result: Result) -> StationLoad | None:
    """Return the station and day with the most work for its minutes on duty, if it is too much."""
    loads = [
        load
        for weekday in result.scenario.days
        if weekday in result.run.observations.weekdays
        for load in offered_load(result.scenario, weekday)
    ]
    heaviest = max(loads, key=lambda load: load.ratio)
    return heaviest if heaviest.ratio > 1 else None


def _half_and_tenth(row: dict[str, Any]) -> str:
    if row["p90"] == 0:
        return "at least nine in ten do not wait at all"
    half = (
        "half of the visitors do not wait at all"
        if row["p50"] == 0
        else f"half of the visitors wait longer than {wording.minutes(row['p50'])}"
    )
    tenth = wording.minutes_within(row["p90"], row["p90_half_width"])
    return f"{half}, one in ten longer than {tenth}"


def _kept_words(result: Result, tenant: str, row: dict[str, Any]) -> str:
    """Return 'within 15 min for 62 % (± 3)'."""
    promised = names.promises(result.scenario, tenant)
    within = wording.minutes(promised[0]) if len(promised) == 1 else "the promised wait"
    share = wording.percent_within(row["kept"], row["kept_half_width"])
    return f"served within {within} are {share}"


def _cannot_keep_up(result: Result, load: StationLoad) -> str:
    row = records(result.waiting("station"))[load.station]
    name, day = _name(result, load.station), wording.kind_name(load.weekday)
    start = f"{name} cannot keep up on a {day}: "
    if math.isinf(load.ratio):
        return f"{start}visitors come and no counter is on duty."
    too_much = f"the work that comes is {wording.percent(load.ratio)} of what its counters can do"
    return f"{start}{too_much}; over all days, {_half_and_tenth(row)}."


def _replayed(result: Result) -> str:
    """Say that the visits were recorded, and why there are no intervals."""
    if result.scenario.replay is None:
        return ""
    recorded = wording.counted(len(result.scenario.replay), "recorded visit")
    return f"A replay of {recorded}: it is the same every time, so no number has an interval."


def _precision(result: Result) -> str:
    """Say whether what had to be known well is known so well."""
    after = f"after {wording.counted(result.replications, 'replication')}"
    return " ".join(
        f"“{one.precision.text}” {'is' if one.is_reached else 'is not'} reached {after}: "
        f"± {one.half_width:.2g}{'' if one.precision.measure.place else f' at {one.place}'}."
        for one in result.standings
    )


def _promises(result: Result) -> str:
    promised = [row for row in records(result.waiting()).values() if not math.isnan(row["kept"])]
    if len(promised) < 2:
        return ""
    keep = sum(row["kept"] >= NEARLY_ALL for row in promised)
    return (
        f"Of {wording.counted(len(promised), 'tenant')} that made a promise, "
        f"{wording.count_word(keep) if keep else 'none'} {'serves' if keep == 1 else 'serve'} at "
        f"least {wording.percent(NEARLY_ALL)} of the visitors within it."
    )


def _limit(result: Result) -> str:
    """Say which station breaks, or would break first: the one with the busiest counters."""
    overloaded = most_overloaded(result)
    if overloaded is not None:
        return (
            f"What breaks is {_name(result, overloaded.station)}: on a "
            f"{wording.kind_name(overloaded.weekday)} more work comes than its counters can do."
        )
    loads = [load for load in station_loads(result) if load.utilization > 0]
    if not loads:
        return ""
    tightest: CountersOf = max(loads, key=lambda load: load.utilization)
    what = "counter is" if tightest.counters == 1 else "counters are"
    return (
        f"Closest to its limit is {_name(result, tightest.station)}: its {what} busy "
        f"{wording.percent(tightest.utilization)} of the time on duty."
    )


def _lost(result: Result) -> str:
    """Say how many visitors a day are not served to the end, and why."""
    visitors = visitors_a_day(result)
    parts = [
        f"{wording.number(number, 0 if number >= 9.95 else 1)} {ENDINGS[outcome]}"
        for outcome, (number, _) in visitors.lost.items()
    ]
    if visitors.came[0] == 0:
        return "No visitors came."
    came = f"{wording.number(visitors.came[0])} visitors a day"
    if not parts:
        return f"All of the {came} are served to the end."
    return f"Of {came}, {wording.listed(parts)}."


def _gate(result: Result) -> str:
    """Say who waits outside because the hall is full: the waits at the tenants leave that out."""
    row = records(result.gate())["all"] if result.scenario.capacity is not None else None
    if row is None or not row["waited"] > 0:
        return ""
    share = wording.percent_within(row["waited"], row["waited_half_width"])
    mean = wording.minutes_within(row["mean"], row["mean_half_width"])
    return (
        f"The hall is full at times: {share} of the visitors wait outside before all other waits, "
        f"{mean} on average over everybody."
    )


def _seats(result: Result) -> str:
    zones = records(result.seats_summary())
    if all(row["days_standing"] == 0 for row in zones.values()):
        return "The seats sufficed on every day simulated."
    zone = max(zones, key=lambda name: zones[name]["days_standing"])
    row = zones[zone]
    share = wording.percent_within(row["days_standing"], row["days_standing_half_width"])
    suffice = wording.number(math.ceil(row["seats_for_19_of_20_days"]))
    return (
        f"Seats are short most often in {names.zone_name(result.scenario, zone)}: with its "
        f"{wording.number(row['seats'])} seats somebody stands on {share} of the days; "
        f"{suffice} would suffice on 19 of 20 days."
    )


def _overrun(result: Result) -> str:
    row = records(result.overrun())["all"]
    if not row["overrun_p95"] > 0:
        return "On at least 19 of 20 days the last service ends by closing."
    mean = wording.minutes_within(row["overrun"], row["overrun_half_width"])
    return (
        f"The last service ends {mean} after closing on average, and later than "
        f"{wording.minutes(row['overrun_p95'])} after closing on one day in 20."
    )


def _more_visitors(pair: Pair) -> str:
    before, after = visitors_a_day(pair.base).came[0], visitors_a_day(pair.other).came[0]
    more = round(after - before)
    if more == 0:
        return "about as many visitors a day"
    return f"{abs(more):,} {'more' if more > 0 else 'fewer'} visitors a day"


def _difference(row: dict[str, Any]) -> str:
    """Return '1.2 min longer (95 % interval 0.9 to 1.5)'."""
    value, interval = row["mean_difference"], row["mean_difference_half_width"]
    if math.isnan(value):
        return "not to be compared, because nobody came to one of the halls"
    if math.isnan(interval):
        word = "longer" if value >= 0 else "shorter"
        return f"{wording.number(abs(value), 1)} min {word} (no interval from one replication)"
    low, high = value - interval, value + interval
    if row["verdict"] == "unchanged":
        return "unchanged"
    if row["verdict"] == "cannot tell":
        return (
            "the same as far as this simulation can tell (95 % interval of the difference "
            f"{wording.signed(low, 1)} to {wording.signed(high, 1)} min)"
        )
    if row["verdict"] == "shorter":
        low, high = -high, -low
    return (
        f"{wording.number(abs(value), 1)} min {row['verdict']} "
        f"(95 % interval {wording.number(low, 1)} to {wording.number(high, 1)})"
    )


def _verdicts(pair: Pair) -> str:
    rows = list(Differences.of(pair.differences()).by_group.values())
    verdicts = [row["verdict"] for row in rows]
    words = {
        "longer": "visitors wait longer at {}",
        "shorter": "visitors wait less at {}",
        "unchanged": "nothing changes at {}",
        "cannot tell": "the simulation cannot tell yet at {}",
    }
    parts = [
        text.format(wording.count_word(verdicts.count(verdict)))
        for verdict, text in words.items()
        if verdict in verdicts
    ]
    if not parts:
        return ""
    needed = [row["more_days"] for row in rows if row["verdict"] == "cannot tell"]
    soonest = min((days for days in needed if days < TOO_MANY_DAYS), default=math.nan)
    hint = "" if math.isnan(soonest) else f" (at one, about {soonest:,.0f} more days would tell)"
    return f"Tenants of both halls: {wording.listed(parts)}{hint}."


def _who_waits(pair: Pair) -> str:
    """Say for how many visitors the wait changes, and for which of them most often."""
    rows = records(pair.who_waits("all"))
    if not rows or not (rows[0]["longer"] > 0 or rows[0]["shorter"] > 0):
        return ""
    everybody = rows[0]
    shares = [
        f"{wording.percent_within(everybody[word], everybody[f'{word}_half_width'])} wait "
        f"more than a minute {word}"
        for word in ("longer", "shorter")
        if everybody[word] > 0
    ]
    text = f"Of the visitors who come to both, {wording.listed(shares)}"
    groups = records(pair.who_waits()).values()
    # A group of a visitor a replication or fewer says nothing.
    seen = [row for row in groups if row["n"] > pair.base.replications]
    most = max(seen, key=lambda row: row["longer"], default=None)
    if most is None or not most["longer"] > 0:
        return f"{text}."
    hour = f"{most['hour']:02d}:00 and {most['hour'] + 1:02d}:00"
    share = wording.percent(most["longer"])
    where = _name(pair.base, most["tenant"])
    return f"{text}; longer most often for {where}, arrivals between {hour}: {share}."


def _all_visits(pair: Pair) -> str:
    """Say how the mean of all visits moves, where the halls have different tenants."""
    row = Differences.of(pair.differences()).everybody
    if not (pair.new_tenants or pair.gone_tenants) or math.isnan(row["mean_difference"]):
        return ""
    before, after = wording.minutes(row["mean_base"]), wording.minutes(row["mean_other"])
    return f"Over all visits to tenants, old and new, the mean wait was {before} and is {after}."


def _shared_stations(pair: Pair) -> str:
    """Say how the wait at the shared station changes where it changes most."""
    differences = Differences.of(pair.differences("station")).by_group
    changed = {
        station: differences[station]
        for station in pair.base.scenario.stations
        if station in differences and differences[station]["verdict"] in ("longer", "shorter")
    }
    if not changed:
        return ""
    most = max(changed, key=lambda station: abs(changed[station]["mean_difference"]))
    return f"At {_name(pair.other, most)}, a visitor waits {_difference(changed[most])}."


def _worst_new(pair: Pair) -> str:
    waiting = records(pair.other.waiting())
    new = [tenant for tenant in pair.new_tenants if waiting[tenant]["n"] > 0]
    if not new:
        return ""
    worst = max(new, key=lambda tenant: waiting[tenant]["p90"])
    start = f"Among the new tenants, waits are longest at {_name(pair.other, worst)}"
    return f"{start}: {_half_and_tenth(waiting[worst])}."


def _name(result: Result, station: str) -> str:
    return names.station_name(result.scenario, station)
