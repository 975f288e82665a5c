"""One program a simulator; each simulates days of a workload and tells what happened on them."""
