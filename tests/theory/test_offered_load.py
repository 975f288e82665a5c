from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from support.halls import hall

from mppsim.plan import Drawer
from mppsim.scenario import Scenario
from mppsim.scenario.days import Weekday
from mppsim.theory.offered_load import StationLoad, offered_load


def loads(scenario: Scenario, weekday: Weekday = "mon") -> dict[str, StationLoad]:
    return {load.station: load for load in offered_load(scenario, weekday)}


def flat(spec: dict[str, Any]) -> None:
    """60 visitors an hour for the tax office alone, no early ones, no lunch, 7 hours."""
    spec["arrivals"] = {"profile": {f"{hour:02d}:00": 1 / 7 for hour in range(8, 15)}}
    spec["tenants"]["tax"].update(visitors_per_day=420, then={"cashier": 0.5})
    spec["tenants"]["bank"]["visitors_per_day"] = spec["tenants"]["post"]["visitors_per_day"] = 0
    spec.update(lunch=None)
    spec["days"]["mon"].pop("last_ticket")


def test_offered_load_is_rate_times_mean_service() -> None:
    found = loads(hall(flat))
    # Tax: 60 an hour at 0.7 * 6 + 0.3 * 9 min = 6.9 min; cashier: half of them at 2 min.
    for station, erlang in {"tax": 6.9, "cashier": 1.0, "kiosk": 0.5, "bank": 0.0}.items():
        assert [hour.load for hour in found[station].hours] == pytest.approx([erlang] * 7)
    assert found["tax"].ratio == pytest.approx(6.9 / 3)


def test_early_visitors_count_in_the_first_hour() -> None:
    def early(spec: dict[str, Any]) -> None:
        flat(spec)
        spec["arrivals"]["early"] = {"share": 0.3, "within": "1 h"}

    hours = loads(hall(early))["kiosk"].hours
    assert hours[0].visitors == pytest.approx(420 * (0.3 + 0.7 / 7))
    assert sum(hour.visitors for hour in hours) == pytest.approx(420)


def test_lunch_and_breaks_take_counters_away() -> None:
    noon = loads(hall())["tax"].hours[4]
    # Three counters, two sittings of an hour from 12: the first and the third go at 12.
    assert (noon.start, noon.counters) == (720.0, 1.0)
    friday = loads(hall(), "fri")["tax"].hours
    assert [hour.counters for hour in friday] == [3, 3, 3, 1.5, 0, 1.5, 3]


def test_quota_and_last_ticket_bound_the_visitors() -> None:
    def crowd(spec: dict[str, Any]) -> None:
        spec["tenants"]["bank"].update(visitors_per_day=400, quota=45)

    # The last half hour of three has a sixth of 0.9 * 0.2 of the tax office's 60; a tenth goes on.
    from_tax = 60 * (1 - 0.03) * 0.1
    assert loads(hall(crowd))["bank"].visitors == pytest.approx(45 + from_tax)


def test_quotas_of_services_bound_theirs_and_the_tenants_bounds_both() -> None:
    def scarce(spec: dict[str, Any]) -> None:
        flat(spec)
        spec["tenants"]["tax"]["services"]["ask"]["quota"] = 60

    # 294 come to pay and 126 to ask, evenly over seven hours; the cashier gets half of who gets in.
    assert loads(hall(scarce))["tax"].visitors == pytest.approx(294 + 60)
    both = hall(scarce, lambda spec: spec["tenants"]["tax"].update(quota=236))
    hours = loads(both)["tax"].hours
    # To pay 42 an hour, to ask 18, 18, 18, 6; after four hours 8 of the 236 tickets are left.
    assert [hour.visitors for hour in hours] == pytest.approx([60, 60, 60, 48, 8, 0, 0])


def test_expected_visitors_are_those_that_the_plan_draws() -> None:
    scenario = hall(lambda spec: spec["tenants"]["bank"].pop("quota"))
    drawer, found = Drawer(scenario, day="mon"), loads(scenario)
    counts = np.zeros((200, len(drawer.layout.stations)))
    for replication in range(200):
        day = drawer.draw(replication).days[0]
        come = np.repeat(day.visitors.arrival, np.diff(day.visitors.first_step))
        in_time = day.steps.station[come < day.door.last_ticket[0]]
        counts[replication] = np.bincount(in_time, minlength=counts.shape[1])
    expected = [found[station].visitors for station in drawer.layout.stations]
    error = counts.std(axis=0, ddof=1) / np.sqrt(200)
    assert np.abs((counts.mean(axis=0) - expected) / error).max() < 4
    assert (error / expected).max() < 0.03
