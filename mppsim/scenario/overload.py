"""Stations with more work than they can do, because that is what their file is about."""

from __future__ import annotations

from mppsim.scenario.schema import Scenario


def explained_overloads(hall: Scenario) -> dict[str, str]:
    """Return why stations cannot keep up, by station, as far as the file says so.

    That is its assumption `overload: 'sim, skck: why'`, which names the stations before the colon.
    """
    explained: dict[str, str] = {}
    for line in hall.assumptions:
        label, _, text = line.partition(": ")
        stations, colon, why = text.partition(": ")
        if label == "overload" and colon:
            explained |= {name.strip(): why for name in stations.split(",")}
    return explained
