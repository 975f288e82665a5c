"""From a trace to a summary, and from many summaries to tables with intervals."""

from mppsim.measure.channels import channels
from mppsim.measure.estimates import estimate
from mppsim.measure.histogram import common_edges, waiting_histogram
from mppsim.measure.judged import judged
from mppsim.measure.observations import Observations
from mppsim.measure.paired import paired_difference
from mppsim.measure.promises import promises, promises_difference
from mppsim.measure.summary import Summary, summarize, summarize_all, summarize_unseen
from mppsim.measure.tables import outcomes, sojourn, waiting
from mppsim.measure.tables_over_time import (
    counters,
    density,
    density_summary,
    gate,
    overrun,
    queue,
    queue_summary,
    seats,
    seats_summary,
)
from mppsim.measure.who_waits import who_waits

__all__ = [
    "Observations",
    "Summary",
    "channels",
    "common_edges",
    "counters",
    "density",
    "density_summary",
    "estimate",
    "gate",
    "judged",
    "outcomes",
    "overrun",
    "paired_difference",
    "promises",
    "promises_difference",
    "queue",
    "queue_summary",
    "seats",
    "seats_summary",
    "sojourn",
    "summarize",
    "summarize_all",
    "summarize_unseen",
    "waiting",
    "waiting_histogram",
    "who_waits",
]
