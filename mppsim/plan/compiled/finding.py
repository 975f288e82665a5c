"""Find the tables of a day at their addresses; see `pointers`."""

from __future__ import annotations

import numpy as np

from mppsim.plan.compiled.laws import LAW
from mppsim.plan.compiled.pointers import rows_in, tables_at
from mppsim.plan.compiled.program import OPERATION
from mppsim.plan.compiled.records import (
    CHANNEL,
    COLUMNS,
    COUNTER,
    CROWD,
    CURVE,
    DAY,
    LUCK,
    OUTAGE,
    RARE,
    ROW,
    SLOTS,
    SOURCE,
    SPECIAL,
    TICKETS,
    Columns,
    Hall,
    Luck,
    Rare,
    Room,
    Scratch,
    Today,
)

_ROWS = {"rows": ROW, "luck": LUCK, "special": SPECIAL}

hall_at = tables_at(
    Hall,
    keys=[np.uint64],
    sources=SOURCE,
    operations=OPERATION,
    laws=LAW,
    numbers=np.float64,
    counters=COUNTER,
    outages=OUTAGE,
    class_edges=np.uint64,
    party_edges=np.uint64,
    parties=np.int32,
    places=np.int32,
    legs=[np.int32],
    guides=np.int32,
    columns=np.int32,
)
today_at = tables_at(Today, day=DAY, crowds=CROWD, curves=CURVE, slots=SLOTS)
scratch_at = tables_at(
    Scratch,
    **_ROWS,
    **{f"later_{name}": dtype for name, dtype in _ROWS.items()},
    arrival=np.float64,
    times=[np.float64],
    keys=[np.uint64],
    counts=np.int32,
    weights=np.float64,
    free=np.float64,
    tenant_tickets=TICKETS,
    service_tickets=TICKETS,
    channels=CHANNEL,
    visits=np.int64,
    number=np.int64,
    route=np.float64,
    papers=np.float64,
)
luck_at = tables_at(
    Luck, late=np.float64, n_outages=np.int64, begins=[np.float64], ends=[np.float64]
)
room_at = tables_at(
    Room,
    of_visitors=[np.int32],
    times_of_visitors=[np.float64],
    of_steps=[np.int32],
    times_of_steps=[np.float64],
)
rare_at = tables_at(Rare, **{name: RARE[name] for name in Rare._fields})
columns_in = rows_in(Columns, [Room._fields.index(kind) for kind in COLUMNS.values()])
