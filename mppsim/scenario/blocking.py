"""Whether stations can lock each other: each full, each with visitors for the next."""

from __future__ import annotations

from collections.abc import Iterator

from mppsim.scenario.behavior import goes_to, incomplete_at
from mppsim.scenario.errors import quoted
from mppsim.scenario.journeys import AnyOrder, Delay, JourneyStep
from mppsim.scenario.routes import offer_at, then_of, way_onward
from mppsim.scenario.schema import TENANT_STEP, Scenario
from mppsim.scenario.tree import Finding, Keys

Move = tuple[str, str]
"""A station, and the one that a visitor may go on to."""


def blocking_contradictions(scenario: Scenario) -> Iterator[Finding]:
    """Yield who keeps counters occupied to no end: in a circle, or for a room far away."""
    rooms = {name: place.room for name, place in scenario.stations.items()}
    rooms |= {name: place.room for name, place in scenario.tenants.items()}
    blocking = {name for name, room in rooms.items() if room and room.full == "block"}
    ahead: dict[str, list[str]] = {}
    for here, there in moves(scenario) if blocking else ():
        if there in blocking:
            ahead.setdefault(here, []).append(there)
            if _walks(scenario, (here, there)):
                found = f"found a walk from {quoted(here)}, whose counters it would keep occupied"
                yield Finding(_keys(scenario, there), found, "'outside' or 'lose', or no walk")
    for start in ahead:
        circle = _circle((start,), ahead, set())
        if circle:
            found = f"found rooms that can lock each other: {' -> '.join(circle)}"
            remedy = "'outside' or 'lose' at one of them, or a way that does not come back"
            yield Finding(_keys(scenario, circle[0]), found, remedy)
            return


def _keys(scenario: Scenario, station: str) -> Keys:
    kind = "stations" if station in scenario.stations else "tenants"
    return (kind, station, "room", "full")


def moves(scenario: Scenario) -> dict[Move, None]:
    """Return from which station to which visitors may go at once, each pair once, in order."""
    found: dict[Move, None] = {}
    for tenant, place in scenario.tenants.items():
        for service in place.services:
            ends: list[str] = []
            for step in place.journey or scenario.journey:
                ends = _ends_of_step(scenario, step, f"{tenant}/{service}", ends, found)
    return found


def _ends_of_step(
    scenario: Scenario, step: JourneyStep, own: str, before: list[str], found: dict[Move, None]
) -> list[str]:
    """Return the stations at which visitors may be after a step of a journey."""
    if isinstance(step, Delay):
        return []
    if isinstance(step, AnyOrder):
        places, stay = list(step.any_order), False
    else:
        shares = {step: 1.0} if isinstance(step, str) else step
        places, stay = list(shares), any(share < 1 for share in shares.values())
    places = [own if place == TENANT_STEP else place for place in places]
    ends = {place: _ends_anyhow(scenario, place, found) for place in places}
    for place in places:
        others = [end for other in places if other != place for end in ends[other]]
        for there in _tries(scenario, place):
            found.update(dict.fromkeys((end, _station(there)) for end in (*before, *others)))
    after = [end for place in places for end in ends[place]]
    return [*before, *after] if stay else after


def _tries(scenario: Scenario, place: str) -> list[str]:
    """Return a place, and the one that those try instead who give up there."""
    other = goes_to(scenario, _station(place))
    return [place] if other is None else [place, other]


def _ends_anyhow(scenario: Scenario, place: str, found: dict[Move, None]) -> list[str]:
    """Return the stations at which a step may end, for those who give up at first too."""
    first, *others = _tries(scenario, place)
    ends = _ends(scenario, first, found)
    return ends + [end for there in others for end in _ends(scenario, there, found, last_try=True)]


def _ends(
    scenario: Scenario, place: str, found: dict[Move, None], *, last_try: bool = False
) -> list[str]:
    """Return the stations at which a step may end, with all that it leads to.

    Nobody tries a third place, so after the `last_try` nobody goes elsewhere.
    """
    offer = offer_at(scenario, place)
    if offer is None:
        return [place]
    ways = [way_onward(*entry) for entry in then_of(scenario.tenants[offer[0]], offer[1]).items()]
    incomplete = incomplete_at(scenario, *offer)
    if incomplete and incomplete.on == "same_day" and incomplete.after is None:
        found[offer[0], offer[0]] = None  # he comes back to the line from its own counter
    ends = [offer[0]] if sum(way.share for way in ways) < 1 - 1e-9 else []
    for way in ways:
        if way.to is None or way.share == 0:
            continue
        if way.delay is None:
            tries = [way.to] if last_try else _tries(scenario, way.to)
            found.update({(offer[0], _station(there)): None for there in tries})
        if last_try:
            ends += _ends(scenario, way.to, found, last_try=True)
        else:
            ends += _ends_anyhow(scenario, way.to, found)
    return ends


def _station(place: str) -> str:
    """Return the station of a place: a tenant's services are all at its counters."""
    return place.partition("/")[0]


def _walks(scenario: Scenario, move: Move) -> bool:
    """Tell whether the way from a station to another takes time."""
    start, end = ((scenario.stations.get(name) or scenario.tenants[name]).zone for name in move)
    walks = scenario.walks
    return walks.get(start, {}).get(end, walks.get(end, {}).get(start, 0.0)) > 0


def _circle(
    way: tuple[str, ...], ahead: dict[str, list[str]], done: set[str]
) -> tuple[str, ...] | None:
    """Return a way that ends where it begins; None where there is none from here."""
    for there in ahead.get(way[-1], ()):
        if there in way:
            return (*way[way.index(there) :], there)
        circle = None if there in done else _circle((*way, there), ahead, done)
        if circle:
            return circle
    done.add(way[-1])
    return None
