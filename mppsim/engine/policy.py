"""Policies: an analyst's own rule, in Python, of whom a free counter calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Waiting:
    """One who waits, as a policy sees him: what an officer can know, and nothing of his luck.

    Who has left without giving his number back still seems to wait.
    """

    visitor: int
    """Number on this day, in the order of arrival."""
    tenant: str
    service: str
    """The service that he waits for; `tenant` is the one that gives it."""
    station: str
    visitor_class: str
    party: int
    arrived: float
    """When he came to the hall, in minutes since midnight."""
    joined: float
    """When he joined this line."""
    booked: bool
    """Whether he has an appointment, and did not come too late for it."""


@dataclass(frozen=True)
class Call:
    """A counter that is about to call one of those who wait."""

    weekday: str
    now: float
    """Minutes since midnight."""
    station: str
    """The station of the counter."""
    counter: str
    """Such as `sim 2`."""
    waiting: tuple[Waiting, ...]
    """Whom it may call, at least one: the booked, then all others, as they joined."""


Policy = Callable[[Call], Waiting]
"""Returns one of `call.waiting`; it depends on nothing but the call, and remembers none."""


def name_of(policy: Policy) -> str:
    """Return what a policy is called in a report."""
    return str(getattr(policy, "__name__", type(policy).__name__))
