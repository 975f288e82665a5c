"""Carry the figures of an answer over when its summary is written anew."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from support.answers import FIGURE

Place = tuple[str, int, int]
"""The first word of a line, how often it came before, and where in the line the figure ends."""


def with_moved_figures(answer: str, before: str, after: str) -> str:
    """Return an answer with each figure of the summary `before` as it now stands in `after`.

    A figure that stands in several places which now differ is left for the reader.
    """
    now = _places(after)
    moved: dict[str, set[str]] = defaultdict(set)
    for place, figure in _places(before).items():
        moved[figure].add(now.get(place, figure))

    def replacement(found: re.Match[str]) -> str:
        choices = moved[found[0]]
        return next(iter(choices)) if len(choices) == 1 else found[0]

    return FIGURE.sub(replacement, answer)


def _places(summary: str) -> dict[Place, str]:
    seen: Counter[str] = Counter()
    places = {}
    for line in summary.splitlines():
        label = line.split(" ", 1)[0]
        for found in FIGURE.finditer(line):
            places[label, seen[label], found.end()] = found[0]
        seen[label] += 1
    return places
