"""Numbers as people read them: rounded, with their half-width, and with a word where one helps."""

from __future__ import annotations

import math
from collections.abc import Sequence

NOTHING = "\N{EN DASH}"
"""Shown where there is no number: nobody came, nothing was promised."""
MINUS = "\N{MINUS SIGN}"
_WORDS = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve"),
)
_WEEKDAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}


def number(value: float, decimals: int = 0) -> str:
    """Return a rounded number with a true minus sign and no negative zero."""
    if math.isnan(value):
        return NOTHING
    return f"{round(value, decimals) + 0.0:,.{decimals}f}".replace("-", MINUS)


def half_width(value: float, decimals: int = 0) -> str:
    """Return '± 0.3'; never '± 0.0' for what is not 0, and nothing where there is no interval."""
    if math.isnan(value):
        return ""
    shown = max(round(value, decimals), 10.0**-decimals) if value > 0 else 0.0
    return f"± {shown:,.{decimals}f}"


def signed(value: float, decimals: int = 0) -> str:
    """Return a difference with its sign."""
    text = number(value, decimals)
    return f"+{text}" if round(value, decimals) > 0 else text


def minutes(value: float) -> str:
    """Return minutes for a sentence: '8.4 min', '24 min', '1 min'."""
    return f"{number(value, decimals_of(value))} min"


def minutes_within(value: float, interval: float) -> str:
    """Return minutes with their half-width for a sentence: '24 min (± 2)'."""
    plus_minus = half_width(interval, decimals_of(value))
    return f"{minutes(value)} ({plus_minus})" if plus_minus else minutes(value)


def percent(share: float, decimals: int = 0) -> str:
    """Return a share as '62 %'; never '100 %' or '0 %' for what only nearly is."""
    if math.isnan(share):
        return NOTHING
    unit = 10.0**-decimals
    if 0 < share < 1:
        return f"{min(max(round(share * 100, decimals), unit), 100 - unit):.{decimals}f} %"
    return f"{share * 100:.{decimals}f} %"


def percent_within(share: float, interval: float) -> str:
    """Return a share with its half-width for a sentence: '62 % (± 3)'."""
    plus_minus = half_width(interval * 100)
    return f"{percent(share)} ({plus_minus})" if plus_minus else percent(share)


def counted(count: int, singular: str, plural: str | None = None) -> str:
    """Return 'one tenant', 'nine tenants' or '24 tenants'."""
    return f"{count_word(count)} {singular if count == 1 else plural or f'{singular}s'}"


def count_word(count: int) -> str:
    """Return a number as a word up to twelve, and in digits beyond."""
    return _WORDS[count] if count < len(_WORDS) else f"{count:,}"


def listed(names: Sequence[str]) -> str:
    """Return 'A, B and C'."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def sentence(text: str) -> str:
    """Return a text that begins with a capital letter."""
    return text[:1].upper() + text[1:]


def kind_name(kind: str) -> str:
    """Return the name of a kind of day: a weekday in full, others as the scenario has them."""
    return "all days" if kind == "all" else _WEEKDAYS.get(kind, kind)


def decimals_of(value: float) -> int:
    """Return how many decimals of a minute mean something to a reader."""
    return 0 if abs(value) >= 9.95 or value == round(value) else 1
