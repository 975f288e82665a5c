"""mppsim: simulate the visitors of a public service hall, and read how long they wait."""

__version__ = "0.1.0"
