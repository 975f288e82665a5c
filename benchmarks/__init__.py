"""Speed beside other simulators, on the same workloads: `make bench`."""
