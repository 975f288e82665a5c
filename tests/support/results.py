"""Results of small halls, simulated once for all tests that read them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from mppsim.report import Comparison, Result
from mppsim.study import Job, PairedRuns, replicate
from support.halls import hall

Spec = dict[str, Any]


@cache
def result_of(*changes: Callable[[Spec], object], replications: int = 3) -> Result:
    """Return the result of the small hall with the changes made to it."""
    return Result(replicate(Job(hall(*changes), replications)))


def comparison_of(*results: Result) -> Comparison:
    """Return the comparison of halls that were simulated under the same luck."""
    return Comparison(PairedRuns(tuple(result.run for result in results)))


def named(name: str) -> Callable[[Spec], object]:
    """Change the name of the hall."""
    return lambda spec: spec.update(name=name)


def nobody_comes(spec: Spec) -> None:
    """Leave no visitors at any tenant."""
    for tenant in spec["tenants"].values():
        tenant["visitors_per_day"] = 0


def too_many_come(spec: Spec) -> None:
    """Bring more work to the tax office than its counters can do."""
    spec["tenants"]["tax"]["visitors_per_day"] = 900


def nothing_promised(spec: Spec) -> None:
    """Take the promise back."""
    del spec["promise"]


def plenty_promised(spec: Spec) -> None:
    """Promise a wait that everybody keeps."""
    spec["promise"] = {"wait": "10 h"}
    spec["visitors"].pop("patience")
    spec["visitors"].pop("balk")


def health_moves_in(spec: Spec) -> None:
    """Add a tenant."""
    spec["name"] = "A small hall with health"
    spec["tenants"]["health"] = {
        "name": "Health & <b>care</b>",
        "zone": "main",
        "counters": 1,
        "visitors_per_day": 30,
        "services": {"card": {"service": {"exponential": {"mean": "6 min"}}}},
    }


def hostile(spec: Spec) -> None:
    """Write into every text what would break a page, a figure or a workbook."""
    spec["name"] = '=1+1 <script>alert("name")</script> $x^2$ 名前'
    spec["description"] = "<b>bold</b>"
    spec["sources"] = ["<img src=x onerror=alert(1)> https://example.org/?a=1&b=<i>"]
    spec["tenants"]["tax"]["name"] = 'Tax "<svg onload=alert(2)>" $5_$'
