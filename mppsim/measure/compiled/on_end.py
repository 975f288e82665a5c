"""Days on end: played by compiled code until one needs more room, where luck is all in columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mppsim.engine.compiled.standing import N_VISITORS, Standing
from mppsim.engine.compiled.tables import UnsupportedPlanError
from mppsim.engine.trace import DayTrace
from mppsim.measure.compiled.kinds import Kind
from mppsim.measure.compiled.play_tables import KIND, PLAY, STAGE, TOO_LARGE
from mppsim.measure.compiled.summing import TOO_LARGE_A_DAY, Summing, measure_at
from mppsim.plan.compiled.addresses import address_of
from mppsim.plan.compiled.drawing import draw_rows, draw_visits
from mppsim.plan.compiled.redrawing import Redrawing
from mppsim.plan.compiling import Kernel

play_at = Kernel("mppsim.measure.compiled.playing:play_at")
_CODE = {"draw_rows": draw_rows, "draw_visits": draw_visits, "measure": measure_at}


class OnEnd:
    """Plays the days of one stage."""

    @classmethod
    def of(
        cls,
        drawn: Redrawing,
        halls: Sequence[Standing],
        kinds: Sequence[Kind],
        facts: DayTrace,
    ) -> OnEnd | None:
        """Return what plays them, unless more differs between days of a kind than columns."""
        first, hall = kinds[0], halls[0]
        can_play = (
            drawn.is_all_in_columns
            and not any(one.has_more for one in halls)
            and all(len(one.before) == len(hall.before) for one in halls)
            and all(kind.is_used == first.is_used for kind in kinds)
            and all(np.array_equal(kind.places, first.places) for kind in kinds)
            and all(
                one.address for one in (play_at, *_CODE.values(), *(one.run_at for one in halls))
            )
        )
        return cls(drawn, halls, kinds, facts) if can_play else None

    def __init__(
        self,
        drawn: Redrawing,
        halls: Sequence[Standing],
        kinds: Sequence[Kind],
        facts: DayTrace,
    ) -> None:
        self._drawn, self._kinds = drawn, kinds
        room, rare = drawn.addresses
        self._stage = np.zeros(1, STAGE)
        self._put(
            **{name: code.address for name, code in _CODE.items()},
            hall=drawn.drawing.hall.address,
            room=room,
            rare=rare,
            most_visitors=drawn.size.visitors,
            most_steps=drawn.size.steps,
            n_kinds=len(kinds),
            n_before=len(halls[0].before) // 8,
            n_visitors_at=N_VISITORS,
            n_own=len(kinds[0].places),
        )
        records = np.zeros(len(kinds), KIND)
        records["run"] = [hall.run_at.address for hall in halls]
        records["today"] = [drawn.drawing.day_at(number) for number in range(len(kinds))]
        records["addresses"] = [hall.address for hall in halls]
        records["n_outages"] = [kind.n_outages for kind in kinds]
        self._tables: dict[str, NDArray[Any]] = {
            "stage": self._stage,
            "kinds": records,
            "memory": halls[0].memory,
            "before": np.concatenate([hall.before for hall in halls]),
            "own_places": kinds[0].places,
            "own": np.concatenate([kind.addresses for kind in kinds]),
            "arrival": drawn.plans[0].visitors.arrival,
        }
        self._tables |= {name: getattr(facts, name) for name in PLAY if hasattr(facts, name)}

    def _put(self, **numbers: int) -> None:
        for name, number in numbers.items():
            self._stage[name] = number

    def play(self, replication: int, kind: int, end: int, summing: Summing) -> tuple[int, int]:
        """Play days from one on; return the first that is not played, or the end.

        Raises UnsupportedPlanError; OverflowError as Summing does.
        """
        self._put(
            replication=replication,
            kind=kind,
            end=end,
            scratch=self._drawn.drawing.scratch().address,
            measured=summing.place,
            **{f"most_{name}": n for name, n in summing.room.items()},
        )
        own = {"day": summing.record, "addresses": summing.addresses}
        tables = [(self._tables | own)[name] for name in PLAY]
        addresses = np.array([*map(address_of, tables)], np.int64)
        summing.begin_days_of(self._kinds)
        problem = play_at(address_of(addresses))
        reached, next_kind = (int(self._stage[name][0]) for name in ("replication", "kind"))
        n = reached - replication
        last = n * len(self._kinds) + next_kind
        summing.note_days_of(islice(cycle(self._kinds), kind, last))
        summing.end_replication(n)
        if problem == TOO_LARGE:
            raise OverflowError(TOO_LARGE_A_DAY)
        if problem > 0:
            raise UnsupportedPlanError(problem)
        return reached, next_kind
