"""Reading the text of scenario files and tables, with a refusal for all that is no text."""

from __future__ import annotations

import re
from pathlib import Path

from mppsim.scenario.errors import Problem, ScenarioError, nearest_name, quoted
from mppsim.scenario.tree import Finding, Node, problem_at

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


def read_text(path: Path, kind: str, asked: tuple[Node, Finding] | None = None) -> str:
    """Return the UTF-8 text of a file; `kind` says what was expected: `a scenario file`.

    `asked` is where another file names this one: a file that is not there is refused at that place.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise _unreadable(path, "no file", kind, asked) from None
    except IsADirectoryError:
        raise _unreadable(path, "a folder", kind, asked) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no name of a file"
        raise _unreadable(path, "no readable file", kind, asked, f" ({reason})") from None
    return _decoded(content, path, kind)


def _decoded(content: bytes, path: Path, kind: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _not_text(path, "found bytes that are no text", kind, line) from None
    control = _CONTROL.search(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        raise _not_text(path, f"found the control character {control[0]!r}", kind, line)
    if not text.strip():
        raise ScenarioError(Problem("found an empty file", kind, file=str(path)))
    return text


def _not_text(path: Path, found: str, kind: str, line: int) -> ScenarioError:
    return ScenarioError(Problem(found, f"{kind}, as UTF-8 text", file=str(path), line=line))


def _unreadable(
    path: Path, found: str, kind: str, asked: tuple[Node, Finding] | None, reason: str = ""
) -> ScenarioError:
    nearest = _nearest_file(path) if found == "no file" else None
    if asked is None:
        return ScenarioError(Problem(f"found {found}{reason}", kind, nearest, file=str(path)))
    node, where = asked
    found = f"found {found} {quoted(str(node.value))}{reason}"
    return ScenarioError(problem_at(node, Finding(where.keys, found, kind, nearest)))


def _nearest_file(path: Path) -> str | None:
    try:
        there = {file.stem: file.name for file in path.parent.iterdir() if file.suffix}
    except (OSError, ValueError):
        return None
    return there.get(nearest_name(path.stem, there) or "")
