"""How a scenario is refused: one line a problem, with file, line and path."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic_core import PydanticCustomError

LONGEST_VALUE = 60
"""Characters of a refused value that are shown."""


@dataclass(frozen=True)
class Problem:
    """One reason to refuse a scenario; a part that is unknown is None."""

    found: str
    """A clause: `found 0` or `unknown key 'countrs'`."""
    expected: str | None = None
    nearest: str | None = None
    path: str | None = None
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        where = [_place(self.file, self.line), self.path]
        what = [
            self.found,
            self.expected and f"expected {self.expected}",
            self.nearest and f"did you mean {quoted(self.nearest)}?",
        ]
        text = ": ".join([*filter(None, where), "; ".join(filter(None, what))])
        return printable(text)


class InputError(ValueError):
    """What was asked for cannot be done; the text says what was found and what is expected."""


class ScenarioError(InputError):
    """A scenario that cannot be used, with everything that is wrong with it."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


def expected(
    expectation: str, *, found: str | None = None, nearest: str | None = None
) -> PydanticCustomError:
    """Return the refusal to raise in a validator.

    `found` is a noun phrase; without it the refusal shows the value as it stands in the file.
    """
    parts = {"expectation": expectation, "found": found, "nearest": nearest}
    if found is None:
        return PydanticCustomError("expected", "expected {expectation}", parts)
    return PydanticCustomError("expected", "found {found}; expected {expectation}", parts)


def nearest_name(word: object, names: Iterable[object]) -> str | None:
    """Return the name that was probably meant, or None when none is near."""
    by_lower = {str(name).lower(): str(name) for name in names}
    close = difflib.get_close_matches(str(word).lower(), by_lower, n=1)
    return by_lower[close[0]] if close else None


def shown(value: Any) -> str:
    """Return a value as a refusal shows it: short, on one line."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return f"a map with the keys {listed(value)}" if value else "an empty map"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    return quoted(value) if isinstance(value, str) else _shortened(repr(value))


def quoted(text: str) -> str:
    """Return a text in single quotes, shortened and without line ends."""
    return f"'{_shortened(text)}'"


def listed(names: Iterable[object]) -> str:
    """Return names in one line: `a, b, c`."""
    return _shortened(", ".join(map(str, names)), 6 * LONGEST_VALUE)


def printable(text: str) -> str:
    """Return a text without line ends, control characters and half characters."""
    return "".join(sign if sign.isprintable() else "?" for sign in " ".join(text.split()))


def _shortened(text: str, longest: int = LONGEST_VALUE) -> str:
    text = printable(text)
    return text if len(text) <= longest else text[: longest - 3] + "..."


def _place(file: str | None, line: int | None) -> str | None:
    if file is None:
        return None
    path = Path(file).absolute()
    short = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    return short.as_posix() if line is None else f"{short.as_posix()}:{line}"
