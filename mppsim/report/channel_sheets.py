"""How the demand comes, as people read it: online, with an appointment, or walking in."""

from __future__ import annotations

from mppsim.report import names
from mppsim.report.cells import (
    Cell,
    Sheet,
    minutes_cell,
    number_cell,
    one_group,
    percent_cell,
    records,
)
from mppsim.report.result import Result


def channels_sheet(result: Result) -> Sheet:
    """Return the services with appointments, a part online or waits elsewhere: often none."""
    layout = result.run.observations.layout
    of_tenant = [layout.tenants[tenant] for tenant in layout.service_tenant]
    rows = []
    for label, row in records(result.channels()).items():
        tenant, _, service = str(label).partition("/")
        name = result.scenario.tenants[tenant].services[service].name or service
        several = of_tenant.count(tenant) > 1
        where = names.station_name(result.scenario, tenant)
        rows.append(
            (
                Cell(f"{where}: {name}" if several else where),
                *(number_cell(row, key) for key in ("online", "booked")),
                percent_cell(row, "no_show"),
                number_cell(row, "without_slot"),
                *(minutes_cell(row, key) for key in ("wait", "wait_from_arrival", "wait_walk_in")),
                number_cell(row, "elsewhere"),
                minutes_cell(row, "elsewhere_minutes"),
            )
        )
    columns = (
        "Service",
        "Online a day",
        "Booked a day",
        "Booked and not shown up",
        "Found no slot a day",
        "Mean wait from the slot or the later arrival",
        "The same from arrival",
        "Mean wait of walk-ins",
        "Wait elsewhere a day",
        "Mean time elsewhere",
    )
    note = "Waits at the tenant's counters, in minutes. Who does not show up is in no wait."
    return Sheet(
        "Online, with an appointment, walking in, or waiting elsewhere",
        columns,
        one_group(rows),
        note,
    )
