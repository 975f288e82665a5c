"""The columns of visitors and steps: room for those that a hall uses, and tables of them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.columns import Outline
from mppsim.plan.compiled.hall import Tables
from mppsim.plan.compiled.places import Place
from mppsim.plan.compiled.program import LATER, VISIT
from mppsim.plan.compiled.records import COLUMNS, NOTHING, RARE, Columns, Hall, Rare, Room
from mppsim.plan.plan import Integers, Steps, Visitors
from mppsim.plan.prepared import Prepared

Column = NDArray[Any]
_NAMES = {"step_service": "service"}
"""What columns are called in `Steps`, where it is something else."""
_RARE_OF_STEPS = {"not_before", "ahead", "misses", "remote", "line_choice"}


class HallColumns:
    """Makes room for the columns of a hall's days, and tables of what they are filled with."""

    def __init__(self, prepared: Prepared, tables: Tables) -> None:
        hall, legs = tables.hall, tables.leg_columns
        self._steps_each = _steps_each(hall)
        self.rare = _rare(prepared, hall)
        """The columns that only some halls use, and this one does."""
        self.returns = bool((hall.operations["returns"] | hall.operations["returns_lacking"]).any())
        """Whether visitors may come back on another day."""
        alike = _alike(prepared, hall)
        needless = {*alike, *(() if legs else ("leg",))}
        needless |= {"first_step"} if self._steps_each != NOTHING else set()
        needless |= set() if self.returns else {"returns"}
        needless |= set() if "not_before" in self.rare else {"slot", "booking"}
        needless |= set() if prepared.delegations else {"stays", "stay_zone"}
        self.used = used = frozenset(Columns._fields) - needless
        """The other columns that are not the same for all."""
        self._kinds = [
            [name for name, of_kind in COLUMNS.items() if of_kind == kind and name in used]
            for kind in Room._fields
        ]
        self._legs = legs
        # Rows by index: to go through an array ends with an exception, which takes its time.
        rows = [
            [(row, _NAMES.get(name, name)) for row, name in enumerate(names)]
            for names in self._kinds
        ]
        self._of_visitors, self._times_of_visitors, self._of_steps, self._times_of_steps = rows
        self._of_steps += enumerate(legs, len(self._of_steps))
        alike_visitors = {name: value for name, value in alike.items() if not _is_of_steps(name)}
        alike_steps = {
            _NAMES.get(name, name): value for name, value in alike.items() if _is_of_steps(name)
        }
        self._visitors = Outline(Visitors, alike_visitors, used)
        self._steps = Outline(Steps, alike_steps, {*legs, *self.rare, "place"})

    def rows(self) -> Integers:
        """Return the row of each column in the room for its kind; NOTHING for those not used."""
        rows = {name: row for names in self._kinds for row, name in enumerate(names)}
        return np.array([rows.get(name, NOTHING) for name in Columns._fields], np.int32)

    def room(self, n: int, n_steps: int) -> tuple[Room, Place[Rare]]:
        """Return columns to be filled, for n visitors and so many steps."""
        # One to spare: the end of the last visitor's steps, a step that is passed by.
        of_visitors, times_of_visitors, of_steps, times_of_steps = map(len, self._kinds)
        room = Room(
            np.empty((of_visitors, n + 1), np.int32),
            np.empty((times_of_visitors, n + 1)),
            np.empty((of_steps + len(self._legs), n_steps + 1), np.int32),
            np.empty((times_of_steps, n_steps + 1)),
        )
        if not self.rare:
            return room, NOTHING_RARE
        rare = dict(NOTHING_RARE.tables._asdict())
        for name in self.rare:
            rows = n_steps if name in _RARE_OF_STEPS else n
            rare[name] = np.empty(rows + 1, RARE[name])
        return room, Place(Rare(**rare))

    def visitors(self, n: int, room: Room) -> Visitors:
        """Return the visitors of a day."""
        found: dict[str, Column] = {
            name: room.of_visitors[row, :n] for row, name in self._of_visitors
        }
        for row, name in self._times_of_visitors:
            found[name] = room.times_of_visitors[row, :n]
        if self._steps_each != NOTHING:
            found["first_step"] = _counted(self._steps_each, n.bit_length())[: n + 1]
        else:
            found["first_step"] = room.of_visitors[-1]
        return self._visitors.table(n, found)

    def steps(self, n: int, room: Room, rare: Rare) -> Steps:
        """Return the steps of a day."""
        found: dict[str, Column] = {name: room.of_steps[row, :n] for row, name in self._of_steps}
        for row, name in self._times_of_steps:
            found[name] = room.times_of_steps[row, :n]
        found.pop("leg", None)
        if self.rare:
            found |= {name: getattr(rare, name)[:n] for name in self.rare & _RARE_OF_STEPS}
        return self._steps.table(n, found)


def _is_of_steps(column: str) -> bool:
    return COLUMNS[column] in {"of_steps", "times_of_steps"}


def _rare(prepared: Prepared, hall: Hall) -> frozenset[str]:
    """Return the columns of `Rare` that a hall uses."""
    operations = hall.operations
    books = any(source.appointments is not None for source in prepared.sources)
    used = {
        "not_before": books,
        "ahead": books,
        "misses": operations["missed"].any(),
        "remote": bool(prepared.virtual_queues),
        "line_choice": operations["chooses_line"].any(),
    }
    return frozenset(name for name, is_used in used.items() if is_used)


def _alike(prepared: Prepared, hall: Hall) -> dict[str, float]:
    """Return the columns in which there is only one value, with this value."""
    operations = hall.operations[np.isin(hall.operations["kind"], (VISIT, LATER))]
    persons = hall.sources["persons"][hall.sources["stays"] != NOTHING]
    possible = {
        "service": hall.sources["service"],
        "visitor_class": np.arange(len(hall.class_edges) + 1),
        "party": np.concatenate([hall.parties, persons]),
        "place": hall.places,
        "station": operations["station"],
        "step_service": operations["service"],
    }
    found: dict[str, float] = {
        name: int(values[0]) for name, values in possible.items() if (values == values[0]).all()
    }
    if (operations["patience"] == NOTHING).all():
        found["patience"] = np.inf
    if not any(prepared.layout.balk_shares):
        found["balking"] = 0.0
    return found


def _steps_each(hall: Hall) -> int:
    """Return how many steps every visitor makes; NOTHING if that is not known before."""
    shares, steps = hall.operations["share"], hall.sources["steps"]
    same = hall.sources["plain"].all() and (shares == 1).all() and (steps == steps[0]).all()
    return int(steps[0]) if same else NOTHING


@lru_cache(maxsize=64)
def _counted(step: int, bits: int) -> Integers:
    """Return the multiples of a number from 0 on."""
    column = step * np.arange((1 << bits) + 1, dtype=np.int32)
    column.setflags(write=False)
    return column


NOTHING_RARE = Place(Rare(**{name: np.empty(0, dtype) for name, dtype in RARE.items()}))
