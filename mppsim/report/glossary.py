"""What the words of a report mean, for readers who have never simulated anything."""

from __future__ import annotations

GLOSSARY = (
    ("Wait", "From joining a line to being called, or to giving up; the service itself is not in."),
    (
        "Half, 9 of 10, 19 of 20 wait at most",
        "Line up all simulated visitors by their wait: so long wait the one in the middle (p50), "
        "the one at nine tenths (p90) and the one at 95 % (p95) of that line.",
    ),
    (
        "A visitor's p95",
        "Of all visitors on all days, 19 of 20 wait at most so long. Ask for it as a visitor.",
    ),
    (
        "A typical day's p95",
        "Each day has its own p95; this is their mean. Busy days count no more than quiet ones.",
    ),
    (
        "A bad day's p95",
        "The p95 of a day is worse than this on only one day in 20. Ask for it when you plan for "
        "the worst days.",
    ),
    (
        "Served within the promise (kept)",
        "Of all who came to the counter and were promised a longest wait, the share that was "
        "served within it. Who gives up, or leaves at the sight of the line, counts as not kept.",
    ),
    (
        "± (half-width)",
        "The simulation is a sample of days. With 95 % confidence the number that endless "
        "simulation would give lies within ± of the one shown. It says nothing about whether the "
        "figures that went in are right.",
    ),
    (
        "Difference, verdict",
        "After minus before. Both halls meet the same visitors, minute by minute, so most of the "
        "luck cancels. “Cannot tell”: the interval of the difference holds 0. "
        "“Unchanged”: nobody in any replication waits a moment longer or less.",
    ),
    (
        "Utilization",
        "Time that a counter serves while on duty, as a share of its time on duty. Near 100 % "
        "lines grow without end.",
    ),
    ("Overtime", "Service after a counter's shift, or into its break: who is being served stays."),
    ("Seats", "Wanted by all who wait inside the hall with their company, and by companions."),
    (
        "Gave up, left, no ticket",
        "Reneged: left the line. Balked: did not join, because the line was too long. Refused: "
        "came after the last ticket, or after the quota of the day. Dismissed: sent home at "
        "closing. Unserved: found the station closed. Blocked: found a waiting room full. "
        "Postponed: went home, after giving up or with incomplete papers, to come back on the next "
        "working day.",
    ),
)
