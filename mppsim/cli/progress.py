"""A progress bar with the time that remains, on standard error, where a person is watching."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from mppsim.study import Standing


@dataclass(frozen=True)
class Watched:
    """A task that a person may be watching: what is called as it goes on."""

    bar: Bar
    task: TaskID

    def __call__(self, done: int) -> None:
        """Note how many replications have just been done."""
        self.bar.advance(self.task, done)

    def look(self, needed: int, standings: Sequence[Standing]) -> None:
        """Show how many replications it may take, and what is known least."""
        worst = max(standings, key=lambda standing: standing.missing)
        text = f"{worst.precision.text}: now ± {worst.half_width:.2g}"
        if worst.precision.measure.place is None:
            text += f" at {worst.place}"
        self.bar.update(self.task, total=needed, description=text)


@contextmanager
def progress_bar(task: str, total: int | None) -> Iterator[Watched]:
    """Show a bar while the body runs; the body calls what it is given with each number done.

    Without a total it only counts the replications.
    """
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Bar(
        *columns,
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        yield Watched(bar, bar.add_task(task, total=total))
