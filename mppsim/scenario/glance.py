"""What a notebook shows of a scenario: the hall in words, and its tenants."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from mppsim.scenario.crews import named_counters

if TYPE_CHECKING:
    from mppsim.scenario.schema import Scenario

COLUMNS = ("tenant", "zone", "counters", "visitors a day", "services")


def scenario_html(hall: Scenario) -> str:
    """Return name, description and tenants as a piece of HTML."""
    rows = [
        (
            tenant.name or name,
            hall.zones[tenant.zone].name or tenant.zone,
            f"{len(named_counters(tenant.counters))}",
            f"{tenant.visitors_per_day:g}",
            f"{len(tenant.services)}",
        )
        for name, tenant in hall.tenants.items()
    ]
    table = "\n".join(_row("td", row) for row in rows)
    return (
        f"<p><strong>{escape(hall.name)}</strong></p>\n<p>{escape(hall.description)}</p>\n"
        f"<table>\n<thead>{_row('th', COLUMNS)}</thead>\n<tbody>\n{table}\n</tbody>\n</table>"
    )


def _row(tag: str, cells: tuple[str, ...]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"
